"""What is said when a plan's messages stop and go on."""

from bot.messages.message import Message, say

REASON = "计划已暂停"


def paused(plan: str, to_persons: int, to_groups: int, catch_up_hours: int) -> Message:
    """Say what stops at once and what was kept back."""
    kept = "、".join(f"{where} {n} 条" for where, n in (("私聊", to_persons), ("群", to_groups)) if n)
    return say(
        f"“{plan}”已暂停：提醒、催报、排名和简报都不再发，大家的登记和提问照常。",
        f"已经排好还没发出的留着没发：{kept}。" if kept else "现在没有排好待发的消息。",
        f"恢复请发：恢复。到时错过不超过 {catch_up_hours} 小时的会补发，更早的列给办公室。",
    )


def resumed(plan: str, released: int, catch_up_hours: int) -> Message:
    kept = f"暂停前留下的 {released} 条，还有效的接着发。" if released else ""
    return say(
        f"“{plan}”已恢复发提醒。{kept}", f"暂停期间错过的，{catch_up_hours} 小时以内的标明补发，更早的列给办公室。"
    )


def not_paused() -> str:
    return "计划没有暂停，提醒照常在发。要停发请发：暂停"
