"""The smart bot behind its double: an adapter whose long connection is up, and what came in by it."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.events import Event, Received
from bot.messages.message import Message
from bot.platforms.base import GroupConfig, MemoryNotes, Parcel, Route, SendError, Target
from bot.platforms.wecom import WeCom
from bot.platforms.wecom.connection import Pulse
from bot.platforms.wecom.settings import Settings, read
from tests.doubles.wecom_bot import SmartBotDouble
from tests.platforms.wecom.conftest import NOW, quiet_host

# A second of these is a minute of the real ones.
FAST = Pulse(
    ping_s=0.1,
    answer_s=0.1,
    soonest_s=0.02,
    latest_s=0.2,
    throttled_s=0.5,
    refused_s=0.5,
    stand_down_s=0.4,
    trial_s=0.2,
)
CHAT = "wrkFixtureAAA3hQpZ0example7TzB1Lw"
BARE = (GroupConfig("main", "工作群", {}),)


def bot_settings(double: SmartBotDouble, **changes: Any) -> dict[str, Any]:
    """Settings of a smart bot with a long connection and nothing else; `changes` replace keys of the table."""
    bot = {"id": double.bot_id, "secret": double.bot_secret}
    base = {"api_base": double.base_url, "ws_url": double.ws_url, "media_hosts": ["127.0.0.1"], "timeout_s": 2}
    return base | {"bot": bot} | changes


@dataclass
class Listening:
    """A bot that listens."""

    wecom: WeCom
    double: SmartBotDouble
    notes: MemoryNotes = field(default_factory=MemoryNotes)
    events: list[Event] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    faults: int = 0
    task: asyncio.Task[None] | None = None
    url: str = ""

    async def start(self) -> "Listening":
        """Open the connection and wait until it stands."""
        self.begin()
        await self.connected()
        return self

    async def connected(self, number: int = 1, seconds: float = 5.0) -> None:
        """Wait until the connection stands for the so manieth time, on both sides."""
        await self.double.connected(number, seconds)
        await self.double.until(lambda: bool(self.wecom._connection and self.wecom._connection.id))

    def begin(self) -> None:
        """Begin to open the connection."""
        host = quiet_host(self.receive, notes=self.notes, tell_office=self._tell)
        self.wecom._host = host
        self.task = asyncio.create_task(self.wecom.connections()[0].run())  # type: ignore[arg-type]

    async def stop(self) -> None:
        """Close it."""
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        await self.wecom.close()

    async def receive(self, event: Event) -> Received:
        """Take in what came, or fail as often as told."""
        if self.faults:
            self.faults -= 1
            raise RuntimeError("database is locked")
        self.events.append(event)
        return Received(True, "")

    async def _tell(self, key: str, message: Message) -> None:
        self.told.append((key, message.as_text()))

    async def heard(self, number: int = 1) -> Event:
        """Wait for so many events and return the last."""
        await self.double.until(lambda: len(self.events) >= number)
        return self.events[number - 1]

    def routes(
        self, message: Message, to: str, kind: str = "group", event: Event | None = None
    ) -> list[Sequence[Route]]:
        """Return the routes of every part."""
        route = event.route if event else {}
        return [part.routes for part in self.wecom.parts(Parcel("reply:1", Target(kind, to), message, route), NOW)]

    async def send(self, message: Message, to: str, kind: str = "group", event: Event | None = None) -> list[str]:
        """Send every part as delivery does: the first route that takes it; return the channels used."""
        used = []
        for routes in self.routes(message, to, kind, event):
            used.append(await self._first(routes))
        return used

    async def _first(self, routes: Sequence[Route]) -> str:
        failed: SendError | None = None
        for route in routes:
            try:
                await self.wecom.send(route, "key")
            except SendError as error:
                failed = error
                continue
            return route.channel
        raise failed or AssertionError("no route")


def listening(
    double: SmartBotDouble, groups: Sequence[GroupConfig] = BARE, pulse: Pulse = FAST, **changes: Any
) -> Listening:
    """Return a bot that does not listen yet."""
    settings = read(Settings, bot_settings(double, **changes), "platforms.wecom")
    return Listening(WeCom(settings, groups, pulse), double)
