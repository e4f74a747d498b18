import json

import pytest

from bot.messages.message import Bullets, Lines, Mention, Message, Table, say
from bot.platforms.dingtalk.drawing import pages, plain, template, webhook_body

LEAGUE = Table(
    ("名次", "单位", "完成率"), (("1", "河湾村", "100%"), ("2", "石桥镇中学", "80%")), ("left", "left", "right")
)


def drawn(message, group=True):
    (page,) = pages(message, group=group)
    return page


def test_plain_lines_are_text():
    page = drawn(say("已登记：河湾村 10月月报", "回执 12"))

    assert (page.markdown, page.text) == (False, "已登记：河湾村 10月月报\n回执 12")


def test_titled_message_is_markdown_with_its_title_inside():
    page = drawn(say("今天截止", "还有 2 个村", title="10月月报"))

    assert page.title == "10月月报"
    assert page.text == "#### 10月月报\n\n今天截止  \n  还有 2 个村"


def test_bullets_become_a_list():
    page = drawn(Message("", (Lines(("未报：",)), Bullets(("河湾村", "石桥村")))))

    assert page.text == "未报：\n\n- 河湾村\n- 石桥村"
    assert page.title == "未报："


def test_table_becomes_aligned_lines():
    lines = drawn(Message("进度", (LEAGUE,))).text.split("\n\n")[1].split("  \n  ")

    assert lines[0] == "**名次　单位　　　　完成率**"
    assert lines[1] == "1　\u2002　河湾村　　　\u2007\u2007100%"


def test_table_too_wide_for_a_phone_is_not_padded():
    row = ("1", "一个很长很长的事项名称" * 3, "80%")

    assert drawn(Message("", (Table(("", "", ""), (row,)),))).text == "　".join(row)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("3. 推进改革", "3.推进改革"),
        ("# 标题", "＃ 标题"),
        ("- 条目", "· 条目"),
        ("> 引用", "＞ 引用"),
        ("------", "——"),
        ("**重点**", "＊＊重点＊＊"),
        ("[点这里](http://evil.example)", "[点这里］(http://evil.example)"),
        ("![](http://evil.example/a.png)", "![］(http://evil.example/a.png)"),
        ("<img src=x>", "＜img src=x>"),
        ("完成率 < 60%", "完成率 < 60%"),
        ("https://a.example/form/ab_c-d", "https://a.example/form/ab_c-d"),
    ],
)
def test_words_are_never_markup(said, shown):
    assert plain(said) == shown


@pytest.mark.parametrize("text", ["@所有人 快报", "@ALL hurry", "<@010203>"])
def test_words_ring_nobody(text):
    for message in (say(text), say(text, title=text)):
        body = json.dumps(webhook_body(drawn(message), "u"), ensure_ascii=False)
        assert text[:3] not in body
        assert '"isAtAll": false' in body


def test_mentions_stand_in_text_and_at():
    mentions = (
        Mention(1, "王", "0101"),
        Mention(2, "李", "", "13800000001"),
        Mention(3, "张"),
        Mention(1, "王", "0101"),
    )
    body = webhook_body(drawn(Message("", (Lines(("还差：",)),), mentions)), "u")

    assert body["text"]["content"] == "还差：\n@0101 @13800000001 张"
    assert body["at"] == {"atUserIds": ["0101"], "atMobiles": ["13800000001"], "isAtAll": False}


def test_nobody_is_mentioned_in_private():
    page = drawn(Message("", (Lines(("请报",)),), (Mention(1, "王", "0101"),)), group=False)

    assert (page.text, page.user_ids) == ("请报", ())


def test_more_than_fifty_mentions_make_more_messages():
    mentions = tuple(Mention(n, f"{n}", f"user{n}") for n in range(120))
    split = pages(Message("", (Lines(("还差：",)),), mentions), group=True)

    assert [len(page.user_ids) for page in split] == [50, 50, 20]
    assert split[2].text.startswith("（3/3）\n@user100 ")


@pytest.mark.parametrize("line", ["完成了全部任务。" * 20, "\u0001", '"quoted"', "😀" * 30, "**"])
@pytest.mark.parametrize("title", ["", "十月"])
def test_long_message_is_split_within_the_limits(line, title):
    message = Message(title, (Lines(tuple(f"{n} {line}" for n in range(1500))),))

    for page in pages(message, group=True):
        assert len(json.dumps(webhook_body(page, "u" * 36), ensure_ascii=False).encode()) <= 20_000
        assert len(template(page.unrung())["msgParam"].encode()) <= 15_000
    for page in pages(message, group=False):
        assert len(template(page)["msgParam"].encode()) <= 15_000


def test_split_loses_no_line_and_counts_the_parts():
    lines = tuple(f"第{n}项 已完成，材料已报送" for n in range(1000))
    split = pages(say(*lines), group=True)

    assert [page.text.split("\n")[0] for page in split] == ["（1/4）", "（2/4）", "（3/4）", "（4/4）"]
    assert [line for page in split for line in page.text.split("\n")[1:]] == list(lines)


def test_one_endless_line_is_cut():
    split = pages(say("很长" * 10_000), group=False)

    assert "".join(page.text.partition("\n")[2].replace("\n", "") for page in split) == "很长" * 10_000


def test_private_message_uses_the_robot_templates():
    assert template(drawn(say("请报"), group=False)) == {"msgKey": "sampleText", "msgParam": '{"content": "请报"}'}
    assert template(drawn(say("请报", title="月报"), group=False))["msgKey"] == "sampleMarkdown"


def test_line_breaks_inside_a_line_are_kept():
    assert drawn(Message("", (Lines(("甲\n乙",)), Bullets(("丙\n丁",))))).text == "甲  \n  乙\n\n- 丙 丁"
