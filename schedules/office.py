"""What the office hears by the clock: overviews, escalations, month tasks, and everything that was not sent."""

from datetime import datetime

from bot.delivery import Dropped
from bot.domain.plans import Plan
from bot.domain.rounds import Due, Occasion
from bot.domain.world import World
from bot.messages import notices, reminders, words
from bot.messages.message import Message
from bot.scheduler import Schedule
from bot.storage import checkins, members, outbox, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing
from bot.stories.dispatches import overview
from bot.stories.missing import contact_words, missing_in
from bot.stories.recipients import tell_office

schedule = Schedule("office")


@schedule.every(seconds=15)
async def tell_failures(tx: Tx, now: datetime, world: World) -> bool:
    """Tell the office of messages that could not be sent; failures of such notices themselves are only logged."""
    failed = await outbox.untold_failures(tx)
    if not failed:
        return False
    await outbox.mark_told(tx, [row.id for row in failed], now)
    for plan in world.plans:
        own = [row for row in failed if row.plan in (plan.key, "") and row.kind not in ("notice", "missed")]
        if own:
            told = [(await _target(tx, world, row), row.reason) for row in own]
            await tell_office(tx, world, plan, f"undelivered:{own[0].id}", now, notices.undelivered(told))
    return True


async def _target(tx: Tx, world: World, row: Outgoing) -> str:
    if row.group_id is not None:
        return next((group.name for group in world.groups if group.id == row.group_id), "群")
    member = await members.get(tx, row.member_id) if row.member_id else None
    return member.name if member else "个人"


@schedule.composes("missed")
async def compose_missed(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """List the sendings that were left out because the program was down."""
    plan = world.plan(row.subject["plan"])
    missed = await rounds.occasions_with(tx, plan.key, row.subject["outcome"])
    known = {occasion.key: occasion for occasion in world.occasions_of(plan)}
    lines = [_said(known[key]) for key in missed if key in known]
    return notices.missed(lines, world.policy.catch_up_hours) if lines else Dropped("没有错过的提醒")


def _said(occasion: Occasion) -> str:
    names = "、".join(dict.fromkeys(f"{words.period(d.round.period.key)}{d.round.duty.name}" for d in occasion.dues))
    to = {"private": "私聊", "group": "群", "office": "办公室", "leader": "领导"}[occasion.audience]
    return f"{words.moment(occasion.at)} {names or '每周简报'}（{to}）"


@schedule.composes("office")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word what the office is to know on one occasion."""
    plan_key, occasion_key = row.subject["about"]
    plan = world.plan(plan_key)
    occasion = next((o for o in world.occasions_of(plan) if o.key == occasion_key), None)
    if occasion is None:
        return Dropped("计划里已没有这次提醒")
    if occasion.kind == "escalation":
        return await _escalation(tx, plan, occasion)
    due = occasion.dues[0]
    if due.round.duty.form == "dispatch":
        return await overview(tx, plan, due.round)
    tasks = [due for due in occasion.dues if due.round.duty.form == "tasks"]
    if due.step.name == "meetings":
        return await _meetings(tx, plan, tasks)
    return await _month_tasks(tx, plan, tasks)


async def _escalation(tx: Tx, plan: Plan, occasion: Occasion) -> Message | Dropped:
    missing = []
    for due in occasion.dues:
        row = await rounds.find(tx, plan.key, due.round.duty.id, due.round.period.key)
        if row is not None:
            missing.append(await missing_in(tx, plan, due.round, row.id, occasion.at.date()))
    if not any(entry.units for entry in missing):
        return Dropped("已全部报齐")
    return reminders.escalation(missing, await contact_words(tx, plan))


async def _meetings(tx: Tx, plan: Plan, dues: list[Due]) -> Message | Dropped:
    """Ask for the days of the month's meetings that have none yet."""
    for due in dues:
        events = [item for item in plan.items_of_round(due.round.duty, due.round.period) if item.kind == "event"]
        progress = await checkins.progress_of(tx, plan.key, [item.id for item in events])
        dated = {entry.item for entry in progress if entry.percent == 100 or entry.detail.get("planned_on")}
        open_ = [item for item in events if item.id not in dated]
        if open_:
            return reminders.meetings_without_day(due.round.period.key, open_)
    return Dropped("当月会议都有日期了")


async def _month_tasks(tx: Tx, plan: Plan, dues: list[Due]) -> Message | Dropped:
    for due in dues:
        items = plan.items_of_round(due.round.duty, due.round.period)
        progress = await checkins.progress_of(tx, plan.key, [item.id for item in items])
        done = {entry.item for entry in progress if entry.percent == 100}
        left = [item for item in items if item.id not in done]
        if left:
            ownerless = sum(1 for item in left if not item.units)
            return reminders.month_tasks_open(due.round.period.key, left, ownerless, due.round.due_on)
    return Dropped("当月任务已全部登记完成")
