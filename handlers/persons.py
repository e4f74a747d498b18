"""Persons in the registers: one person's file, and what the office checks for repeats and long gaps."""

import re
from datetime import date

from bot.dispatch import Call, PassOn, Router
from bot.domain.entries import brief
from bot.domain.registers import Register
from bot.errors import UserError
from bot.messages import persons as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.storage.tables import RegisterEntry
from bot.stories import persons
from bot.stories.quotas import once_each

router = Router("persons", "台账")

ASKED = re.compile(r"(\S{1,30})(?:\s+(\d{4})(?:\s*[-—至]\s*(\d{4}))?年?)?")


@router.command("person", "档案", usage="/person 姓名 [年-年]", help="看一个人在各台账里的记录，限私聊")
async def person(call: Call, tx: Tx) -> Message:
    """/person name [years]: what each register says of a person; for the office and for himself."""
    asked = ASKED.fullmatch(call.args.strip())
    if asked is None:
        if not call.slash:
            raise PassOn
        raise UserError("请写：档案 姓名，可以再写哪几年，例如：档案 张三 2018-2022")
    name = asked[1]
    if not call.standpoint.is_office and name != call.member.name:
        raise UserError(wording.not_yours(call.plan.receiver))
    _check_private(call)
    first = date(int(asked[2]), 1, 1) if asked[2] else date.min
    last = date(int(asked[3] or asked[2]), 12, 31) if asked[2] else date.max
    years = f"{asked[2]}—{asked[3] or asked[2]}年" if asked[2] else "全部"
    chapters = []
    for register in call.plan.registers:
        if register.anonymous or (register.visible == "office" and not call.standpoint.is_office):
            continue
        entries = await persons.entries_of(tx, call.plan, register, name, first, last)
        if entries:
            lines = tuple(_line(call, register, entry) for entry in reversed(entries))
            chapters.append(wording.Chapter(register.name, _sums(call, register, entries), lines))
    return wording.file_of(name, years, chapters)


@router.command("clashes", "核查", usage="/clashes 台账", help="查时间重叠的条目和几年没有记录的人", roles=("office",))
async def clashes(call: Call, tx: Tx) -> Message:
    """/clashes register: who is named twice at one time, and who has had no entry for years."""
    register = call.plan.register_called(call.args.strip())
    if register is None or not register.of_kind("person", "people"):
        if not call.slash:
            raise PassOn
        names = "、".join(r.name for r in call.plan.registers if r.of_kind("person", "people") and r.of_kind("span"))
        raise UserError(f"请写要查的台账，例如：核查 {names.split('、')[0] or '培训'}。可查：{names or '（没有）'}")
    _check_private(call)
    twice = [
        f"{one.name}（{one.first.unit}）：{_line(call, register, one.first)}；{_line(call, register, one.second)}"
        for one in await persons.clashes(tx, call.plan, register)
    ]
    idle = await persons.idle(tx, call.plan, register, call.today) if register.idle_years else []
    return wording.checked(register, twice, [f"{one.name}（{one.unit}）" for one in idle])


def _check_private(call: Call) -> None:
    if call.event.chat_kind != "private":
        raise UserError(wording.in_private())


def _line(call: Call, register: Register, entry: RegisterEntry) -> str:
    return f"{entry.number} 号　{brief(register, entry.values, call.plan, private=True)}"


def _sums(call: Call, register: Register, entries: list[RegisterEntry]) -> str:
    """Add up each number over the entries; a course that two sources report counts once."""
    found = []
    for field in register.of_kind("number"):
        numbers = [entry.values[field.key] for entry in once_each(call.plan, entries) if field.key in entry.values]
        if numbers and field.unit and field.key not in register.once:
            found.append(f"{field.name}合计 {round(sum(numbers), 2):g}{field.unit}")
    return "，".join(found)
