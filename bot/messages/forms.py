"""What the form says: its heading, hints and faults, and the words around its link."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.messages import words
from bot.messages.message import Lines, Message, joined, say


class _Due(Protocol):
    @property
    def period_key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def due_on(self) -> date: ...


def heading(dues: Sequence[_Due]) -> str:
    """4月月度进展、4月工作专报"""
    return joined(dict.fromkeys(f"{words.period(due.period_key)}{due.name}" for due in dues)) or "填报"


def due_words(dues: Sequence[_Due]) -> str:
    days = sorted({due.due_on for due in dues})
    return f"{words.day(days[0])}截止" if days else ""


def text_hint(label: str, *, filled: bool) -> str:
    """Say how to fill a text."""
    if filled:
        return "已带出上次的内容，请改成这一期的"
    return "没有就写：无" if label == "存在问题" else "几句话写清楚就行；没有就写：无"


def figure_missing() -> str:
    return "请填完成百分之几，0 到 100"


def no_percent(text: str) -> str:
    return f"“{text[:12]}”不是 0 到 100 的数，应像：60"


def no_number(text: str, unit: str) -> str:
    return f"“{text[:12]}”不是一个数，应像：86（{unit or '只写数'}）" if text else "请填一个数；没有就填：0"


def text_missing() -> str:
    return "这一栏要写；没有内容就写：无"


def too_long(length: int, longest: int) -> str:
    return f"写了 {length} 个字，最多 {longest} 个字"


def too_long_in_all(longest: int) -> str:
    return f"整张表合起来最多 {longest} 个字，请写简短些"


def already_handed_in() -> str:
    return "这张表已经提交过了，没有重复登记。"


def not_yours_now(unit: str) -> str:
    return f"您现在不是{unit}的联络员，这张表不能再用。有疑问请联系办公室。"


def off() -> str:
    return "这里还没有开通表单，直接回复我就行，例如：第7项60%。"


def privately() -> str:
    return "表单只能私下给您，请私聊我发：表单"


def nothing_open() -> str:
    return "现在没有要填的。"


def offered(links: Sequence[tuple[str, str]]) -> Message:
    """Give somebody the links of his units' forms."""
    return say(*(f"{unit}：{url}" for unit, url in links), "链接只供您本人用，提交一次就失效。", title="填报表单")


def line(url: str) -> Lines:
    """Add the form to a reminder."""
    return Lines((f"也可以填表单：{url}",))
