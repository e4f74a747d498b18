"""Help texts."""

from collections.abc import Mapping, Sequence

from bot.domain.members import Standpoint
from bot.messages.message import Bullets, Lines, Message, joined, say

# What is looked for first stands first.
ORDER = ("报送", "查看", "催办", "决定", "台账", "改计划", "换人", "其他")


def commands(topics: Mapping[str, Sequence[str]], standpoint: Standpoint) -> Message:
    """List the words somebody may use, a line a topic, after the one thing a contact needs to know."""
    lead = "报进展直接说就行，例如：第7项80%，经费还没到位。" if standpoint.units else "直接发下面的词就行："
    lines = tuple(f"{topic}：{joined(topics[topic])}" for topic in ORDER if topic in topics)
    how = "看某个词怎么用请发：帮助 进度。前面加不加 / 都行。"
    return Message("小鼓能做什么", (Lines((lead,)), Bullets(lines), Lines((how,))))


def details(entries: Sequence[tuple[str, str, str]]) -> Message:
    """Say how commands are used, as (Chinese word, usage, what it does)."""
    return Message("怎么用", (Bullets(tuple(f"{word}（{usage}）：{what}" for word, usage, what in entries)),))


def no_such(word: str) -> str:
    return f"没有“{word}”这个命令，或者您不能用。看能用哪些请发：帮助"


def plans(names: Sequence[str]) -> Message:
    lines = tuple(f"{n}. {name}" for n, name in enumerate(names, 1))
    tail = "要换当前计划，请回复：计划 序号" if len(names) > 1 else ""
    return say("您参加的计划：", *lines, tail)


def plan_chosen(name: str) -> Message:
    return say(f"好，现在说的是“{name}”。")
