"""Reading a Word file (.docx): its paragraphs and tables in order, as a reader of the printed page has them.

The text is taken from `w:t` here and not from python-docx, which leaves out what stands in tracked insertions and in
content controls, and knows no automatic numbers.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml

from bot.documents.importing.numbering import Numbering, W
from bot.domain.papers.paper import Grid, Line, Merge, Paper, Passage
from bot.errors import UserError

LARGEST = 50_000_000
# Text that is not on the page any more, a second copy for old readers, and what is read as its own paragraph.
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT = {*(f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "rt", "instrText", "pPr")), FALLBACK}
WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
STRUCK, HIDDEN = "修订中已删除", "隐藏行"


def read_word(path: Path) -> Paper:
    """Read a .docx file; raises `UserError` when it is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path.name} 超过 {LARGEST // 1_000_000} MB，不像一份计划")
        document = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError, EOFError, zlib.error) as error:
        raise UserError(f"{path.name} 打不开，可能已经损坏、设了密码，或不是 .docx。请另存为 .docx 再试") from error
    except OSError as error:
        raise UserError(f"{path.name} 读不出来（{error.strerror}）") from error
    reader = _Reader(Numbering(document))
    blocks = [*reader.blocks(document.element.body), *_footnotes(document)]
    return Paper(path.stem, tuple(blocks))


class _Reader:
    """Walks through the body: counts paragraphs and tables, so that each has a place people can find."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.passages = 0
        self.tables = 0

    def blocks(self, parent: Any) -> Iterator[Grid | Passage]:
        for node in _children(parent, {f"{W}p", f"{W}tbl"}):
            if node.tag == f"{W}tbl":
                self.tables += 1
                yield self._grid(node)
            else:
                yield from self._passages(node)

    def _passages(self, node: Any) -> Iterator[Grid | Passage]:
        text = self._text(node)
        self.passages += bool(text)
        if text:
            yield Passage(text, f"第{self.passages}段")
        struck = _struck(node)
        if struck:
            yield Passage(struck, f"第{max(self.passages, 1)}段", STRUCK)
        for box in node.iter(f"{W}txbxContent"):
            if not any(parent.tag == FALLBACK for parent in box.iterancestors()):
                yield from self.blocks(box)

    def _text(self, node: Any) -> str:
        text = "".join(_pieces(node)).strip()
        label = self.numbering.label(node, blank=not text)
        return f"{label}{text}" if label else text

    def _grid(self, node: Any) -> Grid:
        """Read a table; cells merged across or down become merges, their text stands in the first."""
        rows: list[list[str]] = []
        gone: list[str] = []
        merges: list[Merge] = []
        open_at: dict[int, tuple[int, int]] = {}
        for number, row in enumerate(_children(node, {f"{W}tr"})):
            struck = row.find(f"{W}trPr/{W}del") is not None
            hidden = row.find(f"{W}trPr/{W}hidden") is not None
            gone.append(STRUCK if struck else HIDDEN if hidden else "")
            rows.append(self._cells(row, number, open_at, merges, struck=struck))
        merges += [Merge(top, left, len(rows) - 1, right) for left, (top, right) in open_at.items()]
        width = max(map(len, rows), default=0)
        lines = tuple(
            Line((*cells, *[""] * (width - len(cells))), self._places(number, width), why)
            for number, (cells, why) in enumerate(zip(rows, gone, strict=True), 1)
        )
        wide = tuple(merge for merge in merges if merge.bottom > merge.top or merge.right > merge.left)
        return Grid("", lines, wide, follows=True)

    def _places(self, row: int, width: int) -> tuple[str, ...]:
        return tuple(f"表{self.tables}第{row}行第{column}列" for column in range(1, max(width, 1) + 1))

    def _cells(
        self, row: Any, number: int, open_at: dict[int, tuple[int, int]], merges: list[Merge], *, struck: bool
    ) -> list[str]:
        cells = [""] * _value(row.find(f"{W}trPr/{W}gridBefore"), 0)
        for node in _children(row, {f"{W}tc"}):
            column, span = len(cells), _value(node.find(f"{W}tcPr/{W}gridSpan"), 1)
            text = _struck(node) if struck else self._cell_text(node)
            merged = node.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val", "continue") == "continue" and column in open_at
            if not goes_on or text:
                top, right = open_at.pop(column, (number, column + span - 1))
                merges += [Merge(top, column, number - 1, right)] if top < number else []
                if merged is not None:
                    open_at[column] = (number, column + span - 1)
                elif span > 1:
                    merges.append(Merge(number, column, number, column + span - 1))
            cells += [text, *[""] * (span - 1)]
        return cells

    def _cell_text(self, node: Any) -> str:
        lines = [self._text(paragraph) for paragraph in node.iter(f"{W}p") if not _is_left_out(paragraph, node)]
        return "\n".join(line for line in lines if line)


def _children(parent: Any, tags: set[str]) -> Iterator[Any]:
    """Give the children of some kinds, those in content controls and tracked insertions too."""
    for node in parent:
        if node.tag in tags:
            yield node
        elif node.tag in WRAPPERS:
            yield from _children(node, tags)


def _pieces(node: Any) -> Iterator[str]:
    for child in node:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[child.tag]
        elif child.tag not in LEFT_OUT:
            yield from _pieces(child)


def _struck(node: Any) -> str:
    return "".join(text.text or "" for text in node.iter(f"{W}delText")).strip()


def _is_left_out(paragraph: Any, cell: Any) -> bool:
    for parent in paragraph.iterancestors():
        if parent is cell:
            return False
        if parent.tag in LEFT_OUT:
            return True
    return False


def _value(node: Any, default: int) -> int:
    return default if node is None else int(node.get(f"{W}val", default))


def _footnotes(document: Any) -> Iterator[Passage]:
    for part in document.part.package.iter_parts():
        if str(part.partname).endswith(("/footnotes.xml", "/endnotes.xml")):
            for note in parse_xml(part.blob).iter(f"{W}footnote", f"{W}endnote"):
                text = "".join(_pieces(note)).strip()
                if text:
                    yield Passage(text, f"脚注{note.get(f'{W}id')}", "脚注")
