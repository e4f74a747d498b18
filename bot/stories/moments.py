"""Taking what the calendar brings: the occasions of the earliest moment that is due and not dealt with."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain.plans import Plan
from bot.domain.rounds import Occasion
from bot.domain.world import World
from bot.storage import plans, rounds
from bot.storage.engine import Tx
from bot.stories.recipients import tell_office

Moment = list[tuple[Plan, Occasion]]


async def take_moment(tx: Tx, now: datetime, world: World, audiences: Collection[str]) -> tuple[Moment, bool]:
    """Note all occasions of one moment as dealt with; return them, and whether they are still to be asked.

    What is older than the catch-up window is not asked any more: the office is told, once a day, in one list.
    """
    moment = await _earliest(tx, now, world, audiences)
    if not moment:
        return [], False
    missed = now - moment[0][1].at > timedelta(hours=world.policy.catch_up_hours)
    outcome = f"missed, told {world.policy.today(now)}" if missed else "asked"
    for plan, occasion in moment:
        await rounds.put_occasion(tx, plan.key, occasion.key, occasion.at, outcome)
        if missed:
            await tell_office(tx, world, plan, f"{plan.key}: {outcome}", now, kind="missed", outcome=outcome)
    return moment, not missed


async def _earliest(tx: Tx, now: datetime, world: World, audiences: Collection[str]) -> Moment:
    """Return the occasions of the earliest moment not dealt with, since each plan was loaded."""
    waiting: Moment = []
    for plan in world.plans:
        since = await plans.loaded_at(tx, plan.key)
        due = [
            occasion
            for occasion in world.occasions_of(plan)
            if occasion.audience in audiences and since is not None and since <= occasion.at <= now
        ]
        done = await rounds.occasions_done(tx, plan.key) if due else set()
        waiting += [(plan, occasion) for occasion in due if occasion.key not in done]
    earliest = min((occasion.at for _, occasion in waiting), default=None)
    return [(plan, occasion) for plan, occasion in waiting if occasion.at == earliest]
