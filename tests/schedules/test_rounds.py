"""Rounds open once, by the clock, and what was due before a plan was loaded is history."""

from tests.conftest import Open
from tests.core.houses import ask, begin, rows

OPENED = "SELECT duty, period FROM rounds ORDER BY duty, period"


async def test_what_is_due_after_the_loading_opens_on_its_first_day(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-24T10:00", "思政科")
    before = await rows(house.bot.db, OPENED)
    await house.until("2023-04-01T00:01")

    assert before == [("monthly", "2023-03"), ("special", "2023-03"), ("tasks", "2023-03")]
    assert set(await rows(house.bot.db, OPENED)) - set(before) == {
        ("dispatch", "2023-Q1"),
        ("monthly", "2023-04"),
        ("tasks", "2023-04"),
    }


async def test_a_tick_that_runs_again_opens_nothing_twice(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-03T07:00", "思政科", "组织科")
    before = await rows(house.bot.db, "SELECT * FROM round_units")
    for tick in house.bot.scheduler.ticks * 2:
        assert not await house.bot.scheduler.run_tick(tick)

    assert await rows(house.bot.db, "SELECT * FROM round_units") == before


async def test_a_unit_whose_items_are_all_done_is_not_asked_again(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-30T10:00", "思政科", "体卫艺语科")
    await ask(house, "思政科", "第7项已完成")
    heard = await house.until("2023-04-25T09:05")

    group = next(one.text for one in heard if one.text.startswith("【报送提醒】"))
    assert house.contact("思政科") not in [one.to for one in heard]
    assert "已报 0/1，还差 1 个：体卫艺语科" in group
