"""Releases: what waits for the office is shown to it, all that is due together in one question."""

from datetime import datetime, timedelta

from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages import releasing as wording
from bot.messages.message import from_json
from bot.scheduler import Schedule
from bot.storage import members, reviews
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing
from bot.stories.decisions import Question, ask_for_decision

schedule = Schedule("releases")


@schedule.every(seconds=10)
async def ask(tx: Tx, now: datetime, world: World) -> bool:
    """Ask about each plan's waiting messages, as soon as those of the same moment are worded too."""
    asked = False
    until = now + timedelta(seconds=world.policy.spread_s)
    for key in await reviews.unasked_plans(tx):
        if key not in world.by_key or await reviews.more_coming(tx, key, until):
            continue
        await _ask(tx, world, world.plan(key), now)
        asked = True
    return asked


async def _ask(tx: Tx, world: World, plan: Plan, now: datetime) -> None:
    rows = await reviews.take_unasked(tx, plan.key)
    shown = [(await _receiver(tx, world, row), from_json(row.message or {})) for row in rows]
    payload = {"rows": [row.id for row in rows]}
    question = Question("release", wording.summary(len(rows)), wording.lines(shown), payload)
    await ask_for_decision(tx, world, plan, question, now)


async def _receiver(tx: Tx, world: World, row: Outgoing) -> str:
    if row.group_id is not None:
        return next((f"群“{group.name}”" for group in world.groups if group.id == row.group_id), row.group_id)
    member = await members.get(tx, row.member_id) if row.member_id else None
    return member.name if member else "没有登记的人"
