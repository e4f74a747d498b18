"""Pacing that several processes share: sliding windows over one table, counted from the platform's answer."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from bot.clock import wall_now
from bot.storage.engine import Database, Tx
from bot.storage.prepared import Prepared, insert_new, put, upsert
from bot.storage.tables import Bucket, Slot

# A send whose process died never ends; after this it is taken for answered when it began.
LONGEST_SEND = timedelta(seconds=60)
AGAIN_S = 0.05
OLD = timedelta(days=1)

_know = Prepared(insert_new(Bucket, "bucket"))
_lock = Prepared(select(Bucket.blocked_until).where(Bucket.bucket == bindparam("bucket")).with_for_update())
_count = Prepared(
    select(func.count(), func.min(Slot.ended_at)).where(
        Slot.bucket == bindparam("bucket"),
        ((Slot.ended_at.is_(None)) & (Slot.started_at > bindparam("lost"))) | (Slot.ended_at > bindparam("horizon")),
    )
)
_end = Prepared(update(Slot).where(Slot.id == bindparam("slot_id")).values(ended_at=bindparam("now")))
_block = Prepared(upsert(Bucket, ("bucket",), "blocked_until"))


class SharedPacing:
    """The windows of all processes together. All moments are wall time."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._open: dict[str, list[int]] = {}

    async def enter(self, bucket: str, count: int, seconds: float) -> float:
        """Take a place in the bucket and return 0, or return how many seconds to wait."""
        wait, slot = await self._db.write(_enter, bucket, count, timedelta(seconds=seconds))
        if slot is not None:
            self._open.setdefault(bucket, []).append(slot)
        return wait

    async def leave(self, bucket: str) -> None:
        """Note the platform's answer, accepted or refused: both count."""
        await self._db.write(_end, slot_id=self._open[bucket].pop(), now=wall_now())

    async def block(self, bucket: str, until: datetime) -> None:
        """Stop a bucket that the platform throttles."""
        await self._db.write(_block, bucket=bucket, blocked_until=until)


async def _enter(tx: Tx, bucket: str, count: int, window: timedelta) -> tuple[float, int | None]:
    await _know(tx, bucket=bucket)
    # The row's lock makes counting and taking one step; the clock is read behind it.
    ((blocked,),) = await _lock(tx, bucket=bucket)
    now = wall_now()
    if blocked is not None and blocked > now:
        return (blocked - now).total_seconds(), None
    ((taken, oldest),) = await _count(tx, bucket=bucket, lost=now - LONGEST_SEND, horizon=now - window)
    if taken >= count:
        return max(AGAIN_S, (oldest + window - now).total_seconds() if oldest else AGAIN_S), None
    slot = Slot(bucket=bucket, started_at=now)
    await put(tx, slot)
    return 0.0, slot.id


async def prune(tx: Tx) -> None:
    """Forget what no window reaches any more."""
    await tx.execute(delete(Slot).where(Slot.started_at < wall_now() - OLD))
