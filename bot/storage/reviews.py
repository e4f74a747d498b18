"""Messages the office has to release: they are worded, wait in the state `review`, and go out or are dropped."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.messages.message import Message, to_json
from bot.storage import outbox
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing

ASKED = "等办公室放行"


async def hold(tx: Tx, row: Outgoing, message: Message, now: datetime) -> None:
    """Keep a worded message back until the office says yes."""
    row.message = to_json(message)
    await tx.flush()
    await outbox.settle(tx, row.id, "review", now)


async def has_posted(tx: Tx, plan: str, group: str) -> bool:
    """Tell whether a plan's own message has ever gone to a group; answers in it do not count."""
    statement = select(Outgoing.id).where(
        Outgoing.plan == plan, Outgoing.group_id == group, Outgoing.state == "sent", Outgoing.kind != "reply"
    )
    return (await tx.execute(statement.limit(1))).first() is not None


async def unasked_plans(tx: Tx) -> Sequence[str]:
    """Return the plans with messages the office was not asked about yet."""
    statement = select(Outgoing.plan).where(Outgoing.state == "review", Outgoing.reason == "").distinct()
    return (await tx.execute(statement)).scalars().all()


async def more_coming(tx: Tx, plan: str, until: datetime) -> bool:
    """Tell whether messages of the clock are due up to a moment that are not worded yet."""
    statement = select(Outgoing.id).where(
        Outgoing.plan == plan,
        Outgoing.kind.in_(outbox.PAUSABLE),
        Outgoing.state.in_(("pending", "claimed")),
        Outgoing.not_before <= until,
        Outgoing.parts.is_(None),
    )
    return (await tx.execute(statement.limit(1))).first() is not None


async def take_unasked(tx: Tx, plan: str) -> Sequence[Outgoing]:
    """Mark a plan's messages as asked about and return them, in the order they were due."""
    statement = (
        update(Outgoing)
        .where(Outgoing.plan == plan, Outgoing.state == "review", Outgoing.reason == "")
        .values(reason=ASKED)
        .returning(Outgoing.id)
    )
    return await waiting(tx, (await tx.execute(statement)).scalars().all())


async def waiting(tx: Tx, ids: Iterable[int]) -> Sequence[Outgoing]:
    """Return those of some messages that still wait for the office."""
    statement = select(Outgoing).where(Outgoing.id.in_(list(ids)), Outgoing.state == "review")
    return (await tx.execute(statement.order_by(Outgoing.not_before, Outgoing.id))).scalars().all()


async def release(tx: Tx, rows: Iterable[Outgoing], start: datetime) -> None:
    """Let messages go out from `start` on."""
    for row in rows:
        row.subject = {**row.subject, "released": True}
        row.state, row.reason, row.settled_at, row.not_before = "pending", "", None, max(row.not_before, start)
    await tx.flush()
