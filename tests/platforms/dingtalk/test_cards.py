"""Buttons become an interactive card; a press comes in as the words the button stands for, and shows on the card."""

import asyncio
import json

import pytest

from bot.messages.message import Button, Lines, Mention, Message
from bot.platforms.base import ChannelGone, GroupConfig, RetryLater, Target
from bot.platforms.dingtalk import adapter, hearing
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import CONVERSATION, GROUP, MEMBER, PAYLOADS, PRIVATE, TOKEN, routes

RECORDED = PAYLOADS["server_api"]
TEMPLATE = RECORDED["card_create_and_deliver_group"]["request"]["body"]["cardTemplateId"]
BUTTONS = (Button("已办结", "7 100%"), Button("进度 60%", "7 60%"))
ASK = Message("10月月报", (Lines(("第7项办到哪里了？",)),), (Mention(1, "王", MEMBER),), BUTTONS)
CALLBACK_URL = "https://bot.example.org/callback/dingtalk"


@pytest.fixture
async def bot(double, groups):
    made = adapter(double.settings(card_template_id=TEMPLATE), groups)
    yield made
    await made.close()


async def sent_card(bot, double, target, **more):
    (found,) = routes(bot, ASK, target, **more)
    await bot.send(found[0], "k1")
    return found, double.api.bodies[-1][1]


@pytest.mark.parametrize(
    ("target", "channels"), [(GROUP, ["card", "webhook", "group"]), (PRIVATE, ["card", "private"])], ids=str
)
async def test_buttons_become_a_card_and_text_stands_by(target, channels, bot, double):
    found, _ = await sent_card(bot, double, target)

    assert [route.channel for route in found] == channels
    assert [(shown.channel, shown.title) for shown in double.messages] == [("card", "10月月报")]


async def test_group_card_is_delivered_as_recorded_and_rings(bot, double):
    _, body = await sent_card(bot, double, GROUP)
    recorded = RECORDED["card_create_and_deliver_group"]["request"]["body"]

    assert body.keys() == recorded.keys()
    assert (body["openSpaceId"], body["callbackType"], body["userIdType"]) == (
        recorded["openSpaceId"],
        recorded["callbackType"],
        recorded["userIdType"],
    )
    assert body["imGroupOpenDeliverModel"]["atUserIds"] == {MEMBER: "王"}
    assert body["imGroupOpenSpaceModel"].keys() == recorded["imGroupOpenSpaceModel"].keys()
    params = body["cardData"]["cardParamMap"]
    assert (params["button1"], params["says1"], params["says2"]) == ("已办结", "7 100%", "7 60%")


async def test_card_by_http_registers_its_callback_once(double, groups):
    bot = adapter(double.settings(mode="http", card_template_id=TEMPLATE, card_callback_url=CALLBACK_URL), groups)
    for key in ("a", "b"):
        (found,) = routes(bot, ASK, PRIVATE, key)
        await bot.send(found[0], key)
    await bot.close()
    recorded = RECORDED["card_create_and_deliver_single"]["request"]["body"]
    body = double.api.bodies[-1][1]

    assert {*recorded} - {"privateData"} <= body.keys()
    assert (body["callbackType"], body["openSpaceId"]) == (recorded["callbackType"], recorded["openSpaceId"])
    assert body["imRobotOpenDeliverModel"] == recorded["imRobotOpenDeliverModel"]
    (registered,) = double.api.registered
    assert registered.keys() == RECORDED["card_callback_register"]["request"]["body"].keys()
    assert (registered["callbackUrl"], registered["callbackRouteKey"]) == (CALLBACK_URL, body["callbackRouteKey"])


async def test_same_message_is_the_same_card_at_every_try(bot):
    first, again = (routes(bot, ASK, PRIVATE)[0][0].body["card"]["outTrackId"] for _ in range(2))

    assert first == again
    assert routes(bot, ASK, PRIVATE, "other")[0][0].body["card"]["outTrackId"] != first


@pytest.mark.parametrize(
    "message",
    [
        Message("问", (Lines(("长" * 400,)),), buttons=BUTTONS),
        Message("问", (Lines(("短",)),), buttons=(Button("是", "长" * 400),)),
        Message("问", (Lines(("短",)),), buttons=BUTTONS * 3),
        Message("问", (Lines(("短",)),)),
    ],
)
async def test_what_a_card_cannot_hold_is_text(message, bot):
    assert "card" not in [route.channel for part in routes(bot, message, PRIVATE) for route in part]


async def test_without_a_template_there_are_no_cards(double, groups):
    assert [route.channel for route in routes(adapter(double.settings(), groups), ASK, PRIVATE)[0]] == ["private"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(400, {"code": "param.templateNotExist", "message": "?"}),
        Fault(200, {"success": True, "result": {"deliverResults": [{"success": False, "errorMsg": "no"}]}}),
        Fault(200, {"success": True, "result": {}}),
    ],
)
async def test_card_that_is_not_delivered_gives_way_to_text(fault, bot, double):
    double.fail("card", fault)
    (found,) = routes(bot, ASK, PRIVATE)

    with pytest.raises(ChannelGone, match="卡片"):
        await bot.send(found[0], "k1")
    await bot.send(found[1], "k1")
    assert [shown.channel for shown in double.messages] == ["private"]


async def test_card_to_one_that_failed_stops_no_other(bot, double):
    (found,) = routes(bot, ASK, Target("person", "nobody"), "a")
    with pytest.raises(ChannelGone):
        await bot.send(found[0], "a")
    await sent_card(bot, double, PRIVATE)

    assert [shown.to for shown in double.messages] == [MEMBER]


async def test_card_whose_answer_was_lost_is_shown_once(bot, double):
    double.fail("card", Fault(reset=True, after=True))
    (found,) = routes(bot, ASK, PRIVATE)
    with pytest.raises(RetryLater):
        await bot.send(found[0], "k")
    await bot.send(found[0], "k")

    assert [shown.channel for shown in double.messages] == ["card"]


async def test_press_comes_in_as_words_and_shows_on_the_card(bot, double, connected, ears):
    _, body = await sent_card(bot, double, PRIVATE)
    ack = await double.stream.acked(double.pressed(body["outTrackId"], MEMBER, {"says": "7 60%"}))
    again = await double.stream.acked(double.pressed(body["outTrackId"], MEMBER, {"says": "7 60%"}))

    (event,) = ears.events
    assert (event.text, event.content, event.sender, event.chat_kind) == ("7 60%", "press", MEMBER, "private")
    assert ack["data"] == again["data"]
    answer = ack["data"]["response"]
    assert answer["userPrivateData"]["cardParamMap"] == {"status": "已收到：7 60%"}
    assert answer["cardUpdateOptions"] == PAYLOADS["card"]["response"]["cardUpdateOptions"]


async def test_another_button_of_the_same_card_is_another_answer(bot, double, connected, ears):
    for says in ("7 60%", "7 100%"):
        await double.stream.acked(double.pressed("card1", MEMBER, {"says": says}))

    assert [event.text for event in ears.events] == ["7 60%", "7 100%"]


async def test_press_that_takes_long_is_answered_in_time_and_drawn_later(monkeypatch, bot, double, connected, ears):
    monkeypatch.setattr(hearing, "PRESS_S", 0.05)
    _, body = await sent_card(bot, double, PRIVATE)
    ears.slow_s = 0.3
    ack = await double.stream.acked(double.pressed(body["outTrackId"], MEMBER, {"says": "7 60%"}), 0.25)
    assert ack["data"] == {"response": {}}

    await asyncio.sleep(0.5)
    assert double.api.cards[body["outTrackId"]]["private"] == {MEMBER: {"status": "已收到：7 60%"}}
    path, sent = double.api.bodies[-1]
    assert (path, sent["cardUpdateOptions"]["updatePrivateDataByKey"]) == ("/v1.0/card/instances", True)


async def test_press_that_was_not_stored_fails(bot, double, connected, ears):
    ears.broken = True
    double.stream.again_s = 60

    assert (await double.stream.acked(double.pressed("card1", MEMBER, {"says": "7 60%"})))["code"] == 500


@pytest.mark.parametrize("params", [{}, {"says": ""}, {"says": "长" * 501}, {"action": "submitted"}])
async def test_press_without_words_is_ignored(params, bot, double, connected, ears):
    ack = await double.stream.acked(double.pressed("card1", MEMBER, params))

    assert (ack["data"], ears.events) == ({"response": {}}, [])


@pytest.mark.parametrize("content", ["{", "[]", "5", '{"cardPrivateData": 5}', '{"cardPrivateData": {"params": []}}'])
async def test_press_of_strange_content_stops_nothing(content, double, serve, bot, ears):
    body = {"type": "actionCallback", "outTrackId": "c", "userId": MEMBER, "content": content}
    reply = await double.post(await serve(bot), body)

    assert (reply.status, ears.events) == ((400 if content == "{" else 200), [])


async def test_press_by_http_is_taken_in_and_drawn(double, serve, bot, ears):
    content = json.dumps({"cardPrivateData": {"actionIds": ["1"], "params": {"says": "7 60%"}}})
    body = {"type": "actionCallback", "outTrackId": "c", "userId": MEMBER, "content": content}
    reply = await double.post(await serve(bot), body)

    assert reply.status == 200
    assert reply.body["userPrivateData"]["cardParamMap"]["status"] == "已收到：7 60%"
    assert [event.text for event in ears.events] == ["7 60%"]


async def test_stored_card_holds_no_secret(bot):
    assert TOKEN not in repr(routes(bot, ASK, GROUP))
    assert CONVERSATION in repr(routes(bot, ASK, GROUP))


async def test_group_without_a_conversation_gets_no_card(double):
    bot = adapter(double.settings(card_template_id=TEMPLATE), [GroupConfig("villages", "群", {"webhook": TOKEN})])

    assert [route.channel for route in routes(bot, ASK, GROUP)[0]] == ["webhook"]
