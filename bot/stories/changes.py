"""Changing a plan that runs: a change is in force at once, open rounds follow it, those concerned are told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from bot.dispatch import Call
from bot.domain.amending import on_day
from bot.domain.changes import Change
from bot.domain.plans import Item, Plan
from bot.domain.rounds import units_owing
from bot.messages.message import Message
from bot.storage import changes, rounds
from bot.storage.changes import By
from bot.storage.engine import Tx
from bot.storage.tables import RoundRow
from bot.stories.owed import owed_by
from bot.stories.recipients import contacts_on, notice, tell_member

STILL_ASKED = timedelta(days=20)
BY_ITEMS = ("progress", "tasks", "dispatch")


async def put(call: Call, tx: Tx, made: Iterable[Change], reason: str = "") -> Plan:
    """Keep changes, bring them into force, and let open rounds follow; return the plan as it is now."""
    for change in made:
        await changes.put(tx, call.world, call.plan.key, change, By(call.member.id, call.now, reason))
    await _cover_months(call, tx)
    plan = call.world.plan(call.plan.key)
    await _renew_rounds(call, tx, plan)
    return plan


async def _cover_months(call: Call, tx: Tx) -> None:
    """Let the duty that asks for month tasks ask in every month that has one: a task may be moved to a new month."""
    plan = call.world.plan(call.plan.key)
    for duty in [duty for duty in plan.duties if duty.form == "tasks"]:
        asked = [r.period.window for r in call.world.rounds_of(plan) if r.duty.id == duty.id]
        days = [i.window.due_on for i in plan.live_items if i.list_key == duty.list_key and i.window is not None]
        bare = [day for day in days if not any(w.opens_on <= day <= w.due_on for w in asked)]
        months = sorted({day.month for day in bare if day >= call.today})
        if months:
            words = "、".join((duty.words, *(f"{month}月份" for month in months)))
            change = Change(f"duty:{duty.id}", "set", {"words": words})
            await changes.put(tx, call.world, plan.key, change, By(None, call.now, "有任务移到这个月"))


async def _renew_rounds(call: Call, tx: Tx, plan: Plan) -> None:
    """Let rounds that are open ask for what is owed now: no closed item, and every new owner of a task."""
    for round_ in call.world.rounds_of(plan):
        if round_.duty.form not in BY_ITEMS or not round_.opens_on <= call.today <= round_.due_on + STILL_ASKED:
            continue
        row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
        if row is None:
            continue
        if round_.duty.form == "tasks":
            await rounds.add_units(tx, row.id, units_owing(plan, round_))
        await _release(call, tx, plan, row)


async def _release(call: Call, tx: Tx, plan: Plan, row: RoundRow) -> None:
    """Ask no unit any more that owes a round nothing now."""
    for owing in (await rounds.units_of(tx, [row.id])).get(row.id, []):
        if owing.handed_in_at is not None or owing.excused_at is not None:
            continue
        due = await owed_by(tx, call.world, plan, row, owing.unit)
        if due is None or not due.owed.nothing:
            continue
        if due.items:
            await rounds.hand_in(tx, row.id, owing.unit, call.now)
        else:
            await rounds.excuse(tx, row.id, owing.unit, call.now)


async def tell_units(call: Call, tx: Tx, units: Collection[str], message: Message, about: str) -> Sequence[str]:
    """Tell the contacts of some units in private, each person once; return the units that have one."""
    contacts = (await contacts_on(tx, call.plan, call.today)).by_unit
    reached = [unit for unit in dict.fromkeys(units) if unit in contacts]
    for member_id in dict.fromkeys(contacts[unit].id for unit in reached):
        if member_id != call.member.id:
            key = f"{about}:{call.inbox_id}:m{member_id}"
            await tell_member(tx, call.world, call.plan, member_id, key, notice(call.plan, call.now, message))
    return reached


def put_off(item: Item, day: date) -> Change:
    """Return the change that gives an item a new due day."""
    opens = f"{on_day(item.window.opens_on)}至" if item.window is not None and item.window.opens_on < day else ""
    return Change(f"item:{item.id}", "set", {"when": f"{opens}{on_day(day)}"})
