"""Leases: what only one of several processes may do at a time."""

from datetime import datetime

from sqlalchemy import bindparam, delete, update

from bot.storage.engine import Tx
from bot.storage.prepared import Prepared, insert_new
from bot.storage.tables import Lease

_insert = Prepared(insert_new(Lease, "name", "holder", "until_at", returning=(Lease.name,)))
_take_over = Prepared(
    update(Lease)
    .where(Lease.name == bindparam("lease"), (Lease.until_at < bindparam("now")) | (Lease.holder == bindparam("taker")))
    .values(holder=bindparam("taker"), until_at=bindparam("until"))
    .returning(Lease.name)
)


async def take(tx: Tx, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take a lease, or prolong one's own; False while somebody else holds it."""
    if await _insert(tx, name=name, holder=holder, until_at=until):
        return True
    return bool(await _take_over(tx, lease=name, taker=holder, now=now, until=until))


async def give_back(tx: Tx, name: str, holder: str) -> None:
    """Let go of a lease, if it is still one's own."""
    await tx.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
