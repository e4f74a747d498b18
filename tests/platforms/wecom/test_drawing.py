"""Drawing messages: dialects, pieces by bytes, who is rung."""

from typing import Any

import pytest

from bot.messages.message import Bullets, Lines, Mention, Message, Table, say
from bot.platforms.base import GroupConfig
from bot.platforms.wecom import adapter
from bot.platforms.wecom.drawing import plain
from bot.platforms.wecom.pieces import pieces
from tests.platforms.wecom.conftest import NOW, parcel

CHEN = Mention(1, "陈静", external_id="chenjing")
WANG = Mention(2, "王波", external_id="wangbo")
BY_PHONE = Mention(3, "李雪", mobile="13800001111")
BOARD = Table(("名次", "单位", "完成率"), (("1", "一部", "100%"), ("2", "二部|分部", "96%")), ("left", "left", "right"))


APP = {"agent_id": 1, "secret": "s"}
ONE = adapter({"corp_id": "ww", "app": APP}, [GroupConfig("office", "群", {"webhook": "k"})])


def group_payloads(message: Message) -> list[dict[str, Any]]:
    """Draw for a group that has a webhook and nothing else."""
    return [part.routes[0].body["payload"] for part in ONE.parts(parcel(message), NOW)]


def private_payloads(message: Message) -> list[dict[str, Any]]:
    """Draw for a person whom only the app reaches."""
    return [part.routes[0].body["payload"] for part in ONE.parts(parcel(message, "person", "chenjing"), NOW)]


def content(payload: dict[str, Any]) -> str:
    return str(payload[payload["msgtype"]]["content"])


def kinds(payloads: list[dict[str, Any]]) -> list[str]:
    return [payload["msgtype"] for payload in payloads]


def test_short_lines_are_text() -> None:
    assert group_payloads(say("早", "今天截止")) == [{"msgtype": "text", "text": {"content": "早\n今天截止"}}]


def test_titled_list_is_markdown() -> None:
    drawn = group_payloads(Message("未报单位", (Lines(("截止今天",)), Bullets(("一部", "二部")))))

    assert kinds(drawn) == ["markdown"]
    assert content(drawn[0]) == "### 未报单位\n截止今天\n· 一部\n· 二部"


def test_table_is_markdown_v2() -> None:
    drawn = group_payloads(Message("完成榜", (BOARD, Lines(("共 2 个",)))))

    assert kinds(drawn) == ["markdown_v2"]
    assert content(drawn[0]) == (
        "### 完成榜\n\n| 名次 | 单位 | 完成率 |\n| :--- | :--- | ---: |\n"
        "| 1 | 一部 | 100% |\n| 2 | 二部｜分部 | 96% |\n\n共 2 个"
    )


def test_table_with_mentions_is_two_messages() -> None:
    drawn = group_payloads(Message("完成榜", (BOARD,), (CHEN, BY_PHONE)))

    assert kinds(drawn) == ["markdown_v2", "text"]
    assert drawn[1]["text"]["mentioned_list"] == ["chenjing"]
    assert drawn[1]["text"]["mentioned_mobile_list"] == ["13800001111"]


def test_text_rings_by_userid_list() -> None:
    drawn = group_payloads(Message("", (Lines(("请报",)),), (CHEN, WANG, CHEN)))

    assert drawn == [{"msgtype": "text", "text": {"content": "请报", "mentioned_list": ["chenjing", "wangbo"]}}]


def test_mobile_number_makes_it_text() -> None:
    drawn = group_payloads(Message("催报", (Lines(("请报",)),), (CHEN, BY_PHONE)))

    assert drawn[0]["text"] == {
        "content": "【催报】\n请报",
        "mentioned_list": ["chenjing"],
        "mentioned_mobile_list": ["13800001111"],
    }


@pytest.mark.parametrize("someone", [Mention(1, "a", "@all"), Mention(1, "a", "ALL"), Mention(1, "a", "", "@all")])
def test_nobody_is_called_all(someone: Mention) -> None:
    for message in (Message("题", (Lines(("请报",)),), (someone,)), Message("", (BOARD,), (someone,))):
        assert "all" not in repr(group_payloads(message)).casefold()


@pytest.mark.parametrize("said", ["<@chenjing>", "@all 快报", "@所有人", '<a href="x">点</a>', '<font color="info">'])
def test_member_text_rings_and_links_nothing(said: str) -> None:
    blocks = (Lines((said,)), Bullets((said,)))
    messages = [say(said), Message(said, blocks), Message(said, (*blocks, Table((said,), ((said,),))), (CHEN,))]
    drawn = [one for message in messages for one in (*group_payloads(message), *private_payloads(message))]

    assert not any(mark in content(one) for one in drawn for mark in ("<@", "@all", "@所有人", "<a", "<font"))


def test_member_text_is_no_markdown() -> None:
    drawn = group_payloads(Message("题", (Lines(("# 大\n> 引", "[官网](http://x)", "5*3*2")),)))

    assert content(drawn[0]) == "### 题\n＃ 大\n＞ 引\n[官网］(http://x)\n5＊3＊2"


def test_pages_count_bytes_and_are_marked() -> None:
    drawn = private_payloads(say(*[f"第{number}项：" + "进展正常" * 5 for number in range(100)]))

    assert len(drawn) == 4
    assert all(len(content(one).encode()) <= 2048 for one in drawn)
    assert [content(one)[-5:] for one in drawn] == ["(1/4)", "(2/4)", "(3/4)", "(4/4)"]


def test_pages_lose_no_line() -> None:
    lines = [f"第{number}项" + "好" * (number % 40) for number in range(300)]
    drawn = private_payloads(say(*lines))

    found = [line for one in drawn for line in content(one).rpartition("\n(")[0].split("\n")]
    assert found == lines


def test_overlong_line_is_cut_between_characters() -> None:
    drawn = private_payloads(say("汉" * 2000))

    assert "".join(content(one).rpartition("\n(")[0] for one in drawn) == "汉" * 2000


@pytest.mark.parametrize("size", [682, 683])
def test_text_up_to_the_limit_is_one_piece(size: int) -> None:
    assert len(private_payloads(say("汉" * size))) == (1 if size == 682 else 2)


def test_mark_has_room_on_a_full_piece() -> None:
    found = pieces(say("x" * 2048, "y" * 2048), lambda message: len(plain(message).encode()) <= 2048)

    assert [len(plain(piece).encode()) <= 2048 for piece in found] == [True] * 4


def test_empty_message_has_no_pieces() -> None:
    assert group_payloads(Message()) == []


def test_page_that_begins_in_a_table_repeats_its_head() -> None:
    rows = tuple((str(number), "某某街道办事处" * 2, "100%") for number in range(150))
    drawn = group_payloads(Message("完成榜", (Table(("名次", "单位", "完成率"), rows),)))

    assert len(drawn) > 1
    assert all("| 名次 | 单位 | 完成率 |\n| :--- | :--- | :--- |\n" in content(one) for one in drawn)
    assert all(len(content(one).encode()) <= 4096 for one in drawn)
    assert sum(content(one).count("街道办事处某某街道办事处") for one in drawn) == 150


def test_only_the_last_page_rings() -> None:
    drawn = group_payloads(Message("", (Lines(tuple("请报" * 100 for _ in range(9))),), (BY_PHONE,)))

    assert ["mentioned_mobile_list" in one["text"] for one in drawn] == [False, False, True]


def test_every_one_of_a_crowd_is_rung_once() -> None:
    crowd = tuple(Mention(number, "人", external_id=f"member{number:04}") for number in range(500))
    drawn = group_payloads(Message("催报", (Lines(("请报",)),), (*crowd, *crowd)))

    assert len(drawn[0]["text"]["mentioned_list"]) == 500


def test_private_message_is_text_even_with_a_table() -> None:
    drawn = private_payloads(Message("完成榜", (BOARD,), (CHEN,)))

    assert drawn == [{"msgtype": "text", "text": {"content": "【完成榜】\n1  一部  100%\n2  二部|分部  96%"}}]
