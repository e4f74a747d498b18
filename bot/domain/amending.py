"""Changes of a plan as people order them: new due dates, settings in words, and items that part, join, end or come."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from bot.domain.cadences import UnreadableCadence, read_cadence
from bot.domain.changes import Change, item_window
from bot.domain.finding import mentions
from bot.domain.plans import Item, Plan
from bot.domain.reading.dates import DATE, find_dates
from bot.domain.workdays import Workdays
from bot.errors import UserError

UNITS = re.compile(r"[、，,\s]+|和|及")
THINGS = re.compile(r"[、；;\n]+")
PART = re.compile(r"(?P<title>.+?)\s*(?:[（(](?P<unit>[^（）()]+)[）)])?")


@dataclass(frozen=True)
class Postponed:
    """Items with the days they are put off to, in the order they were named, and the reason given."""

    days: tuple[tuple[Item, date], ...]
    reason: str


def on_day(day: date) -> str:
    """Write a day as a plan file does."""
    return f"{day.year}年{day.month}月{day.day}日"


def read_postponed(plan: Plan, text: str, today: date, workdays: Workdays) -> Postponed | None:
    """Read 第7项、第9项延期到5月10日，因为…; None when it does not name an item and a day.

    A day belongs to the items named before it; items with several meanings raise `UserError`.
    """
    named = mentions(plan, text)
    waiting: list[Item] = []
    days: list[tuple[Item, date]] = []
    end = 0
    for n, mention in enumerate(named):
        waiting.append(the_item(mention.items, text[mention.start : mention.end]))
        stop = named[n + 1].start if n + 1 < len(named) else len(text)
        match = DATE.search(text, mention.end, stop)
        found = find_dates(text[match.start() : stop], today, workdays) if match else []
        if match and found:
            days += [(item, found[0]) for item in waiting]
            waiting, end = [], match.end()
    if not days or waiting:
        return None
    reason = re.sub(r"^[\s，,。；;：:前完成报之]*(?:因为|因|由于|原因是?|理由是?)?[\s：:，,]*", "", text[end:]).strip(
        " 。"
    )
    return Postponed(tuple(days), reason)


def the_item(items: Iterable[Item], named: str) -> Item:
    """Return the one item that is meant; raises `UserError` for none and for several."""
    found = list(items)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(f"没有“{named.strip()}”这一项。请写项目编号，例如：第7项")
    raise UserError(f"“{named.strip()}”有几项：{'、'.join(item.label for item in found[:5])}。请写明是哪一项。")


def items_named(plan: Plan, text: str) -> list[Item]:
    """Return the items some words name, by numbers or by a title; raises `UserError` when that is not clear."""
    named = mentions(plan, text)
    if named:
        return [the_item(mention.items, text[mention.start : mention.end]) for mention in named]
    return [the_item(_titled(plan, text.strip()), text)] if text.strip() else []


def _titled(plan: Plan, words: str) -> list[Item]:
    """Return the items of that title or nickname; nothing is guessed where something is to be changed."""
    exact = [item for item in plan.items if words in (item.title, *item.aliases)]
    return exact or [item for item in plan.items if len(words) >= 4 and words in item.title]


def named_first(plan: Plan, text: str) -> tuple[Item, str] | None:
    """Return the item a text begins with and the words after it."""
    named = mentions(plan, text)
    if named and not text[: named[0].start].strip():
        return the_item(named[0].items, text[: named[0].end]), text[named[0].end :].strip(" ，,：:。")
    first, _, rest = text.strip().partition(" ")
    found = _titled(plan, first) if first else []
    return (found[0], rest.strip()) if len(found) == 1 else None


def units_named(plan: Plan, text: str) -> tuple[str, ...]:
    """Return the units some words name; a group's name stands for its units. Raises `UserError`."""
    found: list[str] = []
    for word in (part for part in UNITS.split(text.strip(" 。")) if part):
        unit = plan.find_unit(word)
        members = [one.name for one in plan.units if one.group == word]
        if word in ("各单位", "全部", "所有单位"):
            members = list(plan.reporting_units)
        if unit is None and not members:
            raise UserError(f"没有叫“{word}”的单位。可写：{'、'.join(one.name for one in plan.units[:12])}")
        found += [unit.name] if unit is not None else members
    return tuple(dict.fromkeys(found))


def leaders_named(plan: Plan, text: str) -> tuple[str, ...]:
    """Return the keys of the leaders some words name by key or post. Raises `UserError`."""
    found = []
    for word in (part for part in UNITS.split(text.strip(" 。")) if part):
        key = next((one.key for one in plan.leaders if word.upper() == one.key or (word == one.post != "")), None)
        if key is None:
            raise UserError(f"没有“{word}”这位领导。可写代号：{'、'.join(one.key for one in plan.leaders)}")
        found.append(key)
    return tuple(dict.fromkeys(found))


def when_set(plan: Plan, words: str) -> str:
    """Return due words an item can have; raises `UserError` that says what would be right."""
    said = words.strip(" 。").removesuffix("完成").removesuffix("之前")
    try:
        window = item_window(plan, said)
    except UnreadableCadence as error:
        raise UserError(str(error)) from None
    if window is None:
        raise UserError(f"“{said}”不在计划的时间里。")
    return said


def cadence_set(words: str) -> str:
    """Return words for how often; raises `UserError` that says what would be right."""
    try:
        read_cadence(words.strip(" 。"))
    except UnreadableCadence as error:
        raise UserError(str(error)) from None
    return words.strip(" 。")


def numbers_set(words: str) -> list[str]:
    """Read a quota's numbers: 150, 1/5, 20%, 15至20; raises `UserError`."""
    found = re.findall(r"(\d+/\d+)|(\d+(?:\.\d+)?)\s*([%％]?)", words)
    if not found:
        raise UserError(f"“{words}”不是数。可写：150、1/5、20%、15至20")
    return [str(Fraction(share) if share else Fraction(number) / (100 if mark else 1)) for share, number, mark in found]


def things(words: str) -> list[str]:
    """Split short titles at 、；and new lines."""
    return [part.strip(" 。") for part in THINGS.split(words) if part.strip(" 。")]


def _months(plan: Plan, list_key: str) -> bool:
    return any(entry.key == list_key and "{month}" in entry.label for entry in plan.lists)


def next_place(plan: Plan, list_key: str, month: int | None, after: Iterable[str] = ()) -> tuple[str, int]:
    """Return the id and number a new item of a list gets: the first free ones; numbers given once are never reused.

    Lists that number by month count within the month. `after` holds ids just given.
    """
    own = [item for item in plan.items if item.list_key == list_key]
    if _months(plan, list_key) and month is not None:
        own = [item for item in own if item.window is not None and item.window.due_on.month == month] or own[:1]
        used = [item.no or 0 for item in own if item.window is not None and item.window.due_on.month == month]
    else:
        used = [item.no or 0 for item in own]
    given = list(after)
    number = max(used, default=0) + 1 + len(given)
    taken = {item.id for item in plan.items} | set(given)
    pattern = own[-1].id if own else f"{list_key}-0"
    new = re.sub(r"\d+$", lambda old: f"{number:0{len(old[0])}d}", pattern)
    if month is not None and re.search(r"\d+-\d+$", new):
        new = re.sub(r"\d+(?=-\d+$)", f"{month:02d}", new)
    while new in taken:
        new = f"{new}x"
    return new, number


def split(plan: Plan, item: Item, words: str) -> list[Change]:
    """Return the changes that part an item: it closes, and each part gets the next free number. Raises `UserError`."""
    titles = things(words)
    if len(titles) < 2:
        raise UserError("请写拆成哪几项，例如：拆分 第4项 为 方案印发、校舍改造（督导科）")
    made: list[Change] = []
    names: list[str] = []
    month = item.window.due_on.month if item.window else None
    for title in titles:
        part = PART.fullmatch(title)
        assert part is not None
        new, number = next_place(plan, item.list_key, month, [change.target[5:] for change in made])
        units = units_named(plan, part["unit"]) if part["unit"] else item.units
        made.append(
            Change(
                f"item:{new}", "add", {**_inherited(item), "no": number, "title": part["title"], "units": list(units)}
            )
        )
        names.append(f"第{number}项")
    return [*made, Change(f"item:{item.id}", "close", {"closed": f"拆分为{'、'.join(names)}"})]


def _inherited(item: Item) -> dict[str, Any]:
    when = item.when or (on_day(item.window.due_on) if item.window else "")
    return {"list_key": item.list_key, "leaders": list(item.leaders), "when": when, "section": item.section}


def merge(item: Item, into: Item) -> list[Change]:
    """Return the changes that join an item to another: its units and leaders come along, its history stays."""
    joint: Mapping[str, Any] = {
        "units": list(dict.fromkeys((*into.units, *item.units))),
        "leaders": list(dict.fromkeys((*into.leaders, *item.leaders))),
        "support": [u for u in dict.fromkeys((*into.support, *item.support)) if u not in (*into.units, *item.units)],
    }
    return [
        Change(f"item:{into.id}", "set", joint),
        Change(f"item:{item.id}", "close", {"closed": f"合并到第{into.no}项" if into.no else f"合并到{into.title}"}),
    ]


def add(plan: Plan, list_key: str, title: str, more: Mapping[str, Any]) -> Change:
    """Return the change that adds an item to a list; `more` holds units and when, where they were said."""
    window = item_window(plan, str(more.get("when", "")))
    new, number = next_place(plan, list_key, window.due_on.month if window else None)
    return Change(f"item:{new}", "add", {"list_key": list_key, "no": number, "title": title, **more})
