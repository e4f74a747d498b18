"""Quotas at the end of the year: the office is told which are missed, and by which units; nobody else is."""

from datetime import date, datetime, timedelta

from bot.domain.plans import Plan
from bot.domain.quotas import window_of
from bot.domain.world import World
from bot.messages import quotas as wording
from bot.scheduler import Schedule
from bot.storage import outbox, plans
from bot.storage.engine import Tx
from bot.stories.quotas import Stand, stand_of
from bot.stories.recipients import notice, office_of, put

schedule = Schedule("quotas")

# After a standstill the list is still worth having.
FRESH = timedelta(days=14)


@schedule.every(seconds=60)
async def tell_year(tx: Tx, now: datetime, world: World) -> bool:
    """Tell the office once, on the last working day of a year, which quotas of that year are missed."""
    today = world.policy.today(now)
    told = False
    for year in (today.year - 1, today.year):
        day = world.workdays.on_or_before(date(year, 12, 31))
        at = datetime.combine(day, world.policy.remind_at, tzinfo=world.policy.timezone)
        for plan in world.plans if at <= now < at + FRESH else ():
            told = await _tell(tx, world, plan, day, now) or told
    return told


async def _tell(tx: Tx, world: World, plan: Plan, day: date, now: datetime) -> bool:
    since = await plans.loaded_at(tx, plan.key) or now
    if not plan.quotas or world.policy.today(since) > day or await plans.paused_at(tx, plan.key) is not None:
        return False
    keys = {one.id: f"quotas:{day.year}:{plan.key}:m{one.id}" for one in await office_of(tx, plan)}
    fresh = {member: key for member, key in keys.items() if await outbox.find(tx, key) is None}
    if not fresh:
        return False
    ending = [quota for quota in plan.quotas if window_of(quota, day)[1] == date(day.year, 12, 31)]
    stands = [await stand_of(tx, plan, quota, day, closing=True) for quota in ending]
    message = wording.missed(day.year, [(s.quota, s.verdict, _below(s)) for s in stands if s.verdict.mark == "missed"])
    await put(tx, world, plan, fresh, notice(plan, now, message))
    return True


def _below(stand: Stand) -> list[str]:
    """Return the units below a quota, without the names of persons."""
    return list(dict.fromkeys(part.unit for part in stand.parts if part.verdict.mark == "missed"))
