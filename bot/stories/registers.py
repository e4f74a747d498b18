"""Logging into a register: the entry, the slot it fills, and who may see it. Chat, form and import meet here."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.entries import once_key
from bot.domain.members import Standpoint
from bot.domain.plans import Duty, Item, Plan
from bot.domain.quotas import fits
from bot.domain.reading.fields import Setting
from bot.domain.registers import Draft, Register, due_on, happened_on
from bot.domain.rounds import Round, stretch
from bot.domain.world import World
from bot.errors import UserError
from bot.messages import registers as wording
from bot.storage import members, registers, rounds
from bot.storage.engine import Tx
from bot.storage.tables import EntryState, RegisterEntry


@dataclass(frozen=True)
class Speaker:
    """Who logs: in which plan, for which unit, when, with which inbox row and words."""

    world: World
    plan: Plan
    unit: str
    member_id: int
    inbox_id: int | None
    at: datetime
    text: str

    @property
    def today(self) -> date:
        return self.world.policy.today(self.at)


async def setting_of(tx: Tx, world: World, plan: Plan, today: date) -> Setting:
    """Return what the field grammar needs to know: the roster's names, the days, and how items are named."""
    people = [person.name for person in await members.staff(tx, plan.key)]

    def find_item(text: str) -> str | None:
        return item_named(plan, text)

    return Setting(plan, today, world.workdays, people, find_item)


def item_named(plan: Plan, text: str) -> str | None:
    """Return the id of the one item called so: its number on the main list, its id, title or an alias."""
    words = text.strip().removeprefix("第").removesuffix("项").strip()
    if words.isdigit():
        main = plan.lists[0].key if plan.lists else ""
        found = [item for item in plan.live_items if item.no == int(words) and item.list_key == main]
    else:
        found = [item for item in plan.live_items if _called(item, words)]
    return found[0].id if len(found) == 1 else None


def _called(item: Item, words: str) -> bool:
    return words.upper() == item.id.upper() or words in (item.title, *item.aliases)


async def log(tx: Tx, register: Register, draft: Draft, speaker: Speaker) -> RegisterEntry:
    """Keep an entry and settle the slots it fills. Raises `UserError` when it must not be logged."""
    values = dict(draft.values)
    on = happened_on(register, values) or speaker.today
    member_id: int | None = speaker.member_id
    if register.anonymous:
        await _vote_once(tx, register, values, speaker)
        member_id = None
    logged = registers.Logged(
        plan=speaker.plan.key,
        register=register.key,
        unit="" if register.anonymous else speaker.unit,
        at=speaker.at,
        happened_on=on,
        values=values,
        text="" if register.anonymous else speaker.text,
        member_id=member_id,
        inbox_id=None if register.anonymous else speaker.inbox_id,
        due_on=due_on(register, values),
        state=draft.state or register.opening,
        once_key=None if register.anonymous else once_key(register, speaker.unit, values, on),
    )
    entry = await registers.log(tx, logged)
    if register.states and entry.state == register.closed:
        await close(tx, entry, register, entry.state, EntryState(at=speaker.at, member_id=member_id))
    await settle_slots(tx, speaker.world, speaker.plan, register, entry, speaker.at)
    return entry


async def _vote_once(tx: Tx, register: Register, values: Mapping[str, Any], speaker: Speaker) -> None:
    """Let everybody answer once; what is kept of it is a digest that leads nowhere."""
    about = [str(values.get(key, "")) for key in register.once]
    mark = "|".join((speaker.plan.key, register.key, str(speaker.member_id), *about))
    if not await registers.cast(tx, speaker.plan.key, register.key, hashlib.sha256(mark.encode()).hexdigest()):
        raise UserError(wording.voted(register))


def slots_of(world: World, plan: Plan, register: Register, on: date) -> list[Round]:
    """Return the rounds of register duties whose period holds a day."""
    return [round_ for round_ in world.rounds_of(plan) if round_.duty.register == register.key and _holds(round_, on)]


def _holds(round_: Round, on: date) -> bool:
    first, last = stretch(round_)
    return first <= on <= last


async def settle_slots(
    tx: Tx, world: World, plan: Plan, register: Register, entry: RegisterEntry, now: datetime
) -> None:
    """Mark the slots an entry fills as handed in, or as owed again when it was taken back."""
    for round_ in slots_of(world, plan, register, entry.happened_on):
        await rounds.open_round(tx, plan, round_, world.policy, now)
        row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
        if row is None:
            continue
        counts = await slot_counts(tx, plan, round_.duty, *stretch(round_))
        filled = filled_by(round_.duty, counts)
        for owing in (await rounds.units_of(tx, [row.id])).get(row.id, []):
            if filled(owing.unit):
                await rounds.hand_in(tx, row.id, owing.unit, now)
            elif owing.handed_in_at is not None:
                await rounds.take_back(tx, row.id, owing.unit)


async def slot_counts(tx: Tx, plan: Plan, duty: Duty, first: date, last: date) -> Mapping[str, int]:
    """Return how many entries of each unit count for a duty of a register within some days."""
    if not duty.where:
        return await registers.count_by_unit(tx, plan.key, duty.register, first, last)
    entries = await registers.list_entries(tx, plan.key, registers.Wanted(duty.register, first, last))
    return Counter(entry.unit for entry in entries if fits(duty.where, entry.values))


def filled_by(duty: Duty, counts: Mapping[str, int]) -> Any:
    """Return whether a unit's slot is filled: by its own entries, or for a slot of the plan by anybody's."""
    total = sum(counts.values())
    return lambda unit: (total if duty.by_plan else counts.get(unit, 0)) >= duty.need


async def close(tx: Tx, entry: RegisterEntry, register: Register, state: str, step: EntryState) -> None:
    """Move an entry to a state of its register."""
    await registers.move(tx, entry, state, step, closed=state == register.closed)


def concerned(register: Register, entry: RegisterEntry) -> tuple[str, ...]:
    """Return the units an entry is of: whose it is, and those it names."""
    named = (str(entry.values[field.key]) for field in register.of_kind("unit") if field.key in entry.values)
    return (entry.unit, *named)


def may_see(register: Register, standpoint: Standpoint, *units: str) -> bool:
    """Tell whether somebody may see what is of these units: registers are for all, for the unit, or for the office."""
    if standpoint.is_office:
        return True
    if register.anonymous:
        return False
    if register.visible == "all":
        return True
    return register.visible == "unit" and any(unit in standpoint.units for unit in units)


def hidden(register: Register, standpoint: Standpoint) -> bool:
    """Tell whether a register is for the office only, as what is said without a name is, and somebody is not of it."""
    return (register.visible == "office" or register.anonymous) and not standpoint.is_office


def may_log(register: Register, standpoint: Standpoint) -> bool:
    if standpoint.is_office:
        return True
    if register.loggers == "office" or (register.visible == "office" and not register.anonymous):
        return False
    return not register.units or any(unit in register.units for unit in standpoint.units) or not standpoint.units
