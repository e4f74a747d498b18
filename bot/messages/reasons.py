"""Where a value comes from: the words that were said, who said them, and what was taken from them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.plans import Item
from bot.messages.message import Bullets, Lines, Message, clip, stacked

QUOTE = 300


@dataclass(frozen=True)
class Said:
    """One check-in: its receipt, unit, who said it and when (in words), the text, and how it ended (退回, 撤回, '')."""

    number: int
    unit: str
    by: str
    at: str
    text: str
    ended: str = ""


@dataclass(frozen=True)
class Because:
    """One value of an item (None: of the unit as a whole) and the words it was taken from."""

    item: Item | None
    value: str
    words: str


def explained(said: Said, lines: Sequence[Because]) -> Message:
    """Show a check-in's words and, for each value, those it was taken from."""
    ended = f"，已{said.ended}，不计入" if said.ended else ""
    head = f"回执 {said.number} 号：{said.unit}，{said.by} {said.at}报{ended}"
    rows = tuple(_row(line) for line in lines)
    return Message("", (Lines((head, f"原话：{clip(said.text, QUOTE)}")), Bullets(rows)))


def _row(line: Because) -> str:
    name = line.item.label if line.item is not None else "单位工作"
    if not line.value:
        return f"{name}：记了文字，没有记数"
    source = f"依据“{line.words}”" if line.words else "依据所选的选项或表单"
    return f"{name}：{line.value}，{source}"


def opened(unit: str, value: str, on: str) -> Message:
    """Show a figure that came with the plan."""
    return Message("", (Lines((f"{unit}：{value}，导入计划时的进度（{on}），以后还没有报过",)),))


def together(messages: Sequence[Message]) -> Message:
    return stacked(*messages)


def which(items: Sequence[Item]) -> str:
    if not items:
        return "请写回执号，或项目编号加“项”，例如：依据 12（回执），或：依据 第9项"
    lines = "\n".join(f"· {item.label}" for item in items)
    return f"说的是哪一项？\n{lines}"


def no_receipt(number: int) -> str:
    return f"没有回执 {number} 号，或者它不是您单位的。看某一项请写：依据 第{number}项"


def no_data(item: Item) -> str:
    return f"{item.label}还没有登记，或者不是您单位的项目。"
