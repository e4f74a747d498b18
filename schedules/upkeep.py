"""Upkeep: the log of who did what is sealed within the minute, and what no rule needs any more is forgotten."""

from datetime import datetime, timedelta

from bot.domain.world import World
from bot.scheduler import Schedule
from bot.storage import audit, paces
from bot.storage.engine import Tx

schedule = Schedule("upkeep")

# The law asks for six months.
AUDIT_KEPT = timedelta(days=400)


@schedule.every(seconds=30)
async def seal_audit(tx: Tx, now: datetime, world: World) -> bool:
    """Seal some rows of the log; return whether there were any."""
    return await audit.seal(tx, world.policy.timezone)


@schedule.every(seconds=3600)
async def forget(tx: Tx, now: datetime, world: World) -> bool:
    """Forget what is too old to matter."""
    await audit.prune(tx, now - AUDIT_KEPT)
    await paces.prune(tx)
    return False
