"""Reading a member's reply: text and context in, records and questions out. Deterministic, no model."""

from bot.domain.reading.model import Ask, Context, Entry, Metric, Reading
from bot.domain.reading.reader import Reader

__all__ = ["Ask", "Context", "Entry", "Metric", "Reader", "Reading"]
