"""The numbers behind the league table, counted by the database."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import SQLColumnExpression, case, func, select

from bot.storage.engine import Tx
from bot.storage.tables import Checkin, Entry, Owner, Progress, RoundRow, RoundUnit


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


async def lowest_now(tx: Tx, plan: str) -> dict[str, float]:
    """Return each item's figure as last recorded: the lowest any of its units gave."""
    return await _lowest(tx, plan, Progress.percent)


async def lowest_at(tx: Tx, plan: str, moment: datetime) -> dict[str, float]:
    """Return each item's figure as recorded at a moment of the past: the lowest any of its units had given.

    The last word stands where nothing was said since; only for the others an entry is looked for, from the newest back.
    """
    mine = (Entry.plan == Progress.plan, Entry.item == Progress.item, Entry.unit == Progress.unit)
    then = (
        select(Entry.percent)
        .join(Checkin, Checkin.id == Entry.checkin_id)
        .where(*mine, Entry.percent.is_not(None), Entry.retracted_at.is_(None), Checkin.received_at <= moment)
        .order_by(Entry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    same = (Owner.plan == Progress.plan, Owner.item == Progress.item, Owner.unit == Progress.unit)
    opening = select(Owner.opening).where(*same, Owner.opening_on <= moment.date()).scalar_subquery()
    changed = func.coalesce(then, opening)
    return await _lowest(tx, plan, case((Progress.updated_at <= moment, Progress.percent), else_=changed))


async def _lowest(tx: Tx, plan: str, percent: SQLColumnExpression[float | None]) -> dict[str, float]:
    statement = select(Progress.item, func.min(percent)).where(Progress.plan == plan).group_by(Progress.item)
    return {item: lowest for item, lowest in await tx.execute(statement) if lowest is not None}
