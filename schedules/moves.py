"""Posts change hands on the day they were to."""

from datetime import datetime

from bot.domain.world import World
from bot.scheduler import Schedule
from bot.storage.engine import Tx
from bot.stories.moves import make_due

schedule = Schedule("moves")


@schedule.every(seconds=60)
async def move_one_plan(tx: Tx, now: datetime, world: World) -> bool:
    """Make the moves of one plan whose day has come."""
    for plan in world.plans:
        if await make_due(tx, world, plan, now):
            return True
    return False
