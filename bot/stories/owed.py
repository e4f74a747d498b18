"""What units still owe: the reminders, /missing, /mine, the digest and the receipt all ask here."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.checkins import Owed, Spoken, items_owed_by, judge
from bot.domain.plans import Duty, Item, Period, Plan
from bot.domain.world import World
from bot.storage import checkins, rounds
from bot.storage.engine import Tx
from bot.storage.tables import RoundRow


@dataclass(frozen=True)
class Due:
    """One round of one unit, with what is still owed in it."""

    duty: Duty
    period: Period
    row: RoundRow
    unit: str
    items: tuple[Item, ...]
    owed: Owed

    @property
    def period_key(self) -> str:
        return self.row.period


async def owed_by(tx: Tx, world: World, plan: Plan, row: RoundRow, unit: str) -> Due | None:
    """Return what a unit owes a round; None when the plan no longer has the round."""
    round_ = world.find_round(plan, row.duty, row.period)
    if round_ is None:
        return None
    duty, period = round_.duty, round_.period
    own = items_owed_by(plan, duty, period, unit)
    if duty.form == "dispatch":
        chosen = await rounds.chosen_items(tx, row.id)
        own = tuple(item for item in own if item.id in chosen)
    spoken = await _spoken(tx, row.id, unit)
    done = {
        progress.item
        for progress in await checkins.progress_of(tx, plan.key, [item.id for item in own])
        if progress.unit == unit and progress.percent == 100
    }
    return Due(duty, period, row, unit, own, judge(duty, own, done, spoken))


async def _spoken(tx: Tx, round_id: int, unit: str) -> Spoken:
    items, sections = await checkins.round_content(tx, round_id, unit)
    return Spoken(items - {""}, sections, bool(items or sections), bool(sections.get("summary")))


async def open_dues(tx: Tx, world: World, plan: Plan, unit: str, rows: Sequence[RoundRow]) -> list[Due]:
    """Return what a unit owes of some rounds, leaving out what is settled."""
    found = [await owed_by(tx, world, plan, row, unit) for row in rows]
    return [due for due in found if due is not None and not due.owed.nothing]
