"""Registers, quotas and figures of a plan file."""

import re
from datetime import date
from fractions import Fraction
from typing import Any, get_args

from bot.domain.figures import FigureKind, Reading
from bot.domain.planfile.scope import Scope
from bot.domain.planfile.table import Table, closing
from bot.domain.quotas import MET_FROM, NEAR_FROM, Operator, Per, Quota, Term, read_term
from bot.domain.registers import Draw, Field, FieldKind, Register, Span, Visible, readable_due, readable_step

# Beside its own fields, what may make two entries of a register the same one.
ONCE = ("unit", "week", "half-month", "month", "quarter", "half-year", "year")
NEEDS_NUMBER = {"range": 2, "about": 1, "either": 2, "once": 2}


@closing
def register(table: Table, scope: Scope) -> Register:
    name = table.text("name", needed=True)
    found = Register(
        key=table.text("key", needed=True),
        name=name,
        noun=table.text("noun", name),
        words=table.texts("words"),
        fields=tuple(
            _field(Table(data, f"{table.where} fields", table.faults)) for data in table.take("fields", list, [])
        ),
        states=table.texts("states"),
        closers=table.choice("closers", ("owner", "office"), "owner"),
        proof=bool(table.take("proof", bool, False)),
        due=table.text("due"),
        remind=table.texts("remind"),
        units=scope.units(table.texts("units")),
        item=table.text("item"),
        visible=table.choice("visible", get_args(Visible), "all"),
        once=table.texts("once"),
        spans=tuple(_span(Table(data, f"{table.where} spans", table.faults)) for data in table.take("spans", list, [])),
        draw=table.choice("draw", get_args(Draw), ""),
        anonymous=bool(table.take("anonymous", bool, False)),
        loggers=table.choice("loggers", ("all", "office"), "all"),
        digest=bool(table.take("digest", bool, False)),
        of_plan=bool(table.take("of_plan", bool, False)),
        on=table.text("on"),
        section=table.text("section"),
        busy=bool(table.take("busy", bool, False)),
        idle_years=int(table.take("idle_years", int, 0)),
    )
    _check_register(table, found)
    return found


def _check_register(table: Table, found: Register) -> None:
    keys = [field.key for field in found.fields]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        table.fault("fields", f"字段“{key}”写了两次", "每个只能出现一次")
    for key in found.once:
        if key not in (*keys, *ONCE):
            table.fault("once", f"没有字段“{key}”", f"可写：{'、'.join((*keys, *ONCE))}")
    _check_due(table, found)


def _check_due(table: Table, found: Register) -> None:
    if found.due and not readable_due(found):
        table.fault("due", f"“{found.due}”看不懂", "应是一个日期字段的 key，或像 promoted+1年")
    for step in found.remind:
        if not readable_step(step):
            table.fault("remind", f"“{step}”看不懂", "可写：30天前、1周前、6个月前、当天、过期")
    if found.remind and not found.due:
        table.fault("remind", "没有期限可提醒", "请用 due 写明哪个字段是期限")


@closing
def _field(table: Table) -> Field:
    kind = table.choice("kind", get_args(FieldKind), "text")
    options = table.texts("options")
    if kind in ("choice", "boxes") and not options:
        table.fault("options", "没有写可选的值", '应像 options = ["是", "否"]')
    return Field(
        key=table.text("key", needed=True),
        name=table.text("name", needed=True),
        kind=kind,
        words=table.texts("words"),
        options=options,
        unit=table.text("unit"),
        needed=bool(table.take("needed", bool, False)),
        wanted=bool(table.take("wanted", bool, False)),
        private=bool(table.take("private", bool, False)),
        low=_number(table, "low"),
        high=_number(table, "high"),
        per_days=_number(table, "per_days"),
    )


def _number(table: Table, key: str) -> float | None:
    value = table.take(key, object)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    table.fault(key, f"“{value}”不是数", "应是一个数")
    return None


@closing
def _span(table: Table) -> Span:
    words = table.text("words", needed=True)
    low, high = _days(table) or (0, 36500)
    if "days" not in table.data:
        table.fault("days", "没有写", "应像 days = [28, 62]")
    return Span(table.text("when"), low, high, words)


def _days(table: Table) -> tuple[int, ...]:
    """Read how many days something lasts, low and high; empty where nothing is said."""
    days = table.take("days", list, [])
    if days and (len(days) != 2 or not all(isinstance(day, int) for day in days)):
        table.fault("days", f"“{days}”不是起止两个数", "应像 days = [28, 62]")
        return ()
    return tuple(days)


@closing
def figure(table: Table) -> FigureKind:
    return FigureKind(
        id=table.text("id", needed=True),
        name=table.text("name", needed=True),
        unit=table.text("unit"),
        words=table.texts("words"),
        item=table.text("item"),
        thresholds=tuple(
            float(value) for value in table.take("thresholds", list, []) if isinstance(value, int | float)
        ),
        base=_number(table, "base"),
        rising=bool(table.take("rising", bool, False)),
        private=bool(table.take("private", bool, False)),
        background=bool(table.take("background", bool, False)),
        section=table.text("section"),
        opening=_reading(table),
    )


def _reading(table: Table) -> Reading | None:
    data = table.take("opening", dict)
    if data is None:
        return None
    value, on = data.get("value"), data.get("on")
    try:
        return Reading("", float(str(value)), date.fromisoformat(str(on)), approx=bool(data.get("approx")))
    except ValueError:
        right = 'opening = {value = 234, on = "2026-03-03", approx = true}'
        table.fault("opening", f"“{value}”“{on}”应是一个数和一个日期", f"应像 {right}")
        return None


@closing
def quota(table: Table, scope: Scope) -> Quota:
    operator = table.choice("operator", get_args(Operator), "at_least")
    number = _fractions(table, "number")
    if 0 < len(number) < NEEDS_NUMBER.get(operator, 1) or (operator in NEEDS_NUMBER and not number):
        table.fault("number", f"{operator} 要写 {NEEDS_NUMBER.get(operator, 1)} 个数", "例如 number = [15, 20]")
        number = tuple(Fraction(1) for _ in range(NEEDS_NUMBER.get(operator, 1)))
    return Quota(
        id=table.text("id", needed=True),
        name=table.text("name", needed=True),
        operator=operator,
        number=number,
        unit=table.texts_or_text("unit"),
        term=_term(table, scope),
        audience=table.text("audience"),
        of=table.text("of", "figure"),
        count=table.texts_or_text("count") or ("entries",),
        total=table.text("total"),
        per=table.choice("per", get_args(Per), "plan"),
        grades=table.texts_or_text("grades"),
        where=_conditions(table, "where"),
        done=_conditions(table, "done"),
        days=_days(table),
        soft=bool(table.take("soft", bool, False)),
        part_of=table.text("part_of"),
        words=table.texts("words"),
        private=bool(table.take("private", bool, False)),
        met_from=next(iter(_fractions(table, "met_from")), MET_FROM),
        near_from=next(iter(_fractions(table, "near_from")), NEAR_FROM),
    )


def _conditions(table: Table, key: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(field), str(value)) for field, value in table.take(key, dict, {}).items())


def _term(table: Table, scope: Scope) -> Term:
    words = table.text("period", "每年")
    term = read_term(words, scope.first_on.year)
    if term is None:
        table.fault("period", f"“{words}”看不懂", "可写：每年、2018-2022、每2年、每2至3年、每班")
    return term or Term()


def _fractions(table: Table, key: str) -> tuple[Fraction, ...]:
    value = table.take(key, object)
    values: list[Any] = [] if value is None else value if isinstance(value, list) else [value]
    found = []
    for one in values:
        text = str(one).strip()
        if not re.fullmatch(r"\d+(\.\d+)?(%|/[1-9]\d*)?", text):
            table.fault(key, f"“{one}”不是数", '应像 150、"1/3"、"70%"，或 [15, 20]')
            continue
        found.append(Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1))
    return tuple(found)
