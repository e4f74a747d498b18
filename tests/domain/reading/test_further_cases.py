"""Further cases, written from the rules and grouped by what they try: percents, states, several items, other plans.

In a file of `further/` a line `@ unit {"pending": …}` says who speaks and to what; the lines below are
`{"more": "context"} text => intents: said || another reading that is as right`. `>` before `said` means that it holds
at least these parts. Intents are compared by family, the way readings are scored: a report is a report.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.domain.reading import Context
from tests.domain.reading.said import reader_of, said

FOLDER = Path(__file__).parent / "further"
FAMILIES = (
    "report special_report half_year_summary nil_report metrics checkin posting training_record makeup filing"
    " submit_file nomination newsletter answer confirm correction",
    "ack chat promise broadcast",
    "query command",
)
FAMILY = {word: number for number, words in enumerate(FAMILIES) for word in words.split()}


class Case(NamedTuple):
    unit: str
    text: str
    context: dict[str, Any]
    accepted: tuple[str, ...]


def cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.txt")):
        unit, shared = "", {}
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("@ "):
                unit, _, rest = line[2:].partition(" {")
                shared = json.loads("{" + rest) if rest else {}
            elif line and not line.startswith("#"):
                case = _case(unit, shared, line)
                yield pytest.param(case, id=f"{file.stem}-{case.unit}-{case.text[:24]}")


def _case(unit: str, shared: dict[str, Any], line: str) -> Case:
    text, _, accepted = line.rpartition(" => ")
    more: dict[str, Any] = {}
    if text.startswith("{"):
        more, end = json.JSONDecoder().raw_decode(text)
        text = text[end:].lstrip()
    return Case(unit, text.replace("\\n", "\n").replace("\\t", "\t"), {**shared, **more}, tuple(accepted.split(" || ")))


def families(intents: list[str]) -> set[int | str]:
    return {FAMILY.get(word, word) for word in intents}


def accepts(wanted: str, reading: dict[str, Any]) -> bool:
    intents, _, words = wanted.strip().partition(":")
    words, found = words.strip(), said(reading)
    fits = all(part in found for part in words[1:].split()) if words.startswith(">") else words == found
    return fits and families(intents.split()) <= families(reading["intents"])


@pytest.mark.parametrize("case", list(cases()))
def test_reply_is_read_as_one_of_the_accepted_readings(case: Case) -> None:
    usual = {"seed": "QZ", "today": "2023-04-25", "pending": "monthly:2023-04", "role": "contact"}
    shape = {**usual, **case.context, "unit": case.unit}
    reading = reader_of(shape["seed"]).read(case.text, Context.from_json(shape)).to_json()
    reading.pop("fulfils", None)

    assert any(accepts(wanted, reading) for wanted in case.accepted), said(reading)


def test_there_are_more_than_three_hundred_further_cases() -> None:
    assert len(list(cases())) > 300
