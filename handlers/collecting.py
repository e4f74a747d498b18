"""One-off collections: the office asks for something with a due date of its own, in one line."""

import re
from datetime import date
from typing import Any

from bot.dispatch import Call, PassOn, Router
from bot.domain.amending import on_day, units_named
from bot.domain.changes import Change
from bot.domain.plans import Duty
from bot.domain.reading import Entry, Reading
from bot.domain.reading.dates import DATE, find_dates
from bot.errors import UserError
from bot.messages import checkins as receipts
from bot.messages import collecting as wording
from bot.messages.message import Message
from bot.storage import changes, rounds
from bot.storage.changes import By
from bot.storage.engine import Tx
from bot.stories.changes import tell_units
from bot.stories.reports import Spoken, current_dues, record

router = Router("collecting", "催办")

ORDER = re.compile(r"(?P<what>[^\s，。：:]{2,20})[\s，：:]+(?P<rest>.+)", re.DOTALL)
ANSWER = re.compile(r"(?:报送?|提交)?\s*(?P<what>[^\s，。：:]{2,20})(?:\s*[：:]\s*|\s+|\n)(?P<said>.+)", re.DOTALL)


@router.command(
    "collect",
    "征集",
    usage="/collect 要什么 哪天前 [哪些单位] [说明]",
    help="临时收一样东西，如：征集 阶段性总结 5月20日前 各单位",
    roles=("office",),
    says=r"征集\s+(?P<args>.+)",
)
async def collect(call: Call, tx: Tx) -> Message:
    """/collect what day [units] [note]: open a report of its own now; it is asked for and listed like any other."""
    read = ORDER.fullmatch(call.args)
    match = DATE.search(read["rest"]) if read is not None else None
    days = find_dates(match[0], call.today, call.world.workdays) if match else []
    if read is None or match is None or not days:
        raise UserError(wording.how())
    due_on, what = days[0], read["what"]
    if due_on < call.today:
        raise UserError(wording.past(due_on))
    units, note = _addressed(call, read["rest"][: match.start()] + read["rest"][match.end() :].removeprefix("前"))
    duty_id = f"collect-{len(call.plan.duties) + 1}"
    change = Change(f"duty:{duty_id}", "add", _duty(call, what, due_on, units))
    await changes.put(tx, call.world, call.plan.key, change, By(call.member.id, call.now, note))
    plan = call.world.plan(call.plan.key)
    for round_ in [round_ for round_ in call.world.rounds_of(plan) if round_.duty.id == duty_id]:
        await rounds.open_round(tx, plan, round_, call.world.policy, call.now)
    asked = units or plan.reporting_units
    told = await tell_units(call, tx, asked, wording.asked(what, due_on, note), f"collect:{duty_id}")
    return wording.opened(what, due_on, asked, [unit for unit in asked if unit not in told])


def _addressed(call: Call, rest: str) -> tuple[tuple[str, ...], str]:
    """Read whom it is asked of and what more is said; nobody named means all that report."""
    words = rest.strip(" ，,。").split()
    if not words:
        return (), ""
    try:
        units = units_named(call.plan, words[0])
    except UserError:
        if "、" in words[0] and call.plan.find_unit(words[0].split("、")[0]) is not None:
            raise
        return (), " ".join(words)
    everybody = set(units) == set(call.plan.reporting_units)
    return (() if everybody else units), " ".join(words[1:])


def _duty(call: Call, what: str, due_on: date, units: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of the new duty; entries answer it where a register has that name."""
    register = call.plan.register_called(what)
    data: dict[str, Any] = {
        "name": what,
        "words": f"{on_day(call.today)}至{on_day(due_on)}",
        "units": list(units),
        "ladder": "report",
        "named": True,
    }
    return {**data, "form": "register", "register": register.key} if register is not None else {**data, "form": "text"}


@router.hears()
async def answer(call: Call, tx: Tx) -> Message:
    """阶段性总结：…: what a unit hands in for a collection that asked for it by that name."""
    read = ANSWER.fullmatch(call.args)
    office = (call.plan.receiver,) if call.standpoint.is_office else ()
    if read is None:
        raise PassOn
    for unit in (*call.standpoint.units, *office):
        dues = await current_dues(tx, call.world, call.plan, unit, call.today)
        due = next((due for due in dues if _asks_for(due.duty, read["what"])), None)
        if due is None:
            continue
        text = f"{due.duty.name}：{read['said']}"
        spoken = Spoken(call.plan, unit, call.member.id, call.inbox_id, call.now, text)
        reading = Reading(("report",), (Entry(None, sections={"progress": [read["said"]]}),))
        return receipts.receipt(await record(tx, call.world, spoken, reading, [due]))
    raise PassOn


def _asks_for(duty: Duty, what: str) -> bool:
    return (duty.named or duty.by_plan) and duty.form == "text" and duty.name == what
