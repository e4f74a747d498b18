"""Three stages for the same play: the sandbox, the DingTalk double and the WeCom double, each behind the real bot."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from bot.app import Bot, build
from bot.documents.planfiles import load_plan
from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.platforms.sandbox.adapter import Sandbox
from bot.platforms.sandbox.saying import say_in_chat
from bot.settings import ClockSettings, DatabaseSettings, PolicySettings, Server, Settings
from bot.stories.roster import Enrolled, enrol
from tests.doubles.dingtalk import DingTalkDouble
from tests.doubles.wecom import WeComDouble

PLAN = "quanzhou-2023"
GROUP = "main"
GROUP_NAME = "争优行动工作群"


@dataclass(frozen=True)
class Heard:
    """One message the bot sent: to whom (a person's id, or the group), and its text."""

    to: str
    text: str


def persons(plan: Plan) -> dict[str, Post]:
    """Return the cast: an id for each post of the plan."""
    asked = [unit for duty in plan.duties for unit in duty.units]
    units = dict.fromkeys((*plan.reporting_units, *asked))
    cast = {f"contact{n}": Post("contact", unit) for n, unit in enumerate(units, 1)}
    return {
        **cast,
        "office1": Post("office"),
        **{f"leader{leader.key[1:]}": Post("leader", leader.key) for leader in plan.leaders},
    }


def contact(plan: Plan, unit: str) -> str:
    """Return the id of a unit's contact."""
    return next(person for person, post in persons(plan).items() if post == Post("contact", unit))


class Stage(Protocol):
    """A platform to play on."""

    platform: str

    async def open(self, cast: Sequence[str]) -> None: ...
    async def close(self) -> None: ...
    def settings(self) -> dict[str, Any]: ...
    def group(self) -> dict[str, Any]: ...
    def heard(self) -> list[Heard]: ...
    async def say(self, bot: Bot, address: str, person: str, text: str) -> None: ...


class SandboxStage:
    """The sandbox; it needs nothing outside."""

    platform = "sandbox"

    def __init__(self) -> None:
        self.bot: Bot | None = None

    async def open(self, cast: Sequence[str]) -> None:
        pass

    async def close(self) -> None:
        pass

    def settings(self) -> dict[str, Any]:
        return {}

    def group(self) -> dict[str, Any]:
        return {}

    def heard(self) -> list[Heard]:
        assert self.bot is not None
        sandbox = self.bot.adapters["sandbox"]
        assert isinstance(sandbox, Sandbox)
        entries = sorted(
            (e for chat in sandbox.transcript.last_ids() for e in sandbox.transcript.list_after(chat)),
            key=lambda e: e.id,
        )
        return [Heard(entry.chat, entry.drawn().as_text()) for entry in entries if entry.from_bot]

    async def say(self, bot: Bot, address: str, person: str, text: str) -> None:
        sandbox = bot.adapters["sandbox"]
        assert isinstance(sandbox, Sandbox)
        await say_in_chat(sandbox, {"chat": person, "sender": person, "text": text})


class DingTalkStage:
    """The DingTalk double: webhook into the group, robot callback and batchSend in private."""

    platform = "dingtalk"

    async def open(self, cast: Sequence[str]) -> None:
        self.double = await DingTalkDouble(
            webhooks={"tokenmain": "SECmain"}, users={person: person for person in cast}
        ).start()

    async def close(self) -> None:
        await self.double.stop()

    def settings(self) -> dict[str, Any]:
        return dict(self.double.settings())

    def group(self) -> dict[str, Any]:
        return {"webhook": "tokenmain", "secret": "SECmain", "conversation_id": "cidmain"}

    def heard(self) -> list[Heard]:
        return [Heard(GROUP if m.channel == "webhook" else m.to, m.text) for m in self.double.messages]

    async def say(self, bot: Bot, address: str, person: str, text: str) -> None:
        reply = await self.double.say(f"{address}/callback/dingtalk", person, text)
        assert reply.status == 200


class WeComStage:
    """The WeCom double: webhook into the group, app callback and message/send in private."""

    platform = "wecom"

    async def open(self, cast: Sequence[str]) -> None:
        self.double = WeComDouble(keys=("keymain",), members=tuple(cast))
        await self.double.start()

    async def close(self) -> None:
        await self.double.stop()

    def settings(self) -> dict[str, Any]:
        double = self.double
        app = {
            "agent_id": double.agent_id,
            "secret": double.secret,
            "token": double.token,
            "aes_key": double.aes_key,
        }
        return {"api_base": double.base_url, "corp_id": double.corp_id, "app": app}

    def group(self) -> dict[str, Any]:
        return {"webhook": "keymain"}

    def heard(self) -> list[Heard]:
        return [Heard(GROUP if sent.channel == "webhook" else sent.to, sent.text) for sent in self.double.sent]

    async def say(self, bot: Bot, address: str, person: str, text: str) -> None:
        delivery = await self.double.say(f"{address}/callback/wecom/app", person, text)
        assert delivery.ok


STAGES: tuple[type[Stage], ...] = (SandboxStage, DingTalkStage, WeComStage)


class Theatre:
    """A bot on a stage, with the whole cast in the roster and time in our hands."""

    def __init__(
        self,
        stage: Stage,
        folder: Path,
        start: str,
        plan: Plan | None = None,
        template: Path | None = None,
        *,
        public_url: str = "",
        more: Mapping[str, Post] | None = None,
    ) -> None:
        """`template` is a migrated, empty database to begin with; without one the bot migrates a new file.

        `more` are people beside one for each post.
        """
        self.stage, self.folder, self.template, self.public_url = stage, folder, template, public_url
        self.plan = plan or load_plan(PLAN)
        self.start = datetime.fromisoformat(start)
        self.cast = {**persons(self.plan), **(more or {})}
        self._read = 0

    async def open(self) -> "Theatre":
        await self.stage.open(list(self.cast))
        if self.template is not None and not (self.folder / "drumbeat.db").exists():
            shutil.copy(self.template, self.folder / "drumbeat.db")
        self.bot = await build(self.settings(), [self.plan])
        if isinstance(self.stage, SandboxStage):
            self.stage.bot = self.bot
        async with self.bot.db.begin() as tx:
            for person, post in self.cast.items():
                name = f"{post.scope or '办公室'}·{person}"
                await enrol(
                    tx,
                    self.plan,
                    Enrolled(name, post.scope, post, ids={self.stage.platform: person}),
                    self.bot.clock.now(),
                )
        self.bot.clock.hold(True)
        await self.bot.start()
        self.runner = web.AppRunner(self.bot.web, access_log=None)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def close(self) -> None:
        await self.runner.cleanup()
        await self.bot.stop()
        await self.stage.close()

    def settings(self) -> Settings:
        return Settings(
            server=Server(public_url=self.public_url),
            database=DatabaseSettings(url=f"sqlite+aiosqlite:///{self.folder / 'drumbeat.db'}"),
            clock=ClockSettings(start=self.start),
            policy=PolicySettings(spread_s=0),
            platforms={self.stage.platform: self.stage.settings()},
            groups=[{"id": GROUP, "name": GROUP_NAME, "platform": self.stage.platform, **self.stage.group()}],
        )

    async def until(self, moment: str) -> list[Heard]:
        """Move time on, and return what the bot sent on the way."""
        await self.bot.advance(datetime.fromisoformat(moment).replace(tzinfo=self.bot.world.policy.timezone))
        self.bot.clock.hold(True)
        return self.new()

    async def say(self, person: str, text: str) -> list[Heard]:
        """Let a person say something in private, and return what the bot answered (and sent to others)."""
        await self.stage.say(self.bot, self.address, person, text)
        await self.bot.settle()
        return self.new()

    async def answer(self, person: str, text: str) -> str:
        """Let a person say something and return the answer to that person."""
        return "\n".join(heard.text for heard in await self.say(person, text) if heard.to == person)

    def contact(self, unit: str) -> str:
        return contact(self.plan, unit)

    def new(self) -> list[Heard]:
        """Return what the bot sent since the last call."""
        heard = self.stage.heard()
        fresh, self._read = heard[self._read :], len(heard)
        return fresh


MARKS = re.compile(r"[\s*＊#>|·•\-—`【】（）()〔〕:：，,。；;、.<>＠@/]+")


TABLE_HEAD = "名次单位完成率按时"


def bare(text: str) -> str:
    """Return a message without what platforms draw differently: marks, blanks, mentions, table heads, page numbers."""
    text = re.sub(r"(\n?\[[^\]\n]+\])+$", "", text.rstrip())  # the WeCom double writes a card's buttons so
    plain = re.sub(r"<font[^>]*>|</font>|&nbsp;|[^\s@]+·contact\d+|contact\d+", "", text)
    return MARKS.sub("", plain).replace(TABLE_HEAD, "")
