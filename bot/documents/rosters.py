"""The office's roster of people: reading it from .xlsx, .xls or .csv, and writing the forms the office fills or gives.

Every row of data becomes an entry or a refusal that names its cell, so nothing is lost without a word.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.documents.rosterlines import PLATFORMS, ROLES, Entry, Known, Line, Refusal, Seen, columns_of, read_line
from bot.documents.sheets import Sheet, UnreadableTable, read_sheets
from bot.domain.members import POST_WORDS
from bot.domain.plans import Plan
from bot.errors import UserError

__all__ = ["Entry", "Refusal", "Roster", "read_roster", "write_codes", "write_template", "write_unbound"]

HEADER_WITHIN = 10
HINT = "请用 drumbeat import members --template 花名册.xlsx 生成模板，填好再导入"
# Column titles of the template, as the reader knows them, with their widths.
TEMPLATE = (
    ("姓名", 12),
    ("单位", 26),
    ("角色", 10),
    ("领导代号", 10),
    ("手机号", 15),
    ("钉钉账号", 24),
    ("企业微信账号", 24),
)
UNBOUND = (("姓名", 12), ("单位", 26), ("绑定码", 16))
CODES = (("姓名", 12), ("单位", 26), ("填报码", 16))
INSTRUCTIONS = (
    "一行写一个人的一个角色；一个人有几个角色，就写几行。",
    "姓名、单位、角色请先填好；手机号和账号没有可以留空。",
    "角色：联络员替本单位报送，副联络员在他请假时代报，办公室收集催办，领导看简报，干部只用于台账和指标。不任职的留空。",
    "联络员的“单位”要用下面列出的名称；领导的“领导代号”要用下面列出的代号。",
    "钉钉账号是管理后台里成员的 UserID，企业微信账号是通讯录里成员的“账号”。",
    "没有填姓名、手机号和账号的行不会导入，可以留着以后再填。",
)
BLANK_ROWS = 200


@dataclass(frozen=True)
class Roster:
    """A roster as read. `rows` counts the rows of data, and each of them is an entry or a refusal."""

    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...]
    rows: int


def read_roster(path: Path, plan: Plan, accounts: str = "") -> Roster:
    """Read a roster for a plan; raises `UserError` when the file is none.

    `accounts` is the platform whose accounts stand in a column called UserID, where the set-up leaves no doubt.
    """
    try:
        sheet, header = _find_header(_shown_sheets(path), path.name)
    except UnreadableTable as error:
        raise UserError(f"{error}。{HINT}") from error
    columns = _with_accounts(columns_of(sheet.rows[header]), accounts)
    lines = [Line(number, cells, columns) for number, cells in enumerate(sheet.rows) if number > header]
    known, seen = Known(plan), Seen()
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for line in lines:
        # A row that names nobody is blank, a remark, or a line of the template not filled in yet.
        if not any(line.text(key) for key in ("name", "mobile", *PLATFORMS)):
            continue
        entry = read_line(line, known)
        if line.number - 1 in sheet.hidden:
            line.fault("name", "这一行在表格里是隐藏的", "要导入就先取消隐藏，不要就删掉这一行")
        if not line.faults:
            seen.check(entry, line)
        if line.faults:
            refusals.append(line.refusal())
        else:
            entries.append(entry)
    return Roster(tuple(entries), tuple(refusals), len(entries) + len(refusals))


def _with_accounts(columns: dict[str, int], platform: str) -> dict[str, int]:
    """Give the column UserID to its platform; raises `UserError` when it could be either's."""
    column = columns.pop("userid", None)
    if column is None or any(key in columns for key in PLATFORMS):
        return columns
    if not platform:
        titles = "”或“".join(PLATFORMS.values())
        raise UserError(f"账号这一列没有写明是哪个平台的，请把列名改成“{titles}”")
    return {**columns, platform: column}


def _shown_sheets(path: Path) -> list[Sheet]:
    sheets = [sheet.filled() for sheet in read_sheets(path) if sheet.shown]
    if not sheets:
        raise UnreadableTable(f"{path.name} 里没有内容")
    return sheets


def _find_header(sheets: list[Sheet], name: str) -> tuple[Sheet, int]:
    """Return the one sheet with a header row, and that row's index.

    Raises `UnreadableTable` when there is none or more than one: which of two lists holds cannot be guessed.
    """
    found = [(sheet, best) for sheet in sheets if (best := _header_row(sheet.rows)) is not None]
    if len(found) > 1:
        titles = "、".join(f"“{sheet.name}”" for sheet, _ in found)
        raise UnreadableTable(f"{name} 有几张工作表都像名单：{titles}，请只留一张")
    if not found:
        raise UnreadableTable(f"{name} 前 {HEADER_WITHIN} 行里没有表头，表头要有“姓名”，并有“单位”“角色”“手机号”等列")
    return found[0]


def _header_row(rows: list[list[str]]) -> int | None:
    candidates = [(len(columns_of(row)), -index) for index, row in enumerate(rows[:HEADER_WITHIN])]
    size, index = max(candidates, default=(0, 0))
    return -index if size > 1 and "name" in columns_of(rows[-index]) else None


def write_template(path: Path, plan: Plan | None) -> None:
    """Write an empty roster to fill in, with a line for each post of the plan.

    Raises `UserError` when the file exists already or cannot be written.
    """
    if path.exists():
        # It may be the roster filled in already, and its accounts are nowhere else.
        raise UserError(f"{path} 已经存在，为免盖掉填好的内容没有写。请换一个文件名，或先移走它")
    lines = list(_posts_to_fill(plan)) if plan else []
    with _workbook(path) as book:
        sheet = _table(book, "花名册", TEMPLATE, lines)
        role = [title for title, _ in TEMPLATE].index("角色")
        rule = {
            "validate": "list",
            "source": [word for role, word in POST_WORDS.items() if role in ROLES.values()],
            "error_title": "没有这个角色",
            "error_message": "请从下拉列表里选：联络员、办公室、领导、副联络员；不任职的留空。",
        }
        sheet.data_validation(1, role, len(lines) + BLANK_ROWS, role, rule)
        _write_help(book, plan)


def write_unbound(path: Path, people: Sequence[tuple[str, str, str]]) -> None:
    """Write name, department and binding code of each person for the office to hand out; raises `UserError`."""
    with _workbook(path) as book:
        _table(book, "绑定码", UNBOUND, people)


def write_codes(path: Path, people: Sequence[tuple[str, str, str]]) -> None:
    """Write name, unit and form code of each reporter for the office to print; raises `UserError`."""
    with _workbook(path) as book:
        _table(book, "填报码", CODES, people)


def _posts_to_fill(plan: Plan) -> Iterator[tuple[str, ...]]:
    """Name every post somebody should hold: the contacts, the office, the leaders."""
    for unit in plan.reporting_units:
        yield "", unit, POST_WORDS["contact"]
    yield "", plan.receiver, POST_WORDS["office"]
    for leader in plan.leaders:
        yield "", "", POST_WORDS["leader"], leader.key


@contextmanager
def _workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """Open a workbook and save it at the end; raises `UserError` when it cannot be saved."""
    book = xlsxwriter.Workbook(str(path))
    yield book
    try:
        book.close()
    except (FileCreateError, OSError) as error:
        raise UserError(f"写不了 {path}。请检查文件夹是否存在、文件是否正被打开") from error


def _table(
    book: xlsxwriter.Workbook, name: str, titles: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]
) -> Worksheet:
    """Add a sheet with a bold, frozen header. Every cell is text: no name can be a formula, no account a number."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    for column, (title, width) in enumerate(titles):
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(number, column, value, text)
    sheet.freeze_panes(1, 0)
    return sheet


def _write_help(book: xlsxwriter.Workbook, plan: Plan | None) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 80)
    bold = book.add_format({"bold": True})
    lines: list[tuple[str, Format | None]] = [("怎样填写", bold), *((line, None) for line in INSTRUCTIONS)]
    if plan:
        lines += [("单位名称", bold), *((unit.name, None) for unit in plan.units)]
        lines += [("领导代号", bold), *((f"{leader.key}　{leader.post}", None) for leader in plan.leaders)]
    for row, (line, style) in enumerate(lines):
        sheet.write_string(row, 0, line, style)
