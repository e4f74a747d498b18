"""What a plan's paper leaves open: the office is asked once, in one message; afterwards it stands in /status only."""

from datetime import datetime

from bot.domain.plans import Plan
from bot.domain.unset import unset
from bot.domain.world import World
from bot.messages import unset as wording
from bot.scheduler import Schedule
from bot.storage import plans, rounds
from bot.storage.engine import Tx
from bot.stories.recipients import OFFICE, notice, office_of, tell

schedule = Schedule("opening")

MARK = "unset"


@schedule.every(seconds=60)
async def ask_once(tx: Tx, now: datetime, world: World) -> bool:
    """Ask the office of one plan what its paper leaves open, when it has somebody to ask; never again after that."""
    for plan in world.plans:
        if MARK in await rounds.occasions_done(tx, plan.key):
            continue
        if await office_of(tx, plan) and await plans.paused_at(tx, plan.key) is None:
            await rounds.put_occasion(tx, plan.key, MARK, now, "asked")
            await _ask(tx, world, plan, now)
            return True
    return False


async def _ask(tx: Tx, world: World, plan: Plan, now: datetime) -> None:
    open_points = unset(plan)
    if not open_points:
        return
    common = notice(plan, world.policy.next_working_moment(now, world.workdays), wording.asked(plan, open_points))
    await tell(tx, world, plan, OFFICE, f"{MARK}:{plan.key}", common)
