"""The numbers behind the league table, counted by the database."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import case, func, select

from bot.storage import plans
from bot.storage.engine import Tx
from bot.storage.tables import Checkin, Entry, Progress, RoundRow, RoundUnit


async def on_time_counts(tx: Tx, plan: str, duties: Sequence[str], due_until: date) -> dict[str, tuple[int, int]]:
    """Return {unit: (due, on time)} over the rounds due up to a day; excused ones count for nobody."""
    punctual = case((RoundUnit.handed_in_at <= RoundRow.on_time_until, 1), else_=0)
    statement = (
        select(RoundUnit.unit, func.count(), func.sum(punctual))
        .join(RoundRow, RoundRow.id == RoundUnit.round_id)
        .where(
            RoundRow.plan == plan,
            RoundRow.duty.in_(duties),
            RoundRow.due_on <= due_until,
            RoundUnit.excused_at.is_(None),
        )
        .group_by(RoundUnit.unit)
    )
    return {unit: (due, int(on_time or 0)) for unit, due, on_time in (await tx.execute(statement))}


async def overdue_units(tx: Tx, round_id: int) -> set[str]:
    """Return the units that have not handed in a round and are not excused."""
    statement = select(RoundUnit.unit).where(
        RoundUnit.round_id == round_id, RoundUnit.handed_in_at.is_(None), RoundUnit.excused_at.is_(None)
    )
    return set((await tx.execute(statement)).scalars())


async def figures_now(tx: Tx, plan: str) -> Sequence[tuple[str, str, float | None]]:
    """Return (item, unit, percent) as last recorded."""
    statement = select(Progress.item, Progress.unit, Progress.percent).where(Progress.plan == plan)
    return (await tx.execute(statement)).all()


async def figures_at(tx: Tx, plan: str, moment: datetime) -> Sequence[tuple[str, str, float | None]]:
    """Return (item, unit, percent) as recorded at a moment of the past."""
    last = (
        select(func.max(Entry.id).label("id"))
        .join(Checkin, Checkin.id == Entry.checkin_id)
        .where(
            Entry.plan == plan,
            Entry.item != "",
            Entry.percent.is_not(None),
            Checkin.received_at <= moment,
            Entry.retracted_at.is_(None),
        )
        .group_by(Entry.item, Entry.unit)
        .subquery()
    )
    statement = select(Entry.item, Entry.unit, Entry.percent).join(last, last.c.id == Entry.id)
    figures = await plans.openings_at(tx, plan, moment.date())
    figures.update({(item, unit): percent for item, unit, percent in await tx.execute(statement)})
    return [(item, unit, percent) for (item, unit), percent in figures.items()]
