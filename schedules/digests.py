"""The weekly digest: on Monday morning, or the week's first working day, each leader hears of his own items."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.delivery import Dropped
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages import standings
from bot.messages.digests import digest
from bot.messages.message import Block, Lines, Message
from bot.scheduler import Schedule
from bot.storage import members
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing
from bot.stories.digests import digest_of
from bot.stories.moments import take_moment
from bot.stories.recipients import put, slot_of
from bot.stories.standings import board

schedule = Schedule("digests")

WEEK = timedelta(days=7)


@schedule.every(seconds=15)
async def send_one(tx: Tx, now: datetime, world: World) -> bool:
    """Put one week's digests into the outbox; return whether there was a week to do."""
    moment, fresh = await take_moment(tx, now, world, ("leader",))
    for plan, occasion in moment if fresh else ():
        leaders = {
            post.scope: held[-1]
            for post, held in (await members.holders(tx, plan.key)).items()
            if post.role == "leader"
        }
        for leader, member in leaders.items():
            key = f"digest:{plan.key}:{occasion.at:%Y-%m-%d}:{leader}"
            common: dict[str, Any] = {"kind": "digest", "subject": {"plan": plan.key, "leader": leader}}
            common |= slot_of(world, occasion.at, now).times(world, key)
            await put(tx, world, plan, {member.id: key}, common)
    return bool(moment)


@schedule.composes("digest")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word a leader's digest from what is known when it is sent."""
    plan = world.plan(row.subject["plan"])
    made = digest(await digest_of(tx, world, plan, row.subject["leader"], now))
    return replace(made, blocks=(*made.blocks, *await _table(tx, world, plan, now)))


async def _table(tx: Tx, world: World, plan: Plan, now: datetime) -> tuple[Block, ...]:
    """Return the league table for a plan that shows it to leaders only, in the week after its due date."""
    if plan.league != "leaders" or not any(duty.league for duty in plan.duties):
        return ()
    found = await board(tx, world, plan, now)
    if not found.round.due_on < world.policy.today(now) <= found.round.due_on + WEEK:
        return ()
    table = standings.league(found.round.period.key, found.standings, found.on_time_only)
    return (Lines((f"{table.title}：",)), *table.blocks)
