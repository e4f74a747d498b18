"""The log of who did what: ids and digests only, sealed day by day in a chain, so that a later change shows.

Rows are put with what they tell of; sealing comes a moment later, one process after the other, so nobody waits for it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import delete, func, select, update

from bot.storage.engine import Tx
from bot.storage.prepared import put as put_row
from bot.storage.tables import Audit

MOST = 500


async def put(tx: Tx, at: datetime, actor: str, action: str, subject: str, text: str = "") -> None:
    """Note an act: `actor` is member:<id>, a platform's stranger or cli; of `text` only the digest is kept."""
    digest = hashlib.sha256(text.encode()).hexdigest() if text else ""
    await put_row(tx, Audit(at=at, actor=actor, action=action, subject=subject, digest=digest))


async def seal(tx: Tx, zone: tzinfo) -> bool:
    """Seal what is not sealed yet, in order; return whether there was any."""
    if tx.get_bind().dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("audit"))))
    statement = select(Audit).where(Audit.place.is_(None)).order_by(Audit.id).limit(MOST)
    rows = (await tx.execute(statement)).scalars().all()
    ends: dict[str, tuple[int, str]] = {}
    for row in rows:
        day = f"{row.at.astimezone(zone):%Y-%m-%d}"
        place, last = ends[day] if day in ends else await _end(tx, day)
        made = _seal(last, day, place + 1, row)
        values = {"day": day, "place": place + 1, "seal": made}
        await tx.execute(update(Audit).where(Audit.id == row.id).values(values))
        ends[day] = place + 1, made
    return bool(rows)


async def _end(tx: Tx, day: str) -> tuple[int, str]:
    """Return the place and the seal of a day's last sealed row."""
    statement = select(Audit.place, Audit.seal).where(Audit.day == day, Audit.place.is_not(None))
    found = (await tx.execute(statement.order_by(Audit.place.desc()).limit(1))).first()
    return (int(found[0] or 0), str(found[1])) if found else (0, "")


def _seal(last: str, day: str, place: int, row: Audit) -> str:
    told = (last, day, str(place), row.at.isoformat(), row.actor, row.action, row.subject, row.digest)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


async def of_day(tx: Tx, day: str) -> Sequence[Audit]:
    """Return a day's sealed rows (YYYY-MM-DD) in order."""
    statement = select(Audit).where(Audit.day == day, Audit.place.is_not(None)).order_by(Audit.place)
    return (await tx.execute(statement)).scalars().all()


def broken_at(rows: Sequence[Audit]) -> int | None:
    """Return the place at which a day's chain is broken: a row was changed, taken out or put in; None: it is whole."""
    last = ""
    for place, row in enumerate(rows, 1):
        if row.place != place or row.seal != _seal(last, row.day, place, row):
            return place
        last = row.seal
    return None


async def prune(tx: Tx, before: datetime) -> None:
    """Forget days older than a moment."""
    await tx.execute(delete(Audit).where(Audit.at < before, Audit.place.is_not(None)))
