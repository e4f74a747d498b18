"""Check-ins: what units handed in, what they said of each item, and taking it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Dialect, Integer, Select, Text, bindparam, delete, func, literal_column, or_, select, update

from bot.storage import plans
from bot.storage.engine import Tx
from bot.storage.prepared import Find, Prepared, one_of, put, upsert, values_of
from bot.storage.tables import Checkin, CheckinRound, Entry, Figure, Progress, RoundRow


@dataclass(frozen=True)
class Said:
    """What a check-in says of one item; `item` is '' for the unit as a whole."""

    item: str
    percent: float | None = None
    percent_range: tuple[float, float] | None = None
    status: str | None = None
    sections: dict[str, Any] = field(default_factory=dict)
    expected_on: date | None = None
    because: str = ""
    figures: tuple[dict[str, Any], ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A check-in to be recorded."""

    plan: str
    unit: str
    member_id: int
    inbox_id: int | None
    at: datetime
    text: str
    said: tuple[Said, ...]
    sections_by_round: dict[int, dict[str, Any]]


_put_progress = Prepared(
    upsert(Progress, ("plan", "item", "unit"), "entry_id", "percent", "status", "detail", "updated_at")
)


async def record(tx: Tx, report: Report) -> Checkin:
    """Record a check-in with its entries, figures and the progress they make; return it with its receipt number."""
    checkin = Checkin(
        plan=report.plan,
        number=await plans.next_receipt(tx, report.plan),
        unit=report.unit,
        member_id=report.member_id,
        inbox_id=report.inbox_id,
        received_at=report.at,
        text=report.text,
    )
    await put(tx, checkin)
    for round_id, sections in report.sections_by_round.items():
        await put(tx, CheckinRound(checkin_id=checkin.id, round_id=round_id, sections=sections))
    for said in report.said:
        await _record_entry(tx, checkin, said)
    return checkin


async def _record_entry(tx: Tx, checkin: Checkin, said: Said) -> None:
    low, high = said.percent_range or (None, None)
    entry = Entry(
        checkin_id=checkin.id,
        plan=checkin.plan,
        item=said.item,
        unit=checkin.unit,
        percent=said.percent,
        percent_low=low,
        percent_high=high,
        status=said.status,
        sections=said.sections,
        expected_on=said.expected_on,
        because=said.because,
        detail=said.detail,
    )
    await put(tx, entry)
    for figure in said.figures:
        values = {"item": said.item, "plan": checkin.plan, "unit": checkin.unit, **figure}
        await put(tx, Figure(checkin_id=checkin.id, **values))
    if said.item:
        await _set_progress(tx, entry, checkin.received_at)


async def _set_progress(tx: Tx, entry: Entry, at: datetime) -> None:
    """Let an entry be the last word on its item; one without a percent keeps the old figure."""
    percent = entry.percent
    if percent is None:
        percent = await tx.scalar(
            select(Progress.percent).where(
                Progress.plan == entry.plan, Progress.item == entry.item, Progress.unit == entry.unit
            )
        )
    values = {
        "plan": entry.plan,
        "item": entry.item,
        "unit": entry.unit,
        "entry_id": entry.id,
        "percent": percent,
        "status": entry.status,
        "detail": entry.detail or {},
        "updated_at": at,
    }
    await _put_progress(tx, **values)


async def repeats(tx: Tx, plan: str, since: datetime, until: datetime) -> Sequence[Checkin]:
    """Return the check-ins whose words are those of the same unit's check-in before, oldest first."""
    before = func.lag(Checkin.text).over(partition_by=(Checkin.plan, Checkin.unit), order_by=Checkin.id)
    own = select(Checkin.id, Checkin.received_at, (Checkin.text == before).label("same")).where(
        Checkin.plan == plan, Checkin.retracted_at.is_(None)
    )
    seen = own.subquery()
    same = select(seen.c.id).where(seen.c.same, seen.c.received_at.between(since, until))
    return (await tx.execute(select(Checkin).where(Checkin.id.in_(same)).order_by(Checkin.id))).scalars().all()


async def find(tx: Tx, plan: str, number: int) -> Checkin | None:
    """Return the check-in with a receipt number."""
    statement = select(Checkin).where(Checkin.plan == plan, Checkin.number == number)
    return (await tx.execute(statement)).scalar_one_or_none()


async def of_inbox(tx: Tx, inbox_id: int) -> Checkin | None:
    """Return the check-in a message became."""
    return (await tx.execute(select(Checkin).where(Checkin.inbox_id == inbox_id))).scalars().first()


async def said_so(tx: Tx, plan: str, units: Iterable[str], text: str) -> Checkin | None:
    """Return the last check-in of some units that was said in just these words and not taken back."""
    statement = select(Checkin).where(
        Checkin.plan == plan, Checkin.unit.in_(list(units)), Checkin.text == text, Checkin.retracted_at.is_(None)
    )
    return (await tx.execute(statement.order_by(Checkin.id.desc()).limit(1))).scalar_one_or_none()


async def latest(tx: Tx, plan: str, units: Iterable[str], member_id: int | None = None) -> Checkin | None:
    """Return the last check-in of some units, or entered by a member, that was not taken back."""
    statement = (
        select(Checkin)
        .where(
            Checkin.plan == plan,
            or_(Checkin.unit.in_(list(units)), Checkin.member_id == member_id),
            Checkin.retracted_at.is_(None),
        )
        .order_by(Checkin.id.desc())
        .limit(1)
    )
    return (await tx.execute(statement)).scalar_one_or_none()


_last_said = Prepared(
    select(Checkin.text, Entry.item, Entry.percent, Entry.retracted_at)
    .outerjoin(Entry, Entry.checkin_id == Checkin.id)
    .where(
        Checkin.id
        == select(func.max(Checkin.id))
        .where(Checkin.plan == bindparam("plan"), Checkin.unit == bindparam("unit"), Checkin.retracted_at.is_(None))
        .scalar_subquery()
    )
    .order_by(Entry.id)
)


async def last_said(tx: Tx, plan: str, unit: str) -> tuple[str, dict[str, float]] | None:
    """Return the text of a unit's last check-in and the percents it stored, by item; None when it has none."""
    rows = await _last_said(tx, plan=plan, unit=unit)
    stored = {item: percent for _, item, percent, undone in rows if item and percent is not None and undone is None}
    return (rows[0][0], stored) if rows else None


async def entries_of(tx: Tx, checkin_id: int) -> Sequence[Entry]:
    statement = select(Entry).where(Entry.checkin_id == checkin_id).order_by(Entry.id)
    return (await tx.execute(statement)).scalars().all()


async def origin(tx: Tx, entry_id: int) -> tuple[Entry, Checkin]:
    """Return an entry with the check-in it stands in."""
    statement = select(Entry, Checkin).join(Checkin, Checkin.id == Entry.checkin_id).where(Entry.id == entry_id)
    entry, checkin = (await tx.execute(statement)).one()
    return entry, checkin


async def rounds_of(tx: Tx, checkin_id: int) -> Sequence[RoundRow]:
    """Return the rounds a check-in counts to."""
    statement = select(RoundRow).join(CheckinRound, CheckinRound.round_id == RoundRow.id)
    return (await tx.execute(statement.where(CheckinRound.checkin_id == checkin_id))).scalars().all()


async def retract(tx: Tx, checkin: Checkin, member_id: int, now: datetime, returned: str = "") -> list[Entry]:
    """Take a check-in back: its entries stop counting and each item falls back to the word before. Trace is kept.

    `returned` is the office's reason when it is not the unit that takes it back.
    """
    values = {"retracted_at": now, "retracted_by": member_id, "returned": returned}
    await tx.execute(update(Checkin).where(Checkin.id == checkin.id).values(**values))
    entries = [entry for entry in await entries_of(tx, checkin.id) if entry.retracted_at is None]
    for entry in entries:
        await _retract_entry(tx, entry, now)
    return entries


async def retract_item(tx: Tx, plan: str, item: str, unit: str, now: datetime) -> Entry | None:
    """Take back the last word of a unit on one item; return it."""
    statement = (
        select(Entry)
        .where(Entry.plan == plan, Entry.item == item, Entry.unit == unit, Entry.retracted_at.is_(None))
        .order_by(Entry.id.desc())
        .limit(1)
    )
    entry = (await tx.execute(statement)).scalar_one_or_none()
    if entry is not None:
        await _retract_entry(tx, entry, now)
    return entry


async def _retract_entry(tx: Tx, undone: Entry, now: datetime) -> None:
    """Make an item's progress what its remaining entries say, oldest first."""
    undone.retracted_at = now
    await tx.flush()
    if not undone.item:
        return
    same = (Progress.plan == undone.plan) & (Progress.item == undone.item) & (Progress.unit == undone.unit)
    await tx.execute(delete(Progress).where(same))
    await plans.open_progress(tx, undone.plan, undone.item, undone.unit)
    statement = (
        select(Entry, Checkin.received_at)
        .join(Checkin, Checkin.id == Entry.checkin_id)
        .where(
            Entry.plan == undone.plan,
            Entry.item == undone.item,
            Entry.unit == undone.unit,
            Entry.retracted_at.is_(None),
        )
        .order_by(Entry.id)
    )
    for entry, at in (await tx.execute(statement)).all():
        await _set_progress(tx, entry, at)


def _items_said_in(dialect: Dialect) -> Select[tuple[int, str]]:
    """Ask for each pair of round and item whether it was said, so that many check-ins cost no more than one.

    The item '' stands for anything at all.
    """
    rounds, items = values_of("round_ids", Integer(), dialect), values_of("items", Text(), dialect)
    said: Select[Any] = (
        select(literal_column("1"))
        .select_from(Entry)
        .join(CheckinRound, CheckinRound.checkin_id == Entry.checkin_id)
        .where(
            CheckinRound.round_id == rounds.c.value,
            Entry.plan == bindparam("plan"),
            (Entry.item == items.c.value) | (items.c.value == literal_column("''")),
            Entry.unit == bindparam("unit"),
            Entry.retracted_at.is_(None),
        )
    )
    return select(rounds.c.value, items.c.value).where(said.exists())


_items_said = Prepared(_items_said_in)
_sections_said = Prepared(
    lambda dialect: (
        select(CheckinRound.round_id, CheckinRound.sections)
        .join(Checkin, Checkin.id == CheckinRound.checkin_id)
        .where(
            one_of(CheckinRound.round_id, "round_ids")(dialect),
            Checkin.unit == bindparam("unit"),
            Checkin.retracted_at.is_(None),
        )
        .order_by(Checkin.id)
    )
)


async def items_said(
    tx: Tx, plan: str, unit: str, round_ids: Sequence[int], items: Iterable[str]
) -> dict[int, set[str]]:
    """Return, by round, which of some items a unit has spoken of, over all its check-ins, and '' for anything."""
    found: dict[int, set[str]] = {}
    for round_id, item in await _items_said(tx, plan=plan, unit=unit, round_ids=list(round_ids), items=[*items, ""]):
        found.setdefault(round_id, set()).add(item)
    return found


async def sections_said(tx: Tx, round_ids: Sequence[int], unit: str) -> dict[int, dict[str, Any]]:
    """Return, by round, the sections a unit has brought, over all its check-ins; a later one wins."""
    found: dict[int, dict[str, Any]] = {}
    for round_id, brought in await _sections_said(tx, round_ids=list(round_ids), unit=unit):
        found.setdefault(round_id, {}).update(brought)
    return found


_finished_items = Prepared(
    select(Progress.item).where(
        Progress.plan == bindparam("plan"),
        Progress.unit == bindparam("unit"),
        Progress.percent == literal_column("100"),
    )
)


async def finished_items(tx: Tx, plan: str, unit: str) -> set[str]:
    """Return the items a unit has brought to 100 %."""
    return {item for (item,) in await _finished_items(tx, plan=plan, unit=unit)}


_progress: Find[Progress] = Find(Progress, lambda rows, _: rows.where(Progress.plan == bindparam("plan")))
_progress_of: Find[Progress] = Find(
    Progress,
    lambda rows, dialect: rows.where(Progress.plan == bindparam("plan"), one_of(Progress.item, "items")(dialect)),
)


async def progress_of(tx: Tx, plan: str, items: Iterable[str] | None = None) -> Sequence[Progress]:
    """Return the last word on items (all when None) by each of their units."""
    if items is None:
        return await _progress(tx, plan=plan)
    return await _progress_of(tx, plan=plan, items=list(items))


async def last_sections(tx: Tx, plan: str, item: str, unit: str) -> dict[str, Any]:
    """Return the sections said last of an item by a unit."""
    statement = (
        select(Entry.sections)
        .where(Entry.plan == plan, Entry.item == item, Entry.unit == unit, Entry.retracted_at.is_(None))
        .order_by(Entry.id.desc())
        .limit(5)
    )
    for sections in (await tx.execute(statement)).scalars():
        if sections:
            return dict(sections)
    return {}
