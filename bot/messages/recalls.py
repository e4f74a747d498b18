"""What the office reads when it takes messages back."""

from datetime import datetime

from bot.messages import words
from bot.messages.message import Message, say


def nothing() -> str:
    """Say that there is nothing to take back."""
    return "24 小时内没有自动发出的消息，不用收回。"


def wave(at: datetime, private: int, groups: int) -> Message:
    """Say what would be taken back, and how."""
    return say(
        f"最近一批是 {words.moment(at)} 发的：私聊 {private} 条，群里 {groups} 条。",
        "真要收回请发：收回 确认。群机器人（webhook）发的和已经超过 24 小时的收不回来。",
        title="要收回吗",
    )


def begun(count: int) -> Message:
    """Say that it is being done."""
    return say(f"正在收回 {count} 条，好了告诉您。")


def done(gone: int, left: int) -> Message:
    """Say what came of it."""
    rest = f"{left} 条收不回来：群机器人发的，或平台不让收。请在群里说明一下。" if left else ""
    return say(f"收回了 {gone} 条。", rest, title="收回")
