import time
from copy import deepcopy
from datetime import timedelta

import pytest

from bot.clock import wall_now
from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.inbound import RobotMessage, to_event
from tests.platforms.dingtalk.conftest import CONVERSATION, MEMBER, PAYLOADS

ROBOT = PAYLOADS["robot_messages"]
TEXT = ROBOT["text_group_http"]["body"]
OUTSIDER = "ext:$:LWCP_v1:$exampleSenderAAAAAAAAAAAAAAAAAA"

TAKEN_IN = {
    "text_group_stream": {"text": "已交 10月月报", "chat": CONVERSATION, "chat_kind": "group", "sender": MEMBER},
    "text_group_http": {"text": "排行榜", "message_id": "msgExample0002AAAAAAAAAAAA=="},
    "text_group_toplevel_content": {"text": "帮助"},
    "text_single": {"text": "请假到25号", "chat": MEMBER, "chat_kind": "private"},
    "text_group_sender_without_staffid": {"sender": OUTSIDER, "text": "什么时候截止"},
    "text_group_createat_string": {"text": "取消"},
    "text_group_quoted_reply": {"text": "收到，今晚补", "quoted": "10月月报还有2个村未交"},
    "richText_group": {"text": "已交，附截图", "content": "text"},
    "picture_group": {"text": "", "content": "image"},
    "picture_single": {"text": "", "content": "image", "chat_kind": "private"},
    "audio_single": {"text": "十月的月报我已经交了", "content": "voice"},
    "video_single": {"text": "", "content": "file"},
    "file_single": {"text": "河湾村2026年10月月报.xlsx", "content": "file"},
    "unknown_single": {"text": "", "content": "other"},
    "text_group_custom_robot_outgoing": {"text": "帮助"},
    "text_group_isAdmin": {"text": "设置 截止 25日", "sender": "manager0001"},
}


@pytest.mark.parametrize("name", TAKEN_IN)
async def test_recorded_message_is_taken_in(name, double, callback, ears):
    reply = await double.post(callback, ROBOT[name]["body"])

    assert (reply.status, reply.body) == (200, {"msgtype": "empty"})
    event = ears.events[0]
    assert {key: getattr(event, key) for key in TAKEN_IN[name]} == TAKEN_IN[name]
    assert (event.platform, event.at) == ("dingtalk", ears.now)


async def test_message_without_words_for_quota_is_not_taken_in(double, callback, ears):
    reply = await double.post(callback, ROBOT["quota_exhausted_single"]["body"])

    assert (reply.status, reply.body, ears.events) == (200, {"msgtype": "empty"}, [])


async def test_session_webhook_is_kept_for_the_answer(double, callback, ears):
    await double.say(callback, MEMBER, "已交", CONVERSATION)

    route = ears.events[0].route
    assert route["session"].startswith(f"{double.base_url}/robot/sendBySession?session=")
    assert route["until"] > wall_now().isoformat()


async def test_session_webhook_of_another_host_is_dropped(double, callback, ears):
    await double.post(callback, TEXT | {"sessionWebhook": "http://169.254.169.254/latest/meta-data"})

    assert ears.events[0].route == {}


def test_session_is_fresh_by_a_clock_that_runs_ahead():
    wall = wall_now()
    ahead = wall + timedelta(days=100)
    body = TEXT | {"sessionWebhookExpiredTime": int(time.time() * 1000) + 5_400_000}

    event = to_event(RobotMessage.model_validate(body), ahead, wall, lambda address: True)
    assert event.route["until"] > ahead.isoformat()


async def test_unsigned_message_is_refused(double, callback, ears):
    reply = await double.post_raw(callback, TEXT, {})

    assert (reply.status, ears.events) == (403, [])
    assert "timestamp、sign" in reply.body["error"]


async def test_forged_message_is_refused(double, callback, ears):
    reply = await double.post(callback, TEXT, secret="another-secret")

    assert (reply.status, ears.events) == (403, [])
    assert "app_secret" in reply.body["error"]


@pytest.mark.parametrize("age_s", [3700, -3700])
async def test_stale_message_is_refused(age_s, double, callback, ears):
    reply = await double.post(callback, TEXT, age_s=age_s)

    assert (reply.status, ears.events) == (403, [])
    assert "1 小时" in reply.body["error"]


async def test_signature_is_judged_before_the_body(double, callback):
    assert (await double.post(callback, b"no json", secret="another-secret")).status == 403


async def test_header_of_strange_bytes_is_refused(double, callback):
    assert (await double.post_raw(callback, TEXT, {"timestamp": "\udcff", "sign": "\udcff"})).status == 403


async def test_nothing_is_believed_without_a_secret(serve, double, ears):
    reply = await double.post(await serve(adapter({}, [])), TEXT, secret="")

    assert (reply.status, ears.events) == (403, [])
    assert "platforms.dingtalk.app_secret" in reply.body["error"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        ([TEXT], "对象"),
        ({}, "msgId"),
        (TEXT | {"msgId": 7}, "msgId"),
        (TEXT | {"text": "words"}, "text"),
        (TEXT | {"text": {"content": ["words"]}}, "text.content"),
        (TEXT | {"text": None}, "text.content"),
        (TEXT | {"conversationType": "3"}, "conversationType"),
        (TEXT | {"sessionWebhookExpiredTime": "soon"}, "sessionWebhookExpiredTime"),
        (TEXT | {"sessionWebhookExpiredTime": 10**30}, "sessionWebhookExpiredTime"),
        (TEXT | {"senderStaffId": "", "senderId": ""}, "senderStaffId"),
        (ROBOT["richText_group"]["body"] | {"content": {"richText": "words"}}, "richText"),
    ],
)
async def test_body_of_wrong_types_is_refused(body, named, double, callback, ears):
    reply = await double.post(callback, body)

    assert (reply.status, ears.events) == (400, [])
    assert named in reply.body["error"]


async def test_body_over_a_mebibyte_is_refused(double, callback):
    assert (await double.post(callback, b" " * (1024 * 1024 + 1))).status == 413


async def test_unknown_fields_are_left_alone(double, callback, ears):
    await double.post(callback, TEXT | {"openThreadId": [1], "hostingContext": None})

    assert ears.events[0].text == "排行榜"


async def test_message_that_was_not_stored_comes_again(double, callback, ears):
    ears.broken = True
    reply = await double.say(callback, MEMBER, "已交", CONVERSATION)
    assert reply.status == 500

    ears.broken = False
    again = await double.redeliver(callback, reply.msg_id)
    assert (again.status, [event.message_id for event in ears.events]) == (200, [reply.msg_id])


async def test_rich_text_keeps_lines_apart_at_pictures(double, callback, ears):
    body = deepcopy(ROBOT["richText_group"]["body"])
    body["content"]["richText"] = [{"text": "进度 "}, {"text": "60%"}, {"type": "picture"}, {"text": "本周完成"}]
    await double.post(callback, body)

    assert ears.events[0].text == "进度 60%\n本周完成"


async def test_nul_is_taken_out(double, callback, ears):
    await double.post(callback, TEXT | {"text": {"content": " 已\0交"}})

    assert ears.events[0].text == "已交"
