"""The 64 published cases, judged the way they are scored: a wrong record is never allowed."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.reading import Context
from tests.domain.reading.said import reader

CASES = [json.loads(line) for line in (Path(__file__).parent / "dev.jsonl").read_text(encoding="utf-8").splitlines()]


def records(reading: dict[str, Any]) -> set[tuple[str | None, float]]:
    return {(entry["item"], entry["percent"]) for entry in reading["entries"] if entry["percent"] is not None}


def trips(pattern: dict[str, Any], reading: dict[str, Any]) -> bool:
    """Say whether a reading holds what a case forbids."""
    entries = reading["entries"]
    figures = [metric for entry in entries for metric in entry.get("metrics", [])]
    if "any_entry" in pattern:
        told = ("done", "not_started")
        return any(e["percent"] is not None or e.get("sections") or e["status"] in told for e in entries)
    if "metric_value" in pattern:
        return any(metric["value"] == pattern["metric_value"] for metric in figures)
    return any(all(entry.get(key) == value for key, value in pattern.items()) for entry in entries)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_nothing_forbidden_or_invented_is_recorded(case: dict[str, Any]) -> None:
    reading = reader().read(case["text"], Context.from_json(case["ctx"])).to_json()
    accepted = [case["expect"], *case["also_ok"]]
    allowed = {pair for want in accepted for pair in records(want)}
    vague = {entry["item"] for want in accepted for entry in want["entries"] if entry.get("percent_range")}

    assert not any(trips(pattern, reading) for pattern in case["must_not"])
    assert all(pair in allowed or pair[0] in vague for pair in records(reading))


@pytest.mark.parametrize("case", [case for case in CASES if case["ctx"]["seed"] == "QZ"], ids=lambda c: str(c["id"]))
def test_figures_and_questions_are_as_one_accepted_reading(case: dict[str, Any]) -> None:
    reading = reader().read(case["text"], Context.from_json(case["ctx"])).to_json()
    fits = [
        records(want) == records(reading)
        for want in [case["expect"], *case["also_ok"]]
        if want.get("ask_ok") or bool(want["ask"]) == bool(reading["ask"])
    ]

    assert any(fits)
