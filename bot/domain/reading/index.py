"""The names of a plan's items: found in a text by their first letter, or by how near a piece of text comes to them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.domain.numerals import find_number
from bot.domain.plans import Item, Plan
from bot.domain.reading.lexer import Lexer

_QUOTES = re.compile(r"[“”\"'‘’《》「」『』]")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_CAPITAL = re.compile("[A-Z]")
_MARKS = re.compile(r"[“”\"'‘’《》「」『』+、，,·\s]")
_VERBS = re.compile(
    r"^(?:进一步|关于|推动|加强|建设|激发|引进|召开|发挥|理顺|推进|开展|做好|抓好|成立|遴选|强化|组建|局|市|\d{4}年度?)+"
)
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
# Two letters that stand in many titles name none of them.
GENERIC = re.compile(
    r"学校|教育|工作|中小|小学|中学|初中|高中|大学|全市|县区|教师|老师|学生|经费|培训|活动|行动|项目|建设|系统|管理|体制|机制|推进"
    r"|实施|方案|计划|人员|会议|改革|发展|任务|专项|进一|进度|总量|总体|其他|部分|专家|校长|党建|条件|办学"
)


@dataclass(frozen=True)
class Ref:
    """A mention: where it stands, which items it may be, how it was made (number, lead, id, title, alias)."""

    start: int
    end: int
    ids: tuple[str, ...]
    how: str
    spread: bool = False


class ItemIndex:
    """The names of one plan's items, looked up by their first two letters: one pass over a text finds them all."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._by_two: dict[str, list[tuple[str, tuple[str, ...], str]]] = {}
        names: dict[str, dict[str, str]] = {}
        for item in plan.items:
            for name, how in _names(item):
                names.setdefault(name.translate(_LOWER), {}).setdefault(item.id, how)
        for name in sorted(names, key=len, reverse=True):
            owners = names[name]
            self._by_two.setdefault(name[:2], []).append((name, tuple(owners), next(iter(owners.values()))))
        self._pairs = frozenset(self._by_two)
        self.lexer = Lexer(names)
        self._nameless: dict[tuple[str, ...], _Nameless] = {}
        self._near: dict[tuple[str, tuple[str, ...]], list[tuple[float, str]]] = {}
        self._words = _list_words(plan)
        self.plain = {item.id: _MARKS.sub("", item.title + "|" + "|".join(item.aliases)) for item in plan.items}

    def titles_in(self, text: str) -> list[Ref]:
        if _CAPITAL.search(text):
            text = text.translate(_LOWER)
        hits = self._pairs.intersection(map(add, text, text[1:]))
        if not hits:
            return []
        found: list[Ref] = []
        end = 0
        for start in sorted(place for pair in hits for place in _places(text, pair)):
            if start < end:
                continue
            for name, ids, how in self._by_two[text[start : start + 2]]:
                if text.startswith(name, start):
                    end = start + len(name)
                    found.append(Ref(start, end, ids, how))
                    break
        return found

    def listed_in(self, text: str) -> list[Ref]:
        """Find 工程3 and 十大工程第3个: a number of the list whose word stands beside it."""
        if self._words is None:
            return []
        found = []
        for match in self._words.pattern.finditer(text):
            number = int(find_number(match["nth"] or match["after"] or match["before"]) or 0)
            item = self._words.numbers.get(match["word"] or match["named"], {}).get(number)
            found.append(Ref(match.start(), match.end(), (item or f"?{match[0]}",), "number"))
        return found

    def nameless(self, ids: tuple[str, ...]) -> Callable[[str], str]:
        """Return a function that takes the items' own names, or pieces of them, out of a text."""
        found = self._nameless.get(ids)
        if found is None:
            if len(self._nameless) > 4096:
                self._nameless.clear()
            found = self._nameless[ids] = _Nameless(tuple(self.plain[item] for item in ids if item in self.plain))
        return found

    def paper(self, name: str) -> str | None:
        """Return the paper or meeting nobody leads whose title a longer name spells out; None when none or several."""
        bare = _MARKS.sub("", name)
        found = [
            item.id
            for item in self.plan.live_items
            if not item.units
            and item.kind in ("document", "event")
            and len(title := self.plain[item.id].split("|")[0]) >= 0.6 * len(bare) >= 5
            and _is_subsequence(title, bare)
        ]
        return found[0] if len(found) == 1 else None

    def near(self, fragment: str, ids: tuple[str, ...]) -> list[tuple[float, str]]:
        """Score items by how near their names come to a fragment, best first; 75 and more is a likely meaning."""
        bare = _MARKS.sub("", fragment)
        if len(bare) < 2 or GENERIC.fullmatch(bare):
            return []
        found = self._near.get((bare, ids))
        if found is None:
            if len(self._near) > 4096:
                self._near.clear()
            found = self._near[bare, ids] = self._scored(bare, ids)
        return found

    def _scored(self, bare: str, ids: tuple[str, ...]) -> list[tuple[float, str]]:
        fits = _in_name if len(bare) < 3 else _score
        scores = [
            (max(fits(bare, name) for name in self.plain[item].split("|") if name), item)
            for item in ids
            if item in self.plain
        ]
        return sorted((pair for pair in scores if pair[0] >= 75), key=lambda pair: -pair[0])


def _places(text: str, pair: str) -> Iterator[int]:
    at = text.find(pair)
    while at >= 0:
        yield at
        at = text.find(pair, at + 1)


class _ListWords(NamedTuple):
    """The words for the items of lists other than the first, each with its numbers."""

    pattern: re.Pattern[str]
    numbers: dict[str, dict[int, str]]


def _list_words(plan: Plan) -> _ListWords | None:
    numbers: dict[str, dict[int, str]] = {}
    for known in plan.lists:
        items = {item.no: item.id for item in plan.live_items if item.list_key == known.key and item.no is not None}
        if "{month}" not in known.label and items:
            numbers |= {word: items for word in (*known.words, known.name) if word not in ("任务", "专项")}
    if not numbers:
        return None
    words = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    pattern = (
        rf"(?P<word>{words})(?:的)?\s*(?:第\s*(?P<nth>{_N})\s*(?:个|项|号)|(?P<after>{_N})(?![\d.%个所家场成]))"
        rf"|第\s*(?P<before>{_N})\s*(?:个|项|大)?(?P<named>{words})"
    )
    return _ListWords(re.compile(pattern), numbers)


class _Nameless:
    """Removes what is only the item's name, so that what else was said stands out."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __call__(self, text: str) -> str:
        bare = _MARKS.sub("", text)
        if not bare or not self.names:
            return text
        return "" if _is_name(bare, self.names) else text


@lru_cache(maxsize=8192)
def _is_name(bare: str, names: tuple[str, ...]) -> bool:
    if len(bare) < 2:
        return False
    return any(bare in name or (len(bare) >= 4 and fuzz.partial_ratio(bare, name) >= 75) for name in names)


@lru_cache(maxsize=8192)
def _score(fragment: str, name: str) -> float:
    if fragment in name or name in fragment:
        return 100.0
    if len(fragment) >= 3 and _is_subsequence(fragment, name):
        return 90.0
    return fuzz.partial_ratio(fragment, name) if len(fragment) >= 4 else 0.0


def _in_name(fragment: str, name: str) -> float:
    return 100.0 if fragment in name else 0.0


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _said_short(part: str, item: Item) -> list[str]:
    """Return a part's name and its endings that are no other part's: 知识清单 of 业务知识清单."""
    others = [other for other in (*item.parts, *item.aliases) if other != part]
    return [part[at:] for at in range(len(part) - 3) if not any(other.endswith(part[at:]) for other in others)]


def _names(item: Item) -> list[tuple[str, str]]:
    title = item.title
    forms = [title, _QUOTES.sub("", title), _MARKS.sub("", title)]
    forms += [_VERBS.sub("", form) for form in forms]
    named = [(form, "title") for form in forms if len(form) >= 4]
    if item.kind == "checklist":
        named += [(name, "part") for part in item.parts for name in _said_short(part, item)]
    return named + [
        (form, "alias") for alias in item.aliases for form in (alias, _MARKS.sub("", alias)) if len(form) >= 2
    ]
