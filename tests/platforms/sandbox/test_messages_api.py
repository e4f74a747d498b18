"""Saying something through the API: who hears it, what is answered, what is refused."""

import io
import json

import pytest

from bot.messages.message import Bullets, Lines, Mention, Message, Table

from .conftest import Caller, EchoBot

pytestmark = pytest.mark.asyncio


async def test_private_message_is_heard_and_answered(caller: Caller, bot: EchoBot) -> None:
    said = await caller.say("zhang", "zhang", "第9项80%")
    assert said == {"id": 1, "outcome": "echo"}
    event = bot.heard[0]
    assert (event.platform, event.chat, event.chat_kind, event.sender) == ("sandbox", "zhang", "private", "zhang")
    assert (event.text, event.at) == ("第9项80%", bot.now)
    texts = [(message["sender_name"], message["text"]) for message in await caller.chat("zhang")]
    assert texts == [("组织科联络员", "第9项80%"), ("小鼓", "【回执】\n听到了：第9项80%")]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("@小鼓 进度", "进度"),
        ("@鼓点进度", "进度"),
        ("  @小鼓，进度", "进度"),
        ("@小鼓", ""),
        ("/status 9", "/status 9"),
        ("大家加油", None),
        ("请 @小鼓 看看", None),
    ],
)
async def test_group_message_is_heard_when_called(caller: Caller, bot: EchoBot, text: str, heard: str | None) -> None:
    said = await caller.say("main", "zhang", text)
    assert [event.text for event in bot.heard] == ([] if heard is None else [heard])
    assert said["outcome"] == ("unheard" if heard is None else "echo")
    assert (await caller.chat("main"))[0]["text"] == text.rstrip()


async def test_messages_come_in_order_after_an_id(caller: Caller) -> None:
    for text in ("甲", "乙", "丙"):
        await caller.say("main", "zhang", text)
    assert [message["text"] for message in await caller.chat("main", after=1)] == ["乙", "丙"]
    assert await caller.chat("main", after=3) == []


async def test_repeated_message_id_changes_nothing(caller: Caller, bot: EchoBot) -> None:
    body = {"chat": "li", "sender": "li", "text": "未报", "message_id": "m-1"}
    first, second = await caller.post("messages", body), await caller.post("messages", body)
    assert (first[1]["id"], second[1]["id"], second[1]["outcome"]) == (1, 1, "repeat")
    assert len(await caller.chat("li")) == 2
    assert len(bot.heard) == 1


async def test_files_reach_the_bot(caller: Caller, bot: EchoBot) -> None:
    body = {"chat": "li", "sender": "li", "text": "", "files": [{"name": "总结.docx", "content": "UEs="}]}
    await caller.post("messages", body)
    event = bot.heard[0]
    assert (event.content, event.text) == ("file", "总结.docx")
    assert [(file.name, file.kind, file.ref) for file in event.files] == [("总结.docx", "file", {"content": "UEs="})]
    assert "总结.docx" in (await caller.chat("li"))[0]["text"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "JSON 对象"),
        ({}, "chat"),
        ({"chat": 1, "sender": "li", "text": "x"}, "chat"),
        ({"chat": "li", "sender": None, "text": "x"}, "sender"),
        ({"chat": "li", "sender": "li", "text": {}}, "text"),
        ({"chat": "li", "sender": "li", "text": "  "}, "写点内容"),
        ({"chat": "li", "sender": "zhang", "text": "x"}, "没有会话"),
        ({"chat": "x" * 201, "sender": "li", "text": "x"}, "chat"),
        ({"chat": "li", "sender": "li", "text": "x", "message_id": 7}, "message_id"),
        ({"chat": "li", "sender": "li", "text": "x", "files": "a"}, "files"),
        ({"chat": "li", "sender": "li", "text": "x", "files": [{"name": 1}]}, "name"),
    ],
)
async def test_wrong_body_is_refused_in_chinese(caller: Caller, bot: EchoBot, body: object, words: str) -> None:
    status, answer = await caller.post("messages", body)
    assert status == 400
    assert words in answer["error"]
    assert bot.heard == []


async def test_broken_json_is_refused(caller: Caller) -> None:
    for raw in (b"{", b"\xff\xfe", b"[" * 100_000):
        headers = {"Content-Type": "application/json"}
        async with caller.session.post("/sandbox/api/messages", data=raw, headers=headers) as answer:
            assert answer.status == 400
            assert "JSON" in (await answer.json())["error"]


async def test_form_post_of_another_site_is_refused(caller: Caller, bot: EchoBot) -> None:
    raw = json.dumps({"chat": "li", "sender": "li", "text": "x"})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        async with caller.session.post("/sandbox/api/messages", data=raw, headers={"Content-Type": kind}) as answer:
            assert answer.status == 415
            assert "application/json" in (await answer.json())["error"]
    assert bot.heard == []


async def test_long_text_is_passed_on_up_to_the_body_limit(caller: Caller, bot: EchoBot) -> None:
    assert (await caller.say("li", "li", "长" * 50_000))["outcome"] == "echo"
    assert len(bot.heard[0].text) == 50_000
    raw = io.BytesIO(json.dumps({"chat": "li", "sender": "li", "text": "x" * 1024 * 1024}).encode())
    headers = {"Content-Type": "application/json"}
    async with caller.session.post("/sandbox/api/messages", data=raw, headers=headers) as answer:
        assert (answer.status, "1 MB" in (await answer.json())["error"]) == (413, True)


async def test_characters_no_database_can_hold_are_dropped(caller: Caller, bot: EchoBot) -> None:
    await caller.say("li", "li", "甲\x00乙\ud800丙")
    assert bot.heard[0].text == "甲乙丙"


@pytest.mark.parametrize("query", ["", "?chat=", "?chat=li&after=-1", "?chat=li&after=x", "?chat=li&after=²"])
async def test_wrong_query_is_refused(caller: Caller, query: str) -> None:
    status, answer = await caller.get(f"messages{query}")
    assert (status, bool(answer["error"])) == (400, True)


async def test_text_of_a_member_is_harmless(caller: Caller, bot: EchoBot) -> None:
    await caller.say("main", "zhang", '<script>alert(1)</script> @all <@zhang> "><img src=x onerror=alert(1)>')
    shown = (await caller.chat("main"))[0]
    assert "<script" not in shown["html"] and "<img" not in shown["html"]
    assert "@all" not in shown["text"] + shown["html"]
    assert "mention" not in shown["html"]


async def test_bot_message_is_drawn(caller: Caller, bot: EchoBot) -> None:
    table = Table(("科室", "完成度"), (("组织科<b>", "53%"),), ("left", "right"))
    blocks = (Lines(("请 @张三 看 https://example.org/a?b=1。",)), Bullets(("一",)), table)
    await bot.tell("main", Message("4月<情况>", blocks, (Mention(1, "张三"), Mention(2, "李四"))), "k")
    shown = (await caller.chat("main"))[0]
    assert (shown["title"], shown["from_bot"], shown["mentions"]) == ("4月<情况>", True, ["张三", "李四"])
    for part in (
        '<h3 class="title">4月&lt;情况&gt;</h3>',
        '请 <span class="mention">@张三</span> 看 <a href="https://example.org/a?b=1"',
        "<ul><li>一</li></ul>",
        '<th scope="col" class="right">完成度</th>',
        "组织科&lt;b&gt;",
        '<p class="rung"><span class="mention">@李四</span>',
    ):
        assert part in shown["html"]
