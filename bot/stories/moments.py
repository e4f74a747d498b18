"""Taking what the calendar brings: the occasions of the earliest moment that is due and not dealt with."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

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
            # A minute later, when all ticks have noted what they missed, one notice can list it.
            soon = now + timedelta(minutes=1)
            await tell_office(tx, world, plan, f"{plan.key}: {outcome}", soon, kind="missed", outcome=outcome)
    return moment, not missed


async def _earliest(tx: Tx, now: datetime, world: World, audiences: Collection[str]) -> Moment:
    """Return the occasions of the earliest moment not dealt with, since each plan was loaded."""
    waiting: Moment = []
    for plan in world.plans:
        if await plans.paused_at(tx, plan.key) is not None:
            continue  # its occasions wait; those too old by then are told as missed
        since = await plans.loaded_at(tx, plan.key)
        loaded_on = world.policy.today(since) if since is not None else date.max
        due = [
            _since(occasion, loaded_on)
            for occasion in world.occasions_of(plan)
            if occasion.audience in audiences and since is not None and since <= occasion.at <= now
        ]
        done = await rounds.occasions_done(tx, plan.key) if due else set()
        waiting += [(plan, occasion) for occasion in due if occasion is not None and occasion.key not in done]
    earliest = min((occasion.at for _, occasion in waiting), default=None)
    return [(plan, occasion) for plan, occasion in waiting if occasion.at == earliest]


def _since(occasion: Occasion, loaded_on: date) -> Occasion | None:
    """Leave out what was due before the plan was loaded: nobody owes it to the bot."""
    dues = tuple(due for due in occasion.dues if due.round.due_on >= loaded_on)
    return replace(occasion, dues=dues) if dues or not occasion.dues else None
