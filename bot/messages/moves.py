"""Changes of posts in words."""

from collections.abc import Sequence
from datetime import date

from bot.domain.members import POST_WORDS, Post
from bot.messages import words
from bot.messages.message import Bullets, Lines, Message, joined, say


def line(name: str, left: Post | None, to: Post) -> str:
    """张三：甲处联络员 → 乙处联络员"""
    before = f"{left.scope}{POST_WORDS[left.role]} → " if left is not None else ""
    return f"{name}：{before}{to.scope}{POST_WORDS[to.role]}"


def planned(lines: Sequence[str], on: date) -> Message:
    """Confirm moves to the office; until then everything stays."""
    when = f"{words.day(on)}起生效，到那天自动换，以前仍按原来的人提醒："
    return Message("", (Lines((when,)), Bullets(tuple(lines))))


def made(lines: Sequence[str], bare: Sequence[str]) -> Message:
    """Tell the office what took effect, and which units need a new contact."""
    blocks = (Lines(("岗位已按期调整，项目、历史和没报的都不变：",)), Bullets(tuple(lines)))
    if not bare:
        return Message("", blocks)
    return Message("", (*blocks, Lines((f"{joined(bare)}现在没有联络员，请指定：移交 {bare[0]} 姓名",))))


def welcome(name: str, post: Post) -> Message:
    return say(f"{name}您好，从今天起您是{post.scope}的{POST_WORDS[post.role]}。要报什么请发：我的")


def how() -> str:
    return "请写谁从哪到哪、哪天起，一行一人，例如：轮岗 张三 从 组织科 到 督导科 5月1日起"


def not_there(name: str, unit: str) -> str:
    return f"{unit}的花名册里没有{name}。请核对姓名和单位。"


def said(name: str, on: str, post: Post) -> str:
    """Say a move in the plan's history."""
    day = date.fromisoformat(on)
    return f"{name}从{day.year}年{words.short_day(day)}起任{post.scope}{POST_WORDS[post.role]}"
