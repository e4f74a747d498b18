"""What is said of posts to a group: confirmations, refusals, and the praise the office may release."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.league import Standing
from bot.domain.registers import Register
from bot.messages import words
from bot.messages.message import Lines, Message, joined, say


def entry(register: Register, unit: str, said: str, receiver: str) -> Message:
    """Show a released entry to a group."""
    return Message(register.name, (Lines((f"{unit}：{said}" if unit and unit != receiver else said,)),))


def text(said: str, receiver: str) -> Message:
    return Message(receiver, (Lines(tuple(line for line in said.splitlines() if line.strip())),))


def posted(groups: Sequence[str], later: datetime | None) -> Message:
    when = f"现在不在工作时间，{words.moment(later)}发到" if later is not None else "已发到"
    return say(f"{when}{joined(groups)}。")


def office_only(register: Register, receiver: str) -> str:
    return f"{register.name}只给{receiver}看，不公开。确实要发请在最后加上：确认发布"


def sanction(word: str) -> str:
    return f"里面有“{word}”，这类内容不随便发到群里。确实要发请在最后加上：确认发布"


def already(number: int, when: datetime) -> str:
    return f"{number} 号已在{words.moment(when)}发布过，不重复发。"


def nothing_public(number: int) -> str:
    return f"{number} 号没有可以公开的内容。涉及个人的，要写上：含姓名"


def names_people(what: str) -> str:
    return f"{what}的表里是个人。确实要发请加上：含姓名"


def how() -> str:
    return "请写发布什么，例如：发布 12号；发布 排名；发布 排名 简报；发布 文字：……"


def top(places: Sequence[Standing]) -> tuple[str, ...]:
    """Say who stands at the top, one line each."""
    return tuple(
        f"第 {place.rank} 名　{place.score.unit}：完成率 {place.score.rate:g}%，"
        f"按时 {place.score.on_time}/{place.score.due}"
        for place in places
    )


def praise(period: str, lines: Sequence[str]) -> Message:
    """Praise units in a group, after the office agreed."""
    return Message(f"{words.period(period)}表扬", (Lines(("完成情况好的单位：", *lines)),))


def praise_summary(period: str) -> str:
    return f"要不要在群里表扬{words.period(period)}的前三名？"


def not_praised() -> Message:
    return say("好的，不发。")
