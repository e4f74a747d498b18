"""A sandbox on a real server, with a small bot behind it that answers everything and keeps its own clock."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.domain.workdays import Workdays
from bot.events import Event, Received
from bot.messages.message import Message, say
from bot.platforms.base import GroupConfig, Host, Parcel, Person, Target
from bot.platforms.sandbox import adapter
from bot.platforms.sandbox.adapter import Sandbox

START = datetime(2023, 4, 25, 1, 20, tzinfo=UTC)
GROUPS = (GroupConfig("main", "争优行动工作群", {}),)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: opens the page in a real browser")


class EchoBot:
    """Repeats what it hears, once per message id, and remembers how the clock was moved."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.now = START
        self.heard: list[Event] = []
        self.speeds: list[float] = []
        self.workdays = Workdays()
        self.roster = [
            Person("zhang", "组织科联络员", "contact"),
            Person("li", "办公室经办", "office"),
            Person("wang", "副组长（分管组织）", "leader"),
        ]

    async def receive(self, event: Event) -> Received:
        if any(event.message_id == heard.message_id for heard in self.heard):
            return Received(False, "repeat")
        self.heard.append(event)
        await self.tell(event.chat, say(f"听到了：{event.text}"[:300], title="回执"), f"reply:{event.message_id}")
        return Received(True, "echo")

    async def tell(self, chat: str, message: Message, key: str) -> str:
        """Send as the delivery worker does."""
        kind = "group" if self.sandbox.group_of_chat(chat) else "person"
        (part,) = self.sandbox.parts(Parcel(key, Target(kind, chat), message), self.now)
        return await self.sandbox.send(part.routes[0], key)

    async def advance(self, to: datetime) -> None:
        self.now = to
        await self.tell("main", say("时钟走到了"), f"tick:{to.isoformat()}")

    async def people(self) -> Sequence[Person]:
        return self.roster

    def host(self) -> Host:
        return Host(
            self.receive,
            lambda: self.now,
            self.advance,
            self.speeds.append,
            self.people,
            speed=lambda: self.speeds[-1] if self.speeds else 1.0,
            workdays=self.workdays,
        )


class Caller:
    """Calls the API; every answer is the status and the JSON."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        async with self.session.post(f"/sandbox/api/{path}", json=body) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(f"/sandbox/api/{path}") as answer:
            return answer.status, await answer.json()

    async def say(self, chat: str, sender: str, text: str) -> Any:
        return (await self.post("messages", {"chat": chat, "sender": sender, "text": text}))[1]

    async def chat(self, chat: str, after: int = 0) -> Any:
        return (await self.get(f"messages?chat={chat}&after={after}"))[1]["messages"]


@pytest.fixture
def sandbox() -> Sandbox:
    return adapter({}, GROUPS)


@pytest.fixture
def bot(sandbox: Sandbox) -> EchoBot:
    return EchoBot(sandbox)


@pytest_asyncio.fixture
async def address(sandbox: Sandbox, bot: EchoBot) -> AsyncIterator[str]:
    app = web.Application()
    sandbox.mount(app, bot.host())
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()
    await sandbox.close()


@pytest_asyncio.fixture
async def caller(address: str) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(address) as session:
        yield Caller(session)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=8)))
