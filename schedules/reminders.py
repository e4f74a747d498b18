"""Reminding: what the plan's calendar asks for becomes asks and messages, privately first.

All occasions of one moment are dealt with together, so that two duties of one day make one message.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.delivery import Dropped
from bot.domain.ladders import StepKind
from bot.domain.plans import Plan
from bot.domain.rounds import RANK, Due, Occasion
from bot.domain.world import World
from bot.messages import notices, words
from bot.messages.message import Message
from bot.messages.reminders import Setting, Wanted, private
from bot.scheduler import Schedule
from bot.storage import checkins, members, outbox, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Ask, Outgoing, RoundRow
from bot.stories.moments import Moment, take_moment
from bot.stories.owed import open_dues
from bot.stories.recipients import OFFICE, contacts_by_unit, expiry, rows_for, send_time, tell_office

schedule = Schedule("reminders")

NO_CONTACT = "没有联络员"


@schedule.every(seconds=10)
async def remind_one(tx: Tx, now: datetime, world: World) -> bool:
    """Deal with the earliest moment that is due; return whether there was one."""
    moment, fresh = await take_moment(tx, now, world, ("private", "group", "office"))
    if not fresh:
        return bool(moment)
    for plan, occasion in moment:
        for due in occasion.dues:
            await rounds.open_round(tx, plan, due.round, world.policy, now)
    await _ask_privately(tx, now, world, [pair for pair in moment if pair[1].audience == "private"])
    await _ask_groups(tx, now, world, [pair for pair in moment if pair[1].audience == "group"])
    await _ask_office(tx, now, world, [pair for pair in moment if pair[1].audience in ("office", "private")])
    return True


async def _ask_privately(tx: Tx, now: datetime, world: World, moment: Moment) -> None:
    for plan, occasion in moment:
        contacts = contacts_by_unit(await members.holders(tx, plan.key))
        for due in occasion.dues:
            row = await _put_asks(tx, plan, due, world.policy.asks_per_round)
            units = await rounds.units_asked(tx, row.id, due.step.name)
            outbox_ids = await _put_messages(
                tx, now, world, (plan, occasion), {u: contacts[u].id for u in units if u in contacts}
            )
            await rounds.address_asks(tx, row.id, due.step.name, outbox_ids, NO_CONTACT)
            silent = [unit for unit in units if unit not in contacts]
            if silent:
                key = f"no-contact:{plan.key}:{due.round.duty.id}:{due.round.period.key}"
                await tell_office(tx, world, plan, key, now, notices.no_contact(silent))


async def _put_asks(tx: Tx, plan: Plan, due: Due, cap: int | None) -> RoundRow:
    row = await rounds.find(tx, plan.key, due.round.duty.id, due.round.period.key)
    if row is None:
        raise LookupError(f"round {due.round.duty.id}:{due.round.period.key} is not open")
    await rounds.put_asks(tx, row.id, due.step.name, cap)
    return row


async def _put_messages(
    tx: Tx, now: datetime, world: World, occasion_of: tuple[Plan, Occasion], member_by_unit: dict[str, int]
) -> dict[str, int]:
    """Put one message a day for each contact; return the outbox row each unit's ask travels in."""
    plan, occasion = occasion_of
    keys = {member: f"ask:{occasion.at:%Y-%m-%d}:m{member}" for member in member_by_unit.values()}
    rows = await rows_for(tx, world, plan, keys, {"kind": "ask"})
    for row in rows:
        row["not_before"], late = send_time(world, occasion.at, now, row["key"])
        row |= {"expires_at": expiry(world, occasion.at), "subject": {"late": late}}
    await outbox.put_many(tx, rows)
    ids = await outbox.ids_of(tx, keys.values())
    return {unit: ids[keys[member]] for unit, member in member_by_unit.items()}


async def _ask_groups(tx: Tx, now: datetime, world: World, moment: Moment) -> None:
    """Put one message a day for each group, whatever number of plans and duties it is about."""
    subjects: dict[str, list[list[str]]] = {}
    for plan, occasion in moment:
        for group in world.groups_of(plan):
            subjects.setdefault(group.id, []).append([plan.key, occasion.key])
    platform = {group.id: group.platform for group in world.groups}
    for group_id, about in subjects.items():
        at = moment[0][1].at
        key = f"group:{at:%Y-%m-%d}:{group_id}"
        not_before, late = send_time(world, at, now, key)
        row = {
            "key": key,
            "kind": "group",
            "plan": about[0][0],
            "platform": platform[group_id],
            "group_id": group_id,
            "subject": {"about": about, "late": late},
            "not_before": not_before,
            "expires_at": expiry(world, at),
        }
        await outbox.put_many(tx, [row])
    for plan, occasion in moment:
        for due in occasion.dues:
            if due.round.duty.form != "tasks":
                await _put_asks(tx, plan, due, None)


async def _ask_office(tx: Tx, now: datetime, world: World, moment: Moment) -> None:
    """Put what concerns the office: overviews, escalations, and month tasks, which may have no owner."""
    for plan, occasion in moment:
        if occasion.audience == "private" and not any(due.round.duty.form == "tasks" for due in occasion.dues):
            continue
        key = f"office:{occasion.at:%Y-%m-%d}:{occasion.kind}"
        subject = {"about": [plan.key, occasion.key]}
        keys = {m.id: f"{key}:m{m.id}" for m in (await members.holders(tx, plan.key)).get(OFFICE, [])}
        rows = await rows_for(tx, world, plan, keys, {"kind": "office", "subject": subject})
        for row in rows:
            row["not_before"], _ = send_time(world, occasion.at, now, row["key"])
            row["expires_at"] = expiry(world, occasion.at)
        await outbox.put_many(tx, rows)


@schedule.composes("ask")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word one contact's message from what is still owed now; who has answered meanwhile drops out."""
    asks = await rounds.asks_of(tx, row.id)
    settled = [ask.id for ask, _, unit in asks if unit.handed_in_at is not None or unit.excused_at is not None]
    await rounds.drop_asks(tx, settled, "已报送")
    live = [(ask, round_row) for ask, round_row, _ in asks if ask.id not in settled]
    kind = _kind(world, live)
    wanted = await _wanted(tx, world, live)
    if not wanted:
        return Dropped("已报送")
    if kind == "nudge" and not row.subject.get("chase") and await _at_month_cap(tx, row, world, now):
        await rounds.drop_asks(tx, [ask.id for ask, _ in live], "本月已到提醒上限")
        plan = world.plan(live[0][1].plan)
        units = tuple(dict.fromkeys(ask.unit for ask, _ in live))
        await tell_office(
            tx, world, plan, f"cap:{row.key}", now, notices.capped(units, world.policy.messages_per_month)
        )
        return Dropped("本月已到提醒上限")
    last = await _last_figures(tx, live[0][1].plan, wanted)
    rest = frozenset(want.due_on for want in wanted if not world.workdays.is_workday(want.due_on))
    return private(kind, wanted, last, Setting(world.policy.today(now), bool(row.subject.get("late")), rest))


def _kind(world: World, live: Sequence[tuple[Ask, RoundRow]]) -> StepKind:
    """Return the strongest kind among the steps that travel together; what no ladder knows was asked by the office."""
    kinds: list[StepKind] = []
    for ask, row in live:
        found = world.find_round(world.plan(row.plan), row.duty, row.period)
        steps = found.steps if found else ()
        kinds.append(next((step.kind for step in steps if step.name == ask.step), "nudge"))
    return min(kinds, key=RANK.index, default="prompt")


async def _wanted(tx: Tx, world: World, live: Sequence[tuple[Ask, RoundRow]]) -> list[Wanted]:
    wanted = []
    for ask, row in live:
        for due in await open_dues(tx, world, world.plan(row.plan), ask.unit, [row]):
            owed = due.owed
            found = Wanted(ask.unit, due.duty.name, row.period, row.due_on, owed.items, owed.section_names, owed.word)
            wanted.append(found)
    return wanted


async def _at_month_cap(tx: Tx, row: Outgoing, world: World, now: datetime) -> bool:
    start = world.policy.start_of(world.policy.today(now).replace(day=1))
    sent = await outbox.sent_this_month(tx, row.member_id or 0, start, now)
    return sent >= world.policy.messages_per_month


async def _last_figures(tx: Tx, plan: str, wanted: Sequence[Wanted]) -> dict[tuple[str, str], str]:
    items = {item.id for want in wanted for item in want.items}
    progress = await checkins.progress_of(tx, plan, items)
    return {(entry.item, entry.unit): words.state(entry.percent, entry.status) for entry in progress}
