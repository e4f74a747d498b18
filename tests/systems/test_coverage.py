"""Every system of the five plans has a case named by its id, and none is skipped."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROWS = [line.split()[0] for line in (HERE / "rows.txt").read_text().splitlines()]


def cases() -> dict[str, list[ast.AsyncFunctionDef | ast.FunctionDef]]:
    """Return the test functions of this folder by the row they name: test_hn_01_… is a case of HN-01."""
    found: dict[str, list[ast.AsyncFunctionDef | ast.FunctionDef]] = {}
    for file in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                named = re.match(r"test_([a-z]{2})_(\d\d)_\w+", node.name)
                if named:
                    found.setdefault(f"{named[1].upper()}-{named[2]}", []).append(node)
    return found


def test_there_are_237_rows() -> None:
    assert len(ROWS) == len(set(ROWS)) == 237


@pytest.mark.parametrize("row", ROWS)
def test_the_row_has_a_case(row: str) -> None:
    assert row in cases()


def test_no_case_is_skipped_or_expected_to_fail() -> None:
    marks = [ast.unparse(mark) for nodes in cases().values() for node in nodes for mark in node.decorator_list]

    assert not [mark for mark in marks if "skip" in mark or "xfail" in mark]


def test_every_case_asserts_what_is_said() -> None:
    bare = [
        node.name
        for nodes in cases().values()
        for node in nodes
        if not any(isinstance(n, ast.Assert) for n in ast.walk(node))
    ]

    assert bare == []
