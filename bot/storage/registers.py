"""Entries of registers: logging them, moving them through their states, and counting them in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.storage import plans
from bot.storage.engine import Tx
from bot.storage.tables import Ballot, EntryState, RegisterEntry


@dataclass(frozen=True)
class Logged:
    """One entry to be kept. `once_key` replaces an entry with the same key; `member_id` is None when anonymous."""

    plan: str
    register: str
    unit: str
    at: datetime
    happened_on: date
    values: dict[str, Any]
    text: str = ""
    member_id: int | None = None
    inbox_id: int | None = None
    due_on: date | None = None
    state: str = ""
    once_key: str | None = None
    draw_id: int | None = None


@dataclass(frozen=True)
class Wanted:
    """Which entries of a plan are wanted; what is empty does not narrow."""

    register: str = ""
    first: date = date.min
    last: date = date.max
    unit: str = ""
    states: tuple[str, ...] = field(default=())


async def log(tx: Tx, logged: Logged) -> RegisterEntry:
    """Keep an entry under the plan's next receipt number; one with the same key is replaced, with trace."""
    if logged.once_key is not None:
        await tx.execute(
            update(RegisterEntry)
            .where(
                RegisterEntry.plan == logged.plan,
                RegisterEntry.register == logged.register,
                RegisterEntry.once_key == logged.once_key,
            )
            .values(once_key=None, retracted_at=logged.at, retracted_by=logged.member_id)
        )
    entry = RegisterEntry(
        plan=logged.plan,
        register=logged.register,
        number=await plans.next_receipt(tx, logged.plan),
        unit=logged.unit,
        member_id=logged.member_id,
        inbox_id=logged.inbox_id,
        logged_at=logged.at,
        happened_on=logged.happened_on,
        due_on=logged.due_on,
        state=logged.state,
        values=logged.values,
        text=logged.text,
        once_key=logged.once_key,
        draw_id=logged.draw_id,
    )
    tx.add(entry)
    await tx.flush()
    return entry


async def find(tx: Tx, plan: str, number: int) -> RegisterEntry | None:
    """Return the entry with a receipt number, retracted or not."""
    statement = select(RegisterEntry).where(RegisterEntry.plan == plan, RegisterEntry.number == number)
    return (await tx.execute(statement)).scalar_one_or_none()


async def list_entries(tx: Tx, plan: str, wanted: Wanted) -> Sequence[RegisterEntry]:
    """Return the entries that count, oldest first."""
    statement = select(RegisterEntry).where(
        RegisterEntry.plan == plan,
        RegisterEntry.retracted_at.is_(None),
        RegisterEntry.happened_on.between(wanted.first, wanted.last),
    )
    if wanted.register:
        statement = statement.where(RegisterEntry.register == wanted.register)
    if wanted.unit:
        statement = statement.where(RegisterEntry.unit == wanted.unit)
    if wanted.states:
        statement = statement.where(RegisterEntry.state.in_(wanted.states))
    return (await tx.execute(statement.order_by(RegisterEntry.happened_on, RegisterEntry.id))).scalars().all()


async def count_by_unit(tx: Tx, plan: str, register: str, first: date, last: date) -> dict[str, int]:
    """Return how many entries each unit has in a stretch of days."""
    statement = (
        select(RegisterEntry.unit, func.count())
        .where(
            RegisterEntry.plan == plan,
            RegisterEntry.register == register,
            RegisterEntry.retracted_at.is_(None),
            RegisterEntry.happened_on.between(first, last),
        )
        .group_by(RegisterEntry.unit)
    )
    return dict((await tx.execute(statement)).all())


async def due_between(tx: Tx, plan: str, first: date, last: date) -> Sequence[RegisterEntry]:
    """Return the open entries that fall due in a stretch of days."""
    statement = select(RegisterEntry).where(
        RegisterEntry.plan == plan,
        RegisterEntry.retracted_at.is_(None),
        RegisterEntry.closed_at.is_(None),
        RegisterEntry.due_on.between(first, last),
    )
    return (await tx.execute(statement.order_by(RegisterEntry.due_on, RegisterEntry.id))).scalars().all()


async def open_entries(tx: Tx, plan: str, registers: Sequence[str]) -> Sequence[RegisterEntry]:
    """Return the entries of some registers that have a life and are not at its end, by due date."""
    statement = select(RegisterEntry).where(
        RegisterEntry.plan == plan,
        RegisterEntry.register.in_(registers),
        RegisterEntry.retracted_at.is_(None),
        RegisterEntry.closed_at.is_(None),
        RegisterEntry.state != "",
    )
    order = (RegisterEntry.due_on.is_(None), RegisterEntry.due_on, RegisterEntry.id)
    return (await tx.execute(statement.order_by(*order))).scalars().all()


async def move(tx: Tx, entry: RegisterEntry, state: str, step: EntryState, *, closed: bool) -> None:
    """Move an entry to a state, with the words said to it."""
    step.entry_id, step.before, step.after = entry.id, entry.state, state
    entry.state = state
    entry.closed_at = step.at if closed else None
    tx.add(step)
    await tx.flush()


async def revise(tx: Tx, entry: RegisterEntry, values: dict[str, Any], due_on: date | None, step: EntryState) -> None:
    """Change an entry's values; the words that did stay in its history."""
    entry.values, entry.due_on = values, due_on
    step.entry_id = entry.id
    tx.add(step)
    await tx.flush()


async def retract(tx: Tx, entry: RegisterEntry, member_id: int, now: datetime) -> None:
    """Take an entry back; it stays in the table and counts no more."""
    entry.retracted_at, entry.retracted_by, entry.once_key = now, member_id, None
    await tx.flush()


async def release(tx: Tx, entry: RegisterEntry, step: EntryState) -> None:
    """Note that the office let an entry be published."""
    step.entry_id, step.before, step.after = entry.id, entry.state, entry.state
    entry.released_at = step.at
    tx.add(step)
    await tx.flush()


async def states_of(tx: Tx, entry_id: int) -> Sequence[EntryState]:
    statement = select(EntryState).where(EntryState.entry_id == entry_id).order_by(EntryState.id)
    return (await tx.execute(statement)).scalars().all()


async def cast(tx: Tx, plan: str, register: str, digest: str) -> bool:
    """Note that somebody has taken part in something anonymous; False when that was so already."""
    if await tx.get(Ballot, digest) is not None:
        return False
    tx.add(Ballot(digest=digest, plan=plan, register=register))
    await tx.flush()
    return True
