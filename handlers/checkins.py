"""Checking in: a member says in own words how far things are; and taking it back."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.dispatch import Call, PassOn, Router
from bot.domain.cadences import DAY
from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.reading import Ask, Context, Entry, Reading
from bot.errors import UserError
from bot.messages import checkins as wording
from bot.messages import words
from bot.messages.message import Message, stacked
from bot.storage import checkins, outbox, questions, registers
from bot.storage.engine import Tx
from bot.stories.absences import Away, delegate
from bot.stories.extensions import fault, postpone
from bot.stories.owed import Due
from bot.stories.recipients import tell_office
from bot.stories.reports import Spoken, current_dues, record, taken_back
from bot.stories.undoing import take_back_entry, undoable

router = Router("checkins", "报送")

# 撤回 12, 撤回12号, 撤回回执12: a receipt. 第9项 is an item, whatever receipt has that number.
RECEIPT = re.compile(r"回执\s*第?\s*(\d+)|(\d+)\s*号|(?:撤回|撤销|删除)\s*(\d+)\s*[。！]?$")
NUMBERED = re.compile(r"[\d一二三四五六七八九十]\s*项")
EDITED = re.compile(r"回执\s*(\d+)\s*号?(?:的数)?\s*(?:更?改[为成]?|应为|应该是)\s*(\S+)")
JUST_ASKED = timedelta(days=4)

# What the office has to deal with; the bot passes the words on and decides nothing.
FORWARDED = {
    "extension": "延期申请",
    "successor": "岗位变动",
    "newsletter": "信息报送",
    "nomination": "推荐申报",
    "submit_file": "材料",
}


@router.replies()
async def reply(call: Call, tx: Tx) -> Message | None:
    """Read a reply: record what is certain, ask about the rest, leave talk alone."""
    call = await _of_receipt(call, tx)
    unit, dues, reading = await _read(call, tx)
    reading = _certain(_of_unit(reading, dues, call.args))
    if "retract" in reading.intents and (reading.ask is None or RECEIPT.search(call.args)):
        return await _take_back(call, tx, unit, reading)
    command = reading.others.get("command")
    if command is not None:
        return await _command(call, tx, command)
    await questions.settle(tx, call.member.id, call.event.platform, call.event.chat, call.now)
    said = None
    if _has_substance(reading) and unit:
        spoken = Spoken(call.plan, unit, call.member.id, call.inbox_id, call.now, call.args)
        said = wording.receipt(await record(tx, call.world, spoken, reading, dues))
    if reading.ask is not None:
        question = await _ask(call, tx, reading.ask)
        # A receipt already names the sections that are missing.
        return said if said is not None and reading.ask.about == "section" else _joined(said, question)
    forwarded = await _delegate(call, tx, unit, dues, reading) or await _put_off(call, tx, reading)
    forwarded = forwarded or await _forward(call, tx, reading)
    if said or forwarded:
        return _joined(said, forwarded)
    if "query" in reading.intents:
        return await _look_up(call, tx)
    if "promise" in reading.intents:
        return wording.awaited()
    return None if "ack" in reading.intents else wording.hint(call.standpoint.units)


async def _of_receipt(call: Call, tx: Tx) -> Call:
    """Read 回执12号改为90% as said of the item of that receipt, where it has one only."""
    named = EDITED.fullmatch(call.args)
    if named is None:
        return call
    checkin = await undoable(replace(call, args=named[1]), tx)
    items = [call.plan.find_item(entry.item) for entry in await checkins.entries_of(tx, checkin.id) if entry.item]
    if len(items) != 1 or items[0] is None:
        raise UserError(wording.several_in(int(named[1])))
    return replace(call, args=f"{items[0].title}改为{named[2]}")


def _of_unit(reading: Reading, dues: Sequence[Due], text: str) -> Reading:
    """Take the words of a unit that leads no item, or that bring a part asked for, as said of the unit as a whole."""
    brought = any(word in text for due in dues for word in due.owed.asked_for)
    itemless = any(due.duty.form == "progress" and not due.items for due in dues)
    lost = reading.ask is not None and reading.ask.about in ("item", "percent", "status", "entry")
    if not (brought and not _has_substance(reading)) and not (itemless and lost):
        return reading
    status = reading.ask.status if reading.ask is not None else None
    whole = reading.entries or (Entry(None, status=status, because=""),)
    return replace(reading, intents=(*reading.intents, "nil_report"), entries=whole, ask=None)


def _certain(reading: Reading) -> Reading:
    """Leave out what the question is about: it is recorded when it is answered."""
    if reading.ask is None or reading.ask.about not in ("percent", "status"):
        return reading
    asked = {reading.ask.item, *reading.ask.options}
    kept = tuple(
        e for e in reading.entries if e.item not in asked or e.percent is not None or e.percent_range or e.sections
    )
    return replace(reading, entries=kept)


def _has_substance(reading: Reading) -> bool:
    """Tell whether a reading has anything to record; an entry that only names an item has not."""
    said = any(e.percent is not None or e.percent_range or e.status or e.sections or e.metrics for e in reading.entries)
    return said or "nil_report" in reading.intents or bool(reading.others.get("reverts"))


async def _read(call: Call, tx: Tx) -> tuple[str, list[Due], Reading]:
    """Read the text as each of the sender's units; return the one it fits, its rounds and the reading."""
    found = []
    for unit in call.standpoint.units or ("",):
        dues = await current_dues(tx, call.world, call.plan, unit, call.today) if unit else []
        reading = call.world.reader(call.plan).read(call.args, await _context(call, tx, unit, dues))
        found.append((unit, dues, reading))
    fits = [(unit, dues, reading) for unit, dues, reading in found if _fits(call.plan, unit, reading)]
    unit, dues, reading = fits[0] if fits else found[0]
    behalf = reading.others.get("on_behalf")
    if behalf and (call.standpoint.units or call.standpoint.is_office):
        return str(behalf), await current_dues(tx, call.world, call.plan, str(behalf), call.today), reading
    if len(fits) > 1:
        return "", [], _which_unit(fits)
    return (unit, dues, reading) if unit else await _for_office(call, tx, reading)


def _fits(plan: Plan, unit: str, reading: Reading) -> bool:
    """Tell whether a reading is certain and of this unit's own items, or of those nobody leads."""
    items = [found for entry in reading.entries if entry.item and (found := plan.find_item(entry.item)) is not None]
    return (
        _has_substance(reading) and reading.ask is None and all(not item.units or unit in item.units for item in items)
    )


def _which_unit(fits: Sequence[tuple[str, list[Due], Reading]]) -> Reading:
    """Ask somebody with several units which one is meant: a bare figure must not fall to the first."""
    entries = [entry for _, _, reading in fits for entry in reading.entries]
    items = tuple(dict.fromkeys(entry.item for entry in entries if entry.item))
    if len(items) > 1:
        first = entries[0]
        return Reading((), (), Ask("item", items, percent=first.percent, status=first.status))
    return Reading((), (), Ask("own_unit", tuple(unit for unit, _, _ in fits)))


async def _for_office(call: Call, tx: Tx, reading: Reading) -> tuple[str, list[Due], Reading]:
    """Let an office person's words count for the unit that leads the item, or the office where nobody does."""
    if not call.standpoint.is_office:
        return "", [], replace(reading, entries=())
    items = [call.plan.find_item(entry.item) for entry in reading.entries if entry.item]
    units = {item.units for item in items if item is not None}
    if len(units) > 1:
        return "", [], replace(reading, entries=(), ask=Ask("units"))
    if not units:
        return call.plan.receiver, [], reading
    leads = next(iter(units))
    if len(leads) > 1:
        item = next(entry.item for entry in reading.entries if entry.item)
        return "", [], replace(reading, entries=(), ask=Ask("unit", leads, item=item))
    unit = leads[0] if leads else call.plan.receiver
    return unit, await current_dues(tx, call.world, call.plan, unit, call.today), reading


async def _context(call: Call, tx: Tx, unit: str, dues: Sequence[Due]) -> Context:
    plan, event = call.plan, call.event
    role = "contact" if unit else "office" if call.standpoint.is_office else "leader"
    own = {item.id for item in plan.items_of_unit(unit)} if unit else None
    progress = await checkins.progress_of(tx, plan.key, own)
    prev = {entry.item: entry.percent for entry in progress if entry.unit == unit and entry.percent is not None}
    prev |= {
        f"{entry.item}@{entry.unit}": entry.percent
        for entry in progress
        if entry.unit != unit and entry.percent is not None
    }
    # A slot of a register is answered by its own grammar, before a reply is read.
    dues = [due for due in dues if due.duty.form != "register"]
    open_dues = [due for due in dues if not due.owed.nothing] or list(dues[:1])
    pending = "+".join(f"{due.duty.id}:{due.row.period}" for due in open_dues)
    return Context(
        seed=plan.code,
        unit=unit or next(iter(call.standpoint.leader_keys), plan.receiver),
        role=role,
        today=call.today,
        pending=pending or await _office_pending(call, tx),
        channel="group" if event.chat_kind == "group" else "dm",
        prev=prev,
        last=await _last(tx, plan, unit) if unit else None,
        pending_question=await questions.find_open(tx, call.member.id, event.platform, event.chat, call.now),
        msgtype=event.content,
    )


async def _office_pending(call: Call, tx: Tx) -> str | None:
    """Return the month tasks an office person has just been asked about."""
    subject = await outbox.last_subject(tx, call.member.id, "office", call.now - JUST_ASKED)
    plan, key = subject.get("about", ("", ""))
    if plan != call.plan.key:
        return None
    dues = [due for occasion in call.world.occasions_of(call.plan) if occasion.key == key for due in occasion.dues]
    tasks = next((due.round for due in dues if due.round.duty.form == "tasks"), None)
    return f"{tasks.duty.id}:{tasks.period.key}" if tasks is not None else None


async def _last(tx: Tx, plan: Plan, unit: str) -> str | None:
    """Return the unit's last words with what they stored, as the reader wants them."""
    said = await checkins.last_said(tx, plan.key, unit)
    if said is None:
        return None
    text, stored = said
    figures = ", ".join(f"{item}={percent:g}" for item, percent in stored.items())
    return f"{text[:200]} (stored {figures})" if figures else text[:200]


async def _command(call: Call, tx: Tx, command: dict[str, object]) -> Message | None:
    """Run the command a sentence amounts to, if the sender may."""
    name = str(command["name"]).lstrip("/")
    found = next((entry for entry in call.commands if name in entry.words), None)
    if found is None or not found.roles & call.standpoint.roles:
        return wording.hint(call.standpoint.units)
    args = command.get("args")
    text = " ".join(str(arg) for arg in args) if isinstance(args, list | tuple) else str(args or "")
    return await found.handler(replace(call, args=text), tx)


async def _look_up(call: Call, tx: Tx) -> Message | None:
    """Answer a question in words by the command it amounts to: the table, an item, a unit, or the whole."""
    item = re.search(r"第?\s*(\d{1,2})\s*项", call.args)
    unit = next((unit.name for unit in call.plan.units if unit.name in call.args), "")
    if re.search(r"排(?:第|名)|名次", call.args):
        return await _command(call, tx, {"name": "rank"})
    return await _command(call, tx, {"name": "status", "args": item[1] if item else unit})


async def _ask(call: Call, tx: Tx, ask: Ask) -> Message:
    if ask.about not in ("unit", "units", "own_unit"):
        await questions.ask(tx, call.question(ask.to_json()))
    return wording.question(ask.about, ask.options, _value(call.plan, ask), call.plan)


def _value(plan: Plan, ask: Ask) -> str:
    """Say in words what waits for the answer: the item, the figure, or both."""
    item = plan.find_item(ask.item) if ask.item else None
    if item is None and len(ask.options) == 1:
        item = plan.find_item(ask.options[0])
    figure = f"{ask.percent:g}%" if ask.percent is not None else words.STATUS.get(ask.status or "", "")
    name = f"“{item.label}”" if item is not None else ""
    if ask.about == "unit":
        return name
    return f"{name}{figure}" or ("这一项" if ask.about in ("percent", "status", "permission") else "")


async def _delegate(call: Call, tx: Tx, unit: str, dues: Sequence[Due], reading: Reading) -> Message | None:
    """Let 这期由某某代报 name who reports for the unit until its next round opens."""
    if "delegate" not in reading.intents or Post("contact", unit) not in call.standpoint.posts:
        return None
    name = reading.others["delegate"].get("to")
    if not name:
        return wording.question("person", (), "", call.plan)
    until = max((_last_day(call, due) for due in dues if not due.owed.nothing), default=call.today)
    away = Away(call.plan, unit, call.member, call.today, until)
    return await delegate(tx, call.world, away, str(name), call.now)


def _last_day(call: Call, due: Due) -> date:
    """Return the day before the next round of a duty opens: until then this one can be asked for."""
    opening = [
        r.opens_on for r in call.world.rounds_of(call.plan) if r.duty == due.duty and r.opens_on > due.row.opens_on
    ]
    return max(due.row.due_on, min(opening) - DAY) if opening else due.row.due_on


async def _put_off(call: Call, tx: Tx, reading: Reading) -> Message | None:
    """Ask the office to put off an item; a whole round, or what cannot be asked, is forwarded in words."""
    asked = reading.others.get("extension") or {}
    item, to = call.plan.find_item(str(asked.get("target"))), asked.get("to")
    if item is None or not to or call.standpoint.is_office:
        return None
    day = date.fromisoformat(str(to))
    return None if fault(call, item, day) else await postpone(call, tx, [(item, day)], call.args)


async def _forward(call: Call, tx: Tx, reading: Reading) -> Message | None:
    kinds = [FORWARDED[intent] for intent in reading.intents if intent in FORWARDED]
    if not kinds:
        return None
    who = " ".join((*call.standpoint.units, call.member.name))
    note = wording.to_office(who, kinds[0], call.args)
    await tell_office(tx, call.world, call.plan, f"forward:{call.inbox_id}", call.now, note)
    return wording.forwarded(call.plan.receiver, kinds[0])


def _joined(first: Message | None, second: Message | None) -> Message | None:
    if first is None or second is None:
        return first or second
    return stacked(first, second)


async def _take_back(call: Call, tx: Tx, unit: str, reading: Reading) -> Message | None:
    """Take back what a sentence names: a receipt by its number, items, or else the last record."""
    receipt = RECEIPT.search(call.args)
    if receipt is not None:
        return await undo(replace(call, args=next(number for number in receipt.groups() if number)), tx)
    reverts = [call.plan.item(item) for item in reading.others.get("reverts", ())]
    numbered = NUMBERED.search(call.args) is not None
    named = [item for item in reverts if numbered or any(n in call.args for n in (item.title, *item.aliases))]
    if not named and not numbered:
        return await undo(replace(call, args=""), tx)
    undone = [await checkins.retract_item(tx, call.plan.key, item.id, unit, call.now) for item in named]
    entries = [entry for entry in undone if entry is not None]
    if not entries:
        raise UserError(wording.nothing_to_undo())
    return wording.undone("", *await taken_back(tx, call.world, call.plan, unit, entries))


@router.command(
    "undo", "撤回", usage="/undo [回执号]", help="撤回上一条登记，或指定回执号的登记", roles=("contact", "office")
)
async def undo(call: Call, tx: Tx) -> Message:
    """/undo [number]: take back the last record of the sender's units, or the one with that receipt."""
    if call.args and not call.args.isdigit():
        raise PassOn  # 撤回第9项: the sentence is read
    entry = await registers.find(tx, call.plan.key, int(call.args)) if call.args else None
    if entry is not None:
        return await take_back_entry(call, tx, entry)
    checkin = await undoable(call, tx)
    entries = await checkins.retract(tx, checkin, call.member.id, call.now)
    return wording.undone(
        f"回执 {checkin.number} 号", *await taken_back(tx, call.world, call.plan, checkin.unit, entries)
    )
