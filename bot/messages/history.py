"""Histories in words: one line for each thing that happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.changes import Change
from bot.domain.members import POST_WORDS, Post
from bot.domain.plans import Duty, Item, Plan
from bot.domain.quotas import Quota
from bot.messages import moves, words
from bot.messages.message import Bullets, Lines, Message, clip, joined

MOST = 30
SAID = 60
FIELDS = {
    "title": "名称",
    "units": "牵头",
    "support": "配合",
    "leaders": "分管",
    "when": "期限",
    "measures": "措施",
    "target": "目标",
    "words": "间隔",
    "number": "指标",
    "closed": "",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened: its local moment, and what it was."""

    at: datetime
    said: str


def history(title: str, events: Sequence[Event]) -> Message:
    """List what happened, oldest first; of very many the newest."""
    if not events:
        return Message(title, (Lines(("还没有记录。",)),))
    lines = tuple(f"{_when(event.at)}　{event.said}" for event in events[-MOST:])
    more = (Lines((f"共 {len(events)} 条，只列最近 {MOST} 条。",)),) if len(events) > MOST else ()
    return Message(title, (Bullets(lines), *more))


def _when(at: datetime) -> str:
    return f"{at.year}年{words.moment(at)}"


def told(number: int, unit: str, by: str, text: str) -> str:
    return f"回执 {number} 号（{unit}，{by}）“{clip(' '.join(text.split()), SAID)}”"


def line(said: str, about: str, value: str, marks: Sequence[str]) -> str:
    tail = f"（{joined(marks)}）" if marks else ""
    return f"{said}：{about + ' ' if about else ''}{value}{tail}"


def ended(returned: str, by: str) -> str:
    return f"{by}退回，原因：{returned}" if returned else f"{by}撤回"


def step(number: int, before: str, after: str, note: str, by: str) -> str:
    moved = f"{before or '登记'} → {after}" if before != after else "更正"
    return f"{number} 号{moved}{'：' + clip(note, SAID) if note else ''}{'（' + by + '）' if by else ''}"


def file(name: str, unit: str) -> str:
    return f"材料“{clip(name, SAID)}”（{unit}）" if unit else f"材料“{clip(name, SAID)}”"


def tenure(name: str, post: Post, *, over: bool = False) -> str:
    return f"{name}{'不再任' if over else '任'}{POST_WORDS[post.role]}"


def change(before: Plan, after: Plan, made: Change, reason: str, by: str) -> str:
    """Say what one change made different."""
    if made.action == "move":
        to = Post.parse(made.target.removeprefix("post:"))
        return f"{moves.said(str(made.data['name']), str(made.data['on']), to)}{'（' + by + '）' if by else ''}"
    old, new = _thing(before, made.target), _thing(after, made.target)
    name = getattr(old or new, "label", None) or getattr(old or new, "name", made.target)
    if made.action == "add":
        said = f"新增 {name}"
    else:
        said = f"{name}　" + "；".join(filter(None, (_field(field, old, new) for field in made.data)))
    why = "" if not reason or (isinstance(new, Item) and reason in new.closed) else f"，原因：{reason}"
    return f"{said}{why}{'（' + by + '）' if by else ''}"


def _thing(plan: Plan, target: str) -> Item | Duty | Quota | None:
    """Return what a change is about, as the plan has it."""
    kind, _, key = target.partition(":")
    if kind == "duty":
        return next((duty for duty in plan.duties if duty.id == key), None)
    return plan.find_item(key) if kind == "item" else plan.find_quota(key)


def _field(field: str, old: object, new: object) -> str:
    """Say one field's old and new value; an item's end is its reason."""
    if field == "closed":
        return getattr(new, "closed", "") or "恢复"
    before, after = (_value(getattr(one, field, "")) for one in (old, new))
    if field == "when" and isinstance(old, Item) and isinstance(new, Item):
        before, after = (words.short_day(one.window.due_on) if one.window else "未设定" for one in (old, new))
    return f"{FIELDS.get(field, field)}：{before or '未设定'} → {after or '未设定'}" if before != after else ""


def _value(value: object) -> str:
    return joined(str(one) for one in value) if isinstance(value, tuple | list) else str(value or "")


def not_yours(unit: str) -> str:
    return f"{unit}的历史只给本单位、分管领导和办公室看。"


def nothing(number: int) -> str:
    return f"没有 {number} 号，或者不是您单位的。"


def how() -> str:
    return "要看哪一项、哪个单位或哪个号？例如：历史 第7项、历史 组织科、历史 12号"
