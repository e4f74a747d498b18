"""What a group hears beside reminders was released by the office, once, without names and sanctions."""

from dataclasses import replace

from bot.domain.plans import Plan
from bot.domain.registers import Field, Register
from tests.conftest import Open
from tests.core.houses import ask, by_hand, converse, few
from tests.theatre import Theatre

LETTER = Register(
    "letter",
    "简报",
    "信息",
    fields=(
        Field("title", "标题", needed=True),
        Field("person", "作者", kind="person"),
        Field("note", "备注", private=True),
    ),
)
CASE = Register("case", "案件", "案件", fields=(Field("what", "情况", needed=True),), visible="office")


def plan() -> Plan:
    return replace(few("思政科", "督导科", "组织科"), registers=(LETTER, CASE))


async def opened(theatre: Open, start: str = "2023-04-24T10:00") -> Theatre:
    house = await by_hand(await theatre(start, plan=plan()))
    await house.bot.settle()
    house.new()
    return house


async def posted(house: Theatre) -> list[str]:
    await house.bot.settle()
    return [one.text for one in house.new() if one.to == "main"]


async def test_an_entry_is_posted_once_without_names_and_private_fields(theatre: Open) -> None:
    house = await opened(theatre)
    await converse(
        house,
        [
            ("思政科", "简报：标题：班主任工作新办法 @all；作者：张三；备注：未定稿", "1 号"),
            ("思政科", "/publish 1号", "只有办公室可以用"),
            ("office1", "发布 1号", "已发到争优行动工作群"),
            ("office1", "发布 1号", "1 号已在4月24日 10:00发布过"),
            ("office1", "发布 9号", "没有 9 号台账"),
        ],
    )
    heard = await posted(house)

    assert len(heard) == 1 and "思政科：班主任工作新办法" in heard[0], heard
    assert "张三" not in heard[0] and "未定稿" not in heard[0] and "@all" not in heard[0]


async def test_a_name_is_posted_only_when_the_office_says_so(theatre: Open) -> None:
    house = await opened(theatre)
    await ask(house, "思政科", "简报：标题：新办法；作者：张三")
    await ask(house, "office1", "发布 1号 含姓名")

    assert "张三" in (await posted(house))[0]


async def test_sanctions_and_office_registers_need_a_second_word(theatre: Open) -> None:
    house = await opened(theatre)
    await converse(
        house,
        [
            ("office1", "登记 案件 某校违规收费", "1 号"),
            ("office1", "发布 1号", "只给局办公室看", "确认发布"),
            ("office1", "发布 文字：对思政科通报批评", "里面有“通报批评”"),
            ("office1", "/publish", "请写发布什么"),
            ("office1", "发布通知3份，抽查了2个单位", "没有登记为进展"),
        ],
    )
    assert await posted(house) == []

    await converse(house, [("office1", "发布 1号 确认发布", "已发到"), ("office1", "发布 文字：明天开会", "已发到")])
    heard = await posted(house)
    assert "某校违规收费" in heard[0] and "【局办公室】\n明天开会" in heard[1]


async def test_tables_are_posted_with_ties_sharing_a_rank(theatre: Open) -> None:
    house = await opened(theatre)
    await ask(house, "思政科", "简报：标题 甲")
    await ask(house, "督导科", "简报：标题 乙")
    await converse(house, [("office1", "发布 排名 简报", "已发到"), ("office1", "发布 排名", "已发到")])
    heard = await posted(house)

    assert "1  督导科  1" in heard[0] and "1  思政科  1" in heard[0] and "3  组织科  0" in heard[0]
    assert "完成率排名" in heard[1]


async def test_outside_working_hours_a_post_waits(theatre: Open) -> None:
    house = await opened(theatre, "2023-04-23T20:00")
    answer = await ask(house, "office1", "发布 文字：请各科准备材料")

    assert "现在不在工作时间，4月24日 08:30发到" in answer
    assert await posted(house) == []
    assert any("请各科准备材料" in one.text for one in await house.until("2023-04-24T08:31") if one.to == "main")


async def test_praise_is_proposed_to_the_office_and_never_posted_by_itself(theatre: Open) -> None:
    house = await opened(theatre)
    await ask(house, "思政科", "第7项80%")
    heard = await house.until("2023-04-26T17:00")
    asked = [one.text for one in heard if one.to == "office1" and "表扬" in one.text]

    assert "第 1 名　思政科：完成率 80%" in asked[0]
    assert not any("表扬" in one.text for one in heard if one.to == "main")

    await ask(house, "office1", "同意")
    assert any("【4月表扬】" in text and "思政科" in text for text in await posted(house))
