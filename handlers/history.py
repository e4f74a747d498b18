"""History: every change and every word with its time and who said it."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.domain.finding import find_items
from bot.errors import UserError
from bot.messages import history as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.stories import history as stories

router = Router("history", "查看")

NUMBERED = re.compile(r"(?:回执)?\s*(\d{1,6})\s*号|回执\s*(\d{1,6})")


@router.command(
    "history",
    "历史",
    usage="/history [第几项|单位|几号]",
    help="看一项、一个单位或一个号的全部经过；不写就看计划的改动",
)
async def history(call: Call, tx: Tx) -> Message:
    """/history [item|unit|number]: what was changed, said, logged and sent, oldest first."""
    said = call.args.strip()
    if not said:
        return wording.history("计划的改动", await stories.of_plan(call, tx))
    numbered = NUMBERED.fullmatch(said)
    if numbered is not None:
        number = int(numbered[1] or numbered[2])
        return wording.history(f"{number} 号", await stories.of_number(call, tx, number))
    unit = call.plan.find_unit(said)
    if unit is not None:
        return wording.history(unit.name, await stories.of_unit(call, tx, unit.name))
    items = find_items(call.plan, said)
    if len(items) != 1:
        if not call.slash and not items:
            raise PassOn
        raise UserError(wording.how())
    return wording.history(items[0].label, await stories.of_item(call, tx, items[0]))
