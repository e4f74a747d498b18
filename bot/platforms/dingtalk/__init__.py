"""DingTalk: the enterprise robot by HTTP callback, group webhooks, private messages by the server API."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import ConfigError
from bot.platforms.base import Adapter, GroupConfig
from bot.platforms.dingtalk.adapter import DingTalk
from bot.platforms.dingtalk.settings import GroupKeys, Settings, read_group, read_settings

__all__ = ["DingTalk", "GroupKeys", "Settings", "adapter"]


def adapter(settings: Mapping[str, Any], groups: Sequence[GroupConfig]) -> Adapter:
    """Make the adapter from `[platforms.dingtalk]` and its groups. Raises `ConfigError` naming the key."""
    checked = read_settings(settings)
    known = [read_group(group, checked) for group in groups]
    chats = [group.conversation_id for group in known if group.conversation_id]
    for group in known:
        if chats.count(group.conversation_id) > 1:
            raise ConfigError(f"groups[{group.id}].conversation_id：两个群写了同一个，应各是各的")
    return DingTalk(checked, known)
