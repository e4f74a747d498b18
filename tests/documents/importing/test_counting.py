"""Nothing is dropped without a word: rows in are items and refusals, in every shape and kind of file."""

import re
from pathlib import Path

import pytest

from bot.domain.papers.words import folded, simplified
from tests.documents.importing.imports import everything_said, import_file
from tests.documents.importing.makers import KINDS, Table
from tests.documents.importing.shapes import HIDING, SHAPES

CASES = [(shape, kind) for shape in SHAPES for kind in ("xlsx", "docx", "csv")]
CASES += [(shape, kind) for shape in ("plain", "title", "notes", "sum") for kind in KINDS if kind.startswith("csv-")]
CASES += [(shape, kind) for shape in HIDING for kind in ("xlsx", "docx")]
# In a .csv nothing is merged: a row under a merged title has no title of its own, and says so.
WITHOUT_MERGES = {"measures-share-a-title": (2, 2), "units-over-two-rows": (3, 1), "three-row-header": (4, 1)}


def plain(text: str) -> str:
    return re.sub(r"[;；。\s]", "", folded(text))


def titles_of(table: Table) -> list[str]:
    """Return the longest text of each row: whatever becomes of a row, this must be shown."""
    rows = [[plain(simplified(str(cell))) for cell in row] for row in table.written()]
    return [max(row, key=len) for row in rows if any(row)]


def test_there_are_more_than_sixty_files() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize(("shape", "kind"), CASES)
def test_every_row_is_an_item_or_a_refusal_and_is_shown(tmp_path: Path, shape: str, kind: str) -> None:
    table = (SHAPES | HIDING)[shape]
    made = KINDS[kind]
    found = import_file(made.write(tmp_path / f"计划.{made.suffix}", table))
    expected = (table.items, table.refusals)
    if not made.merged:
        expected = WITHOUT_MERGES.get(shape, expected)
    assert (len(found.items), len(found.refusals)) == expected
    assert all(refusal.cell and refusal.reason and refusal.fix for refusal in found.refusals)
    said = plain(everything_said(found))
    missing = [title for title in titles_of(table) if not any(form in said for form in _forms(title))]
    assert missing == []


def _forms(title: str) -> set[str]:
    """A title may stand without its number, a unit and its tasks apart."""
    return {title, title.lstrip("0123456789.（）()"), title.split("、", maxsplit=1)[0], title[2:6]}
