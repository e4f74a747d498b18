"""What the office hears after asking for a reminder or a dispatch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.messages import words
from bot.messages.message import Message, joined, say


@dataclass(frozen=True)
class Chased:
    """What came of a request to chase: who is reminded and when, who was already today, who has no contact."""

    reminded: tuple[str, ...]
    already: tuple[str, ...]
    no_contact: tuple[str, ...]
    at: datetime
    now: datetime


def chased(found: Chased) -> Message:
    """Confirm a chase."""
    if not (found.reminded or found.already or found.no_contact):
        return say("没有未报的单位，不用催。")
    when = "已安排私下提醒" if found.at <= found.now else f"不在工作时间，将在{words.moment(found.at)}私下提醒"
    return say(
        f"{when} {len(found.reminded)} 个单位：{joined(found.reminded)}" if found.reminded else "",
        f"今天已提醒过，不再重复：{joined(found.already)}" if found.already else "",
        f"没有联络员或还没绑定账号，请您电话联系：{joined(found.no_contact)}" if found.no_contact else "",
    )


def dispatched(period: str, labels: Sequence[str], asked: int, opens_on: date, today: date) -> Message:
    """Confirm which items are to be dispatched."""
    when = f"已向 {asked} 个牵头单位提问。" if asked else "这些项目的牵头单位已经问过了。"
    if opens_on > today:
        when = f"{words.short_day(opens_on)}向牵头单位提问。"
    return say(f"{words.period(period)}调度 {len(labels)} 项：{joined(labels)}。{when}")
