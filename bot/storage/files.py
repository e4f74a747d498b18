"""Files: what was sent as evidence, what it belongs to, and what is still to be fetched."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from bot.storage.engine import Tx
from bot.storage.tables import Checkin, Entry, FileRow

LEASE = timedelta(minutes=3)


async def put(tx: Tx, rows: Iterable[FileRow]) -> list[int]:
    """Note files; return their ids."""
    noted = list(rows)
    tx.add_all(noted)
    await tx.flush()
    return [row.id for row in noted]


async def get(tx: Tx, file_id: int) -> FileRow | None:
    return await tx.get(FileRow, file_id)


async def attach(tx: Tx, ids: Iterable[int], item: str, unit: str) -> None:
    """Let files belong to an item of a unit."""
    await tx.execute(update(FileRow).where(FileRow.id.in_(list(ids))).values(item=item, unit=unit))


async def files_of(
    tx: Tx, plan: str, *, item: str = "", unit: str = "", checkin_id: int | None = None
) -> Sequence[FileRow]:
    """Return the files of an item, of a unit, of a check-in, or of what fits all that is given; oldest first."""
    statement = select(FileRow).where(FileRow.plan == plan, FileRow.state != "failed")
    if unit:
        statement = statement.where(FileRow.unit == unit)
    if checkin_id is not None:
        inbox_id = select(Checkin.inbox_id).where(Checkin.id == checkin_id).scalar_subquery()
        statement = statement.where(or_(FileRow.checkin_id == checkin_id, FileRow.inbox_id == inbox_id))
    if item:
        told = select(Checkin.id, Checkin.inbox_id).join(Entry, Entry.checkin_id == Checkin.id)
        of_item = told.where(Entry.plan == plan, Entry.item == item).subquery()
        statement = statement.where(
            or_(
                FileRow.item == item,
                FileRow.checkin_id.in_(select(of_item.c.id)),
                FileRow.inbox_id.in_(select(of_item.c.inbox_id)),
            )
        )
    return (await tx.execute(statement.order_by(FileRow.id))).scalars().all()


async def claim(tx: Tx, wall: datetime) -> FileRow | None:
    """Take the next file to be fetched, for a while."""
    waiting = (
        select(FileRow)
        .where(FileRow.state == "waiting", or_(FileRow.next_try_at.is_(None), FileRow.next_try_at <= wall))
        .order_by(FileRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (await tx.execute(waiting)).scalar_one_or_none()
    if row is not None:
        row.tries += 1
        row.next_try_at = wall + LEASE
        await tx.flush()
    return row


async def any_waiting(tx: Tx, wall: datetime) -> bool:
    """Tell whether a file is to be fetched now."""
    statement = select(FileRow.id).where(
        FileRow.state == "waiting", or_(FileRow.next_try_at.is_(None), FileRow.next_try_at <= wall)
    )
    return (await tx.execute(statement.limit(1))).first() is not None


async def stored(tx: Tx, file_id: int, sha256: str, size: int) -> None:
    """Note that a file's content is in the vault; what its platform needed is forgotten."""
    values = {"state": "stored", "sha256": sha256, "size": size, "ref": {}, "reason": ""}
    await tx.execute(update(FileRow).where(FileRow.id == file_id).values(**values))


async def failed(tx: Tx, file_id: int, reason: str) -> None:
    """Give a file up."""
    values = {"state": "failed", "reason": reason, "ref": {}}
    await tx.execute(update(FileRow).where(FileRow.id == file_id).values(**values))


async def postpone(tx: Tx, file_id: int, until: datetime, reason: str) -> None:
    """Fetch a file again later."""
    await tx.execute(update(FileRow).where(FileRow.id == file_id).values(next_try_at=until, reason=reason))
