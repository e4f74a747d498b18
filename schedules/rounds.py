"""Opening rounds: when a period begins, every unit concerned owes its report."""

from datetime import datetime

from bot.domain.world import World
from bot.scheduler import Schedule
from bot.storage import plans, rounds
from bot.storage.engine import Tx

schedule = Schedule("rounds")


@schedule.every(seconds=20)
async def open_one(tx: Tx, now: datetime, world: World) -> bool:
    """Open the round that is longest overdue; return whether there was one."""
    today = world.policy.today(now)
    for plan in world.plans:
        since = await plans.loaded_at(tx, plan.key) or now
        opened = await rounds.opened(tx, plan.key)
        for round_ in world.rounds_of(plan):
            # What was due before the plan was loaded is history: nobody owes it to the bot.
            current = round_.opens_on <= today and round_.due_on >= world.policy.today(since)
            if current and (round_.duty.id, round_.period.key) not in opened:
                return await rounds.open_round(tx, plan, round_, world.policy, now)
    return False
