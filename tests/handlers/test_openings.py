"""A plan brought in mid-year: what an item stood at is shown as such until its unit reports."""

from dataclasses import replace
from datetime import date

from bot.domain.plans import Opening
from tests.conftest import Open
from tests.core.houses import ask, by_hand, few


async def test_an_opening_figure_says_where_it_comes_from_until_somebody_reports(theatre: Open) -> None:
    plan = few("思政科")
    opened = tuple(replace(item, opening=Opening(60, date(2023, 3, 20))) for item in plan.items)
    house = await by_hand(await theatre("2023-03-24T10:00", plan=replace(plan, items=opened)))
    await house.bot.settle()

    assert "思政科：60%（3月20日，导入计划时）" in await ask(house, "office1", "/status 7")
    assert "思政科：60%，导入计划时的进度（3月20日），以后还没有报过" in await ask(house, "office1", "依据 第7项")

    await ask(house, "思政科", "第7项80%")
    assert "思政科：80%（3月24日 10:00报）" in await ask(house, "office1", "/status 7")

    await ask(house, "思政科", "撤回")
    assert "思政科：60%（3月20日，导入计划时）" in await ask(house, "office1", "/status 7")
