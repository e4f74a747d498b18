"""One person's file, and what the office checks of persons, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.registers import Register
from bot.messages.message import Block, Bullets, Lines, Message, clip, joined, say

MOST = 10
LINE = 160


@dataclass(frozen=True)
class Chapter:
    """What one register says of a person: how many entries, what they sum up to, and each in a line."""

    name: str
    sums: str
    lines: tuple[str, ...]


def file_of(name: str, years: str, chapters: Sequence[Chapter]) -> Message:
    """Show a person's file, each register by itself: what is apart is not added together."""
    if not chapters:
        return say(f"{name}（{years}）：台账里没有记录。")
    blocks: list[Block] = []
    for chapter in chapters:
        blocks.append(Lines((f"{chapter.name}：{len(chapter.lines)} 条{'，' + chapter.sums if chapter.sums else ''}",)))
        blocks.append(Bullets(tuple(clip(line, LINE) for line in chapter.lines[:MOST])))
        if len(chapter.lines) > MOST:
            blocks.append(Lines((f"共 {len(chapter.lines)} 条，只列出最近 {MOST} 条。",)))
    return Message(f"{name} 档案（{years}）", tuple(blocks))


def checked(register: Register, clashes: Sequence[str], idle: Sequence[str]) -> Message:
    """Show who is named twice at one time, and who has had no entry for years."""
    blocks: list[Block] = [Lines((f"时间重叠 {len(clashes)} 处：" if clashes else "没有时间重叠的条目。",))]
    if clashes:
        blocks.append(Bullets(tuple(clashes[:MOST])))
    if register.idle_years:
        head = f"近 {register.idle_years} 年没有{register.noun}的 {len(idle)} 人"
        tail = f"等，共 {len(idle)} 人" if len(idle) > MOST else ""
        blocks.append(Lines((f"{head}：{joined(idle[:MOST])}{tail}" if idle else f"{head}。",)))
    return Message(f"{register.name}核查", tuple(blocks))


def not_yours(receiver: str) -> str:
    return f"个人档案只有{receiver}和本人能看。"


def in_private() -> str:
    return "涉及个人，请私聊我看。"
