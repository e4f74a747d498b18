"""Reminding: what the plan's calendar asks for becomes asks and messages, privately first.

All occasions of one moment are dealt with together, so that two duties of one day make one message.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.delivery import Dropped
from bot.domain.ladders import StepKind
from bot.domain.plans import Plan
from bot.domain.rounds import RANK, Due, Occasion
from bot.domain.world import Group, World
from bot.messages import collecting, notices, words
from bot.messages.message import Message
from bot.messages.reminders import Setting, Wanted, how_to_log, how_to_tell, private
from bot.scheduler import Schedule
from bot.storage import absences, checkins, members, outbox, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Ask, Outgoing, RoundRow
from bot.stories.forms import url_for
from bot.stories.moments import Moment, take_moment
from bot.stories.owed import Due as OwedDue
from bot.stories.owed import open_dues
from bot.stories.persons import busy_until
from bot.stories.recipients import Slot, contacts_on, office_of, rows_for, slot_of, tell_office

schedule = Schedule("reminders")

ALREADY_TODAY = "今天已提醒过"


@schedule.every(seconds=10)
async def remind_due(tx: Tx, now: datetime, world: World) -> bool:
    """Deal with every moment that is due; after a standstill they meet in one message a day for each receiver."""
    worked = False
    while True:
        moment, fresh = await take_moment(tx, now, world, ("private", "group", "office"))
        if not moment:
            return worked
        worked = True
        if fresh:
            await _ask(tx, now, world, moment)


async def _ask(tx: Tx, now: datetime, world: World, moment: Moment) -> None:
    slot = slot_of(world, moment[0][1].at, now)
    for plan, occasion in moment:
        for due in occasion.dues:
            await rounds.open_round(tx, plan, due.round, world.policy, now)
        if occasion.audience == "private":
            await _ask_privately(tx, now, world, plan, occasion)
        checks_tasks = occasion.audience == "private" and occasion.kind in ("prompt", "reminder")
        if occasion.audience == "office" or (checks_tasks and any(d.round.duty.form == "tasks" for d in occasion.dues)):
            await _ask_office(tx, world, plan, occasion, slot)
    await _ask_groups(tx, world, [pair for pair in moment if pair[1].audience == "group"], slot)


async def _ask_privately(tx: Tx, now: datetime, world: World, plan: Plan, occasion: Occasion) -> None:
    slot = slot_of(world, occasion.at, now)
    reached = await contacts_on(tx, plan, slot.at.date())
    contacts = reached.by_unit
    for due in occasion.dues:
        row = await _put_asks(tx, plan, due, world.policy.asks_per_round)
        units = await rounds.units_asked(tx, row.id, due.step.name)
        asked = {unit: contacts[unit].id for unit in units if unit in contacts}
        outbox_ids = await _put_messages(tx, world, plan, asked, slot)
        reasons = {unit: ALREADY_TODAY if unit in contacts else reached.why_silent(unit) for unit in units}
        await rounds.address_asks(tx, row.id, due.step.name, outbox_ids, reasons)
        # Of an absence the office was told when it began.
        silent = [unit for unit in units if unit not in contacts and unit not in reached.away]
        if silent:
            key = f"no-contact:{plan.key}:{due.round.duty.id}:{due.round.period.key}"
            await tell_office(tx, world, plan, key, now, notices.no_contact(silent))


async def _put_asks(tx: Tx, plan: Plan, due: Due, cap: int | None) -> RoundRow:
    row = await rounds.find(tx, plan.key, due.round.duty.id, due.round.period.key)
    if row is None:
        raise LookupError(f"round {due.round.duty.id}:{due.round.period.key} is not open")
    await rounds.put_asks(tx, row.id, due.step.name, cap)
    return row


async def _put_messages(tx: Tx, world: World, plan: Plan, member_by_unit: dict[str, int], slot: Slot) -> dict[str, int]:
    """Put one message a day for each contact, after a training he is at; return the row each unit's ask travels in."""
    people = [one for member in set(member_by_unit.values()) if (one := await members.get(tx, member)) is not None]
    busy = await busy_until(tx, plan, people, slot.at.date())
    slots = {one.id: slot.on(world.workdays.after(busy[one.id])) if one.id in busy else slot for one in people}
    keys = {member: f"ask:{slots[member].at:%Y-%m-%d}:m{member}" for member in slots}
    rows = await rows_for(tx, world, plan, keys, {"kind": "ask", "subject": {"late": slot.late}})
    await outbox.put_many(tx, [row | slots[row["member_id"]].times(world, row["key"]) for row in rows])
    ids = await outbox.open_ids(tx, keys.values())
    return {unit: ids[keys[member]] for unit, member in member_by_unit.items() if keys[member] in ids}


async def _ask_groups(tx: Tx, world: World, moment: Moment, slot: Slot) -> None:
    """Put one message a day for each group, whatever number of plans and duties it is about."""
    subjects: dict[str, list[list[str]]] = {}
    for plan, occasion in moment:
        for group in world.groups_of(plan):
            subjects.setdefault(group.id, []).append([plan.key, occasion.key])
        for due in occasion.dues:
            if due.round.duty.form != "tasks":
                await _put_asks(tx, plan, due, None)
    for group in world.groups:
        if group.id in subjects:
            await _put_group_message(tx, world, group, subjects[group.id], slot)


async def _put_group_message(tx: Tx, world: World, group: Group, about: list[list[str]], slot: Slot) -> None:
    """Put a group's message of the day, or add to it; when the day's is out already, the next working day's."""
    while True:
        key = f"group:{slot.at:%Y-%m-%d}:{group.id}"
        found = await outbox.find(tx, key)
        if found is None or (found.state == "pending" and found.parts is None):
            break
        slot = slot.on(world.workdays.after(slot.at.date()))
    if found is not None:
        found.subject = {**found.subject, "about": [*found.subject["about"], *about]}
        return
    row = {"key": key, "kind": "group", "plan": about[0][0], "platform": group.platform, "group_id": group.id}
    subject = {"about": about, "late": slot.late}
    await outbox.put_many(tx, [{**row, "subject": subject, **slot.times(world, key)}])


async def _ask_office(tx: Tx, world: World, plan: Plan, occasion: Occasion, slot: Slot) -> None:
    """Put what concerns the office: overviews, escalations, and month tasks, which may have no owner."""
    key = f"office:{occasion.at:%Y-%m-%d}:{occasion.kind}"
    keys = {member.id: f"{key}:m{member.id}" for member in await office_of(tx, plan)}
    rows = await rows_for(tx, world, plan, keys, {"kind": "office", "subject": {"about": [plan.key, occasion.key]}})
    await outbox.put_many(tx, [row | slot.times(world, row["key"]) for row in rows])


@schedule.composes("ask")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word one contact's message from what is still owed now; who has answered meanwhile drops out."""
    asks = await rounds.asks_of(tx, row.id)
    settled = [ask.id for ask, _, unit in asks if unit.handed_in_at is not None or unit.excused_at is not None]
    await rounds.drop_asks(tx, settled, "已报送")
    away = await _away(tx, world, row, [(ask, round_row) for ask, round_row, _ in asks], now)
    await rounds.drop_asks(tx, away, "联络员请假")
    live = [(ask, round_row) for ask, round_row, _ in asks if ask.id not in (*settled, *away)]
    kind = _kind(world, live)
    wanted = await _wanted(tx, world, live)
    if not wanted:
        return Dropped("联络员请假" if away else "已报送")
    plan = world.plan(live[0][1].plan)
    most = plan.messages_per_month or world.policy.messages_per_month
    if kind == "nudge" and not row.subject.get("chase") and await _at_month_cap(tx, row, world, now, most):
        await rounds.drop_asks(tx, [ask.id for ask, _ in live], "本月已到提醒上限")
        units = tuple(dict.fromkeys(ask.unit for ask, _ in live))
        await tell_office(tx, world, plan, f"cap:{row.key}", now, notices.capped(units, most))
        return Dropped("本月已到提醒上限")
    rest = frozenset(want.due_on for want in wanted if not world.workdays.is_workday(want.due_on))
    forms = _forms(world, row.member_id or 0, live, now)
    return private(kind, wanted, Setting(world.policy.today(now), bool(row.subject.get("late")), rest, forms))


async def _away(tx: Tx, world: World, row: Outgoing, asks: Sequence[tuple[Ask, RoundRow]], now: datetime) -> list[int]:
    """Return the asks whose receiver has begun a leave since the message was put."""
    today = world.policy.today(now)
    away = {plan: await absences.away_on(tx, plan, today) for plan in {round_row.plan for _, round_row in asks}}
    return [
        ask.id
        for ask, round_row in asks
        if (absence := away[round_row.plan].get(ask.unit)) is not None and absence.member_id == row.member_id
    ]


def _forms(world: World, member: int, live: Sequence[tuple[Ask, RoundRow]], now: datetime) -> dict[str, str]:
    """Return the address of the member's form for each unit asked, where there is a public address."""
    asked: dict[tuple[str, str], dict[int, RoundRow]] = {}
    for ask, row in live:
        asked.setdefault((row.plan, ask.unit), {})[row.id] = row
    several = len({plan for plan, _ in asked}) > 1
    found = {}
    for (key, unit), rows in asked.items():
        plan = world.plan(key)
        url = url_for(world, plan, unit, member, list(rows.values()), now)
        if url:
            found[f"{plan.name}，{unit}" if several else unit] = url
    return found


def _kind(world: World, live: Sequence[tuple[Ask, RoundRow]]) -> StepKind:
    """Return the strongest kind among the steps that travel together; what no ladder knows was asked by the office."""
    kinds: list[StepKind] = []
    for ask, row in live:
        found = world.find_round(world.plan(row.plan), row.duty, row.period)
        steps = found.steps if found else ()
        kinds.append(next((step.kind for step in steps if step.name == ask.step), "nudge"))
    return min(kinds, key=RANK.index) if kinds else "prompt"


async def _wanted(tx: Tx, world: World, live: Sequence[tuple[Ask, RoundRow]]) -> list[Wanted]:
    """Say what each round still wants of each unit, in the plan's order of units; two asks of one round are one."""
    wanted = []
    order = {unit.name: n for plan in world.plans for n, unit in enumerate(plan.units)}
    once = {(ask.unit, row.id): (ask, row) for ask, row in live}.values()
    several = len({row.plan for _, row in live}) > 1
    for ask, row in sorted(once, key=lambda pair: order.get(pair[0].unit, 0)):
        plan = world.plan(row.plan)
        for due in await open_dues(tx, world, plan, ask.unit, [row]):
            wanted.append(
                Wanted(
                    unit=ask.unit,
                    duty=due.duty.name,
                    period=row.period,
                    due_on=row.due_on,
                    items=due.owed.items,
                    sections=due.owed.section_names,
                    word=due.owed.word and not (due.duty.named or due.duty.by_plan),
                    how=await _how_to_answer(tx, plan, due),
                    last=await _last_figures(tx, plan.key, ask.unit, [item.id for item in due.owed.items]),
                    plan=plan.name if several else "",
                )
            )
    return wanted


async def _how_to_answer(tx: Tx, plan: Plan, due: OwedDue) -> str:
    """Say how a collection, a slot of a register or a round of figures is answered."""
    if due.duty.named and due.owed.word:
        return collecting.how_to_answer(due.duty.name)
    if due.duty.by_plan and due.owed.word:
        return collecting.to_draft(due.duty.name, await _not_done(tx, plan))
    register = plan.find_register(due.duty.register)
    if due.owed.entries and register is not None:
        return how_to_log(register)
    return how_to_tell(due.owed.figures) if due.owed.figures else ""


async def _not_done(tx: Tx, plan: Plan) -> list[str]:
    """Return the items of the first list that are not done, for a draft of the office's own."""
    done = {entry.item for entry in await checkins.progress_of(tx, plan.key) if entry.percent == 100}
    main = plan.lists[0].key if plan.lists else ""
    return [item.label for item in plan.live_items if item.list_key == main and item.id not in done]


async def _at_month_cap(tx: Tx, row: Outgoing, world: World, now: datetime, most: int) -> bool:
    start = world.policy.start_of(world.policy.today(now).replace(day=1))
    sent = await outbox.sent_this_month(tx, row.member_id or 0, start, now)
    return sent >= most


async def _last_figures(tx: Tx, plan: str, unit: str, items: Sequence[str]) -> dict[str, str]:
    progress = await checkins.progress_of(tx, plan, items) if items else ()
    return {entry.item: words.state(entry.percent, entry.status) for entry in progress if entry.unit == unit}
