"""The sandbox's chats: the configured groups, a private chat per person, the transcript, and the bot behind them."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from bot.platforms.base import GroupConfig, Host, RetryLater
from bot.platforms.sandbox.transcript import Transcript

LOCAL = timezone(timedelta(hours=8))


class Chats:
    """What the adapter and its site share."""

    name = "sandbox"

    def __init__(self, groups: Sequence[GroupConfig], transcript: Transcript) -> None:
        self.groups = {group.id: group for group in groups}
        self.transcript = transcript
        self._host: Host | None = None

    @property
    def host(self) -> Host:
        """The bot. Raises `RetryLater` before the sandbox is mounted."""
        if self._host is None:
            raise RetryLater("not-mounted", "the sandbox is not mounted yet")
        return self._host

    def now(self) -> datetime:
        """Return the bot's time, local."""
        return self.host.now().astimezone(LOCAL)
