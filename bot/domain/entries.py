"""Entries of a register: which of them are the same one, and how they are shown in a line."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from bot.domain.plans import Covers, Plan
from bot.domain.registers import Field, Register
from bot.domain.rounds import period_key

PERIODS = {"week", "half-month", "month", "quarter", "half-year", "year"} & set(get_args(Covers))


def once_key(register: Register, unit: str, values: Mapping[str, Any], on: date) -> str | None:
    """Return what makes an entry the same as another one; None where it is its own, as when one of it is not said."""
    if not register.once:
        return None
    parts = []
    for name in register.once:
        if name == "unit":
            parts.append(unit)
        elif name in PERIODS:
            parts.append(period_key(name, on))  # type: ignore[arg-type]
        elif name in values:
            parts.append(str(values[name]))
        else:
            return None
    return "|".join(parts)


def names_in(register: Register, values: Mapping[str, Any]) -> list[str]:
    """Return the persons an entry names."""
    found: list[str] = []
    for field in register.of_kind("person", "people"):
        value = values.get(field.key)
        found += value if isinstance(value, list) else [value] if value else []
    return found


def brief(register: Register, values: Mapping[str, Any], plan: Plan, *, private: bool) -> str:
    """Say an entry in one line, its fields in the register's order, the due date left out (it is told beside).

    `private` shows what is not for a group.
    """
    shown = [
        _said(field, values[field.key], plan)
        for field in register.fields
        if field.key in values and (private or not field.private) and field.key != register.due
    ]
    return "，".join(part for part in shown if part)


def _said(field: Field, value: Any, plan: Plan) -> str:
    if isinstance(value, Mapping):
        return f"{_day(value['from'])}—{_day(value['to'])}"
    if field.kind == "boxes":
        missing = [option for option in field.options if option not in value]
        return f"{field.name} {len(value)}/{len(field.options)}" + (f"，缺 {'、'.join(missing)}" if missing else "")
    if isinstance(value, list | tuple):
        return f"{field.name} {'、'.join(value)}"
    if field.kind == "date":
        return f"{field.name} {_day(value)}"
    if field.kind == "number":
        return f"{field.name} {value:g}{field.unit}"
    if field.kind == "leader":
        return next((leader.post for leader in plan.leaders if leader.key == value and leader.post), str(value))
    if field.kind == "item":
        item = plan.find_item(str(value))
        return item.label if item is not None else str(value)
    return str(value) if field.needed or field.kind == "choice" else f"{field.name} {value}"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
