"""Registers: entries are logged in words, read back, corrected and closed by number."""

import re
from dataclasses import replace

from bot.dispatch import Call, PassOn, Router
from bot.domain.entries import brief
from bot.domain.finding import mentions
from bot.domain.reading import Context
from bot.domain.reading.fields import ADDRESS, named_by_opening, opened, read_entry, read_value
from bot.domain.registers import Draft, Register, due_on
from bot.errors import UserError
from bot.messages import registers as wording
from bot.messages.message import Message
from bot.storage import questions, registers
from bot.storage.engine import Tx
from bot.storage.tables import Decision, EntryState, RegisterEntry
from bot.stories import ledgers
from bot.stories import registers as stories
from bot.stories.decisions import Question as Decisive
from bot.stories.decisions import ask_for_decision
from bot.stories.recipients import contacts_on, notice, put, tell_member
from bot.stories.reports import current_dues

router = Router("registers", "台账")

NUMBERED = re.compile(r"第?\s*(\d{1,6})\s*号[\s，,：:]*(.+)", re.DOTALL)
REVISED = re.compile(r"(.{1,12}?)(?:改为|改成|改到|更正为|：)\s*(.+)", re.DOTALL)
CLOSED = re.compile(r"(?:已经?)?(?:办结|销号|整改|解决|完成|办完|办好|关闭|归还|结束|回来)(?:了|完毕|到位)?")
YES = re.compile(r"(?:对的?|是的?|确认|好的?|没错|可以)[。！]?")
# Words about items or percents are a report, whatever else is asked for.
OF_ITEMS = re.compile(r"第?\s*\d+\s*[项条]|[%％]|\d成")
SHORT = 30
NO = re.compile(r"(?:不对|不是|算了|取消|不登记了?|不要)[。！]?")


@router.command("log", "登记", usage="/log 台账 内容", help="登记一条台账，如：登记 问题 ……")
async def log(call: Call, tx: Tx) -> Message | None:
    """/log register words: log an entry; without words list the registers one may log into."""
    found = _opened(call, call.args)
    if found is None:
        if not call.slash:
            raise PassOn
        names = [r.name for r in call.plan.registers if stories.may_log(r, call.standpoint)]
        raise UserError(f"请写明台账名称和内容。可登记：{'、'.join(names) or '（没有）'}")
    return await _log(call, tx, *found)


@router.command("ledger", "台账", usage="/ledger [名称]", help="看台账：登记了几条、还有几条没办结")
async def ledger(call: Call, tx: Tx) -> Message:
    """/ledger [name]: list the registers, or show one with its counts and entries."""
    if not call.args:
        return await ledgers.listed(call, tx)
    register = call.plan.register_called(call.args)
    if register is None:
        names = "、".join(r.name for r in call.plan.registers)
        raise UserError(f"没有叫“{call.args}”的台账。可选：{names or '（没有）'}")
    return await ledgers.show(call, tx, register)


@router.hears()
async def answer(call: Call, tx: Tx) -> Message | None:
    """Take the answer to a question about an entry: a field's value, or yes or no to a doubt."""
    open_ = await questions.find_open(tx, call.member.id, call.event.platform, call.event.chat, call.now)
    if open_ is None or open_.get("about") not in ("field", "doubt") or _opened(call, call.args):
        raise PassOn
    if NUMBERED.fullmatch(call.args) or _names_item(call):
        raise PassOn
    register = call.plan.find_register(str(open_["register"]))
    if register is None or call.args.startswith("/"):
        raise PassOn
    await questions.settle(tx, call.member.id, call.event.platform, call.event.chat, call.now)
    said, state = replace(call, args=str(open_["text"])), str(open_.get("state", ""))
    if NO.fullmatch(call.args.strip()):
        return wording.dropped(register)
    if open_["about"] == "doubt":
        if not YES.fullmatch(call.args.strip()):
            raise PassOn
        return await _keep(said, tx, register, Draft(open_["values"], state=state), str(open_["unit"]))
    setting = await stories.setting_of(tx, call.world, call.plan, call.today)
    field = register.field(str(open_["field"]))
    value = read_value(register, field, call.args, setting)
    values = {**open_["values"], **({field.key: value} if value is not None else {})}
    missing = tuple(f for f in register.fields if f.needed and f.key not in values)
    return await _go_on(said, tx, register, Draft(values, missing, state=state), str(open_["unit"]))


def _names_item(call: Call) -> bool:
    """Tell whether a text is about an item, and so no answer about an entry: 第24届推普周3月10日已举办."""
    titled = any(item.title in call.args for item in call.plan.live_items)
    return titled or any(mention.items for mention in mentions(call.plan, call.args))


@router.hears()
async def close_or_revise(call: Call, tx: Tx) -> Message | None:
    """12号已整改，更换了设备: move an entry on; 12号期限改为5月20日: correct it."""
    numbered = NUMBERED.fullmatch(call.args)
    entry = await registers.find(tx, call.plan.key, int(numbered[1])) if numbered else None
    register = call.plan.find_register(entry.register) if entry is not None else None
    if numbered is None or entry is None or register is None:
        raise PassOn
    _check_owner(call, entry, register)
    words = numbered[2].strip()
    state = next(
        (s for s in reversed(register.states) if words.startswith(s.removeprefix("已")) or words.startswith(s)), ""
    )
    closing = CLOSED.match(words)
    if state or (register.states and closing):
        return await _move(call, tx, entry, register, state or register.closed, words)
    return await _revise(call, tx, entry, register, words)


@router.hears()
async def log_in_words(call: Call, tx: Tx) -> Message | None:
    """讲课：…, or what can only be an answer to the one slot that was asked for: log it."""
    found = _opened(call, call.args)
    if found is None:
        raise PassOn
    return await _log(call, tx, *found)


@router.hears()
async def answer_slot(call: Call, tx: Tx) -> Message | None:
    """已开展，18人参加: words without the register's name, said while its slot is the only one asked for."""
    slots, others = [], []
    for unit in call.standpoint.units:
        for due in await current_dues(tx, call.world, call.plan, unit, call.today):
            register = call.plan.find_register(due.duty.register)
            if due.owed.entries and register is not None:
                slots.append((unit, register))
            elif not due.owed.nothing:
                others.append(due.duty.name)
    # Long words may be the summary that is asked for at the same time.
    if len(slots) != 1 or OF_ITEMS.search(call.args) or (others and len(call.args) > SHORT):
        raise PassOn
    unit, register = slots[0]
    ctx = Context(call.plan.code, unit, "contact", call.today, pending=register.key, msgtype=call.event.content)
    if "checkin" not in call.world.reader(call.plan).read(call.args, ctx).intents:
        raise PassOn
    return await _log(call, tx, register, call.args)


def _opened(call: Call, text: str) -> tuple[Register, str] | None:
    """Return the register whose name opens a text, with what follows; the longest name wins."""
    found = [(r, rest) for r in call.plan.registers if (rest := opened(r, text)) is not None]
    found = [pair for pair in found if pair[1] or len(found) == 1]
    return min(found, key=lambda pair: len(pair[1]), default=None)


async def _log(call: Call, tx: Tx, register: Register, words: str) -> Message | None:
    if not stories.may_log(register, call.standpoint):
        raise UserError(wording.not_for_you(register, call.plan.receiver))
    units = call.standpoint.units
    unit = next((u for u in units if not register.units or u in register.units), units[0] if units else "")
    unit = unit or call.plan.receiver
    setting = await stories.setting_of(tx, call.world, call.plan, call.today)
    lines = [line for line in words.splitlines() if line.strip()]
    owned = [_whose(call, register, line, unit) for line in lines]
    drafts = [read_entry(register, line, setting) for _, line in owned]
    if len(drafts) > 1 and not any(draft.missing or draft.doubts for draft in drafts):
        made = [await _keep(call, tx, register, draft, owner) for (owner, _), draft in zip(owned, drafts, strict=True)]
        return replace(made[0], blocks=tuple(block for message in made for block in message.blocks))
    unit, words = _whose(call, register, words, unit)
    # Addresses are taken out of a message before it is read; an entry may have a field for them.
    addressed = " ".join((words, *ADDRESS.findall(call.event.text)))
    draft = named_by_opening(register, read_entry(register, addressed, setting), call.args.removesuffix(words))
    return await _go_on(call, tx, register, draft, unit)


def _whose(call: Call, register: Register, words: str, unit: str) -> tuple[str, str]:
    """Return whose entry it is and the words of it: the office may begin one with the unit's name."""
    first, _, rest = words.strip().partition(" ")
    named = call.plan.find_unit(first.rstrip("：:，,"))
    if named is None or not named.reports or not rest or not call.standpoint.is_office or register.of_kind("unit"):
        return unit, words
    return named.name, rest.strip()


async def _go_on(call: Call, tx: Tx, register: Register, draft: Draft, unit: str) -> Message:
    """Keep an entry that is whole; ask for what is missing or does not fit."""
    if not draft.missing and not draft.doubts:
        return await _keep(call, tx, register, draft, unit)
    payload = {
        "register": register.key,
        "values": dict(draft.values),
        "unit": unit,
        "text": call.args,
        "state": draft.state,
    }
    if draft.missing:
        payload |= {"about": "field", "field": draft.missing[0].key}
    else:
        payload |= {"about": "doubt"}
    await questions.ask(tx, call.question(payload))
    return wording.ask_field(register, draft.missing[0]) if draft.missing else wording.ask_doubt(register, draft.doubts)


async def _keep(call: Call, tx: Tx, register: Register, draft: Draft, unit: str) -> Message:
    speaker = stories.Speaker(call.world, call.plan, unit, call.member.id, call.inbox_id, call.now, call.args)
    entry = await stories.log(tx, register, draft, speaker)
    if register.anonymous:
        return wording.anonymous_receipt(register)
    if register.loggers == "office" and register.visible != "office":
        await _tell_concerned(call, tx, register, entry)
    return wording.receipt(register, ledgers.line_of(call, register, entry))


async def _tell_concerned(call: Call, tx: Tx, register: Register, entry: RegisterEntry) -> None:
    """Tell a unit in private what the office keeps of it, as it cannot have logged it itself."""
    contacts = (await contacts_on(tx, call.plan, call.today)).by_unit
    line = replace(ledgers.line_of(call, register, entry), unit="")
    for unit in stories.concerned(register, entry)[1:]:
        if unit in contacts:
            common = notice(call.plan, call.now, wording.of_your_unit(register, unit, line))
            await tell_member(tx, call.world, call.plan, contacts[unit].id, f"entry:{entry.id}:told:{unit}", common)


def _check_owner(call: Call, entry: RegisterEntry, register: Register) -> None:
    own = any(unit in call.standpoint.units for unit in stories.concerned(register, entry))
    if not (own or entry.member_id == call.member.id or call.standpoint.is_office):
        raise UserError(f"{entry.number} 号不是您单位的，不能改。需要时请联系{call.plan.receiver}。")
    if entry.retracted_at is not None:
        raise UserError(f"{entry.number} 号已经撤回了。")


async def _move(call: Call, tx: Tx, entry: RegisterEntry, register: Register, state: str, words: str) -> Message:
    note = re.sub(rf"^(?:{re.escape(state)}|{CLOSED.pattern})[\s，,：:。]*", "", words).strip()
    if register.proof and state == register.closed and not note:
        raise UserError(wording.needs_proof(entry.number, state))
    if register.closers == "office" and not call.standpoint.is_office and state == register.closed:
        line = ledgers.line_of(call, register, entry)
        question = Decisive(
            kind="close_entry",
            summary=f"{entry.unit}报 {register.name} {entry.number} 号{state}",
            lines=(line.said, note),
            payload={"entry": entry.number, "state": state, "note": note},
            asked_by=call.member.id,
        )
        await ask_for_decision(tx, call.world, call.plan, question, call.now)
        return wording.sent_for_confirmation(entry.number, call.plan.receiver)
    step = EntryState(at=call.now, member_id=call.member.id, note=note)
    await stories.close(tx, entry, register, state, step)
    return wording.moved(ledgers.line_of(call, register, entry), state)


@router.decides("close_entry")
async def close_confirmed(call: Call, tx: Tx, decision: Decision) -> Message:
    """Close an entry the office confirmed, or tell its unit why it stays open."""
    entry = await registers.find(tx, call.plan.key, int(decision.payload["entry"]))
    register = call.plan.find_register(entry.register) if entry is not None else None
    if entry is None or register is None:
        raise UserError("这条台账已经没有了。")
    line = ledgers.line_of(call, register, entry)
    if decision.verdict == "approved":
        step = EntryState(at=call.now, member_id=call.member.id, note=str(decision.payload["note"]))
        await stories.close(tx, entry, register, str(decision.payload["state"]), step)
        answer = wording.moved(replace(line, state=""), entry.state)
    else:
        answer = wording.stays_open(line, decision.reason)
    told = {entry.member_id, decision.asked_by} - {None, call.member.id}
    keys = {member: f"entry:{entry.id}:decided:{decision.id}:m{member}" for member in told if member is not None}
    await put(tx, call.world, call.plan, keys, notice(call.plan, call.now, answer))
    return answer


async def _revise(call: Call, tx: Tx, entry: RegisterEntry, register: Register, words: str) -> Message:
    """Take 期限改为5月20日 or 改周四: the field named, or the fields the words can be read as."""
    setting = await stories.setting_of(tx, call.world, call.plan, call.today)
    named = REVISED.fullmatch(words)
    field = next((f for f in register.fields if named and named[1].strip() in f.names), None)
    if field is not None and named is not None:
        value = read_value(register, field, named[2], setting)
        changed = {field.key: value} if value is not None else {}
    else:
        # Words without a label never replace what somebody wrote: only what can be told by its kind is taken.
        texts = {f.key for f in register.of_kind("text")}
        changed = {key: v for key, v in read_entry(register, words, setting).values.items() if key not in texts}
    if not changed:
        raise UserError(wording.unclear_change(entry.number, register))
    before = brief(register, entry.values, call.plan, private=True)
    values = {**entry.values, **changed}
    step = EntryState(
        at=call.now, member_id=call.member.id, before=entry.state, after=entry.state, note=f"原为：{before}"
    )
    await registers.revise(tx, entry, values, due_on(register, values) or entry.due_on, step)
    return wording.revised(ledgers.line_of(call, register, entry))
