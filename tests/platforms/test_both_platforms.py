"""One person with accounts on DingTalk and WeCom is one member; a plan has groups on both at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest_asyncio
from aiohttp import web

from bot.app import Bot, build
from bot.domain.members import Post
from bot.settings import ClockSettings, DatabaseSettings, PolicySettings, Settings
from bot.stories.roster import Enrolled, enrol
from tests.core.houses import few, rows
from tests.theatre import DingTalkStage, WeComStage

BOTH = {"dingtalk": "ding-zhang", "wecom": "wx-zhang"}
UNIT = "思政科"


@dataclass
class Both:
    """A bot with a group on each platform and one contact who has an account on both."""

    bot: Bot
    address: str
    dingtalk: DingTalkStage
    wecom: WeComStage

    async def until(self, moment: str) -> None:
        await self.bot.advance(datetime.fromisoformat(moment).replace(tzinfo=self.bot.world.policy.timezone))
        self.bot.clock.hold(True)

    def heard(self) -> dict[str, list[str]]:
        """Return to whom each platform delivered."""
        stages = {"dingtalk": self.dingtalk, "wecom": self.wecom}
        return {name: [heard.to for heard in stage.heard()] for name, stage in stages.items()}


def settings(folder: Path, dingtalk: DingTalkStage, wecom: WeComStage, first: str) -> Settings:
    stages: dict[str, Any] = {"dingtalk": dingtalk, "wecom": wecom}
    order = sorted(stages, key=lambda name: name != first)
    return Settings(
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{folder / 'drumbeat.db'}"),
        clock=ClockSettings(start=datetime.fromisoformat("2023-04-23T10:00")),
        policy=PolicySettings(spread_s=0),
        platforms={name: stage.settings() for name, stage in stages.items()},
        groups=[{"id": name, "name": name, "platform": name, **stages[name].group()} for name in order],
    )


@pytest_asyncio.fixture(params=["dingtalk", "wecom"])
async def both(request: Any, tmp_path: Path) -> AsyncIterator[tuple[Both, str]]:
    """Open the house; the parameter is the platform of the plan's first group."""
    dingtalk, wecom = DingTalkStage(), WeComStage()
    await dingtalk.open([BOTH["dingtalk"]])
    await wecom.open([BOTH["wecom"]])
    plan = replace(few(UNIT), groups=("dingtalk", "wecom"))
    bot = await build(settings(tmp_path, dingtalk, wecom, request.param), [plan])
    async with bot.db.begin() as tx:
        await enrol(tx, plan, Enrolled("张三", UNIT, Post("contact", UNIT), ids=BOTH), bot.clock.now())
    bot.clock.hold(True)
    await bot.start()
    runner = web.AppRunner(bot.web, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Both(bot, f"http://127.0.0.1:{runner.addresses[0][1]}", dingtalk, wecom), request.param
    await runner.cleanup()
    await bot.stop()
    await dingtalk.close()
    await wecom.close()


async def test_one_person_is_asked_once_and_heard_on_both(both: tuple[Both, str]) -> None:
    house, first = both
    await house.until("2023-04-24T12:00")
    heard = house.heard()
    asked = {name: to.count(BOTH[name]) for name, to in heard.items()}
    await house.dingtalk.say(house.bot, house.address, BOTH["dingtalk"], "第7项80%")
    await house.wecom.say(house.bot, house.address, BOTH["wecom"], "第7项90%")
    await house.bot.settle()
    answered = {name: to.count(BOTH[name]) - asked[name] for name, to in house.heard().items()}

    assert asked == {name: int(name == first) for name in BOTH}
    assert answered == {"dingtalk": 1, "wecom": 1}
    said = await rows(house.bot.db, "SELECT DISTINCT member_id, unit FROM checkins")
    assert len(said) == 1
    assert await rows(house.bot.db, "SELECT percent FROM progress WHERE percent IS NOT NULL") == [(90.0,)]


async def test_each_group_is_posted_to_once(both: tuple[Both, str]) -> None:
    house, _ = both
    await house.until("2023-04-25T12:00")

    assert {name: to.count("main") for name, to in house.heard().items()} == {"dingtalk": 1, "wecom": 1}
