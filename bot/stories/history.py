"""The history of an item, a unit, a number or the plan: everything that was said and changed, in order of time."""

from collections.abc import Iterable
from datetime import datetime

from bot.dispatch import Call
from bot.domain.changes import Change, amended
from bot.domain.members import Post
from bot.domain.plans import Item, Plan
from bot.errors import UserError
from bot.messages import history as wording
from bot.messages import words
from bot.messages.history import Event
from bot.storage import changes, checkins, files, history, members, registers
from bot.storage.engine import Tx
from bot.storage.history import Told
from bot.storage.tables import ChangeRow, RegisterEntry
from bot.stories import ledgers
from bot.stories.registers import concerned, may_see


async def of_plan(call: Call, tx: Tx) -> list[Event]:
    """Return every change of the plan."""
    return await _changes(call, tx, await changes.of_plan(tx, call.plan.key))


async def of_item(call: Call, tx: Tx, item: Item) -> list[Event]:
    """Return an item's changes, and for those concerned what was said of it, its entries and files."""
    found = await _changes(call, tx, await changes.of_target(tx, call.plan.key, f"item:{item.id}"))
    concerned = set(item.units) & set(call.standpoint.units) or set(item.leaders) & set(call.standpoint.leader_keys)
    if not (concerned or call.standpoint.is_office):
        return found
    found += [_told(call, told, item) for told in await history.told(tx, call.plan.key, item=item.id)]
    found += await _entries(
        call, tx, [e for e in await history.entries(tx, call.plan.key) if _about(call.plan, e, item)]
    )
    return sorted([*found, *await _files(call, tx, item=item.id)], key=lambda event: event.at)


async def of_unit(call: Call, tx: Tx, unit: str) -> list[Event]:
    """Return what a unit said, logged and sent, and who reported for it. Raises `UserError` for strangers to it."""
    leads = any(set(item.leaders) & set(call.standpoint.leader_keys) for item in call.plan.items_of_unit(unit))
    if not (call.standpoint.is_office or leads or unit in call.standpoint.units):
        raise UserError(wording.not_yours(unit))
    found = [_told(call, told, None) for told in await history.told(tx, call.plan.key, unit=unit)]
    found += await _entries(call, tx, await history.entries(tx, call.plan.key, unit))
    posts = [Post("contact", unit), Post("deputy", unit)]
    for tenure in await history.tenures(tx, call.plan.key, posts):
        found.append(Event(_local(call, tenure.since), wording.tenure(tenure.name, tenure.post)))
        if tenure.until is not None:
            found.append(Event(_local(call, tenure.until), wording.tenure(tenure.name, tenure.post, over=True)))
    return sorted([*found, *await _files(call, tx, unit=unit)], key=lambda event: event.at)


async def of_number(call: Call, tx: Tx, number: int) -> list[Event]:
    """Return the life of a receipt or of an entry. Raises `UserError` where there is none one may see."""
    entry = await registers.find(tx, call.plan.key, number)
    if entry is not None:
        found = await _entries(call, tx, [entry])
        if found:
            return found
        raise UserError(wording.nothing(number))
    checkin = await checkins.find(tx, call.plan.key, number)
    if checkin is None or not (call.standpoint.is_office or checkin.unit in call.standpoint.units):
        raise UserError(wording.nothing(number))
    found = [_told(call, told, None) for told in await history.told(tx, call.plan.key, checkin_id=checkin.id)]
    if checkin.retracted_at is not None:
        by = await members.get(tx, checkin.retracted_by) if checkin.retracted_by else None
        ended = wording.ended(checkin.returned, by.name if by is not None else "")
        found.append(Event(_local(call, checkin.retracted_at), ended))
    return [*found, *await _files(call, tx, checkin_id=checkin.id)]


def _local(call: Call, at: datetime) -> datetime:
    return call.world.policy.local(at)


def _told(call: Call, told: Told, item: Item | None) -> Event:
    """Say one word on an item: its receipt, who said it and when, and whether it was late or is gone."""
    checkin, entry = told.checkin, told.entry
    about = call.plan.find_item(entry.item) if item is None and entry.item else None
    low, high = entry.percent_low, entry.percent_high
    value = f"{low:g}%–{high:g}%" if low is not None and high is not None else words.state(entry.percent, entry.status)
    marks = ["迟报"] if told.late else []
    if checkin.returned or entry.retracted_at is not None:
        marks.append("已退回" if checkin.returned else "已撤回")
    said = wording.told(checkin.number, checkin.unit, told.by, checkin.text)
    return Event(_local(call, checkin.received_at), wording.line(said, about.label if about else "", value, marks))


def _about(plan: Plan, entry: RegisterEntry, item: Item) -> bool:
    register = plan.find_register(entry.register)
    if register is None:
        return False
    return register.item == item.id or any(entry.values.get(field.key) == item.id for field in register.of_kind("item"))


async def _entries(call: Call, tx: Tx, entries: Iterable[RegisterEntry]) -> list[Event]:
    """Say how entries came to be, and each state they passed; those the sender may not see are left out."""
    found = []
    for entry in entries:
        register = call.plan.find_register(entry.register)
        if register is None or not may_see(register, call.standpoint, *concerned(register, entry)):
            continue
        line = ledgers.line_of(call, register, entry)
        gone = "（已撤回）" if entry.retracted_at is not None else ""
        found.append(Event(_local(call, entry.logged_at), f"{register.name} {line.text}{gone}"))
        for step in await registers.states_of(tx, entry.id):
            by = await members.get(tx, step.member_id) if step.member_id else None
            said = wording.step(entry.number, step.before, step.after, step.note, by.name if by else "")
            found.append(Event(_local(call, step.at), said))
    return sorted(found, key=lambda event: event.at)


async def _files(call: Call, tx: Tx, *, item: str = "", unit: str = "", checkin_id: int | None = None) -> list[Event]:
    rows = await files.files_of(tx, call.plan.key, item=item, unit=unit, checkin_id=checkin_id)
    return [Event(_local(call, row.received_at), wording.file(row.name, row.unit)) for row in rows]


async def _changes(call: Call, tx: Tx, rows: Iterable[ChangeRow]) -> list[Event]:
    """Say what each change made different, by applying them one after the other."""
    made: list[Change] = []
    found = []
    file = call.world.files[call.plan.key]
    for row in rows:
        before = amended(file, made)
        made.append(Change(row.target, row.action, row.data))
        by = await members.get(tx, row.member_id) if row.member_id else None
        said = wording.change(before, amended(file, made), made[-1], row.reason, by.name if by else "")
        found.append(Event(_local(call, row.changed_at), said))
    return found
