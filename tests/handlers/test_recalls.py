"""The office takes back a wave that went out by mistake; what people were answered stays."""

from sqlalchemy import text

from tests.conftest import Open
from tests.core.houses import ask, begin, by_hand, few
from tests.theatre import DingTalkStage, Theatre

UNITS = ("思政科", "督导科", "职成教科")


async def sent(theatre: Open, until: str) -> tuple[Theatre, DingTalkStage]:
    """Open a house on DingTalk: contacts are asked on the 24th in private, and on the 25th in the group."""
    stage = DingTalkStage()
    house = await by_hand(await theatre("2023-04-20T08:00", stage, plan=few(*UNITS)))
    await house.bot.settle()
    await house.until(until)
    return house, stage


async def states(house: Theatre) -> dict[str, int]:
    async with house.bot.db.read() as tx:
        rows = await tx.execute(text("SELECT state, COUNT(*) FROM outbox GROUP BY state"))
        return dict(tuple(row) for row in rows)


async def test_a_wave_is_shown_and_then_taken_back(theatre: Open) -> None:
    house, stage = await sent(theatre, "2023-04-24T10:00")
    shown = await house.answer("office1", "收回")
    assert "收回 确认" in shown
    assert stage.double.api.recalled == []

    private = [message for message in stage.double.messages if message.channel == "private" and message.to != "office1"]
    heard = await house.say("office1", "收回 确认")
    told = " ".join(message.text for message in heard if message.to == "office1")
    gone = len(stage.double.api.recalled)
    assert len(private) == len(UNITS)
    assert gone == len(UNITS) + 1  # the office was asked for the days of the meetings
    assert f"收回了 {gone} 条" in told
    assert (await states(house))["recalled"] == gone


async def test_what_a_webhook_sent_is_said_to_stay(theatre: Open) -> None:
    house, _ = await sent(theatre, "2023-04-25T10:00")
    assert "群里 1 条" in await house.answer("office1", "收回")
    heard = await house.say("office1", "收回 确认")

    assert any("收不回来：群机器人" in message.text for message in heard)


async def test_answers_are_never_taken_back(theatre: Open) -> None:
    house, _ = await sent(theatre, "2023-04-24T10:00")
    await house.say(house.contact("思政科"), "第7项80%")
    await house.say("office1", "收回 确认")

    async with house.bot.db.read() as tx:
        replies = await tx.execute(text("SELECT DISTINCT state FROM outbox WHERE kind = 'reply'"))
        assert {state for (state,) in replies} == {"sent"}


async def test_after_a_day_there_is_nothing_to_take_back(theatre: Open) -> None:
    house, _ = await sent(theatre, "2023-04-24T10:00")
    await house.until("2023-05-04T08:00")

    assert "没有自动发出的消息" in await house.answer("office1", "收回")


async def test_only_the_office_takes_back(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:00", *UNITS)

    assert "办公室" in await ask(house, house.contact("思政科"), "/recall")


async def test_a_sentence_that_begins_like_it_is_no_command(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:00", *UNITS)

    assert "收回 确认" not in await ask(house, "office1", "收回 问卷两百份")
    assert "请发：收回" in await ask(house, "office1", "/收回 问卷")
