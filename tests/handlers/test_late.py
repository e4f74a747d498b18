"""Late replies, and month tasks after the office was asked for them."""

from datetime import timedelta

from tests.conftest import Open
from tests.core.houses import ask, begin, converse


async def test_a_reply_on_the_day_after_is_recorded_and_marked_late(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T23:59", "思政科", "体卫艺语科")
    await converse(house, [("体卫艺语科", "第6项20%", "4月月度进展已报齐。")])
    house.bot.clock.set(house.bot.clock.now() + timedelta(minutes=2))

    assert "4月月度进展已报齐（4月月度进展迟报）。" in await ask(house, "思政科", "第7项30%")


async def test_a_month_task_is_done_when_the_office_says_so(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-29T10:00", "思政科")
    await ask(house, "office1", "3月任务第1项3月20日已召开")
    (asked,) = [one.text for one in await house.until("2023-03-30T09:05") if one.text.startswith("【3月任务核对】")]

    assert "3月还有 11 项任务没有登记完成，3月31日到期。其中 11 项还没有定牵头单位" in asked
    assert "“5G+专递课堂”推进会" not in asked
