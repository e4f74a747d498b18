"""What a workbook's cells do not say by themselves: rows that are hidden, percentages, months without a day.

The reader of cells gives values only. A hidden row must not pass for one people see; 0.6 shown as 60% and 1 March
shown as 2026年3月 mean what is shown.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from defusedxml.ElementTree import ParseError, fromstring, iterparse

from bot.documents.oldmarks import read_old

RELATION = re.compile(r"\{.*\}id$")
# Formats a workbook does not write out: 9 and 10 are percentages, 17 and 57 a month and its year.
BUILT_IN = {9: "percent", 10: "percent", 17: "month", 57: "month"}


@dataclass(frozen=True)
class Marks:
    """Marks of one sheet, rows and columns counted from 0: hidden rows, and the form (percent, month) of cells."""

    hidden: frozenset[int] = frozenset()
    forms: dict[tuple[int, int], str] = field(default_factory=dict)


NO_MARKS = Marks()


def read_marks(data: bytes) -> dict[str, Marks]:
    """Return the marks by sheet name; a workbook that is not understood has none (its cells tell what is wrong)."""
    try:
        if data.startswith(b"PK"):
            with ZipFile(io.BytesIO(data)) as book:
                return dict(_of_xlsx(book))
        return dict(_of_xls(data))
    except (BadZipFile, KeyError, ParseError, ValueError, struct.error, IndexError, EOFError, RuntimeError, zlib.error):
        return {}


def _of_xlsx(book: ZipFile) -> Iterator[tuple[str, Marks]]:
    forms = _forms(book)
    relations = {
        relation.get("Id"): relation.get("Target", "")
        for relation in fromstring(book.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in fromstring(book.read("xl/workbook.xml")).iter():
        if _name(sheet) != "sheet":
            continue
        key = next(value for name, value in sheet.attrib.items() if RELATION.match(name))
        target = str(relations[key])
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        with book.open(path) as file:
            yield str(sheet.get("name")), _of_sheet(file, forms)


def _forms(book: ZipFile) -> dict[str, str]:
    """Return the form of each cell style that has one, by the style's number."""
    if "xl/styles.xml" not in book.namelist():
        return {}
    root = fromstring(book.read("xl/styles.xml"))
    formats = dict(BUILT_IN)
    for format_ in (node for node in root.iter() if _name(node) == "numFmt"):
        formats[int(format_.get("numFmtId", 0))] = _form(format_.get("formatCode", ""))
    styles = next((node for node in root if _name(node) == "cellXfs"), ())
    found = {str(n): formats.get(int(style.get("numFmtId", 0)), "") for n, style in enumerate(styles)}
    return {key: form for key, form in found.items() if form}


def _form(code: str) -> str:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code).lower()
    if "%" in bare:
        return "percent"
    return "month" if "m" in bare and not set("dhs") & set(bare) else ""


def _of_sheet(file: IO[bytes], forms: dict[str, str]) -> Marks:
    hidden: set[int] = set()
    found: dict[tuple[int, int], str] = {}
    row = -1
    for event, node in iterparse(file, events=("start", "end")):
        name = _name(node)
        if name == "row" and event == "start":
            row = int(node.get("r", row + 2)) - 1
            if node.get("hidden") in ("1", "true"):
                hidden.add(row)
        elif name == "c" and event == "start" and node.get("s") in forms:
            found[row, _column(node.get("r", ""))] = forms[node.get("s", "")]
        elif name == "row":
            node.clear()
    return Marks(frozenset(hidden), found)


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _column(cell: str) -> int:
    """Return the column of a cell's name: B7 → 1."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", cell):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_xls(data: bytes) -> Iterator[tuple[str, Marks]]:
    book = read_old(data)
    formats = BUILT_IN | {number: _form(code) for number, code in book.formats.items()}
    forms = [formats.get(number, "") for number in book.styles]
    for sheet in book.sheets:
        found = {cell: forms[style] for cell, style in sheet.styles.items() if style < len(forms) and forms[style]}
        yield sheet.name, Marks(frozenset(sheet.hidden), found)
