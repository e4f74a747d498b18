"""A short writing of readings, so that a table of cases can be read by eye: `S07=80`, `S09=100/done ?percent`."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.domain.planfile import parse_plan
from bot.domain.reading import Context, Reader
from bot.domain.workdays import Workdays

PLANS = Path(__file__).parents[3] / "plans"


@lru_cache(maxsize=1)
def readers() -> dict[str, Reader]:
    files = PLANS.glob("*/plan.toml")
    plans = [parse_plan(tomllib.loads(file.read_text(encoding="utf-8")), str(file)) for file in files]
    return {plan.code: Reader(plan, Workdays()) for plan in plans}


def reader_of(code: str) -> Reader:
    return readers()[code]


def reader() -> Reader:
    return reader_of("QZ")


def context(unit: str, **more: Any) -> Context:
    shape = {"seed": "QZ", "unit": unit, "role": "contact", "today": "2023-04-25", "pending": "monthly:2023-04"}
    return Context.from_json({**shape, **more})


def read(unit: str, text: str, **more: Any) -> dict[str, Any]:
    return reader().read(text, context(unit, **more)).to_json()


def said(reading: dict[str, Any]) -> str:
    """Write entries, other findings and the question of a reading in one line."""
    parts = [_entry(entry) for entry in reading["entries"]]
    rest = {key: value for key, value in reading.items() if key not in ("intents", "entries", "ask", "fulfils")}
    parts += [f"{key}:{_flat(value)}" for key, value in sorted(rest.items())]
    if reading["ask"]:
        parts.append(f"?{reading['ask']['about']}")
    return " ".join(parts)


def _entry(entry: dict[str, Any]) -> str:
    span = entry.get("percent_range")
    figure = entry["percent"] if entry["percent"] is not None else f"{span[0]}..{span[1]}" if span else "-"
    line = f"{entry['item'] or 'unit'}={'~' if entry.get('approx') else ''}{figure}/{entry['status'] or '-'}"
    figures = [f"{metric['value']}{metric['unit']}" for metric in entry.get("metrics", [])]
    return line + "".join(f"+{figure}" for figure in figures) + "".join(f"#{key}" for key in entry.get("sections", {}))


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}={_flat(part)}" for key, part in value.items())
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
