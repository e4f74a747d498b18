"""What waits for the office to release it: shown with text and receivers, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages.message import Message, clip, joined, say

# Whole texts shown; of the others, which are mostly the same with other items, the receivers are named.
SHOWN = 3


def summary(count: int) -> str:
    return f"{count} 条消息等您放行"


def lines(found: Sequence[tuple[str, Message]]) -> tuple[str, ...]:
    """Show (to whom, text) of each message; equal texts once, the first few in full."""
    by_text: dict[str, list[str]] = {}
    for to, message in found:
        by_text.setdefault(message.as_text(), []).append(to)
    texts = list(by_text.items())
    shown = [line for text, to in texts[:SHOWN] for line in (f"—— 发给：{joined(to)}", *text.split("\n"))]
    others = [f"{joined(to)}：{clip(' '.join(text.split()), 60)}" for text, to in texts[SHOWN:]]
    rest = (f"—— 另有 {len(others)} 种，只列开头：", *others) if others else ()
    return (*shown, *rest, "—— 以上还没有发给任何人。")


def released(count: int, later: datetime | None) -> Message:
    """Say what goes out now, or at `later` (local) when it is outside working hours."""
    if not count:
        return say("这些消息已经过了期限，没有要发的了。")
    when = f"{later.month}月{later.day}日 {later:%H:%M} 起发出" if later else "现在发出"
    return say(f"已放行 {count} 条，{when}；这期间已经报了的人不再发。")


def refused(count: int) -> Message:
    return say(f"好的，这 {count} 条不发了。")


def refusal(reason: str) -> str:
    """Return why a message was dropped, for the records."""
    return f"办公室没有放行：{reason}" if reason else "办公室没有放行"
