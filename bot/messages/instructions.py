"""Instructions of leaders in words."""

from datetime import date

from bot.domain.workdays import Workdays
from bot.messages import words
from bot.messages.message import Message, clip, say


def summary(leader: str, what: str) -> str:
    return f"{leader} 交办：{clip(what, 60)}"


def open_points(unit: str, due: date | None) -> tuple[str, ...]:
    """Say what the order leaves open; the office can fill it in by number."""
    missing = [word for word, known in (("承办单位", unit), ("期限", due)) if not known]
    return (f"没有写{'和'.join(missing)}，同意以后可以补，例如：3号承办改为组织科",) if missing else ()


def taken(number: int, receiver: str, due: date | None, workdays: Workdays) -> Message:
    """Confirm to the leader what was understood."""
    rest = due is not None and not workdays.is_workday(due)
    tail = f"，{words.day(due)}是休息日，仍按这一天记" if rest and due is not None else ""
    when = f"期限{words.day(due)}{tail}" if due is not None else "没有写期限"
    return say(f"已记为交办 {number} 号，{when}。{receiver}确认后交承办单位办理，办结前一直列在您的简报里。")


def to_owner(line: str, number: int) -> Message:
    return say(line, f"办完请回：{number}号已办结，……（写一句怎么办的）", title="领导交办")


def started(line: str, unit: str, *, reached: bool) -> Message:
    tail = f"已通知{unit}。" if reached else f"{unit}没有联络员可以通知，请您转告。"
    return say(line, f"已开始办理，{tail}")


def confirmed(number: int) -> Message:
    return say(f"您交办的 {number} 号已开始办理。")


def refused(line: str, reason: str) -> Message:
    return say(f"交办没有立：{line}", f"原因：{reason}" if reason else "")
