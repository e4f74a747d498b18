"""league and digest: the numbers behind what the bot posts."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.app import build
from bot.domain.members import Post
from bot.events import Event
from bot.settings import load_settings
from bot.stories.roster import Enrolled, enrol
from tests.cli.conftest import Shell

SAID = {"组织科": "9. 100%；10. 85%；11. 未启动；12. 20%；13. 六成", "思政科": "第7项受阻，缺经费"}
ASKED = datetime(2023, 3, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def reported(configured: Shell) -> Shell:
    """Let two contacts report on the Friday before the 25th."""

    async def work() -> None:
        bot = await build(load_settings())
        bot.clock.set(ASKED)
        bot.clock.hold(True)
        (plan,) = bot.world.plans
        async with bot.db.begin() as tx:
            for unit in ("组织科", "思政科"):
                await enrol(tx, plan, Enrolled(unit, unit, Post("contact", unit), ids={"sandbox": unit}), ASKED)
        await bot.start()
        await bot.settle()
        for unit, text in SAID.items():
            await bot.dispatcher.receive(Event("sandbox", unit, unit, "private", unit, text, ASKED))
        await bot.stop()

    asyncio.run(work())
    return configured


def test_the_league_gives_rate_items_and_punctuality(reported: Shell) -> None:
    found = reported.data("league", "quanzhou-2023")

    assert {key: found[key] for key in ("plan", "period", "total")} == {
        "plan": "quanzhou-2023",
        "period": "2023-03",
        "total": 12,
    }
    assert found["standings"][0] == {
        "rank": 1,
        "unit": "组织科",
        "rate": 53.0,
        "items": {"S09": 100, "S10": 85, "S11": 0, "S12": 20, "S13": 60},
        "done": 1,
        "on_time": 1,
        "due": 2,
        "stale": False,
    }
    assert len(found["on_time_only"]) == 5


def test_an_unknown_period_or_leader_says_what_there_is(reported: Shell) -> None:
    period = reported.run("league", "quanzhou-2023", "--period", "2023-13")
    leader = reported.run("digest", "quanzhou-2023", "--leader", "L9")

    assert (period.exit_code, leader.exit_code) == (1, 1)
    assert "没有“2023-13”这一期。可选：2023-02、2023-03" in period.stderr
    assert "计划里没有领导“L9”。可选：L1、L2" in leader.stderr


def test_the_digest_is_of_own_items_and_reads_as_it_is_sent(reported: Shell) -> None:
    found = reported.data("digest", "quanzhou-2023", "--leader", "L3")
    shown = reported.run("digest", "quanzhou-2023", "--leader", "L3").stdout

    assert [item["item"] for item in found["items"]] == ["S06", "S07", "S08"]
    assert "思政科报受阻" in found["items"][1]["troubles"]
    assert shown.strip() == found["text"]
