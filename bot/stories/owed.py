"""What units still owe: the reminders, /missing, /mine, the digest and the receipt all ask here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.checkins import Owed, Spoken, items_owed_by, judge
from bot.domain.plans import Duty, Item, Period, Plan
from bot.domain.rounds import Round, stretch
from bot.domain.world import World
from bot.storage import checkins, figures, rounds
from bot.storage.engine import Tx
from bot.storage.tables import RoundRow
from bot.stories.registers import slot_counts

WRITTEN = ("sections", "text")


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

    @property
    def name(self) -> str:
        return self.duty.name

    @property
    def due_on(self) -> date:
        return self.row.due_on


async def owed_by(tx: Tx, world: World, plan: Plan, row: RoundRow, unit: str) -> Due | None:
    """Return what a unit owes a round; None when the plan no longer has the round."""
    return next(iter(await dues_of(tx, world, plan, unit, [row])), None)


async def dues_of(tx: Tx, world: World, plan: Plan, unit: str, rows: Sequence[RoundRow]) -> list[Due]:
    """Return what a unit owes each of some rounds, in their order, in a few queries for all of them."""
    known = [(row, round_) for row in rows if (round_ := world.find_round(plan, row.duty, row.period)) is not None]
    own_items = {row.id: items_owed_by(plan, round_.duty, round_.period, unit) for row, round_ in known}
    items = {item.id for own in own_items.values() for item in own}
    said = await checkins.items_said(tx, plan.key, unit, list(own_items), sorted(items))
    written = [row.id for row, round_ in known if round_.duty.form in WRITTEN]
    sections = await checkins.sections_said(tx, written, unit) if written else {}
    done = await checkins.finished_items(tx, plan.key, unit)
    found = []
    for row, round_ in known:
        if round_.duty.form in ("register", "figures"):
            found.append(await _slot(tx, plan, row, round_, unit))
            continue
        own = own_items[row.id]
        if round_.duty.form == "dispatch":
            chosen = await rounds.chosen_items(tx, row.id)
            own = tuple(item for item in own if item.id in chosen)
        named, brought = said.get(row.id, set()), sections.get(row.id, {})
        spoken = Spoken(named - {""}, brought, bool(named), bool(brought.get("summary")))
        owed = judge(round_.duty, own, done, spoken)
        found.append(Due(round_.duty, round_.period, row, unit, own, owed))
    return found


async def _slot(tx: Tx, plan: Plan, row: RoundRow, round_: Round, unit: str) -> Due:
    """Return what a unit owes a slot of a register, or a round that asks for figures."""
    first, last = stretch(round_)
    if round_.duty.form == "figures":
        told = await figures.told(tx, plan.key, unit, first)
        kinds = (plan.find_figure(key) for key in round_.duty.figures)
        owed = Owed(figures=tuple(kind for kind in kinds if kind is not None and kind.id not in told))
        return Due(round_.duty, round_.period, row, unit, (), owed)
    counts = await slot_counts(tx, plan, round_.duty, first, last)
    count = sum(counts.values()) if round_.duty.by_plan else counts.get(unit, 0)
    return Due(round_.duty, round_.period, row, unit, (), Owed(entries=max(0, round_.duty.need - count)))


async def open_dues(tx: Tx, world: World, plan: Plan, unit: str, rows: Sequence[RoundRow]) -> list[Due]:
    """Return what a unit owes of some rounds, leaving out what is settled."""
    return [due for due in await dues_of(tx, world, plan, unit, rows) if not due.owed.nothing]
