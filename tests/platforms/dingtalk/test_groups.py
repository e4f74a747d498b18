"""Into a group by the server API, where there is no webhook or it is gone; and taking back what was sent."""

import json

import pytest

from bot.clock import wall_now
from bot.messages.message import Lines, Mention, Message, Table, say
from bot.platforms.base import ChannelGone, GroupConfig, Parcel, Permanent, RetryLater, Sent, Target
from bot.platforms.dingtalk import adapter
from tests.doubles import dingtalk_api
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import CONVERSATION, GROUP, MEMBER, PAYLOADS, PRIVATE, routes

RECORDED = PAYLOADS["server_api"]
TABLE = Message("10月月报进度", (Table(("单位", "完成率"), (("河湾村", "100%"),)),))
CALL = Message("还差", (Lines(("未报：",)),), (Mention(1, "王小禾", MEMBER), Mention(2, "李三", "", "13800000001")))


@pytest.fixture
async def quiet(double):
    """A group the bot was only put into: no webhook."""
    made = adapter(double.settings(), [GroupConfig("villages", "群", {"conversation_id": CONVERSATION})])
    yield made
    await made.close()


async def test_table_goes_into_a_group_as_recorded(quiet, double):
    ((route,),) = routes(quiet, TABLE, GROUP)
    key = await quiet.send(route, "k")

    path, body = double.api.bodies[-1]
    recorded = RECORDED["group_send_markdown"]["request"]["body"]
    assert (path, body.keys(), body["msgKey"]) == (
        "/v1.0/robot/groupMessages/send",
        recorded.keys(),
        recorded["msgKey"],
    )
    assert body["openConversationId"] == recorded["openConversationId"]
    assert json.loads(body["msgParam"]).keys() == json.loads(recorded["msgParam"]).keys()
    assert double.api.sent[key][0] == "group"


async def test_people_are_named_where_nobody_can_be_rung(quiet, double):
    ((route,),) = routes(quiet, CALL, GROUP)
    await quiet.send(route, "k")

    (shown,) = double.messages
    assert shown.text.endswith("王小禾 李三")
    assert MEMBER not in shown.text
    assert "13800000001" not in shown.text


async def test_webhook_that_is_gone_gives_way_to_the_server_api(bot, double):
    double.fail("webhook", Fault(body={"errcode": 400106, "errmsg": "机器人不在群里"}))
    (found,) = routes(bot, TABLE, GROUP)

    with pytest.raises(ChannelGone):
        await bot.send(found[0], "k")
    await bot.send(found[1], "k")
    assert [shown.channel for shown in double.messages] == ["group"]


@pytest.mark.parametrize("code", ["invalid.openConversationId", "group.disbanded", "bot.forbidden.sendMessage"])
async def test_group_that_cannot_be_reached_says_what_to_do(code, quiet, double):
    double.fail("group", Fault(400, {"code": code, "message": "?"}))
    ((route,),) = routes(quiet, TABLE, GROUP)

    with pytest.raises(ChannelGone) as caught:
        await quiet.send(route, "k")
    assert "请" in caught.value.text


async def test_private_message_is_sent_as_recorded(bot, double):
    ((route,),) = routes(bot, say("请报"), PRIVATE)
    await bot.send(route, "k")

    recorded = RECORDED["oto_batch_send_text"]["request"]
    path, body = double.api.bodies[-1]
    assert recorded["url"].endswith(path)
    assert (body.keys(), body["msgKey"]) == (recorded["body"].keys(), recorded["body"]["msgKey"])
    assert json.loads(body["msgParam"]) == {"content": "请报"}


async def test_recorded_partly_refused_answer_tells_each_person_apart(double):
    answer = RECORDED["oto_batch_send_partly_refused"]["response"]["body"]
    bot = adapter(double.settings(), [])
    for user, kind in (
        (answer["invalidStaffIdList"][0], Permanent),
        (answer["flowControlledStaffIdList"][0], RetryLater),
    ):
        double.fail("private", Fault(200, answer))
        with pytest.raises(kind):
            await bot.send(routes(bot, say("请报"), Target("person", user))[0][0], "k")
    await bot.close()


async def test_what_was_sent_by_mistake_is_taken_back(bot, double, quiet, monkeypatch):
    monkeypatch.setattr(dingtalk_api, "QPS", 100)
    sent = []
    for number in range(25):
        ((route,),) = routes(bot, say("错的"), PRIVATE, f"k{number}")
        sent.append(Sent(route, await bot.send(route, f"k{number}")))
    ((route,),) = routes(quiet, TABLE, GROUP)
    sent.append(Sent(route, await quiet.send(route, "g")))
    sent.append(Sent(routes(bot, TABLE, GROUP)[0][0], ""))

    assert await bot.recall(sent) == 26
    assert sorted(double.api.recalled) == sorted(one.platform_id for one in sent if one.platform_id)
    asked = [(path, body) for path, body in double.api.bodies if path.endswith(("Recall", "recall"))]
    assert [len(body["processQueryKeys"]) for _, body in asked] == [20, 5, 1]
    for (path, body), name in ((asked[0], "oto_recall"), (asked[2], "group_recall")):
        recorded = RECORDED[name]["request"]
        assert recorded["url"].endswith(path)
        assert body.keys() == recorded["body"].keys()


async def test_after_a_day_nothing_can_be_taken_back(double):
    now = [0.0]
    double.api.clock = lambda: now[0]
    bot = adapter(double.settings(), [])
    ((route,),) = routes(bot, say("错的"), PRIVATE)
    sent = Sent(route, await bot.send(route, "k"))
    now[0] = 90_000
    double.api.tokens = dict.fromkeys(double.api.tokens, 1e9)

    with pytest.raises(Permanent, match="24 小时"):
        await bot.recall([sent])
    await bot.close()


async def test_drawing_the_same_twice_gives_the_same(quiet):
    first, second = (quiet.parts(Parcel("k", GROUP, CALL), wall_now()) for _ in range(2))

    assert first == second
