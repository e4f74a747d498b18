"""The double, the adapter against it, and the bot's callback address, all over loopback."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.clock import wall_now
from bot.connections import Connections, LocalLeases
from bot.events import Event, Received
from bot.messages.message import Message
from bot.platforms.base import GroupConfig, Host, NoRoster, Parcel, Roster, Route, Target
from bot.platforms.dingtalk import DingTalk, adapter
from tests.doubles.dingtalk import DingTalkDouble

PAYLOADS: dict[str, Any] = json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))
TOKEN, SECRET = "grouptoken01", "SEC0123456789abcdef"
MEMBER, CONVERSATION = "010203040506070801", "cidExampleGroupAAAAAAAAA=="


@dataclass
class Ears:
    """A host that remembers what reached it."""

    events: list[Event] = field(default_factory=list)
    broken: bool = False
    slow_s: float = 0.0
    told: dict[str, Message] = field(default_factory=dict)
    spent: Counter[tuple[str, str]] = field(default_factory=Counter)
    roster: Roster = field(default_factory=NoRoster)
    now: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    async def receive(self, event: Event) -> Received:
        await asyncio.sleep(self.slow_s)
        if self.broken:
            raise RuntimeError("database is gone")
        if event.message_id in {known.message_id for known in self.events}:
            return Received(False, "repeat")
        self.events.append(event)
        return Received(True, "taken")

    def host(self) -> Host:
        async def unused(*_: Any) -> Any:
            return ()

        async def tell(key: str, message: Message) -> None:
            self.told.setdefault(key, message)

        async def spend(platform: str, meter: str, feature: str) -> tuple[str, int]:
            self.spent[meter, feature] += 1
            return "2026-11", sum(count for (kind, _), count in self.spent.items() if kind == meter)

        async def spent(platform: str) -> Mapping[str, int]:
            return {meter: sum(n for (kind, _), n in self.spent.items() if kind == meter) for meter, _ in self.spent}

        host = Host(self.receive, lambda: self.now, unused, lambda speed: None, unused)
        return replace(host, tell_office=tell, spend=spend, spent=spent, roster=self.roster)


@pytest.fixture
async def double() -> AsyncIterator[DingTalkDouble]:
    platform = await DingTalkDouble(webhooks={TOKEN: SECRET, "open": ""}, users={MEMBER}).start()
    yield platform
    await platform.stop()


@pytest.fixture
def groups() -> list[GroupConfig]:
    keys = {"webhook": TOKEN, "secret": SECRET, "conversation_id": CONVERSATION}
    return [GroupConfig("villages", "各村月报群", keys), GroupConfig("mute", "没有机器人的群", {})]


@pytest.fixture
async def bot(double: DingTalkDouble, groups: list[GroupConfig]) -> AsyncIterator[DingTalk]:
    made = adapter(double.settings(), groups)
    assert isinstance(made, DingTalk)
    yield made
    await made.close()


@pytest.fixture
def ears() -> Ears:
    return Ears()


Serve = Callable[[DingTalk], Awaitable[str]]


@pytest.fixture
async def serve(ears: Ears) -> AsyncIterator[Serve]:
    """Serve an adapter's callback address and return it."""
    runners: list[web.AppRunner] = []

    async def start(made: DingTalk) -> str:
        app = web.Application()
        made.mount(app, ears.host())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}/callback/dingtalk"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def callback(bot: DingTalk, serve: Serve) -> str:
    return await serve(bot)


@pytest.fixture
async def connected(bot: DingTalk, double: DingTalkDouble, ears: Ears) -> AsyncIterator[Connections]:
    """Hold the adapter's long connections while a test runs."""
    bot.mount(web.Application(), ears.host())
    held = Connections([bot], LocalLeases().hold)
    held.start()
    await double.stream.connected()
    yield held
    await held.stop()


def routes(bot: DingTalk, message: Message, target: Target, key: str = "k1", **route: Any) -> list[tuple[Route, ...]]:
    """Draw a message and return the routes of each part."""
    parts = bot.parts(Parcel(key, target, message, route), wall_now())
    return [part.routes for part in parts]


async def deliver(bot: DingTalk, message: Message, target: Target, key: str = "k1") -> None:
    """Send all parts of a message by their first route."""
    for part in routes(bot, message, target, key):
        await bot.send(part[0], key)


GROUP, PRIVATE = Target("group", "villages"), Target("private", MEMBER)
