"""What is said when the office returns a check-in."""

from collections.abc import Sequence

from bot.messages.message import Bullets, Lines, Message, clip, joined, say

QUOTE = 80


def returned(number: int, text: str, reason: str, again: Sequence[str], form: str = "") -> Message:
    """Tell who reported what came back, why, and what is owed again."""
    return say(
        f"您的回执 {number} 号被办公室退回，没有计入。",
        f"原因：{reason}",
        f"您报的是：{clip(text, QUOTE)}",
        f"请改好再报一次{f'（{joined(again)}）' if again else ''}，直接回复我就行。",
        f"也可以填表单：{form}" if form else "",
        title="退回重报",
    )


def done(number: int, unit: str, told: str, stands_at: Sequence[str]) -> Message:
    """Confirm to the office."""
    who = f"，已私下告诉{told}" if told else f"；{unit}没有联络员，请您转告"
    lines = Lines((f"已退回回执 {number} 号（{unit}）{who}。",))
    return Message("", (lines, Bullets(tuple(stands_at))) if stands_at else (lines,))


def how() -> str:
    return "请写回执号和原因，例如：退回 12 数字与上月不符，请核对"


def no_receipt(number: int) -> str:
    return f"没有回执 {number} 号。回执号写在登记后的答复里。"


def gone_already(number: int, *, returned: bool) -> str:
    return f"回执 {number} 号已经{'退回' if returned else '撤回'}过了。"
