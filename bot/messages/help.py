"""Help texts."""

from collections.abc import Sequence

from bot.domain.members import Standpoint
from bot.messages.message import Bullets, Lines, Message, say


def commands(entries: Sequence[tuple[str, str, str]], standpoint: Standpoint) -> Message:
    """List commands as (Chinese word, usage, what it does), after the one thing a contact needs to know."""
    lead = "报进展直接说就行，例如：第7项80%，经费还没到位。" if standpoint.units else "可用的命令："
    lines = tuple(f"{word}（{usage}）：{what}" for word, usage, what in entries)
    return Message("小鼓能做什么", (Lines((lead,)), Bullets(lines), Lines(("命令也可以只发中文，例如：进度 4",))))


def plans(names: Sequence[str]) -> Message:
    lines = tuple(f"{n}. {name}" for n, name in enumerate(names, 1))
    tail = "要换当前计划，请回复：计划 序号" if len(names) > 1 else ""
    return say("您参加的计划：", *lines, tail)


def plan_chosen(name: str) -> Message:
    return say(f"好，现在说的是“{name}”。")
