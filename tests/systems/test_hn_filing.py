"""HN-02, HN-04, HN-10, HN-11: plans filed by places outside, the summary, spot checks, reflections."""

from dataclasses import replace

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, pack, staff


def with_places() -> object:
    """The pack after the office has written the places the paper does not name into its groups."""
    plan = pack("HN")
    from bot.domain.plans import Unit

    places = ("甲市", "乙县", "某高校")
    units = tuple(unit for unit in plan.units if unit.name not in ("各市县", "高校", "直属单位（学校）"))
    items = tuple(replace(item, units=places) if item.id == "H02" else item for item in plan.items)
    return replace(plan, units=(*units, *(Unit(name) for name in places)), items=items)


async def test_hn_02_filings_are_counted_and_the_missing_named_and_the_late_marked(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-09T10:00", ("甲市", "乙县", "某高校"), plan=with_places())
    await ask(house, "甲市", "第2项 3月9日已备案")
    shown = await ask(house, "office1", "/status H02")
    group = [one.text for one in await house.until("2022-03-10T18:00") if one.to == "main"]
    await house.until("2022-03-11T10:00")
    late = await ask(house, "乙县", "第2项 3月11日已备案")

    assert "已完成 1/3，未完成：乙县、某高校" in shown
    assert any("已报 1/3，还差 2 个：乙县、某高校" in text for text in group)
    assert "迟报" in late


async def test_hn_04_the_summary_opens_on_the_11th_and_a_missing_part_is_asked_for(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-12-09T10:00", ("教师处", "基教处"))
    opened = await messages(house, "2022-12-12T12:00", "教师处")
    without = await ask(
        house, "教师处", "活动总结：全年组织集中学习二十余次，开展业务比武三场，干部能力明显提升，工作效率提高"
    )
    whole = await ask(house, "教师处", "补充：建立了长效机制，形成每周学习、每月讲课、每季度比武的固定做法")
    due = [one.text for one in await house.until("2022-12-20T18:00") if one.to == "main"]

    assert any("活动总结，12月20日截止" in text for text in opened)
    assert "还差" in without and "长效机制" in without
    assert "活动总结已报齐" in whole
    assert any("活动总结今天截止" in text and "还差 1 个：基教处" in text for text in due)


async def test_hn_11_reflections_are_counted_by_unit_and_their_text_is_not_shown(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-20T10:00")
    await staff(house, "教师处", "甲一")
    await ask(house, "教师处", "学习体会：题目：做学习型干部；作者：甲一；正文：这段话只给办公室看")
    await ask(house, "教师处", "学习体会：《谈谈作风》")
    table = await ask(house, "office1", "排名 学习体会")
    from tests.systems.house import say_in_group

    group = await say_in_group(house, "office1", "台账 学习体会")

    assert table.splitlines()[1] == "1  教师处  2"
    assert "做学习型干部" in group and "这段话只给办公室看" not in group
