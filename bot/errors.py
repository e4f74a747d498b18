"""Errors that are told to people."""


class UserError(Exception):
    """Something a person can put right; the text says what is wrong and what would be right, in Chinese."""


class ConfigError(UserError):
    """The configuration or a plan cannot be used; the command line exits with 2."""
