"""What a reply says of an item beyond a percent: a document's stage, an event's day, the boxes ticked, how many.

The kinds of items decide what "done" means: a document at its last stage, an event with the day it was held, a list
with every box ticked, a count at its number. Anything else a reply calls done is not.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.numerals import NUMBER, find_number
from bot.domain.plans import Item
from bot.domain.reading.dates import DATE, find_dates
from bot.domain.reading.normalise import normalise
from bot.domain.workdays import Workdays

# How people name a stage; a stage of a plan's own is known by its name.
STAGE_WORDS = {
    "起草": "起草|初稿|草拟|拟稿|代拟",
    "征求意见": "征求.{0,4}意见|征求意见稿",
    "审议": "审议|审定|上会|会签|送审",
    "印发": "印发|出台|发布|公布|发文|下发",
}
_AHEAD = re.compile(r"将|拟于|准备|计划|下一步|待|等|尚未|未|没|争取|预计|力争|之后|后再|要")
_DONE = re.compile(r"已|完成|通过|办结|结束|了(?:[，。；]|$)|均|都")
_HELD = re.compile(r"召开|举办|举行|开展|办(?:了|完|结)|已开|开了|完成|制定|备案|报送|印发|成立|公布|挂牌|换届")
_CLAUSE = re.compile(r"[，。；\n！]")
_A_DAY = ("y", "d", "rd", "only", "near", "wd", "dm")
_MISSING = re.compile(r"没|未|缺|还差|在编|待|不|正在|推进")


@dataclass(frozen=True)
class ItemState:
    """What was said: `detail` to keep; `done` True, False, or None when the kind leaves that to the reader."""

    detail: dict[str, Any] = field(default_factory=dict)
    done: bool | None = None
    ask: str = ""


def read_state(item: Item, text: str, today: date, workdays: Workdays, before: Mapping[str, Any]) -> ItemState:
    """Read what a reply says of an item's own kind of state; `before` is what was known of it."""
    words = normalise(text)
    for name in sorted((item.title, *item.aliases), key=len, reverse=True):
        # 学习计划 is a name here, and plans nothing.
        words = words.replace(name, "") if not item.parts else words
    if item.kind == "document":
        return _document(item, words, before)
    if item.kind == "event":
        return _event(words, today, workdays, before)
    if item.parts:
        return _parts(item, words, before)
    if item.kind == "count" and item.count:
        return _count(item, words, before)
    return ItemState(dict(before))


def _document(item: Item, words: str, before: Mapping[str, Any]) -> ItemState:
    reached = str(before.get("stage", ""))
    for clause in _CLAUSE.split(words):
        for stage in item.stages:
            found = re.search(STAGE_WORDS.get(stage, re.escape(stage)), clause)
            if found and not _AHEAD.search(clause[: found.start()]):
                reached = stage
    if not reached:
        return ItemState(dict(before))
    return ItemState({**before, "stage": reached}, reached == item.stages[-1])


def _event(words: str, today: date, workdays: Workdays, before: Mapping[str, Any]) -> ItemState:
    for clause in _CLAUSE.split(words):
        # A month alone (3月任务, 3月份) is no day something was held on.
        named = next((found[0] for found in DATE.finditer(clause) if any(found[group] for group in _A_DAY)), "")
        day = next(iter(find_dates(named, today, workdays)), None)
        if day is None:
            continue
        if day <= today and not re.search(r"将|拟|定于|计划", clause):
            return ItemState({**before, "held_on": day.isoformat()}, True)
        return ItemState({**before, "planned_on": day.isoformat()}, False)
    if before.get("held_on"):
        return ItemState(dict(before), True)
    held = any(_HELD.search(clause) and not _AHEAD.search(clause) for clause in _CLAUSE.split(words))
    return ItemState(dict(before), False, "held_on" if held else "")


def _parts(item: Item, words: str, before: Mapping[str, Any]) -> ItemState:
    ticked = set(before.get("parts", ()))
    ends = Counter(part[-3:] for part in item.parts)
    named = [part for part in item.parts if part in words or (ends[part[-3:]] == 1 and _names(part, words))]
    for part in named:
        clause = next((c for c in re.split(r"[，。；、\n！]", words) if _names(part, c)), words)
        if _MISSING.search(clause):
            ticked.discard(part)
        else:
            ticked.add(part)
    if not named and re.search(r"全部|都|均|齐|[两三四五六]张.{0,4}有|完成", words) and not _MISSING.search(words):
        ticked = set(item.parts)
    kept = [part for part in item.parts if part in ticked]
    return ItemState({**before, "parts": kept}, len(kept) == len(item.parts))


def _names(part: str, words: str) -> bool:
    """Tell whether words name a part: by its name, or by its last three characters."""
    return part in words or (len(part) > 3 and part[-3:] in words)


def _count(item: Item, words: str, before: Mapping[str, Any]) -> ItemState:
    whole = re.search(rf"({NUMBER})\s*/\s*{item.count}(?!\d)", words)
    unit = re.escape(item.unit_word) if item.unit_word else "个|项|批|次|期"
    alone = re.search(rf"(第)?\s*({NUMBER})\s*(?:个)?(?:{unit})", words)
    value = find_number(whole[1]) if whole else find_number(alone[2]) if alone else None
    if value is None:
        return ItemState(dict(before))
    return ItemState({**before, "count": value}, value >= (item.count or 0))


def said(item: Item, detail: Mapping[str, Any]) -> str:
    """Say an item's own state in words: 征求意见阶段, 2/3，缺 专家库, 3月2日已办, 1/2 批; '' when nothing is known."""
    if detail.get("stage"):
        return "已印发" if detail["stage"] == item.stages[-1] == "印发" else f"{detail['stage']}阶段"
    if detail.get("held_on"):
        day = date.fromisoformat(detail["held_on"])
        return f"{day.month}月{day.day}日已办"
    if detail.get("planned_on"):
        day = date.fromisoformat(detail["planned_on"])
        return f"定于{day.month}月{day.day}日"
    if "parts" in detail:
        missing = [part for part in item.parts if part not in detail["parts"]]
        return f"{len(detail['parts'])}/{len(item.parts)}" + (f"，缺 {'、'.join(missing)}" if missing else "")
    if "count" in detail:
        return f"{detail['count']:g}/{item.count}{item.unit_word}"
    return ""
