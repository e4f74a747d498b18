"""Channels that are gone: not called again for a while, and the office is told at once what to put right."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.clock import monotonic, wall_now
from bot.messages import platforms
from bot.platforms.base import ChannelGone, Host, Route

log = structlog.get_logger()

SPARED_S = 3600.0  # then it is tried once more: it may have been put right
ONE_MESSAGE = ("undelivered", "config")  # says nothing about the next message
LASTING = ("webhook", "group", "card")  # a session ends by itself


@dataclass
class Gone:
    """What is known to be gone, and until when it is spared. `name_of` names a group by its id or conversation."""

    name_of: Callable[[str], str]
    host: Host | None = None
    _until: dict[str, tuple[float, ChannelGone]] = field(default_factory=dict)

    def check(self, route: Route) -> None:
        """Raise `ChannelGone` for a channel that was gone a short time ago."""
        until, error = self._until.get(_key(route), (0.0, None))
        if error is not None and monotonic() < until:
            raise ChannelGone(error.code, error.text)

    async def note(self, route: Route, error: ChannelGone) -> None:
        """Spare a channel that is gone, and tell the office, once a day."""
        if route.channel not in LASTING or error.code in ONE_MESSAGE:
            return
        key = _key(route)
        self._until[key] = monotonic() + SPARED_S, error
        log.warning("a channel is gone", action="dingtalk.channel.gone", channel=route.channel, code=error.code)
        if self.host is not None:
            told = f"dingtalk:gone:{key}:{error.code}:{wall_now():%Y-%m-%d}"
            await self.host.tell_office(told, platforms.channel_gone("钉钉", self.name_of(_place(route)), error.text))


def _key(route: Route) -> str:
    # A template is the same for all who get its cards.
    return route.channel if route.channel == "card" else f"{route.channel}:{_place(route)}"


def _place(route: Route) -> str:
    space = route.body.get("space", {})
    return str(route.body.get("group") or route.body.get("conversation") or space.get("group") or "")
