"""Reading a plan from its file's data. The whole file is checked, and every fault is named at once."""

from collections.abc import Mapping
from typing import Any, get_args

from bot.domain.planfile import duties, ledgers, outline
from bot.domain.planfile.checks import cross_check
from bot.domain.planfile.scope import YEARS, Scope, read_year
from bot.domain.planfile.table import Fault, PlanFaults, Table, tables
from bot.domain.plans import Demo, League, Plan, Unit

__all__ = ["Fault", "PlanFaults", "parse_plan"]


def parse_plan(data: Mapping[str, Any], name: str, year: int | None = None) -> Plan:
    """Read a plan's data, rolled to `year` when given.

    Raises `PlanFaults` that lists every fault found in the whole file.
    """
    faults: list[Fault] = []
    top = Table(data, name, faults)
    head = Table(top.take("plan", dict, {}, needed=True), "[plan]", faults)
    own_year = read_year(head.take("year", int, YEARS[0], needed=True), head)
    scope = Scope(own_year, read_year(year or own_year, head), faults)
    scope.first_on, scope.last_on = scope.span(head)
    issued = head.text("issued")
    scope.issued_on = scope.day(issued, head, "issued") if issued else None
    units = _units(top, scope)
    lists = {entry.key: entry for entry in map(outline.item_list, tables(top, "lists", "key"))}
    plan = Plan(
        key=_plan_key(head, year, own_year),
        name=scope.words(head.text("name", needed=True)),
        year=scope.year,
        first_on=scope.first_on,
        last_on=scope.last_on,
        units=units,
        leaders=tuple(outline.leader(table) for table in tables(top, "leaders", "key")),
        lists=tuple(lists.values()),
        sections=tuple(outline.section(table) for table in tables(top, "sections", "key")),
        items=tuple(outline.item(table, scope, lists) for table in tables(top, "items", "id")),
        duties=tuple(duties.duty(table, scope) for table in tables(top, "duties", "id")),
        registers=tuple(ledgers.register(table, scope) for table in tables(top, "registers", "key")),
        quotas=tuple(ledgers.quota(table, scope) for table in tables(top, "quotas", "id")),
        figures=tuple(ledgers.figure(table) for table in tables(top, "figures", "id")),
        empty_groups=tuple(name for name, members in scope.groups.items() if members == (name,)),
        **_head(head, scope),
    )
    for table in (head, top):
        table.close()
    cross_check(plan, faults)
    if faults:
        raise PlanFaults(name, faults)
    return plan


def _units(top: Table, scope: Scope) -> tuple[Unit, ...]:
    """Read units by themselves and in groups; the scope learns which names stand for a group."""
    units = [outline.unit(table) for table in tables(top, "units", "name")]
    known = {unit.name for unit in units}
    groups = [outline.unit_group(table) for table in tables(top, "unit_groups", "name")]
    grouped = [unit for _, members in groups for unit in members]
    units += [unit for unit in grouped if unit.name not in known]
    for unit in (*units, *(unit for unit in grouped if unit.name in known)):
        if unit.group:
            scope.groups[unit.group] = tuple(dict.fromkeys((*scope.groups.get(unit.group, ()), unit.name)))
    scope.groups.setdefault("各单位", tuple(unit.name for unit in units if unit.reports))
    return tuple(units)


def _head(head: Table, scope: Scope) -> dict[str, Any]:
    return {
        "code": head.text("code"),
        "receiver": head.text("receiver", "办公室"),
        "groups": head.texts("groups"),
        "league": head.choice("league", get_args(League), "group"),
        "demo": _demo(head),
        "issued_on": scope.issued_on,
        "digest_by": head.choice("digest_by", ("", "section"), ""),
        "messages_per_month": head.take("messages_per_month", int),
        "annexes": head.texts("annexes"),
    }


def _demo(head: Table) -> Demo | None:
    at, since = head.text("demo_at"), head.text("demo_since")
    return Demo(at, since) if head.take("demo", bool, False) else None


def _plan_key(head: Table, year: int | None, own_year: int) -> str:
    key = head.text("key", needed=True)
    return key if year in (None, own_year) else f"{key}@{year}"
