"""Reading a file into a paper: one way for tables of rows, one for Word files, one for plain text."""

from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell

from bot.documents.importing.wordfiles import read_word
from bot.documents.sheets import SUFFIXES, Sheet, UnreadableTable, decoded, read_sheets
from bot.domain.papers.paper import Grid, Line, Merge, Paper, Passage
from bot.errors import UserError

KINDS = "能导入的是 .xlsx、.xls、.docx、.csv、.txt 和 .toml"
OLD_WORD = (".doc", ".wps", ".rtf", ".odt", ".pdf", ".ods", ".et")


def read_paper(path: Path) -> Paper:
    """Read a plan as the office wrote it; raises `UserError` that says what is wrong with the file."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise UserError(f"找不到文件 {path}。请检查路径")
    if suffix in SUFFIXES:
        try:
            return Paper(path.stem, tuple(_grid(sheet) for sheet in read_sheets(path)))
        except UnreadableTable as error:
            raise UserError(f"{error}。{KINDS}") from error
    if suffix == ".docx":
        return read_word(path)
    if suffix in (".txt", ".md"):
        return _read_text(path)
    other = "请用 Word、WPS 或 Excel 打开，另存为 .docx 或 .xlsx" if suffix in OLD_WORD else KINDS
    raise UserError(f"{path.name} 不是能导入的文件。{other}")


def _grid(sheet: Sheet) -> Grid:
    lines = tuple(
        Line(
            tuple(cells),
            tuple(_place(sheet.name, row, column) for column in range(max(len(cells), 1))),
            "" if sheet.shown and row not in sheet.hidden else "隐藏行" if sheet.shown else "在隐藏的工作表里",
        )
        for row, cells in enumerate(_even(sheet.rows))
    )
    return Grid(sheet.name, lines, tuple(Merge(*merge) for merge in sheet.merges))


def _even(rows: list[list[str]]) -> list[list[str]]:
    """Make all rows equally long; a table cut short by its own delimiter has cells missing at the end."""
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _place(sheet: str, row: int, column: int) -> str:
    cell = str(xl_rowcol_to_cell(row, column))
    return f"{sheet}!{cell}" if sheet else cell


def _read_text(path: Path) -> Paper:
    try:
        text = decoded(path.read_bytes(), path.name)
    except UnreadableTable as error:
        raise UserError(f"{error}。") from error
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return Paper(path.stem, tuple(Passage(line, f"第{number}行") for number, line in lines if line))
