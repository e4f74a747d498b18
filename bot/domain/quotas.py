"""Quotas: targets over registers and figures, nine operators over four kinds of period.

A quota is never guessed: without its number it shows 未设定, and the number stands beside every mark.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from dateutil.relativedelta import relativedelta

Operator = Literal["at_least", "about", "range", "share", "about_share", "some", "all", "once", "either"]
Per = Literal["plan", "unit", "person", "entry"]
Mark = Literal["met", "near", "missed", "over", "noted", "unset", "waiting"]

# "About" is met from 95 % of the number and near from 90 %; no paper gives a tolerance, so the figure stands beside it.
MET_FROM, NEAR_FROM = Fraction(95, 100), Fraction(90, 100)


@dataclass(frozen=True)
class Term:
    """The stretch a quota counts in: the calendar `year`, a `span` of years, `years` in pieces of `last` from `first`,
    each `entry` by itself (a class), or `rolling`: from the last time on.
    """

    kind: Literal["year", "span", "years", "entry", "rolling"] = "year"
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Quota:
    """A target: `number` in `unit` of `count` within `term`, for whom `audience` says.

    `of` is a register's key, or "figure" when the units report the numbers themselves. `count` is what is counted:
    entries, people, or numeric fields of the register (several are added up); `total` the whole a share is taken of:
    people (the roster, of `grades`), figure, or a field. `either` has two numbers with their units: one suffices.
    `once` has the years within which it must happen again: warned from the first, overdue after the last.
    `soft` quotas note a miss, they are no breach. `where` limits entries to those with these values, `days` to those
    whose span lasts so many days (low and high, inclusive); of these `done` says which count, the rest are only part
    of the total (`total` = entries); a value may list several with 、, one of which must fit. `of` is "any" where an
    entry of whichever register will do, and "items" where it counts items that are done (`where` names them by id).
    """

    id: str
    name: str
    operator: Operator
    number: tuple[Fraction, ...] = ()
    unit: tuple[str, ...] = ()
    term: Term = Term()
    audience: str = ""
    of: str = "figure"
    count: tuple[str, ...] = ("entries",)
    total: str = ""
    per: Per = "plan"
    grades: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    done: tuple[tuple[str, str], ...] = ()
    days: tuple[int, ...] = ()
    soft: bool = False
    part_of: str = ""
    words: tuple[str, ...] = ()
    private: bool = False
    met_from: Fraction = MET_FROM
    near_from: Fraction = NEAR_FROM

    @property
    def separate(self) -> bool:
        """Whether each thing counted is a measure of its own, with its own number and unit; else they are added up."""
        return self.operator == "either" or len(self.unit) > 1

    @property
    def names(self) -> tuple[str, ...]:
        return (self.id, self.name, *self.words)


def fits(conditions: tuple[tuple[str, str], ...], values: Mapping[str, object]) -> bool:
    """Tell whether an entry's values are those a quota asks for: 市级 fits 市级 as well as 省级、市级."""
    return all(_said(values.get(key)) in (wanted, *wanted.split("、")) for key, wanted in conditions)


def _said(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Counted:
    """What was counted for a quota: values (one for each alternative), the whole they are part of, the last date."""

    values: tuple[Fraction, ...]
    total: Fraction | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """How a quota stands, with the number beside the mark: 143/150 名."""

    mark: Mark
    said: str


def judge(quota: Quota, counted: Counted, today: date, *, over: bool = False) -> Verdict:
    """Judge one quota from what was counted. `over` says that its period has ended: what is not met is missed then."""
    verdict = _JUDGES[quota.operator](quota, counted, today)
    if verdict.mark == "missed" and not over and quota.operator not in ("once", "share", "about_share"):
        return Verdict("waiting", verdict.said)
    return Verdict("noted", verdict.said) if verdict.mark == "missed" and quota.soft else verdict


def _plain(value: Fraction) -> str:
    return f"{float(value):g}"


def _with_unit(quota: Quota, value: Fraction, of: str, at: int = 0) -> str:
    unit = quota.unit[at] if at < len(quota.unit) else ""
    return f"{_plain(value)}/{of}{unit}"


def _at_least(quota: Quota, counted: Counted, today: date) -> Verdict:
    """Several measures are reached only when each of them is."""
    if not quota.number:
        units = (*quota.unit, *("" for _ in counted.values))
        said = "；".join(f"{_plain(value)}{unit}" for value, unit in zip(counted.values, units, strict=False))
        return Verdict("unset", f"{said}，指标数未设定")
    pairs = list(zip(counted.values, quota.number, strict=False))
    said = "；".join(_with_unit(quota, value, _plain(number), at) for at, (value, number) in enumerate(pairs))
    return Verdict("met" if all(value >= number for value, number in pairs) else "missed", said)


def _about(quota: Quota, counted: Counted, today: date) -> Verdict:
    value, number = counted.values[0], quota.number[0]
    said = _with_unit(quota, value, _plain(number))
    if value >= number * quota.met_from:
        return Verdict("met", said)
    return Verdict("near" if value >= number * quota.near_from else "missed", said)


def _range(quota: Quota, counted: Counted, today: date) -> Verdict:
    value, (low, high) = counted.values[0], quota.number[:2]
    said = _with_unit(quota, value, f"{_plain(low)}—{_plain(high)}")
    if value > high:
        return Verdict("over", said)
    return Verdict("met" if value >= low else "missed", said)


def _share(quota: Quota, counted: Counted, today: date) -> Verdict:
    if not counted.total:
        return Verdict("unset", "总数还没有报")
    part = counted.values[0] / counted.total
    said = f"{_plain(counted.values[0])}/{_plain(counted.total)}，占 {float(part * 100):.1f}%"
    wanted = quota.number[0] if quota.number else None
    if wanted is None:
        return Verdict("unset", f"{said}，指标数未设定")
    said += f"，要求{'约' if quota.operator == 'about_share' else '不少于'} {_ratio(wanted)}"
    if quota.operator == "about_share":
        met, near = wanted * quota.met_from, wanted * quota.near_from
        return Verdict("met" if part >= met else "near" if part >= near else "missed", said)
    return Verdict("met" if part >= wanted else "missed", said)


def _ratio(value: Fraction) -> str:
    """1/3 as it is written, 70% for hundredths."""
    hundredths = value * 100
    return f"{hundredths}%" if hundredths.denominator == 1 and value.denominator not in (2, 4, 5) else str(value)


def _some(quota: Quota, counted: Counted, today: date) -> Verdict:
    value = counted.values[0]
    return Verdict("met" if value >= 1 else "missed", f"{_plain(value)}{''.join(quota.unit[:1])}（数量未定，有即可）")


def _all(quota: Quota, counted: Counted, today: date) -> Verdict:
    if not counted.total:
        return Verdict("unset", "总数还没有报")
    value = counted.values[0]
    return Verdict("met" if value >= counted.total else "missed", f"{_plain(value)}/{_plain(counted.total)}")


def _once(quota: Quota, counted: Counted, today: date) -> Verdict:
    """Once per n years, from the last time: warned from the low bound, overdue after the high one."""
    low, high = int(quota.number[0]), int(quota.number[-1])
    if counted.last_on is None:
        return Verdict("missed", "没有记录")
    said = f"最近一次 {counted.last_on}"
    if today > counted.last_on + relativedelta(years=high):
        return Verdict("missed", f"{said}，已超过 {high} 年")
    if today >= counted.last_on + relativedelta(years=low) and low < high:
        return Verdict("near", f"{said}，已满 {low} 年，请在 {counted.last_on + relativedelta(years=high)} 前安排")
    return Verdict("met", said)


def _either(quota: Quota, counted: Counted, today: date) -> Verdict:
    """One of the alternatives suffices; parts of one are never added to parts of the other."""
    pairs = list(zip(counted.values, quota.number, strict=False))
    said = "；".join(_with_unit(quota, value, _plain(number), at) for at, (value, number) in enumerate(pairs))
    return Verdict("met" if any(value >= number for value, number in pairs) else "missed", said)


_JUDGES = {
    "at_least": _at_least,
    "about": _about,
    "range": _range,
    "share": _share,
    "about_share": _share,
    "some": _some,
    "all": _all,
    "once": _once,
    "either": _either,
}


def read_term(words: str, first_year: int) -> Term | None:
    """Read 每年, 2018-2022, 每2年, 每2至3年, 每班; None when it is none of these."""
    if words in ("每年", "年度"):
        return Term("year")
    if words in ("每班", "每期"):
        return Term("entry")
    if found := re.fullmatch(r"(\d{4})\s*[-—–至]\s*(\d{4})年?", words):
        return Term("span", int(found[1]), int(found[2]))
    if re.fullmatch(r"每\d至\d年", words):
        return Term("rolling")
    if found := re.fullmatch(r"每(\d)年", words):
        return Term("years", first_year, int(found[1]))
    return None


def window_of(quota: Quota, today: date) -> tuple[date, date]:
    """Return the stretch a quota counts in on a day; for a class or the last time of something: everything."""
    term = quota.term
    if term.kind == "year":
        return date(today.year, 1, 1), date(today.year, 12, 31)
    if term.kind == "span":
        return date(term.first, 1, 1), date(term.last, 12, 31)
    if term.kind == "years":
        start = term.first + max(0, today.year - term.first) // term.last * term.last
        return date(start, 1, 1), date(start + term.last - 1, 12, 31)
    return date.min, date.max
