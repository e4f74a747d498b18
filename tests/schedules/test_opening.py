"""What the paper leaves open is asked of the office once, in one message, and never again."""

from dataclasses import replace

from bot.domain.plans import Plan
from tests.conftest import Open
from tests.core.houses import ask, by_hand, few


def plan() -> Plan:
    return few("思政科", "财务科", leaders=["L3"])


async def test_the_office_is_asked_once_and_told_how_to_answer(theatre: Open) -> None:
    house = await by_hand(await theatre("2023-04-24T10:00", plan=plan()))
    await house.bot.settle()
    (asked,) = [one.text for one in house.new() if one.to == "office1" and "请您补充" in one.text]

    assert "月度任务没有牵头单位：2月任务1、2月任务2、2月任务3等" in asked
    assert "报送没有定多久一次：阶段性工作要点" in asked
    assert "设定 2月任务1 牵头 单位名" in asked and "设定 阶段性工作要点 间隔 每季度" in asked
    assert len(asked.splitlines()) < 16

    assert not any("请您补充" in one.text for one in await house.until("2023-05-24T10:00"))
    before = await ask(house, "office1", "进度")
    await ask(house, "office1", "设定 阶段性工作要点 间隔 每季度")
    after = await ask(house, "office1", "进度")
    assert "未设定：" in before and "报送没有定多久一次" in before
    assert before != after


async def test_a_plan_that_leaves_nothing_open_asks_nothing(theatre: Open) -> None:
    whole = plan()
    items = tuple(item for item in whole.items if item.units)
    duties = tuple(duty for duty in whole.duties if duty.cadences)
    quiet = replace(whole, items=items, duties=duties, empty_groups=(), annexes=(), quotas=())
    house = await by_hand(await theatre("2023-04-24T10:00", plan=quiet))
    await house.bot.settle()

    assert not any("请您补充" in one.text for one in house.new())
