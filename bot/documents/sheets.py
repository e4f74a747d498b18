"""The cells of a table file (.xlsx, .xls, .csv) as text, each row where the file has it.

What a spreadsheet does to cells is undone here: numbers stand as people typed them, percentages and months as they
are shown, and invisible characters are gone. A number with more digits than a spreadsheet keeps stands in scientific
notation (1.23457E+17), so that readers can refuse it.
"""

import csv
import io
import statistics
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.documents.sheetmarks import NO_MARKS, Marks, read_marks
from bot.errors import UserError

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv")
DELIMITERS = (",", ";", "\t")
LARGEST = 20_000_000
EXACT_DIGITS = 10**15
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class UnreadableTable(UserError):
    """The file is no table; the text says what is wrong and has no full stop, for the caller to say what is right."""


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows[0]` is the file's row 1. A .csv has one sheet without a name.

    A merged value stands in its first cell; `merges` are (top, left, bottom, right), `hidden` the rows not shown.
    """

    name: str
    rows: list[list[str]]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    shown: bool = True

    def filled(self) -> "Sheet":
        """Return the sheet with a value merged down several rows standing in each of them.

        Only downwards: a remark merged across the columns is no value of each column.
        """
        rows = [[*row] for row in self.rows]
        for top, left, bottom, _ in self.merges:
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
        return Sheet(self.name, rows, self.merges, self.hidden, self.shown)


def read_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a table file that hold anything, hidden ones too; raises `UnreadableTable`."""
    data = _read(path)
    if not data.strip():
        raise UnreadableTable(f"{path.name} 是空的")
    if data.startswith((ZIP, OLE)):
        sheets = _read_workbook(data, path.name)
    elif path.suffix.lower() in (".csv", ".tsv"):
        sheets = [Sheet("", _read_csv(data, path.name))]
    else:
        raise UnreadableTable(f"{path.name} 虽叫 {path.suffix}，内容却不是 Excel 表格")
    filled = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not filled:
        raise UnreadableTable(f"{path.name} 里没有内容")
    return filled


def _read(path: Path) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableTable(f"{path.name} 不是表格文件，能读的是 {'、'.join(SUFFIXES)}")
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableTable(f"{path.name} 超过 {LARGEST // 1_000_000} MB，不像一张表")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableTable(f"{path.name} 读不出来（{error.strerror}）") from error


def _read_workbook(data: bytes, name: str) -> list[Sheet]:
    try:
        marks = read_marks(data)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            shown = {meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible}
            return [_sheet(book, title, marks, title in shown) for title in book.sheet_names]
    except PasswordError as error:
        raise UnreadableTable(f"{name} 设了密码，请去掉密码再试") from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableTable(f"{name} 打不开，可能已经损坏（{error}）") from error


def _sheet(book: CalamineWorkbook, title: str, marks: dict[str, Marks], shown: bool) -> Sheet:
    try:
        sheet = book.get_sheet_by_name(title)
    except CalamineError:
        # A chart sheet has no cells.
        return Sheet(title, [])
    marked = marks.get(title, NO_MARKS)
    # Leading empty rows are kept: a refusal names the cell people see.
    values = sheet.to_python(skip_empty_area=False)
    rows = [
        [_shown(value, marked.forms.get((row, column))) for column, value in enumerate(cells)]
        for row, cells in enumerate(values)
    ]
    merges = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    return Sheet(title, rows, tuple(m for m in merges if m[0] < len(rows)), marked.hidden, shown)


def _shown(value: object, form: str | None) -> str:
    """Return a value as its cell shows it, where the number format says something else than the number."""
    if form == "percent" and isinstance(value, int | float):
        return f"{round(value * 100, 2):g}%"
    if form == "month" and isinstance(value, date):
        return f"{value.year}年{value.month}月"
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < EXACT_DIGITS else f"{value:.5E}"
    text = "".join(char for char in str(value) if char in "\t\n" or unicodedata.category(char) not in ("Cf", "Cc"))
    return text.strip()


def _read_csv(data: bytes, name: str) -> list[list[str]]:
    text = decoded(data, name)
    try:
        tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) for delimiter in DELIMITERS]
    except csv.Error as error:
        raise UnreadableTable(f"{name} 不是规范的 CSV（{error}）") from error
    return [[_text(cell) for cell in row] for row in max(tables, key=_width)]


def decoded(data: bytes, name: str) -> str:
    encodings: Iterable[str] = ("utf-8-sig", "gb18030")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(f"{name} 的文字编码认不出来，请另存为 UTF-8 编码的 CSV")


def _width(rows: list[list[str]]) -> float:
    """Return how wide a delimiter makes the rows, as most of them are."""
    return statistics.median([len(row) for row in rows[:50] if row] or [0])
