"""How quotas stand: counted from registers, figures and the roster, as a whole and for each unit, person or class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from bot.domain.entries import names_in
from bot.domain.figures import standing
from bot.domain.plans import Plan
from bot.domain.quotas import Counted, Quota, Verdict, fits, judge, window_of
from bot.domain.registers import Register
from bot.storage import checkins, figures, members, registers
from bot.storage.engine import Tx
from bot.storage.members import Staff
from bot.storage.tables import RegisterEntry


@dataclass(frozen=True)
class Part:
    """One person, unit or class under a quota; `unit` is whose it is, `missing` who of its people is not counted."""

    name: str
    unit: str
    verdict: Verdict
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stand:
    """How one quota stands on a day, with its parts where it is counted by person, unit or class."""

    quota: Quota
    verdict: Verdict
    parts: tuple[Part, ...] = ()


async def stand_of(tx: Tx, plan: Plan, quota: Quota, today: date, *, closing: bool = False) -> Stand:
    """Count and judge one quota on a day; `closing` judges its period as if it ended on that day."""
    first, last = window_of(quota, today)
    over = closing or today >= last
    if quota.of == "figure":
        return await _of_figures(tx, plan, quota, today, over=over)
    if quota.of == "items":
        return await _of_items(tx, plan, quota, today, over=over)
    entries = await _entries(tx, plan, quota, first, min(last, today))
    people = [p for p in await members.staff(tx, plan.key) if not quota.grades or p.grade in quota.grades]
    if quota.per == "plan":
        return Stand(quota, judge(quota, _count(plan, quota, entries, people), today, over=over))
    parts = _parts(plan, quota, entries, people, (today, over))
    return Stand(quota, _together(quota, parts), tuple(parts))


def _parts(
    plan: Plan, quota: Quota, entries: Sequence[RegisterEntry], people: Sequence[Staff], when: tuple[date, bool]
) -> list[Part]:
    """Judge each person, class or unit by itself; `when` is the day and whether the period is over."""
    today, over = when
    parts: list[Part] = []
    if quota.per == "person":
        for person in people:
            # A namesake of another unit is somebody else; the office logs for all.
            theirs = (person.unit, plan.receiver)
            own = [entry for entry in entries if entry.unit in theirs and person.name in _names(plan, entry)]
            verdict = judge(quota, _count(plan, quota, own, ()), today, over=over)
            parts.append(Part(person.name, person.unit, verdict))
    elif quota.per == "entry":
        parts = [_class(plan, quota, entry, today) for entry in entries]
    else:
        for unit in plan.reporting_units:
            own = [entry for entry in entries if entry.unit == unit]
            staff = [person for person in people if person.unit == unit]
            counted = _count(plan, quota, own, staff)
            if counted.total or quota.total not in ("people", "entries"):
                verdict = judge(quota, counted, today, over=over)
                parts.append(Part(unit, unit, verdict, _missing(plan, quota, own, staff)))
    return parts


async def stands_of(tx: Tx, plan: Plan, today: date) -> list[Stand]:
    """Return how every quota of a plan stands on a day."""
    return [await stand_of(tx, plan, quota, today) for quota in plan.quotas]


def _together(quota: Quota, parts: Sequence[Part]) -> Verdict:
    """Sum up the parts: met when all are, with how many are."""
    if not parts:
        return Verdict(
            "unset", "还没有名单" if "people" in (quota.total, *quota.count) or quota.grades else "还没有登记"
        )
    met = sum(1 for part in parts if part.verdict.mark == "met")
    marks = {part.verdict.mark for part in parts} - {"met"}
    said = f"达标 {met}/{len(parts)}"
    order = ("missed", "noted", "near", "waiting", "over", "unset")
    return Verdict(next((mark for mark in order if mark in marks), "met"), said)


async def _of_figures(tx: Tx, plan: Plan, quota: Quota, today: date, *, over: bool) -> Stand:
    """Count what the units told: the part under the quota's own key, the whole under its `.total`."""
    first, _ = window_of(quota, today)
    named = [kind.id for kind in plan.figures if kind.item == quota.id]
    keys = [quota.id, f"{quota.id}.total", *named]
    told = await figures.readings(tx, plan.key, keys, until=today, since=first)
    values: dict[str, dict[str, Fraction]] = {}
    for (key, unit), readings in told.items():
        stands = standing(readings)
        if stands is not None:
            values.setdefault(unit, {})[key] = Fraction(str(stands.value))
    parts = []
    for unit in values if quota.per == "unit" else ():
        verdict = judge(quota, _told(quota, [values[unit]], named), today, over=over)
        parts.append(Part(unit, unit, verdict))
    if parts:
        return Stand(quota, _together(quota, parts), tuple(parts))
    counted = _told(quota, list(values.values()), named)
    by_unit = tuple(
        Part(unit, unit, judge(quota, _told(quota, [own], named), today, over=over)) for unit, own in values.items()
    )
    return Stand(quota, judge(quota, counted, today, over=over), by_unit if len(by_unit) > 1 else ())


async def _of_items(tx: Tx, plan: Plan, quota: Quota, today: date, *, over: bool) -> Stand:
    """Count the items that are done, of those the quota names."""
    items = [item.id for item in plan.live_items if fits(quota.where, {"id": item.id, "list": item.list_key})]
    progress = await checkins.progress_of(tx, plan.key, items)
    done = {row.item for row in progress if row.percent == 100 and row.updated_at.date() <= today}
    counted = Counted((Fraction(len(done)),), Fraction(len(items)))
    return Stand(quota, judge(quota, counted, today, over=over))


def _told(quota: Quota, by_unit: Sequence[dict[str, Fraction]], named: Sequence[str]) -> Counted:
    def total_of(key: str) -> Fraction:
        return sum((own[key] for own in by_unit if key in own), Fraction(0))

    alternatives = tuple(total_of(key) for key in named) or (total_of(quota.id),)
    whole = total_of(f"{quota.id}.total")
    return Counted(
        alternatives if quota.operator == "either" else (total_of(quota.id) or alternatives[0],), whole or None
    )


async def _entries(tx: Tx, plan: Plan, quota: Quota, first: date, last: date) -> list[RegisterEntry]:
    """Return the entries a quota counts: of its register (of any), with its values, lasting as long as it says."""
    wanted = registers.Wanted("" if quota.of == "any" else quota.of, first, last)
    found = []
    for entry in await registers.list_entries(tx, plan.key, wanted):
        register = plan.find_register(entry.register)
        if register is None or not fits(quota.where, _values_of(entry)) or not _lasts(register, entry, quota.days):
            continue
        found.append(entry)
    return found


def _values_of(entry: RegisterEntry) -> dict[str, Any]:
    return {**entry.values, "state": entry.state, "unit": entry.values.get("unit", entry.unit)}


def _lasts(register: Register, entry: RegisterEntry, days: tuple[int, ...]) -> bool:
    if not days:
        return True
    said = entry.values.get("days")
    if said is None:
        spans = [entry.values[field.key] for field in register.of_kind("span") if field.key in entry.values]
        said = _days(spans[0]) if spans else None
    return said is not None and days[0] <= said <= days[1]


def _days(span: dict[str, str]) -> int:
    return (date.fromisoformat(span["to"]) - date.fromisoformat(span["from"])).days + 1


def _names(plan: Plan, entry: RegisterEntry) -> list[str]:
    register = plan.find_register(entry.register)
    return names_in(register, entry.values) if register else []


def _count(plan: Plan, quota: Quota, entries: Sequence[RegisterEntry], people: Sequence[Staff]) -> Counted:
    """Count entries for the plan or a unit as a whole."""
    counting = [entry for entry in entries if fits(quota.done, _values_of(entry))]
    values = _values(plan, quota, counting)
    total: Fraction | None = None
    if quota.total == "people":
        total = Fraction(len(people))
    elif quota.total == "entries":
        total = Fraction(len(entries))
    elif quota.total:
        total = _sum(entries, quota.total)
    last_on = max((entry.happened_on for entry in counting), default=None)
    return Counted(values, total, last_on)


def _missing(plan: Plan, quota: Quota, entries: Sequence[RegisterEntry], staff: Sequence[Staff]) -> tuple[str, ...]:
    """Return the people of a unit whom no entry names, where they are counted by name."""
    named = {who for entry in entries for who in _names(plan, entry)}
    return tuple(person.name for person in staff if quota.total == "people" and person.name not in named)


def _values(plan: Plan, quota: Quota, entries: Sequence[RegisterEntry]) -> tuple[Fraction, ...]:
    """Return what is counted: one number for each measure of its own, else the sum of all that is named."""
    each = tuple(_one(plan, name, entries) for name in quota.count)
    return each if quota.separate else (sum(each, Fraction(0)),)


def _one(plan: Plan, name: str, entries: Sequence[RegisterEntry]) -> Fraction:
    if name == "entries":
        return Fraction(len(entries))
    if name == "people":
        return Fraction(len({who for entry in entries for who in _names(plan, entry)}))
    if name == "units":
        return Fraction(len({entry.unit for entry in entries}))
    return _sum(once_each(plan, entries), name)


def once_each(plan: Plan, entries: Sequence[RegisterEntry]) -> list[RegisterEntry]:
    """Leave out a course that two sources report of the same person: its hours count once."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for entry in entries:
        course = entry.values.get("course_id") or entry.values.get("course")
        mark = (course, *_names(plan, entry), str(entry.values.get("segment", "")))
        if course and mark in seen:
            continue
        seen.add(mark)
        kept.append(entry)
    return kept


def _sum(entries: Iterable[RegisterEntry], key: str) -> Fraction:
    numbers = (entry.values.get(key) for entry in entries)
    return sum((Fraction(str(number)) for number in numbers if isinstance(number, int | float)), Fraction(0))


def _class(plan: Plan, quota: Quota, entry: RegisterEntry, today: date) -> Part:
    register = plan.find_register(entry.register)
    named = next((str(entry.values[f.key]) for f in register.fields if f.key in entry.values), "") if register else ""
    return Part(named, entry.unit, judge(quota, _count(plan, quota, [entry], ()), today, over=True))
