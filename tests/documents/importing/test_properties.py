"""Whatever stands in a table: rows in are items and refusals, and what is written loads."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.importing import plan_text
from bot.domain.papers.assembly import understand
from bot.domain.papers.paper import Grid, Line, Merge, Paper, Passage
from bot.domain.planfile import parse_plan
from tests.documents.importing.imports import TODAY

WORDS = [
    *("", "1", "2", "3", "一", "（二）", "①", "合计", "注：说明", "一、安全工作", "1.2", "修订制度", "开展演练", "—"),
    *("综合科", "安保科、后勤科", "各科室", "相关单位", "甲科牵头，乙科配合", "3月底前", "定期", "长期坚持", "60%"),
    *("序号", "工作任务", "责任单位", "完成时限", "责任分工", "牵头", "目标任务", "主要措施", "当前进度", "13月"),
    *("2月份。（1）开会；", '引号"反斜杠\\', "两\n行", "控\x7f制", "{year}{no}", "2026年3月", "1.目标任务：做好。"),
]
cells = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
HEADER = ["序号", "工作任务", "责任单位", "完成时限", "当前进度"]


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=9))
    if draw(st.booleans()):
        rows.insert(0, [*HEADER, *[""] * width][:width])
    hidden = draw(st.sets(st.integers(0, len(rows) - 1), max_size=2))
    lines = tuple(
        Line(
            tuple(" ".join(cell.split()) for cell in row),
            tuple(f"{n}-{c}" for c in range(width)),
            "隐藏行" if n in hidden else "",
        )
        for n, row in enumerate(rows)
    )
    top, left = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, width - 1))
    bottom, right = draw(st.integers(top, len(rows) - 1)), draw(st.integers(left, width - 1))
    merge = Merge(top, left, bottom, right)
    merges = (merge,) if (bottom, right) != (top, left) and draw(st.booleans()) else ()
    return Grid(draw(st.sampled_from(["", "计划"])), _without_covered(lines, merges), merges, draw(st.booleans()))


def _without_covered(lines: tuple[Line, ...], merges: tuple[Merge, ...]) -> tuple[Line, ...]:
    """A cell that a merge covers is empty in every file."""
    covered = {
        (row, column)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    return tuple(
        Line(tuple("" if (n, c) in covered else cell for c, cell in enumerate(line.cells)), line.places, line.gone)
        for n, line in enumerate(lines)
    )


passages = st.builds(Passage, cells.map(str.strip), st.just("第1段"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(grids(), passages), min_size=1, max_size=4))
def test_rows_in_are_items_and_refusals_and_the_plan_loads(blocks: list[Grid | Passage]) -> None:
    found = understand(Paper("计划", tuple(block for block in blocks if isinstance(block, Grid) or block.text)), TODAY)
    assert found.rows == len(found.items) + len(found.refusals)
    plan = parse_plan(tomllib.loads(plan_text(found, "计划.xlsx")), "plan.toml")
    assert len(plan.items) == len(found.items)


@settings(max_examples=300, deadline=None)
@given(grids())
def test_every_row_of_a_table_is_accounted_for(grid: Grid) -> None:
    """Each row that says anything is an item, a refusal, an aside, or folded into the item above under one title."""
    found = understand(Paper("计划", (grid,)), TODAY)
    named = {remark.cell.partition("-")[0] for remark in found.refusals}
    named |= {aside.cell.partition("-")[0] for aside in found.asides}
    named |= {coded.draft.cell.partition("-")[0] for coded in found.items}
    merged = {str(row) for merge in grid.merges for row in range(merge.top + 1, merge.bottom + 1)}
    spoken = {str(number) for number, line in enumerate(grid.lines) if not line.blank}
    assert spoken - named - merged == set()
