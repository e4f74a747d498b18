"""Taking back what was sent by mistake: a wave of messages of the clock, while the platforms still allow it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.storage.engine import Tx
from bot.storage.tables import Attempt, Outgoing

ALLOWED = timedelta(hours=24)  # both platforms
WAVE = timedelta(hours=1)
ANSWERS = ("reply", "notice", "missed")  # what somebody asked for, or the office must know


async def last_wave(tx: Tx, plan: str, now: datetime) -> Sequence[Outgoing]:
    """Return the newest messages the clock sent for a plan: those of one hour, not older than platforms take back."""
    statement = (
        select(Outgoing)
        .where(
            Outgoing.plan == plan,
            Outgoing.state == "sent",
            Outgoing.kind.not_in(ANSWERS),
            Outgoing.settled_at > now - ALLOWED,
        )
        .order_by(Outgoing.settled_at.desc(), Outgoing.id.desc())
    )
    sent = (await tx.execute(statement)).scalars().all()
    return [row for row in sent if row.settled_at and sent[0].settled_at and sent[0].settled_at - row.settled_at < WAVE]


async def mark(tx: Tx, row_ids: Iterable[int]) -> None:
    """Let messages be taken back."""
    await tx.execute(update(Outgoing).where(Outgoing.id.in_(list(row_ids))).values(state="recall"))


async def any_marked(tx: Tx) -> bool:
    """Return whether something is to be taken back."""
    return (await tx.execute(select(Outgoing.id).where(Outgoing.state == "recall").limit(1))).first() is not None


async def marked(tx: Tx) -> Sequence[tuple[Outgoing, Sequence[Attempt]]]:
    """Return the messages to be taken back, each with its accepted attempts."""
    rows = (await tx.execute(select(Outgoing).where(Outgoing.state == "recall"))).scalars().all()
    accepted = select(Attempt).where(Attempt.outbox_id.in_([row.id for row in rows]), Attempt.outcome == "accepted")
    attempts = (await tx.execute(accepted)).scalars().all()
    return [(row, [attempt for attempt in attempts if attempt.outbox_id == row.id]) for row in rows]
