"""The smart bot on its long connection: what people say arrives, and is answered by the way it came."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.messages.message import Button, Enclosure, Message, Table, say
from bot.platforms.base import GroupConfig
from tests.doubles.wecom_app import OPEN_ID
from tests.doubles.wecom_bot import SmartBotDouble
from tests.platforms.wecom.conftest import PAYLOADS, settings_for
from tests.platforms.wecom.listening import CHAT, Listening, listening

TOLD: dict[str, Any] = PAYLOADS["bot_connection"]["server_to_client"]
WRITTEN: dict[str, Any] = PAYLOADS["bot_connection"]["client_to_server"]
BOARD = Message("十月及时率榜", (Table(("名次", "单位"), (("1", "生产一部"),)),))
CHOICE = Message("十月月报", say("请选一个").blocks, buttons=(Button("我已交", "已交"), Button("延期", "延期 3 天")))

# name → (chat kind, content, text, quoted, kinds of files)
SAID = {
    "text_group": ("group", "text", "已交 十月月报", "", []),
    "text_group_encrypted_userid": ("group", "text", "查进度", "", []),
    "text_group_quoting_file": ("group", "text", "这个是我们的月报", "", ["file"]),
    "text_group_quoting_text": ("group", "text", "同意", "请各单位 5 日前交月报", []),
    "mixed_group": ("group", "text", "截图为证", "", ["image"]),
    "text_single": ("private", "text", "我的进度", "", []),
    "image_single": ("private", "image", "", "", ["image"]),
    "voice_single": ("private", "voice", "月报已经交了", "", []),
    "file_single": ("private", "file", "", "", ["file"]),
    "video_single": ("private", "file", "", "", ["video"]),
}
PRESSED = {
    "event_card_button": "ack:2026-10",
    "event_card_vote": "submit_vote",
    "event_card_multiple": "submit_key",
    "event_card_menu": "mute_month",
}


@pytest.fixture
async def bot(talk: SmartBotDouble) -> AsyncIterator[Listening]:
    found = await listening(talk).start()
    yield found
    await found.stop()


async def tell(bot: Listening, name: str) -> None:
    body = TOLD[name]["body"] | {"extra": {"unknown": [1]}, "response_url": bot.double.reply_url("x")}
    assert await bot.double.tell(body, TOLD[name]["cmd"])


@pytest.mark.parametrize("name", SAID)
async def test_recorded_message_is_taken_in(bot: Listening, name: str) -> None:
    await tell(bot, name)
    event = await bot.heard()

    kind, content, text, quoted, files = SAID[name]
    assert (event.chat_kind, event.content, event.text, event.quoted) == (kind, content, text, quoted)
    assert [file.kind for file in event.files] == files
    assert event.message_id == TOLD[name]["body"]["msgid"]
    assert (event.chat, event.sender) == (TOLD[name]["body"].get("chatid", "chenjing"), event.sender)
    assert event.sender == TOLD[name]["body"]["from"]["userid"]


@pytest.mark.parametrize("name", [name for name in SAID if SAID[name][4]])
async def test_recorded_file_keeps_its_key(bot: Listening, name: str) -> None:
    await tell(bot, name)

    assert (await bot.heard()).files[0].ref["aeskey"] == "1NqpbIp/i+AL8ZMdY4zpjvBzJkAnoJ2drBSjlapgD1k="


@pytest.mark.parametrize("name", PRESSED)
async def test_recorded_press_says_what_its_button_says_and_the_card_is_changed(bot: Listening, name: str) -> None:
    await tell(bot, name)
    event = await bot.heard()
    await bot.double.until(lambda: bool(bot.double.arrived))

    assert (event.content, event.text, event.chat_kind) == ("press", PRESSED[name], "group")
    assert [(one.by, "已收到" in one.text) for one in bot.double.arrived] == [("update", True)]


async def test_recorded_feedback_is_acknowledged_and_counted(bot: Listening) -> None:
    with capture_logs() as logs:
        await tell(bot, "event_feedback")
        await bot.double.speak("", "chenjing", "之后")
        await bot.heard()

    assert [line["kind"] for line in logs if line["action"] == "wecom.event_acknowledged"] == ["feedback_event"]
    assert bot.wecom._bot.counted["feedback_event"] == 1


async def test_who_opens_the_chat_is_greeted_once(bot: Listening) -> None:
    for _ in range(2):
        await tell(bot, "event_enter_chat")
    await bot.double.speak("", "chenjing", "我的")
    await bot.heard()

    assert [(one.by, "您好" in one.text) for one in bot.double.arrived] == [("welcome", True)]


async def test_message_of_an_unknown_type_is_taken_as_other_and_counted(bot: Listening) -> None:
    await bot.double.tell(bot.double.message("", "chenjing", "hologram", {"depth": 3}))

    assert ((await bot.heard()).content, bot.wecom._bot.counted["other"]) == ("other", 1)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("@小报 已交", "已交"), ("已交 @小报", "已交"), ("@小报\u2005已交", "已交"), ("@小报\u3000已交", "已交"),
        ("第7项 @小报 80%", "第7项 80%"), ("@小报 请 @王波 看", "请 @王波 看"), ("@小报", ""),
        ("已交@小报 了", "已交 了"), ("邮箱 a@b.cn 已改", "邮箱 a@b.cn 已改"),
    ],
)  # fmt: skip
async def test_mention_of_the_bot_is_no_part_of_what_is_said(bot: Listening, said: str, text: str) -> None:
    await bot.double.speak(CHAT, "chenjing", said)

    assert (await bot.heard()).text == text


async def test_name_with_a_blank_is_known_when_it_is_configured(talk: SmartBotDouble) -> None:
    named = {"id": talk.bot_id, "secret": talk.bot_secret, "name": "月报 小助手"}
    bot = await listening(talk, bot=named).start()
    await talk.speak(CHAT, "chenjing", "@王波 没来 @月报 小助手 已交")

    assert (await bot.heard()).text == "@王波 没来 已交"
    await bot.stop()


# Answers


async def test_answer_in_a_group_goes_as_a_stream_on_the_message(bot: Listening) -> None:
    await bot.double.speak(CHAT, "chenjing", "@小报 榜")
    event = await bot.heard()

    assert await bot.send(BOARD, CHAT, event=event) == ["bot_reply"]
    (shown,) = bot.double.arrived
    assert (shown.by, shown.kind, shown.chat) == ("respond", "stream", CHAT)
    assert "| 1 | 生产一部 |" in shown.text


async def test_buttons_become_a_card_whose_press_says_the_words(bot: Listening) -> None:
    await bot.double.speak(CHAT, "chenjing", "@小报 我的")
    await bot.send(CHOICE, CHAT, event=await bot.heard())
    sent = next(body for command, body in bot.double.requests if command == "aibot_respond_msg")
    card = sent["template_card"]
    await bot.double.tell(bot.double.press(CHAT, "chenjing", card["button_list"][1]["key"], card["task_id"]))

    assert (await bot.heard(2)).text == "延期 3 天"
    await bot.double.until(lambda: len(bot.double.arrived) == 2)
    assert bot.double.arrived[1].text.startswith("十月月报\n请选一个")


async def test_refused_card_is_followed_by_text(bot: Listening) -> None:
    await bot.double.speak(CHAT, "chenjing", "@小报 我的")
    event = await bot.heard()
    routes = bot.routes(CHOICE, CHAT, event=event)[0]

    kinds = [(route.channel, route.body["payload"]["msgtype"]) for route in routes]
    assert kinds[:3] == [("bot_reply", "template_card"), ("bot_reply", "stream"), ("bot_reply", "markdown")]
    assert kinds[3:] == [("bot_url", "template_card"), ("bot_url", "markdown"), ("bot_push", "markdown")]


async def test_group_that_takes_no_answers_is_pushed_to_from_then_on(bot: Listening) -> None:
    bot.double.codes["aibot_respond_msg"] = 600039
    await bot.double.speak(CHAT, "chenjing", "@小报 榜")
    event = await bot.heard()
    event.route.pop("url")
    await bot.send(say("一"), CHAT, event=event)
    asked = len(bot.double.requests)
    await bot.send(say("二"), CHAT, event=event)

    assert [one.by for one in bot.double.arrived] == ["push", "push"]
    assert [command for command, _ in bot.double.requests[asked:] if command != "ping"] == ["aibot_send_msg"]


async def test_long_answer_keeps_the_limit_of_bytes(bot: Listening) -> None:
    await bot.double.speak("", "chenjing", "全部")
    await bot.send(say(*["进展正常" * 100] * 40), "chenjing", "person", await bot.heard())

    assert len(bot.double.arrived) == 3
    assert sum(one.text.count("进展正常") for one in bot.double.arrived) == 4000


async def test_answer_to_a_message_of_an_older_connection_takes_another_way(bot: Listening) -> None:
    await bot.double.speak(CHAT, "chenjing", "@小报 榜")
    event = await bot.heard()
    await bot.double.close_line()
    await bot.connected(2)
    assert await bot.send(say("一"), CHAT, event=event) == ["bot_url"]
    assert await bot.send(say("二"), CHAT, event=event) == ["bot_push"]

    assert [one.by for one in bot.double.arrived] == ["url", "push"]


async def test_private_words_do_not_go_to_the_group_they_answer(bot: Listening) -> None:
    await bot.double.speak(CHAT, "chenjing", "@小报 我的")
    await bot.double.speak("", "chenjing", "你好")
    await bot.heard(2)
    await bot.send(say("只给您"), "chenjing", "person", bot.events[0])

    assert [(one.by, one.chat) for one in bot.double.arrived] == [("push", "chenjing")]


async def test_reply_address_of_a_foreign_host_is_not_used(bot: Listening) -> None:
    with capture_logs() as logs:
        await bot.double.speak(CHAT, "chenjing", "@小报 榜", response_url="http://169.254.169.254/?response_code=hush")

        assert "url" not in (await bot.heard()).route
    assert "wecom.address_refused" in [line["action"] for line in logs]
    assert "hush" not in repr(logs)


@pytest.mark.parametrize("name", [name for name in WRITTEN if name.startswith(("respond_", "send_", "upload_"))])
async def test_recorded_frame_is_accepted(bot: Listening, name: str) -> None:
    """Every frame of the dossier, on the way our client sends it."""
    bot.double.media["MEDIA_ID"] = ("file", "x", b"")
    bot.double.spoken |= {CHAT, "chenjing"}
    frame = WRITTEN[name]
    req_id = ""
    assert bot.double.line is not None
    if name.startswith("respond_"):
        asked = {"respond_welcome": "enter_chat", "respond_update_card": "template_card_event"}.get(name, "message")
        req_id, bot.double.line.known["srv"] = "srv", (asked, CHAT, bot.double.clock())
    if name in ("upload_chunk", "upload_finish"):
        start = WRITTEN["upload_init"]["body"] | {"total_size": 3, "total_chunks": 1}
        bot.double._uploads["UPLOADID"] = (start, {0: b"abc"} if name == "upload_finish" else {})

    answer = await bot.wecom._connection.call(frame["cmd"], frame["body"], req_id)

    assert answer["errcode"] == 0
    assert ("media_id" in answer.get("body", {})) == (name == "upload_finish") if name.startswith("upload_") else True


async def test_file_is_uploaded_in_pieces_and_sent(bot: Listening, tmp_path: Path) -> None:
    content = bytes(range(256)) * 2400  # 600 KiB: two pieces
    (tmp_path / "stored").write_bytes(content)
    await bot.double.speak(CHAT, "chenjing", "@小报 榜")
    message = replace(say("附上榜"), files=(Enclosure("十月及时率榜.xlsx", str(tmp_path / "stored")),))
    await bot.send(message, CHAT, event=await bot.heard())

    assert list(bot.double.media.values()) == [("file", "十月及时率榜.xlsx", content)]
    assert [one.kind for one in bot.double.arrived] == ["stream", "file"]


# Who speaks, and where


async def test_encrypted_sender_is_looked_up_by_the_app(talk: SmartBotDouble) -> None:
    more = {name: value for name, value in settings_for(talk).items() if name in ("corp_id", "app")}
    bot = await listening(talk, **more).start()
    await talk.speak("", OPEN_ID, "我的")

    event = await bot.heard()
    assert (event.sender, event.chat) == ("chenjing", "chenjing")
    await bot.stop()


async def test_encrypted_sender_stays_when_there_is_no_way_to_look_it_up(bot: Listening) -> None:
    await bot.double.speak("", OPEN_ID, "我的")

    assert (await bot.heard()).sender == OPEN_ID


async def test_code_said_in_a_group_pairs_it_and_lasts(bot: Listening, talk: SmartBotDouble) -> None:
    code = bot.wecom._chats.code_of("main")
    await talk.speak("wrkNew", "chenjing", f"@小报 配对 {code}")
    await talk.until(lambda: bool(talk.arrived))

    assert "工作群" in talk.arrived[0].text
    assert (bot.events, bot.wecom.group_of_chat("wrkNew")) == ([], "main")
    assert await bot.send(BOARD, "main") == ["bot_push"]
    again = listening(talk)
    await again.wecom._chats.load(bot.notes)
    assert again.wecom.group_of_chat("wrkNew") == "main"
    await again.stop()


async def test_wrong_code_says_where_the_right_one_is(bot: Listening, talk: SmartBotDouble) -> None:
    await talk.speak("wrkNew", "chenjing", "@小报 配对 000000")
    await talk.until(lambda: bool(talk.arrived))

    assert "wecom.unpaired" in talk.arrived[0].text
    assert bot.wecom.group_of_chat("wrkNew") is None


async def test_group_paired_again_elsewhere_moves(bot: Listening, talk: SmartBotDouble) -> None:
    code = bot.wecom._chats.code_of("main")
    for number, chat in enumerate(("wrkOld", "wrkNew"), 1):
        await talk.speak(chat, "chenjing", f"@小报 绑定{code}")
        await talk.until(lambda number=number: len(talk.arrived) == number)  # type: ignore[misc]

    assert (bot.wecom.group_of_chat("wrkOld"), bot.wecom.group_of_chat("wrkNew")) == (None, "main")


async def test_configured_chat_needs_no_pairing(talk: SmartBotDouble) -> None:
    bot = await listening(talk, (GroupConfig("main", "工作群", {"bot_chatid": CHAT}),)).start()
    talk.spoken.add(CHAT)

    assert await bot.send(BOARD, "main") == ["bot_push"]
    await bot.stop()


# Bad input


@pytest.mark.parametrize(
    "written",
    [
        "no json", "[1]", '"text"', "1", "{}", '{"cmd": 3}', '{"cmd": "aibot_msg_callback"}', "[" * 2000,
        '{"cmd": "aibot_msg_callback", "body": []}', '{"cmd": "aibot_msg_callback", "headers": 1, "body": {"from": 1}}',
        '{"cmd": "aibot_msg_callback", "headers": {"req_id": 7}, "body": {"from": {"userid": 7}, "msgtype": "text"}}',
        '{"cmd": "x", "body": {"from": {"userid": "a"}, "msgtype": "text", "text": {"content": {"a": 1}}}}',
        '{"cmd": "x", "body": {"from": {"userid": "a"}, "msgtype": "mixed", "mixed": {"msg_item": "no"}}}',
        '{"cmd": "x", "body": {"from": {"userid": "a"}, "msgtype": "event", "event": [1]}}',
        '{"cmd": "x", "body": {"from": {"userid": "a"}, "msgtype": "text", "text": {"content": "a"}, "quote": 5}}',
    ],
)  # fmt: skip
async def test_frame_that_is_none_stops_nothing(bot: Listening, written: str) -> None:
    await bot.double.write(written)
    await bot.double.speak("", "chenjing", "之后")

    assert [(await bot.heard()).text, len(bot.events), len(bot.double.lines)] == ["之后", 1, 1]


async def test_what_is_not_recorded_at_once_is_tried_again(bot: Listening) -> None:
    bot.faults = 1
    with capture_logs():
        await bot.double.speak("", "chenjing", "已交")
        assert (await bot.heard()).text == "已交"
