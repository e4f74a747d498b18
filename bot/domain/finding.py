"""Finding an item by what a person types: a number, an id, a nickname, words of the title."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.domain.numerals import find_number
from bot.domain.plans import Item, Plan

CLOSE_ENOUGH = 70
NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"


@dataclass(frozen=True)
class Mention:
    """A place in a text that names an item by list, month, number or id; `items` holds what it may be."""

    start: int
    end: int
    items: tuple[Item, ...]


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    month = r"(?:(?P<{}>\d{{1,2}})月份?的?)?"
    return re.compile(
        rf"{month.format('month')}(?P<word>{known})?\s*(?:第\s*)?(?P<no>{NUMBER})\s*项"
        rf"|(?P<word3>{known})\s*第\s*(?P<no3>{NUMBER})\s*个"
        rf"|{month.format('month2')}(?P<word2>{known})\s*第?\s*(?P<no2>\d{{1,3}})(?![\d月日号年%.个])"
        r"|(?<![A-Za-z\d])(?P<id>[A-Za-z]\d{1,2}(?:-\d{1,2})?)(?![\dA-Za-z-])"
    )


def mentions(plan: Plan, text: str) -> list[Mention]:
    """List the items a text names: 第7项, 4月任务3, 工程3, S07; an id nothing has is no mention."""
    words = {word for entry in plan.lists for word in (*entry.words, entry.name)} | {"任务"}
    found = []
    for match in _pattern(tuple(sorted(words))).finditer(text):
        items = _meant(plan, match)
        if items or not match["id"]:
            found.append(Mention(match.start(), match.end(), items))
    return found


def _meant(plan: Plan, match: re.Match[str]) -> tuple[Item, ...]:
    if match["id"]:
        return tuple(item for item in plan.items if item.id == match["id"].upper())
    number = find_number(match["no"] or match["no2"] or match["no3"])
    month, word = match["month"] or match["month2"], match["word"] or match["word2"] or match["word3"]
    return tuple(
        item
        for item in plan.items
        if item.no == number
        and item.list_key in _lists(plan, word, bool(month))
        and (not month or (item.window is not None and item.window.due_on.month == int(month)))
    )


def _lists(plan: Plan, word: str | None, by_month: bool) -> set[str]:
    """Return the lists meant: those of that word; with a month those that number by month; else the first."""
    named = {entry.key for entry in plan.lists if word and word in (*entry.words, entry.name)}
    if named:
        return named
    if by_month or word:
        return {entry.key for entry in plan.lists if "{month}" in entry.label}
    return {plan.lists[0].key} if plan.lists else set()


def find_items(plan: Plan, text: str) -> list[Item]:
    """Find items by number (the first list's), id, alias or words of the title; several when it is not clear."""
    whole = text.strip()
    named = mentions(plan, whole)
    if len(named) == 1 and (named[0].start, named[0].end) == (0, len(whole)) and named[0].items:
        return list(named[0].items)
    wanted = whole.removeprefix("第").removesuffix("项")
    if wanted.isdigit():
        main = plan.lists[0].key if plan.lists else ""
        return [item for item in plan.items if item.no == int(wanted) and item.list_key == main]
    exact = [item for item in plan.items if wanted.upper() == item.id.upper() or wanted in item.aliases]
    if exact:
        return exact
    holding = [item for item in plan.items if wanted in item.title]
    if holding:
        return holding[:5]
    names = {(item.id, name): name for item in plan.items for name in (item.title, *item.aliases)}
    near = process.extract(wanted, names, scorer=fuzz.WRatio, score_cutoff=CLOSE_ENOUGH, limit=3)
    return [plan.item(item_id) for item_id in dict.fromkeys(key[0] for _, _, key in near)]
