"""Makers of plan files: one table written as an office would, in each of the kinds of file it might send."""

import csv
import datetime
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import xlsxwriter
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

Cell = str | int | float


@dataclass
class Table:
    """A table as people see it; merges are (top, left, bottom, right), all counted from 0 and inclusive.

    `items` and `refusals` are what an import must make of it.
    """

    rows: Sequence[Sequence[Cell]]
    items: int
    refusals: int = 0
    merges: Sequence[tuple[int, int, int, int]] = ()
    hidden: Sequence[int] = ()
    name: str = "计划"

    def written(self) -> list[list[Cell]]:
        """Return the rows with what a merge covers left blank, as every kind of file keeps it."""
        width = max(map(len, self.rows))
        rows = [[*row, *[""] * (width - len(row))] for row in self.rows]
        for top, left, bottom, right in self.merges:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) != (top, left):
                        rows[row][column] = ""
        return rows


def xlsx(path: Path, *tables: Table) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for table in tables:
            sheet = book.add_worksheet(table.name)
            merged = book.add_format({"align": "center", "valign": "vcenter", "border": 1})
            for number, row in enumerate(table.written()):
                sheet.write_row(number, 0, [cell if cell != "" else None for cell in row])
            for top, left, bottom, right in table.merges:
                sheet.merge_range(top, left, bottom, right, table.rows[top][left], merged)
            for row in table.hidden:
                sheet.set_row(row, None, None, {"hidden": True})
    return path


def formatted(path: Path) -> Path:
    """Write two rows whose dates and percentages mean what their cells show: 2026年3月 and 60%, 2026-3-1 and 100%."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("计划")
        sheet.write_row(0, 0, ["序号", "工作任务", "牵头科室", "完成时限", "当前进度"])
        month, day = book.add_format({"num_format": 'yyyy"年"m"月"'}), book.add_format({"num_format": "yyyy-m-d"})
        for row, (style, part, form) in enumerate([(month, 0.6, "0.0%"), (day, 1, "0%")], 1):
            sheet.write_row(row, 0, [row, f"第{row}类工作", "综合科"])
            sheet.write_datetime(row, 3, datetime.datetime(2026, 3, 1), style)
            sheet.write(row, 4, part, book.add_format({"num_format": form}))
    return path


def delimited(path: Path, table: Table, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table.written())
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def word(path: Path, *tables: Table, before: Sequence[str] = (), after: Sequence[str] = ()) -> Path:
    document = docx.Document()
    for text in before:
        document.add_paragraph(text)
    for table in tables:
        add_table(document, table)
        document.add_paragraph("")
    for text in after:
        document.add_paragraph(text)
    document.save(str(path))
    return path


def add_table(document: Any, table: Table) -> Any:
    rows = table.written()
    made = document.add_table(len(rows), len(rows[0]))
    for cells, row in zip(made.rows, rows, strict=True):
        for cell, value in zip(cells.cells, row, strict=True):
            cell.text = str(value)
    for top, left, bottom, right in table.merges:
        made.cell(top, left).merge(made.cell(bottom, right))
        # Word keeps the paragraphs of all merged cells; an office leaves one.
        cell = made.cell(top, left)
        for paragraph in list(cell.paragraphs)[1:]:
            paragraph._p.getparent().remove(paragraph._p)
    for row in table.hidden:
        properties = made.rows[row]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:hidden"))
    return made


# Raw XML of what python-docx cannot make

INSERTED = '<w:ins {ns} w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"><w:r><w:t>{text}</w:t></w:r></w:ins>'
DELETED = (
    '<w:del {ns} w:id="2" w:author="a" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>{text}</w:delText></w:r></w:del>'
)
CONTROL = "<w:sdt {ns}><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def xml(template: str, **values: str) -> Any:
    return parse_xml(template.format(ns=nsdecls("w"), **values))


def insert_tracked(paragraph: Any, text: str) -> None:
    paragraph._p.append(xml(INSERTED, text=text))


def delete_tracked(paragraph: Any, text: str) -> None:
    paragraph._p.append(xml(DELETED, text=text))


def strike_row(row: Any) -> None:
    """Delete a table row under tracked changes, its text too."""
    row._tr.get_or_add_trPr().append(xml('<w:del {ns} w:id="9" w:author="a" w:date="2026-01-01T00:00:00Z"/>'))
    for cell in row.cells:
        text = cell.text
        cell.paragraphs[0].clear()
        delete_tracked(cell.paragraphs[0], text)


def wrap_in_control(element: Any) -> None:
    """Put an element (row, cell, paragraph, run) into a content control where it stands."""
    control = xml(CONTROL, inner="")
    element.getparent().replace(element, control)
    control.find(qn("w:sdtContent")).append(element)


def numbering(document: Any, form: str, text: str) -> str:
    """Define a numbering of one level and return its number for `number_paragraph`."""
    root = document.part.numbering_part.element
    key = str(900 + len(root))
    abstract = xml(
        '<w:abstractNum {ns} w:abstractNumId="{key}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>',
        key=key,
        form=form,
        text=text,
    )
    root.insert(0, abstract)
    root.append(xml('<w:num {ns} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>', key=key))
    return key


def number_paragraph(paragraph: Any, key: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        xml('<w:numPr {ns}><w:ilvl w:val="0"/><w:numId w:val="{key}"/></w:numPr>', key=key),
    )


@dataclass
class Made:
    """A way to write a table into a file."""

    suffix: str
    write: Callable[[Path, Table], Path]
    merged: bool = True
    hidden: bool = True


KINDS: dict[str, Made] = {
    "xlsx": Made("xlsx", xlsx),
    "docx": Made("docx", word),
    "csv": Made("csv", delimited, merged=False, hidden=False),
    "csv-bom": Made("csv", lambda path, table: delimited(path, table, "utf-8-sig"), merged=False, hidden=False),
    "csv-gbk": Made("csv", lambda path, table: delimited(path, table, "gbk"), merged=False, hidden=False),
    "csv-semicolon": Made("csv", lambda path, table: delimited(path, table, delimiter=";"), merged=False, hidden=False),
    "csv-tab": Made("csv", lambda path, table: delimited(path, table, "utf-16", "\t"), merged=False, hidden=False),
}
