"""Chasing on demand: the office sends one private reminder to who is still missing, and picks items to dispatch."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.domain.plans import Item
from bot.errors import UserError
from bot.messages import reminding as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.stories.chasing import chase
from bot.stories.dispatches import choose

router = Router("reminders", "催办")


@router.command(
    "remind", "催报", usage="/remind [单位]", help="私下提醒还没报的单位（每天最多一次）", roles=("office",)
)
async def remind(call: Call, tx: Tx) -> Message:
    """/remind [unit]: one private reminder to the contacts of units that still owe a report, at most once a day."""
    unit = call.plan.find_unit(call.args) if call.args else None
    if call.args and unit is None:
        if not call.slash:
            raise PassOn
        raise UserError(f"没有叫“{call.args}”的单位。要提醒全部未报单位，请只发：催报")
    found = await chase(tx, call.world, call.plan, unit.name if unit else None, call.now)
    return wording.chased(found)


@router.command(
    "dispatch", "调度", usage="/dispatch 编号…", help="选定本季度要调度的项目，如：调度 4、6、9", roles=("office",)
)
async def dispatch(call: Call, tx: Tx) -> Message:
    """/dispatch n…: choose the items of this quarter's dispatch; their leads are asked."""
    rounds = [round_ for round_ in call.world.rounds_of(call.plan) if round_.duty.form == "dispatch"]
    coming = next((round_ for round_ in rounds if round_.due_on >= call.today), None)
    if coming is None:
        raise UserError("这个计划后面没有季度调度了。")
    items = _items(call, coming.duty.list_key)
    asked = await choose(tx, call.world, call.plan, coming, items, call.now)
    opens_on = call.world.workdays.on_or_after(coming.opens_on)
    return wording.dispatched(coming.period.key, [item.label for item in items], asked, opens_on, call.today)


def _items(call: Call, list_key: str) -> list[Item]:
    numbers = [int(number) for number in re.findall(r"\d+", call.args)]
    known = {item.no: item for item in call.plan.live_items if item.list_key == list_key}
    wrong = [str(number) for number in numbers if number not in known]
    if wrong or not numbers:
        last = max((number for number in known if number is not None), default=0)
        lead = f"没有第 {'、'.join(wrong)} 项。" if wrong else ""
        raise UserError(f"{lead}请写 1 到 {last} 的项目编号，例如：调度 4、6、9")
    return [known[number] for number in dict.fromkeys(numbers)]
