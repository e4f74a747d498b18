"""The weekly digest: on Monday morning, or the week's first working day, each leader hears of his own items."""

from datetime import datetime, timedelta

from bot.delivery import Dropped
from bot.domain.world import World
from bot.messages.digests import digest
from bot.messages.message import Message
from bot.scheduler import Schedule
from bot.storage import members, outbox, plans, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing
from bot.stories.digests import digest_of
from bot.stories.recipients import rows_for, send_time, tell_office

schedule = Schedule("digests")


@schedule.every(seconds=15)
async def send_one(tx: Tx, now: datetime, world: World) -> bool:
    """Put one week's digests of one plan into the outbox; return whether there was a week to do."""
    for plan in world.plans:
        since = await plans.loaded_at(tx, plan.key)
        done = await rounds.occasions_done(tx, plan.key)
        for occasion in world.occasions_of(plan):
            if occasion.kind != "digest" or occasion.key in done or since is None or not since <= occasion.at <= now:
                continue
            missed = now - occasion.at > timedelta(hours=world.policy.catch_up_hours)
            outcome = f"missed, told {world.policy.today(now)}" if missed else "asked"
            await rounds.put_occasion(tx, plan.key, occasion.key, occasion.at, outcome)
            if missed:
                await tell_office(tx, world, plan, f"{plan.key}: {outcome}", now, kind="missed", outcome=outcome)
                return True
            for post, held in (await members.holders(tx, plan.key)).items():
                if post.role == "leader":
                    key = f"digest:{plan.key}:{occasion.at:%Y-%m-%d}:{post.scope}"
                    subject = {"plan": plan.key, "leader": post.scope}
                    common = {"kind": "digest", "subject": subject}
                    rows = await rows_for(tx, world, plan, {held[-1].id: key}, common)
                    rows[0]["not_before"], _ = send_time(world, occasion.at, now, key)
                    rows[0]["expires_at"] = occasion.at + timedelta(hours=world.policy.catch_up_hours)
                    await outbox.put_many(tx, rows)
            return True
    return False


@schedule.composes("digest")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word a leader's digest from what is known when it is sent."""
    plan = world.plan(row.subject["plan"])
    return digest(await digest_of(tx, world, plan, row.subject["leader"], now))
