"""Workbooks and delimited files: what a spreadsheet does to a plan, undone."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.documents.importing import plan_text, read_paper
from bot.domain.papers.assembly import Understood, understand
from bot.domain.planfile import parse_plan
from bot.errors import UserError
from tests.documents.importing.imports import TODAY, import_file
from tests.documents.importing.makers import Table, delimited, formatted, xlsx
from tests.documents.importing.shapes import PLAIN, ROWS, SHAPES


def drafts(path: Path, *rows: list[Any], header: list[str] = PLAIN) -> list[Any]:
    found = import_file(xlsx(path / "计划.xlsx", Table([header, *rows], len(rows))))
    return [coded.draft for coded in found.items]


def shape(path: Path, name: str) -> Understood:
    return import_file(xlsx(path / "计划.xlsx", SHAPES[name]))


def test_a_row_becomes_an_item_with_its_cells(tmp_path: Path) -> None:
    (draft,) = drafts(tmp_path, [2, "开展消防演练", "甲一", "安保科", "综合科、后勤科", "1—4月"])
    assert (draft.no, draft.title, draft.units, draft.support) == (2, "开展消防演练", ["安保科"], ["综合科", "后勤科"])
    assert (draft.when, draft.leaders, draft.cell, draft.open) == ("1-4月", ["甲一"], "计划!B2", [])


def test_two_header_rows_are_one_header(tmp_path: Path) -> None:
    found = shape(tmp_path, "two-row-header")
    draft = found.items[1].draft
    assert (draft.leaders, draft.units, draft.support) == (["甲一"], ["安保科"], ["综合科", "后勤科"])


def test_two_header_rows_without_merges_are_one_header(tmp_path: Path) -> None:
    found = import_file(delimited(tmp_path / "a.csv", SHAPES["two-row-header"]))
    draft = found.items[1].draft
    assert (draft.leaders, draft.units, draft.support) == (["甲一"], ["安保科"], ["综合科", "后勤科"])


def test_three_header_rows_are_one_header(tmp_path: Path) -> None:
    draft = shape(tmp_path, "three-row-header").items[1].draft
    assert (draft.leaders, draft.units, draft.support) == (["甲一"], ["安保科"], ["综合科", "后勤科"])


def test_a_number_over_two_tasks_is_that_of_the_first(tmp_path: Path) -> None:
    assert [coded.draft.no for coded in shape(tmp_path, "one-number-for-two-tasks").items] == [1, 2, None, 3]


def test_a_leader_merged_down_holds_for_each_row(tmp_path: Path) -> None:
    found = shape(tmp_path, "leaders-merged")
    assert [coded.leaders for coded in found.items] == [("L1",), ("L1",), ("L2",), ("L2",)]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("sections-merged", "安全", "保障"),
        ("heading-rows-merged", "一、安全工作", "二、保障工作"),
        ("heading-rows", "一、安全工作", "（二）保障工作"),
        ("heading-in-two-cells", "一、安全工作", "二、保障工作"),
    ],
)
def test_headings_become_the_sections_of_what_follows(tmp_path: Path, name: str, first: str, last: str) -> None:
    found = shape(tmp_path, name)
    assert [coded.draft.section for coded in found.items] == [first, first, last, last]
    assert list(found.sections.values()) == [first, last]


def test_hidden_rows_and_sheets_are_refused_with_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "计划.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("计划", "旧计划"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([PLAIN, *ROWS[:2]]):
                sheet.write_row(number, 0, row)
            if name == "计划":
                sheet.set_row(1, None, None, {"hidden": True})
            else:
                sheet.hide()
    found = import_file(path)
    assert [(refusal.cell, refusal.reason) for refusal in found.refusals] == [
        ("计划!A2", "隐藏行"),
        ("旧计划!A1", "在隐藏的工作表里"),
        ("旧计划!A2", "在隐藏的工作表里"),
        ("旧计划!A3", "在隐藏的工作表里"),
    ]
    assert len(found.items) == 1


def test_each_sheet_with_a_header_is_a_list(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx", Table([PLAIN, *ROWS], 4, name="重点任务"), Table([PLAIN, *ROWS], 4, name="民生实事")
    )
    assert [name for name, _ in import_file(path).lists.values()] == ["重点任务", "民生实事"]


def test_a_sheet_that_is_no_plan_is_refused_row_by_row(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", Table([PLAIN, *ROWS], 4), Table([["通讯录"], ["甲一", "1"]], 0, name="通讯录"))
    found = import_file(path)
    assert (len(found.items), [refusal.cell for refusal in found.refusals]) == (4, ["通讯录!A1", "通讯录!A2"])


def test_percentages_and_months_mean_what_is_shown(tmp_path: Path) -> None:
    first, second = (coded.draft for coded in import_file(formatted(tmp_path / "计划.xlsx")).items)
    assert (first.when, first.standing.percent) == ("3月", 60)
    assert (second.when, second.standing.percent) == ("3月1日前", 100)


def test_parts_of_one_without_a_format_are_percentages(tmp_path: Path) -> None:
    rows = [[*row, value] for row, value in zip(ROWS, (0.6, 1, 0.25, 0), strict=True)]
    found = drafts(tmp_path, *rows, header=[*PLAIN, "完成率"])
    assert [draft.standing.percent for draft in found] == [60, 100, 25, 0]


def test_a_group_under_one_title_with_its_own_owners_is_several_items(tmp_path: Path) -> None:
    found = shape(tmp_path, "measures-share-a-title")
    first, second, third = (coded.draft for coded in found.items)
    assert [(d.section, d.title, d.units, d.when) for d in (first, second)] == [
        ("安全整治", "排查隐患", ["安保科"], "3月底前"),
        ("安全整治", "完成整改", ["后勤科"], "6月底前"),
    ]
    assert (third.title, third.measures, third.units) == ("编制预算", ["起草", "审议"], ["财务科"])


def test_units_over_two_rows_lead_one_item_together(tmp_path: Path) -> None:
    draft = shape(tmp_path, "units-over-two-rows").items[1].draft
    assert (draft.units, draft.leaders) == (["安保科", "后勤科"], ["甲一", "乙二"])


def test_numbers_that_begin_anew_make_a_list_of_each_chapter(tmp_path: Path) -> None:
    found = shape(tmp_path, "numbers-begin-anew")
    assert [name for name, _ in found.lists.values()] == ["一、安全", "二、保障"]
    assert [coded.id for coded in found.items] == ["A01", "A02", "B01", "B02"]


def test_a_number_given_twice_is_used_once_and_told(tmp_path: Path) -> None:
    last = shape(tmp_path, "numbers-twice").items[-1].draft
    assert last.no is None
    assert "编号 4 和 计划!B5 重复，没有用" in [remark.reason for remark in last.open]


def test_targets_measures_and_notes_are_kept(tmp_path: Path) -> None:
    draft = shape(tmp_path, "targets-and-measures").items[0].draft
    assert (draft.target, draft.measures, draft.note) == ("全部修订", ["1.摸底", "2.起草", "3.印发"], "可提前")


def test_what_is_planned_by_quarter_becomes_measures_and_unknown_columns_notes(tmp_path: Path) -> None:
    first, second = (coded.draft for coded in shape(tmp_path, "quarters").items)
    stages = ["进度安排一季度：立项", "进度安排二季度：招标", "进度安排三季度：施工", "进度安排四季度：验收"]
    assert (first.measures, first.note) == (stages, "资金(万元)：50")
    assert (second.measures, second.note) == (["进度安排二季度：采购"], "")


def test_people_beside_the_units_are_no_units(tmp_path: Path) -> None:
    draft = shape(tmp_path, "units-and-people").items[0].draft
    assert (draft.units, draft.note) == (["后勤科"], "责任人：甲一")


def test_telephones_and_people_are_not_taken_into_the_plan(tmp_path: Path) -> None:
    found = shape(tmp_path, "unknown-columns")
    assert found.unused == ["联系电话"]
    assert found.items[0].draft.note == "资金(万元)：12.5"


def test_traditional_characters_become_simplified(tmp_path: Path) -> None:
    draft = shape(tmp_path, "traditional").items[1].draft
    assert (draft.title, draft.units, draft.support) == ("开展消防演练", ["安保科"], ["综合科", "后勤科"])
    assert draft.when == "1-4月"


def test_two_tables_in_one_sheet_have_headers_of_their_own(tmp_path: Path) -> None:
    found = shape(tmp_path, "two-tables")
    assert (found.items[2].id, found.items[2].draft.title, found.items[2].draft.when) == ("B01", "改造食堂", "9月底前")


def test_everybody_becomes_a_group_of_the_units_named(tmp_path: Path) -> None:
    found = import_file(xlsx(tmp_path / "a.xlsx", Table([PLAIN, ROWS[0], [2, "组织演练", "", "各科室", "", "4月"]], 2)))
    assert (found.groups, found.items[1].draft.everybody, found.items[1].draft.unset) == (["各科室"], "各科室", [])


def test_a_unit_spelt_with_one_letter_wrong_is_asked_about(tmp_path: Path) -> None:
    rows = [
        [1, "甲事", "", "财务科", "", "3月"],
        [2, "乙事", "", "财务科", "", "3月"],
        [3, "丙事", "", "财物科", "", "3月"],
    ]
    found = import_file(xlsx(tmp_path / "a.xlsx", Table([PLAIN, *rows], 3)))
    (doubt,) = found.doubts
    assert (doubt.cell, doubt.text) == ("计划!B4", "财物科")
    assert found.items[2].draft.units == ["财物科"]


def test_known_units_are_written_as_they_are_registered(tmp_path: Path) -> None:
    known = {"财务科": "财务科", "计划财务处": "财务科", "综合科": "综合科"}
    rows = [
        [1, "甲事", "", "计划财务处", "", "3月"],
        [2, "乙事", "", "计划财物处", "", "3月"],
        [3, "丙事", "", "新设科", "", ""],
    ]
    path = xlsx(tmp_path / "a.xlsx", Table([PLAIN, *rows], 3))
    found = understand(read_paper(path), TODAY, known=known)
    assert [coded.draft.units for coded in found.items] == [["财务科"], ["财务科"], ["新设科"]]
    assert [remark.reason for remark in found.items[1].draft.open] == ["按已登记的“财务科”算"]


@pytest.mark.parametrize(
    ("title", "year", "name"),
    [("2025年重点任务分解表", 2025, "{year}年重点任务分解表"), ("重点任务分解表", 2026, "重点任务分解表")],
)
def test_the_title_names_the_plan_and_its_year(tmp_path: Path, title: str, year: int, name: str) -> None:
    found = import_file(xlsx(tmp_path / "a.xlsx", Table([[title], PLAIN, *ROWS], 4)))
    assert (found.year, found.name) == (year, name)


def test_a_plan_of_several_years_runs_to_the_end_of_the_last(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", Table([["2026—2028年培训规划"], PLAIN, *ROWS], 4))
    found = import_file(path)
    plan = parse_plan(tomllib.loads(plan_text(found, path.name)), path.name)
    assert (found.year, str(plan.first_on), str(plan.last_on)) == (2026, "2026-01-01", "2028-12-31")


def test_a_year_inside_a_task_is_not_the_year_of_the_plan(tmp_path: Path) -> None:
    found = import_file(
        xlsx(tmp_path / "a.xlsx", Table([PLAIN, [1, "完成2025年决算", "", "财务科", "", "3月底前"]], 1))
    )
    assert (found.year, found.items[0].draft.when) == (2026, "3月底前")


def test_the_day_of_the_figures_is_read_from_the_title(tmp_path: Path) -> None:
    title = "重点任务进展表（截至4月底）"
    found = import_file(xlsx(tmp_path / "a.xlsx", Table([[title], [*PLAIN, "进展"], [*ROWS[0], "60%"]], 1)))
    assert str(found.as_of) == "2026-04-30"


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("a.doc", b"x", "另存为 .docx"),
        ("a.pdf", b"%PDF", "另存为 .docx"),
        ("a.xlsx", b"text", "内容却不是 Excel"),
        ("a.xlsx", b"PK\x03\x04broken", "打不开"),
        ("a.docx", b"PK\x03\x04broken", "打不开"),
        ("a.csv", b"", "是空的"),
        ("a.png", b"x", "能导入的是"),
        ("b.xlsx", None, "找不到文件"),
    ],
)
def test_what_cannot_be_read_says_what_would_be_right(
    tmp_path: Path, name: str, content: bytes | None, wrong: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=wrong):
        read_paper(tmp_path / name)
