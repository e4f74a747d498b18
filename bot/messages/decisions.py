"""What waits for a decision: the question, the list, and the refusals of an answer that cannot be taken."""

from collections.abc import Sequence

from bot.messages.message import Bullets, Button, Lines, Message, clip

VERDICTS = {"approved": "同意", "refused": "不同意"}


def asked(number: int, summary: str, lines: Sequence[str]) -> Message:
    """Ask for a yes or a no, and say how to give it."""
    how = f"同意请回：同意 {number}；不同意请回：不同意 {number} 原因。"
    buttons = (Button("同意", f"同意 {number}"), Button("不同意", f"不同意 {number}"))
    return Message(f"请您决定（{number} 号）", (Lines((summary, *lines)), Lines((how,))), buttons=buttons)


def waiting(found: Sequence[tuple[int, str]], word: str) -> Message:
    """List what waits, when it is not clear which is meant."""
    lines = tuple(f"{number} 号：{clip(summary, 80)}" for number, summary in found)
    first = found[0][0]
    lead = f"有 {len(found)} 件事等您决定，请写上编号，例如：{word} {first}"
    return Message("", (Lines((lead,)), Bullets(lines)))


def nothing_waits() -> str:
    return "现在没有等您决定的事。"


def not_waiting(number: int) -> str:
    return f"没有 {number} 号这件等您决定的事。要看有哪些，请发：同意"


def already(number: int, who: str, verdict: str, reason: str) -> str:
    """Say that somebody decided before."""
    why = f"，原因：{reason}" if reason else ""
    return f"{number} 号已由{who}答复“{VERDICTS[verdict]}”{why}，不再更改。"
