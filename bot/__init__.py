"""Drumbeat (鼓点): keeps an organisation's plan on time in DingTalk and WeCom groups."""

__version__ = "0.1.0"
