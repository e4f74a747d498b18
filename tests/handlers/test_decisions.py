"""What waits for a decision is released by one word, once, by whoever holds the post."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.dispatch import Call, Router
from bot.domain.members import Post
from bot.messages.message import Message, say
from bot.storage.engine import Tx
from bot.storage.tables import Decision
from bot.stories.decisions import Question, ask_for_decision
from tests.conftest import Open
from tests.core.houses import begin, converse
from tests.theatre import Theatre

HELD: list[tuple[str, str, str]] = []


@pytest_asyncio.fixture
async def house(theatre: Open, tmp_path: Path) -> AsyncIterator[Theatre]:
    """Open a house in which questions of the kind `probe` note their answer in HELD."""
    HELD.clear()
    stage = await begin(theatre, "2023-04-25T10:00", "思政科", leaders=["L3"])
    router = Router("probe")

    @router.decides("probe")
    async def decided(call: Call, tx: Tx, decision: Decision) -> Message:
        HELD.append((decision.payload["what"], decision.verdict, decision.reason))
        return say(f"{decision.summary}：已办")

    stage.bot.dispatcher._table.add(router)
    yield stage


async def put(house: Theatre, what: str, post: Post | None = None) -> int:
    question = Question("probe", what, payload={"what": what}, **({"post": post} if post else {}))
    async with house.bot.db.begin() as tx:
        return await ask_for_decision(tx, house.bot.world, house.plan, question, house.bot.clock.now())


async def test_one_word_releases_the_only_thing_that_waits(house: Theatre) -> None:
    number = await put(house, "第7项延期到5月10日")
    await house.bot.settle()
    asked = [heard.text for heard in house.new() if heard.to == "office1"]
    await converse(
        house, [("office1", "同意", "第7项延期到5月10日：已办"), ("office1", "/approve", "没有等您决定的事")]
    )

    assert f"同意请回：同意 {number}；不同意请回：不同意 {number} 原因。" in asked[0]
    assert HELD == [("第7项延期到5月10日", "approved", "")]


async def test_of_several_the_number_tells_which_and_a_reason_may_be_long(house: Theatre) -> None:
    first, second = await put(house, "甲"), await put(house, "乙")
    await converse(
        house,
        [
            ("office1", "同意", "有 2 件事等您决定", f"{first} 号：甲", f"{second} 号：乙"),
            ("office1", f"不同意 {first} 经费没有落实，请先报局长办公会；下月再议。", "甲：已办"),
            ("office1", f"同意{second}号", "乙：已办"),
            ("office1", f"同意 {first}", f"{first} 号已由办公室·office1答复“不同意”，原因：经费没有落实"),
            ("office1", "同意 99", "没有 99 号这件等您决定的事"),
        ],
    )

    assert HELD == [("甲", "refused", "经费没有落实，请先报局长办公会；下月再议。"), ("乙", "approved", "")]


async def test_only_the_holder_of_the_post_decides(house: Theatre) -> None:
    number = await put(house, "请领导定", Post("leader", "L3"))
    await converse(
        house,
        [
            ("office1", f"同意 {number}", f"没有 {number} 号这件等您决定的事"),
            ("思政科", f"/approve {number}", "只有办公室、领导可以用"),
            ("leader3", f"不同意{number}", "请领导定：已办"),
        ],
    )

    assert HELD == [("请领导定", "refused", "")]


async def test_the_everyday_word_is_no_command_where_nothing_waits(house: Theatre) -> None:
    await converse(house, [("思政科", "同意", "这句没有登记为进展")])
