"""What the office is told by the program itself: failures, gaps, missed sendings."""

from collections.abc import Sequence

from bot.messages.message import Bullets, Lines, Message, joined, say


def no_contact(units: Sequence[str]) -> Message:
    """Say which units cannot be asked because nobody reports for them."""
    return say(
        f"{joined(units)}还没有联络员，这次没法提醒。",
        "请补一份花名册：drumbeat import members 花名册.xlsx，角色填“联络员”。",
        title="缺联络员",
    )


def capped(units: Sequence[str], cap: int) -> Message:
    """Say that a nudge was left out because of the burden rules."""
    return say(
        f"{joined(units)}本月已收到 {cap} 条提醒（减负上限），催报没有再发。需要时请您电话联系，或发：催报 单位名。",
        title="提醒已到上限",
    )


def undelivered(failures: Sequence[tuple[str, str]]) -> Message:
    """Say what could not be sent, to whom, and what to do about it."""
    lines = tuple(f"给{target}：{reason}" for target, reason in failures)
    return Message("有消息没发出去", (Bullets(lines), Lines(("处理好以后，需要的话请发：催报。",))))


def holidays_unknown(year: int, folder: str) -> Message:
    """Say that a year's working days are guessed, and how to put that right."""
    return say(
        f"{year} 年的放假和调休安排还没有，提醒日期暂按周末推算，可能不准。",
        f"放假通知公布后，请把 {year}.toml 放进 {folder}/ 并重启（格式见说明书“运维”一章）。",
        title="放假安排未知",
    )


def missed(occasions: Sequence[str], hours: int) -> Message:
    """Say which sendings were left out because the program was down too long."""
    lead = f"程序停了超过 {hours} 小时，以下提醒已过补发期，没有发出："
    return Message("错过的提醒", (Lines((lead,)), Bullets(tuple(occasions)), Lines(("需要时请发：催报。",))))
