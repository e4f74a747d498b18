"""Writing the office's documents: compiled reports as docx or xlsx, result tables as xlsx.

A cell is never a formula: what people wrote is text, whatever it begins with.
"""

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.errors import UserError

Cell = str | float | None
Table = Sequence[Sequence[Cell]]
Chapters = Sequence[tuple[str, Sequence[str], Table]]
FONT = "宋体"
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CONVERT_S = 120
PAGE_CM = 15.5
LONGEST = 30


def write_docx(path: Path, title: str, chapters: Chapters) -> None:
    """Write a Word document: a title, then headings with paragraphs and tables."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    document.add_heading(title, 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for heading, paragraphs, rows in chapters:
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        if rows:
            _add_table(document, rows)
    for name in ("Title", "Heading 1"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "黑体")
    document.save(str(path))


def _add_table(document: Document, rows: Table) -> None:
    """Add a table whose columns are as wide as what stands in them asks for, its head bold and on every page."""
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style, table.autofit = "Table Grid", False
    longest = [min(LONGEST, max(len(_shown(row[at])) for row in rows)) + 2 for at in range(len(rows[0]))]
    widths = [Cm(PAGE_CM * length / sum(longest)) for length in longest]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate(rows):
        line = table.add_row()
        for cell, value, width in zip(line.cells, row, widths, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(_shown(value))
            run.font.size, run.bold = Pt(10), number == 0
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))


def write_xlsx(path: Path, sheets: Sequence[tuple[str, Table]]) -> None:
    """Write a workbook, one sheet a table; the first row of each is its head and stays in view."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for name, rows in sheets:
            sheet = book.add_worksheet(_sheet_name(name))
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    style = plain if at else bold
                    if isinstance(value, int | float):
                        sheet.write_number(at, column, value, style)
                    else:
                        sheet.write_string(at, column, value or "", style)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, max(1, len(rows[0]) - 1 if rows else 1), 14)


def write_csv(path: Path, rows: Table) -> None:
    """Write a table as csv that Excel opens as it is: UTF-8 with a mark, and no cell that is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            texts = (_shown(value) for value in row)
            writer.writerow([f"'{text}" if text.startswith(FORMULA) else text for text in texts])


def write_report(path: Path, form: str, title: str, chapters: Chapters) -> None:
    """Write a compiled report as docx, xlsx or pdf; raises `UserError` where pdf needs LibreOffice and it is absent."""
    if form == "xlsx":
        sheets = [(heading, rows or [("内容",), *((line,) for line in lines)]) for heading, lines, rows in chapters]
        write_xlsx(path, sheets or [(title, [("没有内容",)])])
        return
    if form == "docx":
        write_docx(path, title, chapters)
        return
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise UserError("这台机器没有安装 LibreOffice，不能转成 PDF。请用 --format docx，或安装 libreoffice-writer")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.docx"
        write_docx(source, title, chapters)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=CONVERT_S)  # noqa: S603 - a fixed command
        shutil.move(Path(folder) / "report.pdf", path)


def _shown(value: Cell) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _sheet_name(name: str) -> str:
    for mark in "[]:*?/\\":
        name = name.replace(mark, " ")
    return name[:31] or "表"
