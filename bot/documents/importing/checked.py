"""A plan that is a plan file already: its items counted, its faults as refusals."""

import re
from pathlib import Path
from typing import Any

from bot.documents.planfiles import read_toml
from bot.domain.papers.drafts import Remark
from bot.domain.planfile import Fault, PlanFaults, parse_plan
from bot.domain.plans import Item

ITEM = re.compile(r"\[\[items\]\] (\S+)")


def check_file(path: Path, year: int | None = None) -> tuple[tuple[Item, ...], list[Remark], str]:
    """Return a plan file's items and text when it is sound; else a refusal for each place with faults, and none.

    Raises `ConfigError` when the file is no TOML.
    """
    data = read_toml(path)
    try:
        plan = parse_plan(data, path.name, year)
    except PlanFaults as error:
        return (), _refusals(data, error.faults), ""
    return plan.items, [], path.read_text(encoding="utf-8-sig")


def _refusals(data: dict[str, Any], faults: list[Fault]) -> list[Remark]:
    """Refuse every item, those without a fault of their own too: a plan is taken whole or not at all."""
    by_place: dict[str, list[Fault]] = {}
    for fault in faults:
        found = ITEM.match(fault.where)
        by_place.setdefault(found[0] if found else fault.where, []).append(fault)
    tables = data.get("items", [])
    names = [_place(n, table) for n, table in enumerate(tables if isinstance(tables, list) else [], 1)]
    refusals = [
        Remark(place, "", "；".join(fault.wrong for fault in found), "；".join(fault.right for fault in found))
        for place, found in by_place.items()
    ]
    others = [name for name in names if name not in by_place]
    return refusals + [Remark(name, "", "计划里别处有错", "先改好上面的错") for name in others]


def _place(number: int, table: Any) -> str:
    return f"[[items]] {table.get('id', f'第{number}个') if isinstance(table, dict) else number}"
