"""Decisions: what was asked of whom, and the answer; the first answer counts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.members import Post
from bot.storage.engine import Tx
from bot.storage.tables import Decision


async def put(tx: Tx, decision: Decision) -> int:
    """Keep a question; return the number it is called by."""
    tx.add(decision)
    await tx.flush()
    return decision.id


async def find(tx: Tx, plan: str, number: int) -> Decision | None:
    statement = select(Decision).where(Decision.plan == plan, Decision.id == number)
    return (await tx.execute(statement)).scalar_one_or_none()


async def waiting(tx: Tx, plan: str, posts: Iterable[Post]) -> Sequence[Decision]:
    """Return what waits for the holders of some posts, oldest first."""
    statement = select(Decision).where(
        Decision.plan == plan, Decision.post.in_([str(post) for post in posts]), Decision.verdict == ""
    )
    return (await tx.execute(statement.order_by(Decision.id))).scalars().all()


async def of_kind(tx: Tx, plan: str, kind: str) -> Sequence[Decision]:
    """Return everything that was asked of one kind, oldest first."""
    statement = select(Decision).where(Decision.plan == plan, Decision.kind == kind).order_by(Decision.id)
    return (await tx.execute(statement)).scalars().all()


async def settle(tx: Tx, decision: Decision, verdict: str, reason: str, member_id: int, now: datetime) -> bool:
    """Note the answer, `approved` or `refused`; False when somebody answered before."""
    statement = (
        update(Decision)
        .where(Decision.id == decision.id, Decision.verdict == "")
        .values(verdict=verdict, reason=reason, decided_by=member_id, decided_at=now)
        .returning(Decision.id)
    )
    settled = (await tx.execute(statement)).scalar_one_or_none() is not None
    await tx.refresh(decision)
    return settled
