"""Excusing: the office lets a unit owe a round nothing; it is neither missing nor on time."""

from bot.dispatch import Call, PassOn, Router
from bot.domain.rounds import Round, units_owing
from bot.errors import UserError
from bot.messages import excuses as wording
from bot.messages import words
from bot.messages.message import Message
from bot.storage import rounds
from bot.storage.engine import Tx
from bot.stories.recipients import contacts_on, notice, tell_member

router = Router("excuses", "催办")


@router.command(
    "excuse",
    "豁免",
    usage="/excuse 单位 [期]",
    help="这一期不用报，如：豁免 组织科 4月；末尾加“取消”恢复",
    roles=("office",),
)
async def excuse(call: Call, tx: Tx) -> Message:
    """/excuse unit [period] [取消]: excuse a unit from a period's reports, or from what is open now."""
    name, *rest = call.args.split() or [""]
    unit = call.plan.find_unit(name) if name else None
    if unit is None:
        if name and not call.slash:
            raise PassOn
        raise UserError(wording.how(name))
    restore = bool(rest) and rest[-1] == "取消"
    period = "".join(rest[:-1] if restore else rest)
    chosen = [round_ for round_ in _owed(call, unit.name) if _named(round_, period, call)]
    if not chosen:
        raise UserError(wording.no_period(unit.name, period))
    changed = [name for round_ in chosen if (name := await _excuse(call, tx, round_, unit.name, restore))]
    if not changed:
        raise UserError(wording.reported_already(unit.name))
    contact = (await contacts_on(tx, call.plan, call.today)).by_unit.get(unit.name)
    if contact is not None:
        common = notice(call.plan, call.now, wording.told(unit.name, changed, restored=restore))
        await tell_member(tx, call.world, call.plan, contact.id, f"excused:{call.inbox_id}", common)
    return wording.done(unit.name, changed, period, restored=restore)


def _owed(call: Call, unit: str) -> list[Round]:
    return [
        round_
        for round_ in call.world.rounds_of(call.plan)
        if round_.duty.asks_units and unit in units_owing(call.plan, round_)
    ]


def _named(round_: Round, period: str, call: Call) -> bool:
    """Tell whether words name a round: 4月, 2023-04, 4月月度进展; none at all means what is open now."""
    if not period:
        return round_.opens_on <= call.today <= round_.due_on
    said = words.period(round_.period.key)
    return period in (said, round_.period.key, f"{said}{round_.duty.name}", f"{round_.period.key}{round_.duty.name}")


async def _excuse(call: Call, tx: Tx, round_: Round, unit: str, restore: bool) -> str:
    """Excuse a unit from one round, opening it where its time has not come; return its name, or ''."""
    await rounds.open_round(tx, call.plan, round_, call.world.policy, call.now)
    row = await rounds.find(tx, call.plan.key, round_.duty.id, round_.period.key)
    if row is None or not await rounds.excuse(tx, row.id, unit, None if restore else call.now):
        return ""
    return f"{words.period(round_.period.key)}{round_.duty.name}"
