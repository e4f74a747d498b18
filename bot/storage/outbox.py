"""The outbox: messages wait here, are claimed with a lease, tried, and settled with a reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from bot.storage.engine import Tx, notify
from bot.storage.prepared import Prepared, insert_new, put
from bot.storage.tables import Attempt, Outgoing

LEASE = timedelta(seconds=120)
URGENT, NORMAL = 0, 1
# What a paused plan does not send: everything the clock starts. Answers and notices to the office go on.
PAUSABLE = ("ask", "group", "digest", "office", "entries")


_settle = Prepared(
    update(Outgoing)
    .where(Outgoing.id == bindparam("row_id"))
    .values(state=bindparam("to"), reason=bindparam("why"), settled_at=bindparam("now"))
)
_part_sent = Prepared(update(Outgoing).where(Outgoing.id == bindparam("row_id")).values(parts_sent=bindparam("sent")))


# What a row is put with; of the columns left out nothing is known yet.
DEFAULTS: dict[str, Any] = {
    "plan": "",
    "group_id": None,
    "member_id": None,
    "external_id": "",
    "route": {},
    "subject": {},
    "message": None,
    "parts_sent": 0,
    "urgent": NORMAL,
    "expires_at": None,
    "tries": 0,
    "state": "pending",
    "claimed_by": "",
    "reason": "",
}
_put_new = Prepared(insert_new(Outgoing, "key", "kind", "platform", "not_before", *DEFAULTS))


async def put_many(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Add messages; one whose key is already there is left as it is."""
    if rows:
        await _put_new.many(tx, [DEFAULTS | row for row in rows])
        await notify(tx)


async def put_reply(tx: Tx, row: dict[str, Any]) -> None:
    """Add the answer to a message that just came in; its key is as new as the message."""
    await put(tx, Outgoing(**row))
    await notify(tx)


async def find(tx: Tx, key: str) -> Outgoing | None:
    return (await tx.execute(select(Outgoing).where(Outgoing.key == key))).scalar_one_or_none()


async def open_ids(tx: Tx, keys: Iterable[str]) -> dict[str, int]:
    """Return the row ids of outbox keys whose text is not made yet, so that more can travel in them."""
    statement = select(Outgoing.key, Outgoing.id).where(
        Outgoing.key.in_(list(keys)), Outgoing.state == "pending", Outgoing.parts.is_(None)
    )
    return dict((await tx.execute(statement)).all())


async def claim(tx: Tx, now: datetime, wall: datetime, worker: str, count: int) -> Sequence[Outgoing]:
    """Take up to `count` due messages for a worker, replies first; what another worker's lease holds is left."""
    due = (
        select(Outgoing.id)
        .where(
            or_(Outgoing.state == "pending", (Outgoing.state == "claimed") & (Outgoing.claimed_until < wall)),
            Outgoing.not_before <= now,
            or_(Outgoing.next_try_at.is_(None), Outgoing.next_try_at <= wall),
        )
        .order_by(Outgoing.urgent, Outgoing.not_before, Outgoing.id)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    ids = (await tx.execute(due)).scalars().all()
    if not ids:
        return []
    await tx.execute(
        update(Outgoing)
        .where(Outgoing.id.in_(ids))
        .values(state="claimed", claimed_by=worker, claimed_until=wall + LEASE)
    )
    statement = select(Outgoing).where(Outgoing.id.in_(ids)).order_by(Outgoing.urgent, Outgoing.not_before, Outgoing.id)
    return (await tx.execute(statement.execution_options(populate_existing=True))).scalars().all()


async def release_claims(tx: Tx, worker: str | None = None) -> int:
    """Free what a worker has claimed; of all workers only where one process serves the database, at its start."""
    claimed = update(Outgoing).where(Outgoing.state == "claimed")
    if worker is not None:
        claimed = claimed.where(Outgoing.claimed_by == worker)
    freed = await tx.execute(claimed.values(state="pending"))
    return int(freed.rowcount)  # type: ignore[attr-defined]


async def postpone(tx: Tx, row_id: int, until: datetime, reason: str, *, tried: bool) -> None:
    """Put a claimed message back until a moment of wall time."""
    await tx.execute(
        update(Outgoing)
        .where(Outgoing.id == row_id)
        .values(state="pending", next_try_at=until, reason=reason, tries=Outgoing.tries + (1 if tried else 0))
    )


async def settle(tx: Tx, row_id: int, state: str, now: datetime, reason: str = "") -> None:
    """End a message: sent, dropped or failed; everything but sent has a reason."""
    await _settle(tx, row_id=row_id, to=state, why=reason, now=now)


async def hold(tx: Tx, plan: str, kinds: Iterable[str], reason: str) -> dict[bool, int]:
    """Keep back what waits of a plan; return how many messages of groups (True) and of persons (False) those are."""
    statement = (
        update(Outgoing)
        .where(Outgoing.plan == plan, Outgoing.kind.in_(list(kinds)), Outgoing.state == "pending")
        .values(state="held", reason=reason)
        .returning(Outgoing.group_id)
    )
    groups = [group is not None for group in (await tx.execute(statement)).scalars()]
    return {of_group: groups.count(of_group) for of_group in (True, False)}


async def release(tx: Tx, plan: str, start: datetime, late_before: datetime) -> int:
    """Let what was kept back go out from `start` on; what was due earlier than `late_before` is marked as late."""
    held = (await tx.execute(select(Outgoing).where(Outgoing.plan == plan, Outgoing.state == "held"))).scalars().all()
    for row in held:
        if row.not_before < late_before:
            row.subject = {**row.subject, "late": True}
        row.state, row.reason, row.not_before = "pending", "", max(row.not_before, start)
    await tx.flush()
    return len(held)


async def record_sent(tx: Tx, row: Outgoing, attempt: dict[str, Any], now: datetime, *, last: bool) -> None:
    """Record an accepted part, and the end of the message with the last one, in one transaction."""
    await put(tx, Attempt(outbox_id=row.id, outcome="accepted", **attempt))
    await _part_sent(tx, row_id=row.id, sent=attempt["part"] + 1)
    if last:
        await settle(tx, row.id, "sent", now)


async def record_refused(tx: Tx, row_id: int, attempt: dict[str, Any], outcome: str) -> None:
    await put(tx, Attempt(outbox_id=row_id, outcome=outcome, **attempt))


async def recent_sends(tx: Tx, since: datetime) -> Sequence[tuple[str, datetime]]:
    """Return (bucket, answered at) of the tries since a moment, so that pacing survives a restart."""
    statement = select(Attempt.bucket, Attempt.ended_at).where(Attempt.ended_at > since)
    return [(bucket, ended_at) for bucket, ended_at in (await tx.execute(statement))]


async def next_due_at(tx: Tx) -> datetime | None:
    """Return the plan's time at which the next waiting message is due."""
    statement = select(func.min(Outgoing.not_before)).where(Outgoing.state.in_(("pending", "claimed")))
    return (await tx.execute(statement)).scalar_one()


async def untold_failures(tx: Tx) -> Sequence[Outgoing]:
    """Return failed messages the office has not been told of."""
    statement = select(Outgoing).where(Outgoing.state == "failed", Outgoing.told_at.is_(None)).limit(50)
    return (await tx.execute(statement)).scalars().all()


async def mark_told(tx: Tx, row_ids: Iterable[int], now: datetime) -> None:
    await tx.execute(update(Outgoing).where(Outgoing.id.in_(list(row_ids))).values(told_at=now))


async def sent_this_month(tx: Tx, member_id: int, month_start: datetime, now: datetime) -> int:
    """Count the unasked private messages a member got since the month began."""
    statement = (
        select(func.count())
        .select_from(Outgoing)
        .where(
            Outgoing.member_id == member_id,
            Outgoing.kind == "ask",
            Outgoing.state == "sent",
            Outgoing.settled_at >= month_start,
            Outgoing.settled_at <= now,
        )
    )
    return (await tx.execute(statement)).scalar_one()


async def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Count messages by kind and state."""
    statement = select(Outgoing.kind, Outgoing.state, func.count()).group_by(Outgoing.kind, Outgoing.state)
    return {(kind, state): number for kind, state, number in await tx.execute(statement)}


async def overdue(tx: Tx, before: datetime) -> int:
    """Count the messages of the clock that were due before a moment and are not settled."""
    statement = select(func.count()).select_from(Outgoing)
    waiting = statement.where(Outgoing.state.in_(("pending", "claimed")), Outgoing.not_before < before)
    return (await tx.execute(waiting)).scalar_one()


async def oldest_due(tx: Tx, now: datetime) -> datetime | None:
    """Return since when the oldest due message waits."""
    statement = select(func.min(Outgoing.not_before)).where(Outgoing.state == "pending", Outgoing.not_before <= now)
    return (await tx.execute(statement)).scalar_one()


async def last_subject(tx: Tx, member_id: int, kind: str, since: datetime) -> dict[str, Any]:
    """Return what the newest message of a kind to a member was about, when it was sent since a moment."""
    statement = (
        select(Outgoing.subject)
        .where(
            Outgoing.member_id == member_id,
            Outgoing.kind == kind,
            Outgoing.state == "sent",
            Outgoing.settled_at > since,
        )
        .order_by(Outgoing.settled_at.desc(), Outgoing.id.desc())
        .limit(1)
    )
    return (await tx.execute(statement)).scalar_one_or_none() or {}


async def contacts_asked_on(tx: Tx, day: str) -> set[int]:
    """Return the members who got, or are about to get, an unasked message on a day (YYYY-MM-DD)."""
    statement = select(Outgoing.member_id).where(
        Outgoing.kind == "ask",
        Outgoing.key.startswith(f"ask:{day}:"),
        Outgoing.state.in_(("pending", "claimed", "review", "sent")),
    )
    return {member_id for member_id in (await tx.execute(statement)).scalars() if member_id is not None}
