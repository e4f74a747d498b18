"""Which ways a message may take, from the channels a configuration has."""

import asyncio
from typing import Any

import pytest

from bot.messages.message import Button, Lines, Mention, Message, Table, say
from bot.platforms.base import GroupConfig, NoRoute, Parcel, Target
from bot.platforms.wecom import WeCom
from bot.platforms.wecom.settings import Settings, read
from tests.platforms.wecom.conftest import NOW

APP = {"agent_id": 1, "secret": "s"}
CALLED_APP = APP | {"token": "T", "aes_key": "a" * 43}
BOT = {"id": "aib1", "secret": "s"}
WEBHOOK = {"webhook": "k-1"}
CHAT = {"bot_chatid": "wrk1"}
APPCHAT = {"appchat_id": "own1"}
BOARD = Message("榜", (Table(("名次", "单位"), (("1", "一部"),)),))
CALL = Message("催报", (Lines(("请报",)),), (Mention(1, "陈静", "chenjing"),))
CHOICE = Message("月报", say("请选").blocks, buttons=(Button("已交", "已交"),))
ANSWER = {
    "chat": "wrk1",
    "kind": "group",
    "conn": "c",
    "req_id": "r",
    "url": "https://qyapi.weixin.qq.com/x",
    "until": "x",
}
PRIVATE_ANSWER = ANSWER | {"chat": "chenjing", "kind": "private"}


def wecom(keys: dict[str, str], **settings: Any) -> WeCom:
    table = {"corp_id": "ww", **settings}
    return WeCom(read(Settings, table, "platforms.wecom"), [GroupConfig("main", "工作群", keys)])


def ways(one: WeCom, message: Message, to: Target, route: dict[str, Any] | None = None) -> list[list[str]]:
    parts = one.parts(Parcel("k", to, message, route or {}), NOW)
    return [[f"{r.channel}:{r.body['payload']['msgtype']}" for r in part.routes] for part in parts]


GROUP, PERSON = Target("group", "main"), Target("person", "chenjing")


@pytest.mark.parametrize(
    ("keys", "settings", "message", "route", "expected"),
    [
        (WEBHOOK, {}, BOARD, None, [["webhook:markdown_v2", "webhook:text"]]),
        (WEBHOOK, {}, CALL, None, [["webhook:text"]]),
        (CHAT, {"bot": BOT}, BOARD, None, [["bot_push:markdown"]]),
        (CHAT | WEBHOOK, {"bot": BOT}, BOARD, None, [["bot_push:markdown", "webhook:markdown_v2", "webhook:text"]]),
        (CHAT | WEBHOOK, {"bot": BOT}, CALL, None, [["webhook:text", "bot_push:markdown"]]),
        (WEBHOOK, {"bot": BOT}, BOARD, None, [["webhook:markdown_v2", "webhook:text"]]),
        (APPCHAT, {"app": APP}, CALL, None, [["appchat:text"]]),
        (
            CHAT | WEBHOOK | APPCHAT, {"bot": BOT, "app": APP}, say("早"), None,
            [["bot_push:markdown", "webhook:text", "appchat:text"]],
        ),
        (
            CHAT | WEBHOOK, {"bot": BOT}, say("早"), ANSWER,
            [["bot_reply:stream", "bot_reply:markdown", "bot_url:markdown", "bot_push:markdown", "webhook:text"]],
        ),
        (
            {}, {"bot": BOT}, CHOICE, ANSWER,
            [["bot_reply:template_card", "bot_reply:stream", "bot_reply:markdown",
              "bot_url:template_card", "bot_url:markdown", "bot_push:markdown"]],
        ),
        (CHAT, {"bot": BOT}, CHOICE, None, [["bot_push:markdown"]]),
        (CHAT | WEBHOOK, {}, BOARD, None, [["webhook:markdown_v2", "webhook:text"]]),
    ],
)  # fmt: skip
def test_ways_into_a_group(keys: Any, settings: Any, message: Message, route: Any, expected: list[list[str]]) -> None:
    assert ways(wecom(keys, **settings), message, GROUP, route) == expected


@pytest.mark.parametrize(
    ("settings", "message", "route", "expected"),
    [
        ({"app": APP}, say("早"), None, [["app:text"]]),
        ({"app": APP}, CHOICE, None, [["app:text"]]),
        ({"app": CALLED_APP}, CHOICE, None, [["app:template_card", "app:text"]]),
        ({"bot": BOT}, CHOICE, None, [["bot_push:template_card", "bot_push:markdown"]]),
        ({"bot": BOT, "app": APP}, say("早"), None, [["app:text", "bot_push:markdown"]]),
        (
            {"bot": BOT, "app": APP}, say("早"), PRIVATE_ANSWER,
            [["bot_reply:stream", "bot_reply:markdown", "bot_url:markdown", "app:text", "bot_push:markdown"]],
        ),
        ({"bot": BOT, "app": APP}, say("早"), ANSWER, [["app:text", "bot_push:markdown"]]),
    ],
)  # fmt: skip
def test_ways_to_a_person(settings: Any, message: Message, route: Any, expected: list[list[str]]) -> None:
    assert ways(wecom({}, **settings), message, PERSON, route) == expected


def test_who_has_spoken_to_the_bot_is_written_to_by_it_first() -> None:
    both = wecom({}, bot=BOT, app=APP)
    asyncio.run(both._chats.heard("chenjing"))

    assert ways(both, say("早"), PERSON) == [["bot_push:markdown", "app:text"]]


def test_group_that_is_not_configured_is_answered_where_it_spoke() -> None:
    there = Target("group", "wrk1")

    assert ways(wecom({}, bot=BOT), say("早"), there, ANSWER)[0][0] == "bot_reply:stream"


def test_table_and_those_it_rings_are_two_messages_where_somebody_can_be_rung() -> None:
    ringing = Message(BOARD.title, BOARD.blocks, CALL.mentions)

    assert [part[0] for part in ways(wecom(WEBHOOK), ringing, GROUP)] == ["webhook:markdown_v2", "webhook:text"]
    assert len(ways(wecom(CHAT, bot=BOT), ringing, GROUP)) == 1


def test_bot_names_whom_it_cannot_ring() -> None:
    (part,) = wecom(CHAT, bot=BOT).parts(Parcel("k", GROUP, CALL), NOW)

    assert part.routes[0].body["payload"]["markdown"]["content"] == "### 催报\n\n请报\n\n陈静"


def test_every_way_can_carry_every_piece() -> None:
    long = say(*["进展正常" * 20] * 60)
    parts = wecom(CHAT | WEBHOOK, bot=BOT).parts(Parcel("k", GROUP, long), NOW)

    assert [[r.channel for r in part.routes] for part in parts] == [["bot_push", "webhook"]] * len(parts)
    assert len(parts) == 8
    for number in (0, 1):
        texts = [part.routes[number].body["payload"] for part in parts]
        assert sum(str(payload).count("进展正常") for payload in texts) == 1200


def test_routes_hold_no_secret_and_no_key() -> None:
    one = wecom(CHAT | WEBHOOK, bot=BOT | {"secret": "hush-hush"}, app=CALLED_APP | {"secret": "hush-hush"})
    drawn = repr([one.parts(Parcel("k", to, CALL), NOW) for to in (GROUP, PERSON)])

    assert "hush" not in drawn
    assert "k-1" not in drawn


@pytest.mark.parametrize(("to", "word"), [(GROUP, "配对码"), (PERSON, r"platforms\.wecom\.app")])
def test_without_any_way_the_setting_is_named(to: Target, word: str) -> None:
    with pytest.raises(NoRoute, match=word):
        wecom({}).parts(Parcel("k", to, say("早")), NOW)


def test_ladder_is_shown_in_words() -> None:
    shown = wecom(CHAT | WEBHOOK | APPCHAT, bot=BOT, app=APP)._ladder.shown("main")

    assert shown["榜和通知"] == "智能机器人推送 → 群消息推送 → 应用群 → 填报链接"
    assert shown["要 @ 人的提醒"] == "群消息推送 → 应用群 → 智能机器人推送 → 填报链接"
    assert shown["回答"].startswith("智能机器人回答 → 智能机器人回答（回复地址）")
    assert wecom(WEBHOOK)._ladder.shown("main")["榜和通知"] == "群消息推送 → 填报链接"
