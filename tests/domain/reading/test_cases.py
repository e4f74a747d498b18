"""Our own cases, written from the rules. One JSON line each: unit, text, more context, intents, and what was `said`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.domain.reading.said import read, said

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['unit']}-{case['text'][:24]}")
def test_reply_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    reading = read(case["unit"], case["text"], **case["more"])

    assert (reading["intents"], said(reading)) == (case["intents"], case["said"])
