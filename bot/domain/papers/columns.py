"""What the columns of a table mean, found from the words of its header by one table of synonyms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.domain.papers.paper import Grid, Line, Merge
from bot.domain.papers.words import folded

Role = Literal[
    "no",
    "section",
    "title",
    "target",
    "measures",
    "leader",
    "unit",
    "support",
    "person",
    "when",
    "standing",
    "note",
    "stage",  # what is to be done in one quarter or month of the year
    "other",
]

SYNONYMS: dict[Role, tuple[str, ...]] = {
    "no": ("序号", "编号", "号", "序", "项次", "序列", "任务编号", "项目编号", "no", "no."),
    "section": ("类别", "分类", "领域", "板块", "重点领域", "工作类别", "任务类别", "项目类别", "工作领域", "所属板块"),
    "title": (
        *("事项", "任务", "项目", "内容", "专项", "工作", "名称", "标题"),
        *("工作事项", "工作任务", "工作内容", "工作项目", "工作要点", "重点工作", "重点任务", "重点事项", "重点专项"),
        *("重点项目", "主要任务", "主要工作", "主要内容", "具体任务", "具体事项", "具体内容", "具体工作", "任务名称"),
        *("任务内容", "任务事项", "项目名称", "项目内容", "专项名称", "专项行动", "事项名称", "工作名称", "年度任务"),
        *("年度重点工作", "整改事项", "督办事项", "民生实事", "实事项目", "任务清单", "建设内容", "工作任务及内容"),
    ),
    "target": (
        *("目标", "目标任务", "工作目标", "年度目标", "预期目标", "任务目标", "目标要求", "预期成效", "预期成果"),
        *("目标值", "工作要求", "成果形式", "工作成果", "完成标准", "考核目标", "绩效目标", "建设目标"),
    ),
    "measures": (
        *("措施", "主要措施", "工作措施", "具体措施", "推进措施", "工作举措", "主要举措", "具体举措", "举措", "做法"),
        *("整改措施", "工作措施及要求", "实施步骤", "工作步骤", "推进举措", "落实措施", "重点举措"),
    ),
    "leader": (
        *("牵头领导", "分管领导", "责任领导", "包抓领导", "挂钩领导", "挂点领导", "主管领导", "领导", "牵头局领导"),
        *("分管局领导", "责任局领导", "牵头厅领导", "分管厅领导", "负责领导", "包联领导", "牵头领导人"),
    ),
    "unit": (
        *("牵头科室", "牵头单位", "牵头部门", "牵头处室", "责任单位", "责任部门", "责任科室", "责任处室", "主办单位"),
        *("承办单位", "承办科室", "承办部门", "主责单位", "主责部门", "实施单位", "责任主体", "科室", "单位", "部门"),
        *("处室", "牵头", "主办", "牵头责任单位", "落实单位", "主办科室", "牵头(责任)单位", "主要责任单位"),
    ),
    "support": (
        *("配合单位", "配合科室", "配合部门", "配合处室", "协办单位", "协办科室", "协办部门", "参与单位", "参加单位"),
        *("协同单位", "协助单位", "协同部门", "参与部门", "参与科室", "配合", "协办", "配合责任单位", "责任配合单位"),
    ),
    "person": (
        *("责任人", "联系人", "经办人", "具体责任人", "联络员", "负责人", "直接责任人"),
        *("联系电话", "电话", "手机"),
    ),
    "when": (
        *("完成时限", "时间节点", "完成时间", "时限", "完成期限", "办结时限", "截止时间", "时间安排", "完成日期"),
        *("计划完成时间", "时间要求", "进度安排", "期限", "截止日期", "办结时间", "实施时间", "时间进度", "整改时限"),
        *("计划时间", "要求完成时间", "时限要求", "完成时间节点", "开展时间", "时间", "日期", "月份"),
    ),
    "standing": (
        *("当前进度", "完成情况", "进展", "进展情况", "工作进展", "完成进度", "进度", "目前进展", "落实情况", "完成率"),
        *("推进情况", "目前进度", "当前进展", "整改情况", "工作进度", "完成比例", "进展状态", "工作完成情况", "状态"),
    ),
    "note": ("备注", "说明", "附注", "备考"),
}
# A header that is none of these is told by what it contains; the order decides 配合单位 before 单位.
CONTAINED: tuple[tuple[Role, str], ...] = (
    ("unit", "(?:责任|牵头|主办)(?:单位|科室|部门|处室).*人"),
    ("person", "责任人|联系人|经办人|电话"),
    ("support", "配合|协办|协同|参与单位|协助"),
    ("leader", "领导"),
    ("unit", "牵头|责任|主办|承办|单位$|部门$|科室$|处室$"),
    ("standing", "进展|完成情况|落实情况|当前进度|目前"),
    ("when", "时限|时间|期限|节点|日期|进度安排|进度要求"),
    ("measures", "措施|举措"),
    ("target", "目标"),
    ("no", "序号|编号"),
    ("title", "事项|任务|项目|专项|工作内容"),
    ("note", "备注"),
)
STAGE = re.compile(
    r"(?:第?[一二三四1-4]季度|[上下]半年|(?:\d{1,2}[-至])?\d{1,2}月份?)(?:目标|任务|安排|计划|节点|进度)?"
)
# A title with and without what stands in brackets behind it.
LONGEST_CELL, LONGEST_HEADER = 80, 24
_ROLE_OF = {folded(word): role for role, words in SYNONYMS.items() for word in words}


@dataclass(frozen=True)
class Header:
    """The header of a table: its rows from `top` to `bottom`, the column of each meaning, the columns not used."""

    top: int
    bottom: int
    columns: Mapping[Role, tuple[int, ...]]
    titles: tuple[str, ...]
    unused: tuple[str, ...] = ()

    def column(self, role: Role) -> int | None:
        found = self.columns.get(role)
        return found[0] if found else None


@lru_cache(maxsize=4096)
def role_of(text: str, *, loosely: bool = True) -> Role | None:
    """Return what a header's words mean, or None. Not loosely, only the known words count."""
    word = re.sub(r"[:：*＊\s]", "", folded(text))
    bare = _bare(text)
    year_less = re.sub(r"^(?:20\d\d年?度?|本年度?|年度)", "", bare)
    for form in (word, bare, year_less):
        if form in _ROLE_OF:
            return _ROLE_OF[form]
    if not loosely or not bare or len(bare) > LONGEST_HEADER:
        return None
    return next((role for role, pattern in CONTAINED if re.search(pattern, bare)), None)


def find_headers(grid: Grid) -> list[Header]:
    """Find every header of a table, one or two rows high, in order."""
    found: list[Header] = []
    row = 0
    while row < len(grid.lines):
        if not grid.lines[row].gone and (is_header(grid.lines[row]) or _is_half_header(grid, row)):
            found.append(_read_header(grid, row))
            row = found[-1].bottom
        row += 1
    return found


def is_header(line: Line) -> bool:
    """Tell whether a row is a header: nothing but short titles, two meanings at least, one of them what is done."""
    cells = [cell for cell in line.cells if cell]
    if len(cells) < 2 or max(map(len, cells)) > LONGEST_CELL:
        return False
    exact = [role for cell in cells if (role := role_of(cell, loosely=False))]
    if not exact:
        return False
    known = [role for cell in cells if (role := role_of(cell))]
    enough = len(set(exact)) > 1 or (exact and len(set(known)) > 1 and len(known) > 2)
    tasks = {"title", "target", "measures", "section"} & set(known)
    short = all(len(_bare(cell)) <= LONGEST_HEADER for cell in cells)
    return bool(enough and tasks and short and len(known) * 2 >= len(cells))


def _bare(title: str) -> str:
    """Return a title without blanks, marks and what stands in brackets."""
    return re.sub(r"[(\[【〔].*?[)\]】〕]", "", re.sub(r"[:：*＊\s]", "", folded(title)))


def _is_half_header(grid: Grid, top: int) -> bool:
    """Tell whether two rows together are a header of which neither row alone is one."""
    if top + 1 >= len(grid.lines) or len([cell for cell in grid.lines[top].cells if cell]) < 2:
        return False
    known = any(role_of(cell, loosely=False) for cell in grid.lines[top].cells)
    if not known or not _is_lower(grid.lines[top + 1]):
        return False
    return is_header(Line(tuple(_path(grid, top, top + 1)), grid.lines[top].places))


def _is_lower(line: Line) -> bool:
    cells = [cell for cell in line.cells if cell]
    return bool(cells) and all(len(folded(cell)) <= 12 and _meaning(cell) for cell in cells)


def _read_header(grid: Grid, top: int) -> Header:
    bottom = top
    below = top + 1 < len(grid.lines) and not grid.lines[top + 1].blank
    if below and (_is_two_rows(grid, top) or (not is_header(grid.lines[top]) and _is_half_header(grid, top))):
        down = [merge.bottom for merge in grid.merges if merge.top <= top < merge.bottom]
        bottom = min(max([top + 1, *down]), top + 2, len(grid.lines) - 1)
    titles = _path(grid, top, bottom)
    return _with_roles(grid, top, bottom, titles)


def _is_two_rows(grid: Grid, top: int) -> bool:
    """Tell whether a header goes on below: a title merged across columns, or one merged down beside others."""
    for merge in grid.merges:
        if merge.top <= top <= merge.bottom and merge.bottom > top:
            return True
        if merge.top == merge.bottom == top and merge.right > merge.left and merge.right - merge.left + 1 < grid.width:
            return not grid.lines[top + 1].gone and _fills_below(grid, top, merge)
    gaps = [column for column, cell in enumerate(grid.lines[top].cells) if not cell]
    lower = grid.lines[top + 1].cells
    filled = [column for column, cell in enumerate(lower) if cell]
    return bool(gaps and filled) and lower[0] == "" and _is_lower(grid.lines[top + 1])


def _fills_below(grid: Grid, top: int, merge: Merge) -> bool:
    below = grid.lines[top + 1].cells[merge.left : merge.right + 1]
    return sum(bool(cell) and len(folded(cell)) <= LONGEST_HEADER for cell in below) > 1


def _path(grid: Grid, top: int, bottom: int) -> list[str]:
    """Return each column's title: the words of its header rows from above, each once."""
    rows = [_spread(grid, row, row < bottom) for row in range(top, bottom + 1)]
    return ["\n".join(dict.fromkeys(word for word in words if word)) for words in zip(*rows, strict=True)]


def _spread(grid: Grid, row: int, onwards: bool) -> list[str]:
    """Return a header row with what is merged across standing in every column it covers."""
    cells = [*grid.lines[row].cells, *[""] * grid.width][: grid.width]
    merged = [m for m in grid.merges if m.top <= row <= m.bottom]
    for merge in merged:
        for column in range(merge.left, min(merge.right + 1, grid.width)):
            cells[column] = grid.lines[merge.top].cells[merge.left]
    if merged or not onwards:
        return cells
    lower = grid.lines[row + 1].cells
    for column in range(1, min(len(cells), len(lower))):
        # Without merges (csv) an empty title over a filled one continues the title to its left.
        if not cells[column] and lower[column]:
            cells[column] = cells[column - 1]
    return cells


def _meaning(title: str) -> Role | None:
    """Return what a column means: 配合 over 科室 is 配合科室; else the lowest title that is known."""
    parts = title.split("\n")
    if STAGE.fullmatch(folded(parts[-1])):
        return "stage"
    forms = ["".join(parts[-2:]), *reversed(parts), "".join(parts)]
    for loosely in (False, True):
        for form in forms:
            role = role_of(form, loosely=loosely)
            if role:
                return role
    return None


def _with_roles(grid: Grid, top: int, bottom: int, titles: Sequence[str]) -> Header:
    found: dict[Role, list[int]] = {}
    unused = []
    for column, title in enumerate(titles):
        role = _meaning(title) or "other"
        if role == "person":
            unused.append(folded(title))
        if title:
            found.setdefault(role, []).append(column)
    _settle_titles(grid, bottom, found)
    columns = {role: tuple(places) for role, places in found.items()}
    return Header(top, bottom, columns, tuple(folded(title) for title in titles), tuple(t for t in unused if t))


def _settle_titles(grid: Grid, bottom: int, found: dict[Role, list[int]]) -> None:
    """Decide which column names the item where none or several could: 目标任务 alone is the title, 类别 a section."""
    if "title" not in found:
        for role in ("target", "measures", "section"):
            if role in found:
                first, *others = found.pop(role)
                found["title"] = [first]
                found.update({role: others} if others else {})
                break
    titles = found.get("title", [])
    if len(titles) > 1:
        first, second = titles[:2]
        if _values(grid, bottom, first) < _values(grid, bottom, second):
            found.setdefault("section", []).append(first)
            found["title"] = titles[1:]
        found.setdefault("measures", []).extend(found["title"][1:])
        found["title"] = found["title"][:1]


def _values(grid: Grid, bottom: int, column: int) -> int:
    """Count the filled cells of a column; one merged down counts once."""
    rows = grid.lines[bottom + 1 :]
    return sum(1 for line in rows if column < len(line.cells) and line.cells[column])
