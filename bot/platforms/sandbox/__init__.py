"""The sandbox: a chat platform of our own, where one person plays everybody and moves the clock."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ConfigError
from bot.platforms.base import GroupConfig
from bot.platforms.sandbox.adapter import Sandbox


class Settings(BaseModel):
    """`[platforms.sandbox]`; `data` is a folder or a .jsonl file for the transcript, "" keeps it in memory."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = True
    data: str = ""
    allow_public: bool = False


def adapter(settings: dict[str, Any], groups: Sequence[GroupConfig]) -> Sandbox:
    """Make the sandbox from its settings table.

    Raises `ConfigError` naming the keys that are wrong, or when the transcript cannot be read.
    """
    try:
        read = Settings.model_validate(settings)
    except ValidationError as error:
        keys = "、".join(".".join(str(key) for key in fault["loc"]) for fault in error.errors())
        raise ConfigError(
            f"[platforms.sandbox] 中 {keys} 有误：可用的键是 enabled（true/false）、data（路径）、"
            "allow_public（true/false）"
        ) from error
    made = Sandbox(groups, read.data, requires_loopback=not read.allow_public)
    made.enabled = read.enabled
    return made
