"""A small world: WeCom's double, a bot that listens on loopback, and what the bot took in."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.events import Event, Receive, Received
from bot.messages.message import Message
from bot.platforms.base import Adapter, GroupConfig, Host, Parcel, Route, Target
from bot.platforms.wecom import adapter
from tests.doubles.wecom import WeComDouble
from tests.doubles.wecom_bot import SmartBotDouble

PAYLOADS: dict[str, Any] = json.loads(Path(__file__).with_name("payloads.json").read_text("utf-8"))
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
KEY = "fixture-key-1"


def settings_for(double: WeComDouble, **changes: Any) -> dict[str, Any]:
    """Settings that fit the double; `changes` replace keys of the table."""
    app = {"agent_id": double.agent_id, "secret": double.secret, "token": double.token, "aes_key": double.aes_key}
    return {"api_base": double.base_url, "corp_id": double.corp_id, "app": app, "timeout_s": 2} | changes


GROUPS = [GroupConfig("office", "月报群", {"webhook": KEY, "bot_chatid": "wrkOffice"}), GroupConfig("bare", "无", {})]


def parcel(message: Message, kind: str = "group", to: str = "office", key: str = "prompt:1:1") -> Parcel:
    return Parcel(key, Target(kind, to), message)


def webhook_route(wecom: Adapter, payload: dict[str, Any]) -> Route:
    """A route of the office's webhook that carries a ready payload."""
    drawn = wecom.parts(parcel(Message("x")), NOW)[0].routes[0]
    return Route(drawn.channel, drawn.bucket, drawn.limit, drawn.body | {"payload": payload})


async def send(wecom: Adapter, message: Message, kind: str = "group", to: str = "office") -> list[str]:
    """Draw and send every part; return the message ids."""
    return [await wecom.send(part.routes[0], "key") for part in wecom.parts(parcel(message, kind, to), NOW)]


@dataclass
class Office:
    """The bot's side of callbacks: its address, and what arrived."""

    url: str
    events: list[Event] = field(default_factory=list)
    fails: bool = False


async def nobody(*_: object) -> list[Any]:
    return []


def quiet_host(receive: Receive = nobody, **more: Any) -> Host:  # type: ignore[assignment]
    """A host that takes in events and does nothing else."""
    return Host(receive, lambda: NOW, nobody, lambda _: None, nobody, **more)  # type: ignore[arg-type]


@pytest.fixture
async def double() -> AsyncIterator[WeComDouble]:
    wecom = WeComDouble()
    await wecom.start()
    yield wecom
    await wecom.stop()


@pytest.fixture
async def configured() -> AsyncIterator[Callable[..., Adapter]]:
    """Make adapters that are closed at the end."""
    made: list[Adapter] = []

    def make(double: WeComDouble, **changes: Any) -> Adapter:
        made.append(adapter(settings_for(double, **changes), GROUPS))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def wecom(double: WeComDouble, configured: Callable[..., Adapter]) -> Adapter:
    return configured(double)


@pytest.fixture
async def office(wecom: Adapter) -> AsyncIterator[Office]:
    app = web.Application()
    found = Office("")

    async def receive(event: Event) -> Received:
        if found.fails:
            raise RuntimeError("database is locked")
        found.events.append(event)
        return Received(True, "")

    wecom.mount(app, quiet_host(receive))
    async with TestServer(app) as server:
        found.url = str(server.make_url("/callback/wecom/app"))
        yield found


@pytest.fixture
async def talk() -> AsyncIterator[SmartBotDouble]:
    wecom = SmartBotDouble()
    await wecom.start()
    yield wecom
    await wecom.stop()
