"""What a stretch of time cost everybody: every message that went out, and what became of every duty of every unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.storage.engine import Tx
from bot.storage.tables import Checkin, Outgoing, RoundRow, RoundUnit


@dataclass(frozen=True)
class Sending:
    """One message that went out: its kind, receiver, when, and in how many parts."""

    kind: str
    group: str | None
    member: int | None
    at: datetime
    parts: int


@dataclass(frozen=True)
class Handing:
    """One duty of one unit: until when it is on time, and when it was handed in or excused."""

    until: datetime
    handed_in_at: datetime | None
    excused: bool


async def sendings(tx: Tx) -> Sequence[Sending]:
    """Return everything that was sent."""
    statement = select(Outgoing).where(Outgoing.state == "sent")
    return [
        Sending(row.kind, row.group_id, row.member_id, row.settled_at, row.parts_sent)
        for row in (await tx.execute(statement)).scalars()
        if row.settled_at is not None
    ]


async def failures(tx: Tx, plan: str) -> dict[str, int]:
    """Count what could not be sent, by reason."""
    statement = select(Outgoing.reason, func.count()).where(Outgoing.plan == plan, Outgoing.state == "failed")
    counted = await tx.execute(statement.group_by(Outgoing.reason))
    return {str(reason): int(number) for reason, number in counted}


async def handings(tx: Tx, plan: str) -> Sequence[Handing]:
    """Return what became of every duty of every unit in the rounds that are open or over."""
    statement = (
        select(RoundRow.on_time_until, RoundUnit.handed_in_at, RoundUnit.excused_at)
        .join(RoundUnit, RoundUnit.round_id == RoundRow.id)
        .where(RoundRow.plan == plan)
    )
    return [Handing(until, handed, excused is not None) for until, handed, excused in await tx.execute(statement)]


async def receipts(tx: Tx, plan: str) -> int:
    """Count the check-ins that were recorded."""
    return (await tx.execute(select(func.count()).where(Checkin.plan == plan))).scalar_one()
