"""Figures: numbers that are no progress, by unit and as-of date."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from bot.domain.figures import Reading
from bot.storage.engine import Tx
from bot.storage.tables import Checkin, Figure


async def told(tx: Tx, plan: str, unit: str, since: date) -> set[str]:
    """Return the figures a unit has told since a day."""
    statement = (
        select(Figure.figure)
        .join(Checkin, Checkin.id == Figure.checkin_id)
        .where(Figure.plan == plan, Figure.unit == unit, Figure.as_of >= since, Checkin.retracted_at.is_(None))
        .distinct()
    )
    return set((await tx.execute(statement)).scalars())


async def readings(
    tx: Tx, plan: str, figures: Iterable[str], until: date = date.max, since: date = date.min
) -> dict[tuple[str, str], list[Reading]]:
    """Return the numbers told of some figures in a stretch of days, oldest first, by (figure, unit)."""
    statement = (
        select(Figure)
        .join(Checkin, Checkin.id == Figure.checkin_id)
        .where(
            Figure.plan == plan,
            Figure.figure.in_(list(figures)),
            Figure.as_of.between(since, until),
            Checkin.retracted_at.is_(None),
        )
        .order_by(Figure.id)
    )
    found: dict[tuple[str, str], list[Reading]] = {}
    for row in (await tx.execute(statement)).scalars():
        reading = Reading(row.unit, row.value, row.as_of, row.mode, row.approx)  # type: ignore[arg-type]
        found.setdefault((row.figure, row.unit), []).append(reading)
    return found
