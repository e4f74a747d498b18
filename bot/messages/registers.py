"""Registers in words: receipts of entries, questions about their fields, lists and states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.registers import Field, Register
from bot.messages import words
from bot.messages.message import Block, Bullets, Button, Lines, Message, clip, joined, say

MOST = 10
LINE = 90


@dataclass(frozen=True)
class Line:
    """One entry as shown: its number, whose it is, what it says, its state and due date in words."""

    number: int
    unit: str
    said: str
    state: str = ""
    due: str = ""

    @property
    def text(self) -> str:
        tail = "，".join(part for part in (self.state, self.due) if part)
        who = f"{self.unit}：" if self.unit else ""
        return f"{self.number} 号　{who}{clip(self.said, LINE)}" + (f"（{tail}）" if tail else "")


def receipt(register: Register, line: Line) -> Message:
    """Confirm an entry with its number and everything that was understood."""
    who = f"（{line.unit}）" if line.unit else ""
    state = f"（{line.state}）" if line.state != register.opening else ""
    shown = [f"{line.said}{state}", *((line.due,) if line.due else ())]
    how = f"有误请回：撤回 {line.number}"
    if register.states and line.state != register.closed:
        how += f"；办完请回：{line.number}号{register.closed}"
    return Message(
        "",
        (
            Lines((f"已登记{register.name}，{line.number} 号{who}",)),
            Bullets(tuple(part for part in shown if part)),
            Lines((how,)),
        ),
        buttons=(Button("撤回", f"撤回 {line.number}"),),
    )


def of_your_unit(register: Register, unit: str, line: Line) -> Message:
    """Tell a unit what the office has logged of it."""
    how = (f"办完请回：{line.number}号{register.closed}",) if register.states else ()
    return Message(
        f"{register.name}（{unit}）", (Bullets((line.text,)), Lines(how)) if how else (Bullets((line.text,)),)
    )


def anonymous_receipt(register: Register) -> Message:
    """Confirm an anonymous entry; it has no number that could lead back."""
    return say(f"已收到{register.noun}，不记名，只有办公室看汇总。")


def ask_field(register: Register, field: Field) -> Message:
    """Ask for one field that is needed."""
    kinds = {
        "date": "请写月和日，例如：5月10日。",
        "span": "请写起止日期，例如：7月1日至8月31日。",
        "number": f"回一个数就行{'，单位是' + field.unit if field.unit else ''}。",
        "choice": f"可选：{joined(field.options)}。",
        "boxes": f"有哪几项：{joined(field.options)}？",
    }
    return say(f"{register.noun}的{field.name}是什么？{kinds.get(field.kind, '')}（不登记了请回：算了）")


def ask_doubt(register: Register, doubts: Sequence[str]) -> Message:
    """Ask whether an entry is meant as it was said, because something does not fit."""
    return say(f"这条{register.noun}请您再看一下：{joined(doubts)}。照这样登记请回：对；不登记请回：不对。")


def dropped(register: Register) -> Message:
    return say(f"好的，这条{register.noun}没有登记。")


def voted(register: Register) -> str:
    return f"您已经交过这份{register.noun}了，每人一份。"


def not_for_you(register: Register, receiver: str) -> str:
    who = joined(register.units) if register.units and register.loggers != "office" else receiver
    return f"{register.name}由{who}登记，我没有记下。"


def moved(line: Line, state: str) -> Message:
    return say(f"{line.number} 号已改为“{state}”：{clip(line.said, LINE)}")


def needs_proof(number: int, state: str) -> str:
    return f"请写一句怎么办的再报，例如：{number}号{state}，已更换设备并复查。"


def sent_for_confirmation(number: int, receiver: str) -> Message:
    return say(f"{number} 号已报{receiver}确认，确认后销号。")


def unclear_change(number: int, register: Register) -> str:
    states = f"，或它的状态（{joined(register.states)}）" if register.states else ""
    example = f"{number}号{register.fields[0].name}改为……"
    return f"没看懂要改 {number} 号（{register.name}）的什么。请写明字段{states}，例如：{example}"


def stays_open(line: Line, reason: str) -> Message:
    return say(f"{line.number} 号没有通过确认，仍未办结{'：' + reason if reason else '。'}", clip(line.said, LINE))


def revised(line: Line) -> Message:
    return Message("", (Lines((f"{line.number} 号已更正：",)), Bullets((line.text,))))


def overview(register: Register, counts: Sequence[str], lines: Sequence[Line], opinions: Sequence[str] = ()) -> Message:
    """Show a register: its counts, then at most ten entries, or what was written without a name."""
    blocks: list[Block] = [Lines(tuple(counts))]
    if lines:
        blocks.append(Bullets(tuple(line.text for line in lines[:MOST])))
    if opinions:
        blocks.append(Bullets(tuple(clip(words, LINE) for words in opinions[:MOST])))
    if (count := len(lines or opinions)) > MOST:
        blocks.append(Lines((f"共 {count} 条，只列出前 {MOST} 条。",)))
    return Message(register.name, tuple(blocks))


def listed(registers: Sequence[tuple[Register, int, int]]) -> Message:
    """List the registers of a plan with how many entries they hold and how many are open."""
    lines = [
        f"{register.name}：{total} 条" + (f"，未办结 {open_} 条" if register.states else "")
        for register, total, open_ in registers
    ]
    if not lines:
        return say("这个计划没有台账。")
    first = registers[0][0]
    return Message("台账", (Bullets(tuple(lines)), Lines((f"看某一个请发：台账 {first.name}",))))


def due_soon(lines: Sequence[tuple[Register, Line]], names: Sequence[str]) -> Message:
    """Remind the owner of entries that fall due."""
    shown = tuple(f"{register.name} {line.text}" for register, line in lines)
    how = f"办完请回复编号和结果，例如：{lines[0][1].number}号{lines[0][0].closed or '已办结'}，……"
    return Message(f"{joined(names)}到期提醒", (Bullets(shown), Lines((how,))))


def due_words(due: date | None, today: date) -> str:
    """期限 5月20日（周五）; of another year 期限 2023年3月1日（周三）."""
    if due is None:
        return ""
    year = "" if due.year == today.year else f"{due.year}年"
    return f"期限 {year}{words.day(due)}"
