"""Sending over HTTP: what WeCom accepts, what its refusals mean, one token for all."""

import asyncio
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.messages.message import Lines, Mention, Message, Table, say
from bot.platforms.base import Adapter, ChannelGone, Permanent, RetryLater, Route, SendError
from bot.platforms.wecom.errors import error_of
from tests.doubles.wecom import WeComDouble
from tests.platforms.wecom.conftest import KEY, NOW, PAYLOADS, parcel, send, settings_for, webhook_route

Make = Callable[..., Adapter]


RECORDED_MEDIA = ("MEDIA_ID", "MEDIAID", "3a8asd892asd8asd")
SHOWN = {
    "text_mention_userid": "未交，请今日",
    "text_mention_mobile": "请尽快",
    "text_inline_mention": "<@chenjing>",
    "markdown": '<font color="warning">未交</font>',
    "markdown_v2_table": "| 1 | 生产一部 | 100% |",
    "image": "[image 70]",
    "news": "十月及时率榜 https://reports.example.cn/board",
    "file": "[3a8asd892asd8asd]",
    "voice": "[MEDIA_ID]",
    "template_card_text_notice": "负责人 李雪",
    "template_card_news_notice": "十月及时率榜",
}
SENT = {
    "text": "十月月报还没有登记",
    "markdown": "**十月月报**",
    "image": "[MEDIA_ID]",
    "voice": "[MEDIA_ID]",
    "video": "[MEDIA_ID]",
    "file": "[MEDIA_ID]",
    "textcard": "截止 11-05 17:00",
    "news": "十月及时率榜 https://reports.example.cn/board",
    "template_card_button_interaction": "[我已交]",
    "template_card_text_notice": "十月及时率榜",
    "template_card_vote_interaction": "月会定在哪天",
    "template_card_multiple_interaction": "延期申请",
}


async def failure(wecom: Adapter, message: Message, kind: str = "group", to: str = "office") -> SendError:
    with pytest.raises(SendError) as caught:
        await send(wecom, message, kind, to)
    return caught.value


@pytest.mark.parametrize("name", PAYLOADS["group_webhook"])
async def test_recorded_webhook_message_is_accepted(wecom: Adapter, double: WeComDouble, name: str) -> None:
    payload = PAYLOADS["group_webhook"][name]
    double.media |= dict.fromkeys(RECORDED_MEDIA, ("file", "x", b""))

    assert await wecom.send(webhook_route(wecom, payload), "key") == ""
    assert [sent.msgtype for sent in double.sent] == [payload["msgtype"]]
    assert SHOWN[name] in double.texts(KEY)[0]


@pytest.mark.parametrize("name", PAYLOADS["message_send"])
async def test_recorded_private_message_is_accepted(wecom: Adapter, double: WeComDouble, name: str) -> None:
    drawn = wecom.parts(parcel(say("x"), "private", "chenjing"), NOW)[0].routes[0]
    payload = PAYLOADS["message_send"][name]
    double.media |= dict.fromkeys(RECORDED_MEDIA, ("file", "x", b""))
    route = Route(drawn.channel, drawn.bucket, drawn.limit, {"to": payload["touser"], "payload": payload})

    assert (await wecom.send(route, "key")).startswith("vcT8gGc")
    assert [sent.to for sent in double.sent] == ["chenjing", "wangbo"]
    assert SENT[name] in double.texts()[0]


async def test_drawn_messages_are_accepted_in_order(wecom: Adapter, double: WeComDouble) -> None:
    board = Table(("单位", "完成率"), (("一部", "100%"),))
    await send(wecom, Message("榜", (board,), (Mention(1, "陈静", "chenjing"),)))
    await send(wecom, Message("催报", (Lines(("请报",)),), (Mention(2, "王波", "wangbo"),)))

    assert [sent.msgtype for sent in double.sent] == ["markdown_v2", "text", "text"]
    assert [sent.mentions for sent in double.sent] == [(), ("chenjing",), ("wangbo",)]


async def test_same_answer_given_twice_arrives_twice(wecom: Adapter, double: WeComDouble) -> None:
    for _ in range(2):
        await send(wecom, say("您没有未报事项"), "private", "chenjing")

    assert double.texts("chenjing") == ["您没有未报事项"] * 2


async def test_long_chinese_text_arrives_whole(wecom: Adapter, double: WeComDouble) -> None:
    await send(wecom, say(*["进展正常" * 20] * 30), "private", "chenjing")

    assert "".join(double.texts()).count("进展正常") == 600


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, RetryLater), (45009, RetryLater), (45033, RetryLater),
        (93000, ChannelGone), (93001, ChannelGone), (93004, ChannelGone), (93006, ChannelGone), (93008, ChannelGone),
        (60020, Permanent), (40001, Permanent), (40056, Permanent), (48002, Permanent), (50003, Permanent),
        (60111, Permanent), (81013, Permanent), (40058, Permanent), (44004, Permanent), (45002, Permanent),
        (43012, Permanent), (999999, Permanent),
    ],
)  # fmt: skip
async def test_refusal_is_classified(wecom: Adapter, double: WeComDouble, code: int, kind: type[SendError]) -> None:
    double.fail_next(errcode=code)

    error = await failure(wecom, say("早"))

    assert (type(error), error.code) == (kind, str(code))


@pytest.mark.parametrize("code", [45009, 45033])
async def test_rate_refusal_closes_the_bucket_for_a_minute(wecom: Adapter, double: WeComDouble, code: int) -> None:
    double.fail_next(errcode=code)

    error = await failure(wecom, say("早"))

    assert isinstance(error, RetryLater)
    assert (error.after_s, error.whole_bucket) == (60.0, True)


def test_untrusted_ip_is_shown_for_entering() -> None:
    error = error_of(60020, PAYLOADS["message_send_responses"]["ip_not_trusted"]["errmsg"])

    assert isinstance(error, Permanent)
    assert "企业可信IP" in error.advice
    assert "203.0.113.7" in error.advice


def test_removed_robot_says_where_to_click() -> None:
    assert "重新添加" in error_of(93000).text


@pytest.mark.parametrize(
    ("fault", "code"), [({"status": 502}, "http502"), ({"status": 200}, "http200"), ({"reset": True}, "Server")]
)
async def test_missing_answer_is_tried_later(
    wecom: Adapter, double: WeComDouble, fault: dict[str, Any], code: str
) -> None:
    double.fail_next(**fault)

    error = await failure(wecom, say("早"))

    assert isinstance(error, RetryLater)
    assert (error.code.startswith(code), error.whole_bucket) == (True, False)


async def test_errcode_counts_whatever_the_status_says(wecom: Adapter, double: WeComDouble) -> None:
    double.fail_next(status=500, served=True)

    assert await send(wecom, say("早")) == [""]


async def test_slow_answer_is_tried_later(double: WeComDouble, configured: Make) -> None:
    double.latency_s = 0.2

    error = await failure(configured(double, timeout_s=0.05), say("早"))

    assert (type(error), error.code) == (RetryLater, "TimeoutError")


async def test_unreachable_server_leaks_no_secret(double: WeComDouble, configured: Make) -> None:
    await double.stop()
    wecom = configured(double)

    for kind, to in (("group", "office"), ("private", "chenjing")):
        error = await failure(wecom, say("机密内容"), kind, to)
        shown = "".join(traceback.format_exception(error)) + repr(error.__context__)
        assert isinstance(error, RetryLater)
        assert not any(word in shown for word in (KEY, double.secret, "corpsecret", "127.0.0.1", "机密"))


async def test_unreachable_proxy_leaks_no_password(double: WeComDouble, configured: Make) -> None:
    wecom = configured(double, proxy="http://user:hush@127.0.0.1:1")

    error = await failure(wecom, say("早"))

    assert isinstance(error, RetryLater)
    assert "hush" not in "".join(traceback.format_exception(error)) + repr(error.__context__)


async def test_logs_hold_no_token(double: WeComDouble, configured: Make) -> None:
    with capture_logs() as logs:
        await send(configured(double), say("机密内容"), "private", "chenjing")

    assert [log["action"] for log in logs] == ["wecom.token_fetched"]
    assert not any(word in repr(logs) for word in ("accesstoken", double.secret, "机密"))


async def test_refused_call_leaks_no_secret(double: WeComDouble, wecom: Adapter) -> None:
    double.fail_next(errcode=60020)
    error = await failure(wecom, say("机密内容"), "private", "chenjing")

    shown = "".join(traceback.format_exception(error)) + repr(error.__context__)
    assert not any(word in shown for word in (double.secret, "accesstoken", "机密"))


async def test_unknown_person_is_permanent_whatever_the_case(wecom: Adapter) -> None:
    error = await failure(wecom, say("早"), "private", "NoBody")

    assert (type(error), error.code) == (Permanent, "81013")


async def test_person_named_invalid_is_permanent(wecom: Adapter) -> None:
    route = wecom.parts(parcel(say("早"), "private", "chenjing"), NOW)[0].routes[0]
    route.body["to"] = "chenjing|Ghost"  # WeCom answers errcode 0 and names ghost

    with pytest.raises(Permanent) as caught:
        await wecom.send(route, "key")

    assert caught.value.code == "invaliduser"


async def test_eight_senders_at_expiry_refresh_once(wecom: Adapter, double: WeComDouble) -> None:
    await send(wecom, say("早"), "private", "chenjing")
    double.expire_tokens()

    await asyncio.gather(*(send(wecom, say(f"{number}"), "private", "chenjing") for number in range(8)))

    assert (len(double.texts()), double.token_calls) == (9, 2)


async def test_eight_first_senders_fetch_one_token(wecom: Adapter, double: WeComDouble) -> None:
    await asyncio.gather(*(send(wecom, say(f"{number}"), "private", "chenjing") for number in range(8)))

    assert (len(double.texts()), double.token_calls) == (8, 1)


@pytest.mark.parametrize("code", [40014, 41001, 42001])
async def test_refused_token_is_refreshed_and_sent_once(wecom: Adapter, double: WeComDouble, code: int) -> None:
    await send(wecom, say("早"), "private", "chenjing")
    double.fail_next(errcode=code)

    await send(wecom, say("午"), "private", "chenjing")

    assert (double.texts(), double.token_calls) == (["早", "午"], 2)


async def test_token_refused_twice_is_tried_later(wecom: Adapter, double: WeComDouble) -> None:
    double.fail_next(times=2, channel="app", errcode=42001)

    error = await failure(wecom, say("早"), "private", "chenjing")

    assert (type(error), error.code) == (RetryLater, "42001")
    assert double.token_calls == 2


async def test_wrong_secret_is_told_and_asked_about_once(double: WeComDouble, configured: Make) -> None:
    app = settings_for(double)["app"] | {"secret": "wrong"}
    wecom = configured(double, app=app)

    errors = [await failure(wecom, say("早"), "private", "chenjing") for _ in range(20)]

    assert {(type(error), error.code) for error in errors} == {(Permanent, "40001")}
    assert double.token_calls == 1


async def test_wrong_company_names_its_setting(double: WeComDouble, configured: Make) -> None:
    error = await failure(configured(double, corp_id="wwother"), say("早"), "private", "chenjing")

    assert isinstance(error, Permanent)
    assert "platforms.wecom.corp_id" in error.advice


async def test_route_of_a_removed_group_is_gone(wecom: Adapter, double: WeComDouble) -> None:
    route = webhook_route(wecom, {})

    with pytest.raises(ChannelGone):
        await wecom.send(Route(route.channel, route.bucket, route.limit, {"group": "old", "payload": {}}), "key")


def test_stored_routes_hold_no_secret(wecom: Adapter, double: WeComDouble) -> None:
    drawn = [wecom.parts(parcel(say("早"), kind, to), NOW) for kind, to in (("group", "office"), ("private", "wangbo"))]

    assert not any(word in repr(drawn) for word in (KEY, double.secret, double.token, double.aes_key))
    limits = [(parts[0].routes[0].limit.count, parts[0].routes[0].limit.seconds) for parts in drawn]
    assert limits == [(20, 60.0), (30, 60.0)]
