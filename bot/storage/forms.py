"""Forms: drafts, and links that are spent by handing a form in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.storage.engine import Tx, insert_new, upsert
from bot.storage.tables import Checkin, CheckinRound, Draft, RoundRow, SpentLink

Key = tuple[str, str, int, str]
"""Plan, unit, member id, ids of rounds joined by a comma."""


async def save_draft(tx: Tx, key: Key, data: dict[str, Any], now: datetime) -> None:
    """Keep what was typed, in place of what was kept before."""
    named = dict(zip(("plan", "unit", "member_id", "rounds"), key, strict=True))
    await tx.execute(upsert(tx, Draft, list(named), {**named, "data": data, "saved_at": now}))


async def draft(tx: Tx, key: Key) -> Draft | None:
    return await tx.get(Draft, key)


async def drop_draft(tx: Tx, key: Key) -> None:
    plan, unit, member_id, rounds = key
    await tx.execute(
        delete(Draft).where(
            Draft.plan == plan, Draft.unit == unit, Draft.member_id == member_id, Draft.rounds == rounds
        )
    )


async def spend(tx: Tx, mark: str, inbox_id: int, now: datetime) -> bool:
    """Spend a link; False when it was spent before."""
    statement = insert_new(tx, SpentLink).values(mark=mark, inbox_id=inbox_id, receipt={}, spent_at=now)
    return (await tx.execute(statement.returning(SpentLink.mark))).scalar_one_or_none() is not None


async def note_receipt(tx: Tx, mark: str, receipt: dict[str, Any]) -> None:
    """Keep what the sender was told, to show it whenever the link is opened again."""
    await tx.execute(update(SpentLink).where(SpentLink.mark == mark).values(receipt=receipt))


async def spent(tx: Tx, mark: str) -> SpentLink | None:
    return await tx.get(SpentLink, mark)


async def rounds_by_id(tx: Tx, plan: str, ids: Sequence[int]) -> Sequence[RoundRow]:
    """Return rounds of a plan by their ids, by due date."""
    statement = select(RoundRow).where(RoundRow.plan == plan, RoundRow.id.in_(ids))
    return (await tx.execute(statement.order_by(RoundRow.due_on, RoundRow.id))).scalars().all()


async def written_before(tx: Tx, row: RoundRow, unit: str) -> dict[str, Any]:
    """Return the sections a unit brought last for the same duty, in this or an earlier period."""
    statement = (
        select(CheckinRound.sections)
        .join(RoundRow, RoundRow.id == CheckinRound.round_id)
        .join(Checkin, Checkin.id == CheckinRound.checkin_id)
        .where(
            RoundRow.plan == row.plan,
            RoundRow.duty == row.duty,
            RoundRow.due_on <= row.due_on,
            Checkin.unit == unit,
            Checkin.retracted_at.is_(None),
        )
        .order_by(Checkin.id.desc())
        .limit(5)
    )
    for sections in (await tx.execute(statement)).scalars():
        if sections:
            return dict(sections)
    return {}
