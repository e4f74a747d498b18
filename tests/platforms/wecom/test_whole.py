"""The whole bot behind the smart bot: what is said in group and private is recorded, answered there, once."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.messages.message import Button, Message, say, to_json
from bot.platforms.wecom.connection import Pulse
from bot.storage import outbox
from tests.conftest import Open
from tests.core.houses import rows
from tests.platforms.wecom.listening import CHAT
from tests.platforms.wecom.stage import SmartBotStage, connection_of
from tests.theatre import Theatre

pytestmark = pytest.mark.slow
START = "2023-04-25T09:20"


async def quiet(house: Theatre, answers: int) -> None:
    """Wait until so many messages have arrived."""
    stage = house.stage
    assert isinstance(stage, SmartBotStage)
    for _ in range(200):
        await house.bot.settle()
        if len(stage.double.arrived) >= answers:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(stage.double.arrived)


@pytest.fixture
async def house(theatre: Open) -> Theatre:
    found = await theatre(START, SmartBotStage())
    await found.stage.double.connected()  # type: ignore[attr-defined]
    await found.bot.settle()
    found.stage.double.arrived.clear()  # type: ignore[attr-defined]
    return found


async def test_report_said_in_the_group_is_recorded_once_and_answered_there(house: Theatre) -> None:
    double = house.stage.double  # type: ignore[attr-defined]
    body = double.message(CHAT, house.contact("思政科"), "text", {"content": "@小报 第7项80%"})
    await double.tell(body)
    await double.tell(body)
    await quiet(house, 1)
    await house.bot.settle()

    assert [(one.chat, one.by) for one in double.arrived] == [(CHAT, "respond")]
    assert "7 加强中小学班主任队伍建设：80%" in double.arrived[0].text
    assert await rows(house.bot.db, "SELECT count(*) FROM checkins") == [(1,)]


async def test_unknown_kind_of_message_is_answered_kindly(house: Theatre) -> None:
    double = house.stage.double  # type: ignore[attr-defined]
    await double.tell(double.message("", house.contact("思政科"), "hologram", {"depth": 3}))
    await quiet(house, 1)

    assert double.arrived[0].text
    assert "故障" not in double.arrived[0].text


async def test_pressed_button_is_read_as_its_words(house: Theatre) -> None:
    double = house.stage.double  # type: ignore[attr-defined]
    person = house.contact("思政科")
    await double.speak("", person, "我的")
    await quiet(house, 1)
    async with house.bot.db.begin() as tx:
        asked = Message("", say("第7项到多少了？").blocks, buttons=(Button("80%", "第7项80%"),))
        message = to_json(asked)
        row = {"key": "ask:x", "kind": "ask", "platform": "wecom", "external_id": person, "message": message}
        await outbox.put_many(tx, [row | {"not_before": house.bot.clock.now()}])
    await quiet(house, 2)
    card = next(body["template_card"] for _, body in double.requests if body.get("msgtype") == "template_card")
    await double.tell(double.press("", person, card["button_list"][0]["key"], card["task_id"]))
    await quiet(house, 4)

    assert [one.by for one in double.arrived[2:]].count("update") == 1
    assert any("80%" in one.text and "回执" in one.text for one in double.arrived[2:])
    assert await rows(house.bot.db, "SELECT count(*) FROM checkins") == [(1,)]


async def test_answer_that_was_cut_off_comes_on_the_next_connection(house: Theatre) -> None:
    double = house.stage.double  # type: ignore[attr-defined]
    connection_of(house.bot).pulse = Pulse(soonest_s=0.02)
    with capture_logs():
        await double.speak(CHAT, house.contact("思政科"), "@小报 第7项80%", response_url="")
        await double.until(lambda: bool(double.delivered))
        await asyncio.sleep(0.05)
        await double.close_line()
        await double.connected(2)
        await quiet(house, 1)

    assert "80%" in double.arrived[0].text
    assert await rows(house.bot.db, "SELECT count(*) FROM checkins") == [(1,)]
