"""One-off collections in words."""

from collections.abc import Sequence
from datetime import date

from bot.messages import words
from bot.messages.message import Message, joined, say


def how() -> str:
    return "请写要什么、哪天前，可以写哪些单位和说明，例如：征集 阶段性总结 5月20日前 各单位"


def past(due_on: date) -> str:
    return f"{words.short_day(due_on)}已经过去了，请写今天以后的日子。"


def asked(what: str, due_on: date, note: str) -> Message:
    """Ask a contact, with the words to answer with."""
    return say(
        f"请在{words.day(due_on)}前报{what}。{note}",
        how_to_answer(what),
        title=f"{what}，{words.short_day(due_on)}截止",
    )


def how_to_answer(what: str) -> str:
    return f"直接回复我，开头写上名称，例如：{what}：……"


def to_draft(what: str, not_done: Sequence[str]) -> str:
    """Say how the office hands in a draft of its own, and what it may start from."""
    rest = f"可以从没完成的写起：{joined(not_done, 10)}。" if not_done else ""
    return f"{rest}写好了发：{what}：……"


def opened(what: str, due_on: date, units: Sequence[str], silent: Sequence[str]) -> Message:
    """Confirm to the office whom it is asked of, and who could not be told."""
    return say(
        f"已开始征集“{what}”，{words.day(due_on)}截止，向 {len(units)} 个单位：{joined(units, 10)}。",
        f"没有联络员、还没通知到：{joined(silent)}。" if silent else "",
        "到期前后照常提醒，没报的在“未报”里看。",
    )
