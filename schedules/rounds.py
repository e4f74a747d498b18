"""Opening rounds: when a period begins, every unit concerned owes its report."""

from datetime import datetime

from bot.domain.world import World
from bot.scheduler import Schedule
from bot.storage import rounds
from bot.storage.engine import Tx

schedule = Schedule("rounds")


@schedule.every(seconds=20)
async def open_one(tx: Tx, now: datetime, world: World) -> bool:
    """Open the round that is longest overdue; return whether there was one."""
    today = world.policy.today(now)
    for plan in world.plans:
        opened = await rounds.opened(tx, plan.key)
        for round_ in world.rounds_of(plan):
            if round_.opens_on <= today and (round_.duty.id, round_.period.key) not in opened:
                return await rounds.open_round(tx, plan, round_, world.policy, now)
    return False
