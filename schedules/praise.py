"""Praise: after a league round the office is asked about the top three; the bot posts no praise by itself."""

from datetime import datetime, timedelta

from bot.domain.plans import Plan
from bot.domain.rounds import Round
from bot.domain.world import World
from bot.messages import publishing as wording
from bot.scheduler import Schedule
from bot.storage import decisions, plans
from bot.storage.engine import Tx
from bot.stories.decisions import Question, ask_for_decision
from bot.stories.standings import board

schedule = Schedule("praise")

TOP = 3
# Later than this after the due day nobody wants to be praised for it any more.
FRESH = timedelta(days=5)


@schedule.every(seconds=60)
async def propose(tx: Tx, now: datetime, world: World) -> bool:
    """Ask the office once after each league round, when the group has its table."""
    asked = False
    for plan in world.plans:
        if plan.league != "group" or await plans.paused_at(tx, plan.key) is not None:
            continue
        for round_ in world.rounds_of(plan):
            if _just_over(world, round_, now):
                asked = await _ask(tx, world, plan, round_, now) or asked
    return asked


def _just_over(world: World, round_: Round, now: datetime) -> bool:
    if not round_.duty.league:
        return False
    shown = world.policy.next_sending(world.policy.end_of(round_.due_on), world.workdays)
    return shown + timedelta(hours=1) <= now <= shown + FRESH


async def _ask(tx: Tx, world: World, plan: Plan, round_: Round, now: datetime) -> bool:
    period = round_.period.key
    since = await plans.loaded_at(tx, plan.key) or now
    if world.policy.today(since) > round_.due_on:
        return False
    if any(found.payload.get("period") == period for found in await decisions.of_kind(tx, plan.key, "praise")):
        return False
    found = await board(tx, world, plan, now, period)
    places = [place for place in found.standings if place.rank <= TOP and place.score.rate > 0][:TOP]
    if not places:
        return False
    lines = wording.top(places)
    question = Question("praise", wording.praise_summary(period), lines, {"period": period, "lines": list(lines)})
    await ask_for_decision(tx, world, plan, question, now)
    return True
