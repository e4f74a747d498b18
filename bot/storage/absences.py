"""Absences: who is away on a day, and in whose place somebody stands."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from bot.storage.engine import Tx
from bot.storage.prepared import Prepared
from bot.storage.tables import Absence

_stood_in_for = Prepared(
    select(Absence.plan, Absence.unit)
    .where(
        Absence.deputy_id == bindparam("member_id"),
        Absence.from_on <= bindparam("day"),
        Absence.until_on >= bindparam("day"),
        Absence.ended_at.is_(None),
    )
    .distinct()
)


async def put(tx: Tx, absence: Absence) -> None:
    """Note an absence; a later one of the same contact and unit stands in place of this one."""
    tx.add(absence)
    await tx.flush()


async def away_on(tx: Tx, plan: str, day: date) -> dict[str, Absence]:
    """Return, by unit, the absence of its contact that holds on a day."""
    statement = select(Absence).where(
        Absence.plan == plan, Absence.from_on <= day, Absence.until_on >= day, Absence.ended_at.is_(None)
    )
    return {absence.unit: absence for absence in (await tx.execute(statement.order_by(Absence.id))).scalars()}


async def stood_in_for(tx: Tx, member_id: int, day: date) -> Sequence[tuple[str, str]]:
    """Return (plan, unit) for which a member stands in on a day."""
    return [(plan, unit) for plan, unit in await _stood_in_for(tx, member_id=member_id, day=day)]


async def end(tx: Tx, plan: str, member_id: int, day: date, now: datetime) -> Sequence[str]:
    """End a member's absences from a day on; return the units concerned."""
    statement = (
        update(Absence)
        .where(
            Absence.plan == plan,
            Absence.member_id == member_id,
            Absence.until_on >= day,
            Absence.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(Absence.unit)
    )
    return sorted(set((await tx.execute(statement)).scalars()))
