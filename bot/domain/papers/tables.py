"""A table as items: every row under a header becomes a draft or a refusal, and nothing is dropped."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.papers.cells import Row, read_row
from bot.domain.papers.columns import Header, find_headers
from bot.domain.papers.drafts import NOTHING_TO_DO, Aside, Drafted, Remark
from bot.domain.papers.paper import Grid, Line
from bot.domain.papers.standing import are_shares
from bot.domain.papers.words import folded, joined, number_of

SUM = re.compile(r"(?:合计|总计|小计|共计|总和|累计|平均)(?:[:：(（\d].*)?")
NOTE = re.compile(r"(?:注|备注|说明|附注|填表说明|填报说明|注意)\d*[:：.、]|[※*＊]|[(（]注[:：]|注[1-9一二三]")
SIGNATURE = re.compile(
    r"(?:填报|填表|制表|审核|审批|负责|经办|联系|报送|主管)(?:人|领导|单位|科室|部门|日期|时间|电话).{0,20}?[:：]"
)
SECTION = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十\d]{1,3}[部章节类批]|[ivx]{1,4}[.、])"
)
CHAPTER = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?")
HEADING = "小标题，下面各项归在它名下"
NOT_ONE = "这一行不是事项"


@dataclass(frozen=True)
class Habits:
    """How a table is filled in: with numbers at all; in digits, so that 一 is a heading's; more than one cell a row."""

    numbered: bool
    digits: bool
    full: bool


@dataclass
class Reading:
    """What has been made of the tables so far; a later page goes on with the header of the one before."""

    year: int
    lists: list[Drafted] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    header: Header | None = None
    width: int = 0
    caption: str = ""
    section: str = ""
    unused: list[str] = field(default_factory=list)


def read_grid(reading: Reading, grid: Grid) -> None:
    """Read one table; without a header of its own it goes on with the last, or all of its rows are refused."""
    headers = find_headers(grid)
    goes_on = grid.follows and reading.width == grid.width
    before = reading.header if goes_on else None
    first = headers[0].top if headers else len(grid.lines)
    if before is not None and (not headers or any(not line.blank for line in grid.lines[:first])):
        _read_rows(reading, grid, replace(before, top=-1, bottom=-1), first)
    elif not headers:
        _refuse_all(reading, grid)
        return
    else:
        above = [line for line in grid.lines[:first] if not line.blank]
        reading.asides += [Aside(line.place, line.text, "标题") for line in above]
        reading.caption = _caption(above, grid, reading)
    for header, after in zip(headers, [*headers[1:], None], strict=False):
        again = before is not None and header.titles == before.titles
        what = "重复的表头" if again else "表头"
        reading.asides += [Aside(row.place, row.text, what) for row in grid.lines[header.top : header.bottom + 1]]
        if not again:
            reading.lists.append(Drafted(reading.caption))
            reading.section = ""
        reading.unused += header.unused
        reading.header = before = header
        reading.width = grid.width
        _read_rows(reading, grid, header, after.top if after else len(grid.lines))
    reading.caption = ""


def _caption(above: Sequence[Line], grid: Grid, reading: Reading) -> str:
    lines = [joined(next(cell for cell in line.cells if cell)) for line in above]
    named = [line for line in lines if not re.match(r"(?:附件|附表|附)\s*\d*|单位[:：]|填报", line)]
    sheet = "" if re.fullmatch(r"(?i)sheet\d*|工作表\d*|", grid.name) else grid.name
    return named[0] if named else reading.caption or sheet


def _refuse_all(reading: Reading, grid: Grid) -> None:
    lines = [line for line in grid.lines if not line.blank]
    if lines and grid.follows and grid.width < 3:
        # A table of one or two columns without a header is a frame around text.
        reading.asides += [Aside(line.place, line.text, "没有表头的表") for line in lines]
        return
    right = "表头里要有“事项”“责任单位”“完成时限”等列名；不是任务的表不用改"
    drafted = Drafted(grid.name)
    drafted.refusals += [Remark(line.place, line.text, line.gone or "这张表没有看得懂的表头", right) for line in lines]
    reading.lists += [drafted] if lines else []
    reading.header = None


def _read_rows(reading: Reading, grid: Grid, header: Header, stop: int) -> None:
    into = reading.lists[-1]
    rows = list(_groups(grid, header, stop))
    habits = Habits(
        numbered=any(number_of(row.own("no")) for row in rows),
        digits=any(folded(row.own("no")).isdigit() for row in rows),
        full=any(len({cell for cell in row.line.cells if cell}) > 1 for row in rows),
    )
    shares = are_shares([row.text("standing") for row in rows])
    for row in rows:
        refusal = _refusal(row, habits)
        if refusal is None:
            draft = read_row(row, reading.year, shares=shares)
            draft.section = draft.section or reading.section
            into.items.append(draft)
            continue
        into.refusals.append(refusal)
        if refusal.reason.startswith("小标题"):
            reading.section = joined(refusal.text.replace(" | ", "、").replace("、、", "、"))


def _groups(grid: Grid, header: Header, stop: int) -> Iterator[Row]:
    """Give the rows under a header, those of one merged title together."""
    filled = _filled_down(grid)
    number = header.bottom + 1
    while number < stop:
        end = number
        if not grid.lines[number].blank:
            end = min(_end_of_group(grid, header, number), stop - 1)
            yield from _rows_of(header, grid.lines[number : end + 1], filled[number : end + 1])
        number = end + 1


def _filled_down(grid: Grid) -> list[list[str]]:
    """Return the cells with what is merged down standing in each row it covers."""
    cells = [[*line.cells] for line in grid.lines]
    for merge in grid.merges:
        value = cells[merge.top][merge.left]
        for row in range(merge.top + 1, min(merge.bottom + 1, len(cells))):
            if merge.left < len(cells[row]):
                cells[row][merge.left] = value
    return cells


def _end_of_group(grid: Grid, header: Header, number: int) -> int:
    title = header.column("title")
    for merge in grid.merges:
        if merge.top == number and merge.left <= (title or 0) <= merge.right and merge.bottom > number:
            return min(merge.bottom, len(grid.lines) - 1)
    return number


def _rows_of(header: Header, lines: Sequence[Line], filled: Sequence[list[str]]) -> Iterator[Row]:
    """Give rows under one title as one, or each for itself where each has its own owner or time.

    A row that is hidden among them is refused for itself.
    """
    rows = [Row(header, line, tuple(cells)) for line, cells in zip(lines, filled, strict=True) if not line.blank]
    if len(rows) == 1:
        yield rows[0]
        return
    shown = [row for row in rows if not row.line.gone]
    yield from (row for row in rows if row.line.gone)
    detail = header.column("measures") or header.column("target")
    own = [
        row
        for row in shown
        if detail is not None and row.line.cells[detail] and (row.own("when") or row.own("unit") or row.own("leader"))
    ]
    if len(own) > 1 and len(own) == len(shown):
        yield from (replace(row, detail=detail) for row in shown)
    elif shown:
        yield replace(shown[0], more=tuple(shown[1:]))


def _refusal(row: Row, habits: Habits) -> Remark | None:
    """Say why a row is no item, or None when it is one."""
    line = row.line
    if line.gone:
        return Remark(line.place, line.text, line.gone, "要导入就先取消隐藏（接受或拒绝修订），不要就删掉这一行")
    cells = [cell for cell in line.cells if cell]
    first = folded(cells[0])
    if SUM.fullmatch(first) or SUM.fullmatch(folded(row.text("title")) or "-"):
        return Remark(line.place, line.text, f"合计行，{NOT_ONE}", NOTHING_TO_DO)
    if NOTE.match(first) and len(cells) < 3:
        return Remark(line.place, line.text, f"注释，{NOT_ONE}", NOTHING_TO_DO)
    if SIGNATURE.match(first):
        return Remark(line.place, line.text, f"落款，{NOT_ONE}", NOTHING_TO_DO)
    if len(cells) > 2 and all(re.fullmatch(r"[(（]?[\d一二三四五六七八九十a-z][)）]?", folded(cell)) for cell in cells):
        return Remark(line.place, line.text, f"列号，{NOT_ONE}", NOTHING_TO_DO)
    return _lone(row, habits, cells) or _without_title(row)


def _lone(row: Row, habits: Habits, cells: list[str]) -> Remark | None:
    """Judge a row of which one cell speaks: a heading among the items, or an item with everything else open."""
    place, text = row.line.place, row.line.text
    chapter = habits.digits and len(cells) == 2 and CHAPTER.fullmatch(folded(row.own("no")))
    if not chapter and (len(set(cells)) > 1 or not habits.full):
        return None
    first = row.line.cells[0] != "" and (habits.numbered or row.text("title") != cells[0])
    if chapter or SECTION.match(folded(text)) or (first and not text.isdigit()):
        return Remark(place, text, HEADING, NOTHING_TO_DO)
    if habits.numbered and row.text("title"):
        return Remark(place, text, "小标题，或没有序号的一项", "是一项就补上序号或责任单位；是小标题就不用改")
    return None


def _without_title(row: Row) -> Remark | None:
    if re.search(r"[\w\u3400-\u9fff]", row.title):
        return None
    right = "请补上事项；如果是上一行没写完的，请并到上一行"
    return Remark(row.line.place, row.line.text, f"没有写{row.title_word}", right)
