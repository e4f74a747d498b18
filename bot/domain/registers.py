"""Registers: ledgers a plan defines by their fields. Problems, filings, lectures, postings, nominations: all are these.

An entry has values for the fields, an owner, a state and perhaps a due date. What a register can do is said by its
data: states and who may close, a due date with reminders before it, who may see it, draws from the roster, anonymity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from dateutil.relativedelta import relativedelta

FieldKind = Literal["text", "number", "date", "span", "choice", "boxes", "unit", "person", "people", "leader", "item"]
Visible = Literal["all", "unit", "office"]
Draw = Literal["", "people", "units"]


@dataclass(frozen=True)
class Field:
    """One field of an entry. `options` are a choice's values or the boxes to tick; `unit` the word after a number.

    A `needed` field is asked for; entries without a `wanted` one are counted where the register is shown.
    `span` reads a period and stores `from` and `to`; `private` keeps a value out of everything a group sees.
    `low` and `high` bound a number: outside them the bot asks back instead of storing. A number with `per_days` that
    is not said is worked out from the entry's days or span: months with per_days = 30.
    """

    key: str
    name: str
    kind: FieldKind = "text"
    words: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    unit: str = ""
    needed: bool = False
    wanted: bool = False
    private: bool = False
    low: float | None = None
    high: float | None = None
    per_days: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.words)


@dataclass(frozen=True)
class Span:
    """How long an entry of some kind may last: `when` is the choice it holds for ('' for all), in days, inclusive."""

    when: str
    low_days: int
    high_days: int
    words: str


@dataclass(frozen=True)
class Register:
    """A ledger of the plan. `noun` is what one entry is called; `words` open an entry when somebody types them.

    `states` run from open to closed (empty: entries have no life); only `closers` may close, and with `proof` only
    with a word of evidence. `due` names the date field that is the due date, or a rule such as `promoted+1年`;
    `remind` lists when the owner is reminded: 30天前, 6个月前, 当天. `units` say who may log ('' : everybody who
    reports); `visible` who may look; `once` names the fields that make two entries the same one. While an entry of
    a `busy` register lasts, the persons it names are not asked for reports; after `idle_years` without an entry
    somebody stands on the office's list.
    """

    key: str
    name: str
    noun: str
    words: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    states: tuple[str, ...] = ()
    closers: Literal["owner", "office"] = "owner"
    proof: bool = False
    due: str = ""
    remind: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    item: str = ""
    visible: Visible = "all"
    once: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    draw: Draw = ""
    anonymous: bool = False
    loggers: Literal["all", "office"] = "all"
    digest: bool = False
    of_plan: bool = False
    on: str = ""
    section: str = ""
    busy: bool = False
    idle_years: int = 0

    def field(self, key: str) -> Field:
        """Return the field of that key; raises KeyError."""
        return next(field for field in self.fields if field.key == key)

    def find_field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    def of_kind(self, *kinds: FieldKind) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.kind in kinds)

    @property
    def opening(self) -> str:
        return self.states[0] if self.states else ""

    @property
    def closed(self) -> str:
        return self.states[-1] if self.states else ""


@dataclass(frozen=True)
class Draft:
    """What was understood of one entry: values by field key, fields that are missing, doubts in words to ask about.

    `state` is the state it was logged in, '' where none was said.
    """

    values: Mapping[str, Any]
    missing: tuple[Field, ...] = ()
    doubts: tuple[str, ...] = ()
    state: str = ""


_STEP = re.compile(r"(\d+)(个工作日|天|周|个月|年)前")
_RULE = re.compile(r"(\w+)\+(\d+)(天|个月|年)")


def due_on(register: Register, values: Mapping[str, Any]) -> date | None:
    """Return when an entry is due: the value of its due field, or the rule applied to the date it starts from."""
    if not register.due:
        return None
    rule = _RULE.fullmatch(register.due)
    start = _date(values, rule[1] if rule else register.due)
    if start is None or rule is None:
        return start
    return _later(start, int(rule[2]), rule[3])


def _later(day: date, count: int, unit: str) -> date:
    if unit in ("个月", "年"):
        return day + relativedelta(months=count * (12 if unit == "年" else 1))
    return day + timedelta(count * (7 if unit == "周" else 1))


def _date(values: Mapping[str, Any], key: str) -> date | None:
    """Return a date among the values; of a span its end, `key.from` its start."""
    name, _, side = key.partition(".")
    value = values.get(name)
    if isinstance(value, Mapping):
        value = value.get(side or "to")
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def happened_on(register: Register, values: Mapping[str, Any]) -> date | None:
    """Return the day an entry happened: its first date, or the start of its first span."""
    for field in register.of_kind("date", "span"):
        if field.key != register.due and (found := _date(values, f"{field.key}.from")) is not None:
            return found
    return None


def reminder_days(register: Register, due: date) -> list[tuple[str, date]]:
    """Return (step, day) of each reminder before a due date, in order of time; days are calendar days."""
    found = []
    for step in register.remind:
        match = _STEP.fullmatch(step)
        if match is None:
            found.append((step, due if step == "当天" else due + timedelta(1)))
            continue
        found.append((step, _later(due, -int(match[1]), match[2])))
    return sorted(found, key=lambda pair: pair[1])


def readable_step(step: str) -> bool:
    """Tell whether a reminder step is understood: 30天前, 1周前, 6个月前, 1年前, 当天, 过期."""
    return step in ("当天", "过期") or _STEP.fullmatch(step) is not None


def readable_due(register: Register) -> bool:
    """Tell whether `due` names a date field, or a rule over one."""
    rule = _RULE.fullmatch(register.due)
    name = (rule[1] if rule else register.due).partition(".")[0]
    field = register.find_field(name)
    return field is not None and field.kind in ("date", "span")


def doubts_of(register: Register, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what does not fit: a number out of bounds, or a span too short or too long for its kind."""
    found = [doubt for field in register.of_kind("number") if (doubt := _out_of_bounds(field, values.get(field.key)))]
    kinds = {str(values.get(field.key)) for field in register.of_kind("choice")}
    for field in register.of_kind("span"):
        start, end = _date(values, f"{field.key}.from"), _date(values, f"{field.key}.to")
        if start is None or end is None:
            continue
        if end < start:
            found.append(f"结束日期 {end} 早于开始日期 {start}")
        for span in register.spans:
            days = (end - start).days + 1
            if span.when in ("", *kinds) and end >= start and not span.low_days <= days <= span.high_days:
                found.append(f"{span.when or register.noun}应为{span.words}，这条是 {days} 天")
    return tuple(found)


def _out_of_bounds(field: Field, value: Any) -> str:
    if not isinstance(value, int | float):
        return ""
    if field.low is not None and value < field.low:
        return f"{field.name} {value:g} 小于 {field.low:g}"
    if field.high is not None and value > field.high:
        return f"{field.name} {value:g} 大于 {field.high:g}"
    return ""
