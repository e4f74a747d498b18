"""Entries that fall due: their owners are reminded on the days the register says, once a day in one message."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.delivery import Dropped
from bot.domain.entries import brief
from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.registers import Register, reminder_days
from bot.domain.world import World
from bot.messages import registers as wording
from bot.messages.message import Message
from bot.scheduler import Schedule
from bot.storage import members, outbox, plans, registers
from bot.storage.engine import Tx
from bot.storage.tables import Member, Outgoing, RegisterEntry
from bot.stories.recipients import OFFICE, rows_for, slot_of

schedule = Schedule("entries")

# The longest time before a due date that a register may remind of it.
AHEAD = timedelta(days=400)
BEHIND = timedelta(days=14)


@schedule.every(seconds=30)
async def remind_due(tx: Tx, now: datetime, world: World) -> bool:
    """Put the day's reminders of due entries into the outbox; their keys keep them single."""
    today = world.policy.today(now)
    at = datetime.combine(today, world.policy.remind_at, tzinfo=world.policy.timezone)
    if now < at or not world.workdays.is_workday(today):
        return False
    put = False
    for plan in world.plans:
        if any(register.remind for register in plan.registers) and await plans.paused_at(tx, plan.key) is None:
            put = await _remind(tx, world, plan, at, now) or put
    return put


async def _remind(tx: Tx, world: World, plan: Plan, at: datetime, now: datetime) -> bool:
    today = at.date()
    known = {register.key: register for register in plan.registers if register.remind}
    due = [
        entry
        for entry in await registers.due_between(tx, plan.key, today - BEHIND, today + AHEAD)
        if entry.register in known and _due_today(known[entry.register], entry, today, world)
    ]
    owners = await _owners(tx, plan, due, known)
    keys = {member: f"entries:{today:%Y-%m-%d}:{plan.key}:m{member}" for member in owners}
    fresh = {member: key for member, key in keys.items() if await outbox.find(tx, key) is None}
    slot = slot_of(world, at, now)
    rows = await rows_for(tx, world, plan, fresh, {"kind": "entries"})
    for row in rows:
        subject = {"plan": plan.key, "entries": owners[row["member_id"]]}
        await outbox.put_many(tx, [row | slot.times(world, row["key"]) | {"subject": subject}])
    return bool(fresh)


def _due_today(register: Register, entry: RegisterEntry, today: date, world: World) -> bool:
    """Tell whether one of an entry's reminders falls on a day; those of rest days fall on the working day before."""
    if entry.due_on is None:
        return False
    return any(
        (day if step == "过期" else world.workdays.on_or_before(day)) == today
        or (step == "过期" and world.workdays.on_or_after(day) == today)
        for step, day in reminder_days(register, entry.due_on)
    )


async def _owners(
    tx: Tx, plan: Plan, entries: Sequence[RegisterEntry], known: dict[str, Register]
) -> dict[int, list[int]]:
    """Return the entries each member is reminded of: who answers for the unit they name, or else who logged them."""
    holders = await members.holders(tx, plan.key)
    found: dict[int, list[int]] = {}
    for entry in entries:
        for member in _of(entry, known[entry.register], holders):
            found.setdefault(member.id, []).append(entry.id)
    return found


def _of(entry: RegisterEntry, register: Register, holders: dict[Post, list[Member]]) -> list[Member]:
    """Who is responsible, and those of units that only take part (a field that may be left out: 会同)."""
    if register.visible == "office":
        return holders.get(OFFICE, [])
    said = [field for field in register.of_kind("unit") if field.key in entry.values]
    own = [str(entry.values[field.key]) for field in said if field.needed]
    joint = [str(entry.values[field.key]) for field in said if not field.needed]
    first = next((one for unit in (*own, entry.unit) if (one := holders.get(Post("contact", unit)))), None)
    found = first[-1:] if first else holders.get(OFFICE, [])
    others = [one[-1] for unit in joint if (one := holders.get(Post("contact", unit)))]
    return list({member.id: member for member in (*found, *others)}.values())


@schedule.composes("entries")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word one member's reminder from the entries that are still open."""
    plan = world.plan(row.subject["plan"])
    lines = []
    for entry_id in row.subject["entries"]:
        entry = await tx.get(RegisterEntry, entry_id)
        register = plan.find_register(entry.register) if entry is not None else None
        if entry is None or register is None or entry.closed_at is not None or entry.retracted_at is not None:
            continue
        said = brief(register, entry.values, plan, private=True)
        due = wording.due_words(entry.due_on, world.policy.today(now))
        lines.append((register, wording.Line(entry.number, entry.unit, said, entry.state, due)))
    names = list(dict.fromkeys(register.name for register, _ in lines))
    return wording.due_soon(lines, names) if lines else Dropped("已办结")
