"""What the group hears: month tasks, reminders, the table; one message a day."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse


async def test_month_tasks_are_posted_on_the_first_working_day_of_listed_months(theatre: Open) -> None:
    house = await begin(theatre, "2023-09-30T08:00", "思政科")
    heard = await house.until("2023-10-07T17:00")

    # 7 October is a Saturday worked after National Day.
    assert [one.text.splitlines()[:2] for one in heard if one.to == "main"] == [
        ["【10月任务】", "深学争优、敢为争先、实干争效行动10月共 2 项任务，10月31日前完成："]
    ]


async def test_months_without_tasks_post_nothing(theatre: Open) -> None:
    house = await begin(theatre, "2023-11-01T08:00", "思政科")

    assert await house.until("2023-11-03T17:00") == []


async def test_nobody_is_reminded_when_all_have_reported(theatre: Open) -> None:
    house = await begin(theatre, "2023-05-24T10:00", "思政科")
    await converse(house, [("思政科", "第7项30%", "5月月度进展已报齐。")])

    assert await house.until("2023-05-25T23:59") == []


async def test_a_figure_is_no_half_year_summary(theatre: Open) -> None:
    house = await begin(theatre, "2023-06-25T10:00", "思政科")
    receipt = await ask(house, "思政科", "第7项30%")

    assert "6月月度进展已报齐。" in receipt
    assert "还差 上半年半年总结" in receipt


async def test_the_table_follows_on_the_first_working_day_after(theatre: Open) -> None:
    house = await begin(theatre, "2023-06-25T10:00", "思政科", "教师工作科")
    await ask(house, "思政科", "第7项30%")
    heard = await house.until("2023-06-26T10:00")

    (table,) = [one.text for one in heard if one.to == "main"]
    assert "已报 1/2，未报：教师工作科" in table
    assert "1  思政科  30%" in table and "共 1 个单位" in table
    assert "没有牵头项目的单位只看按时报送：教师工作科 0/2" in table
