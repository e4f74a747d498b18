"""Word files: what stands in them only for the eye is read, what is struck out is not."""

import copy
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from bot.domain.papers.assembly import Understood
from tests.documents.importing.imports import everything_said, import_file
from tests.documents.importing.makers import (
    Table,
    add_table,
    delete_tracked,
    insert_tracked,
    number_paragraph,
    numbering,
    strike_row,
    word,
    wrap_in_control,
    xml,
)
from tests.documents.importing.shapes import PLAIN, ROWS

TABLE = Table([PLAIN, *ROWS], 4)


class Paper:
    """A Word file being made: `table` is its table, `read` saves and imports it."""

    def __init__(self, folder: Path, table: Table | None = TABLE) -> None:
        self.path = folder / "计划.docx"
        self.document: Any = docx.Document()
        self.table: Any = add_table(self.document, table) if table else None

    def add(self, *paragraphs: str) -> list[Any]:
        return [self.document.add_paragraph(text) for text in paragraphs]

    def read(self) -> Understood:
        self.document.save(str(self.path))
        return import_file(self.path)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path)


@pytest.fixture
def prose(tmp_path: Path) -> Paper:
    return Paper(tmp_path, None)


def titles(found: Understood) -> list[str]:
    return [coded.draft.title for coded in found.items]


# Tables


def test_a_table_split_over_pages_with_its_header_again_is_one_list(tmp_path: Path) -> None:
    first, second = Table([PLAIN, *ROWS[:2]], 2), Table([PLAIN, *ROWS[2:]], 2)
    found = import_file(word(tmp_path / "a.docx", first, second))
    assert titles(found) == [row[1] for row in ROWS]
    assert list(found.lists) == ["list1"]
    assert [aside.cell for aside in found.asides if aside.what == "重复的表头"] == ["表2第1行第1列"]


def test_a_table_split_over_pages_without_its_header_goes_on(tmp_path: Path) -> None:
    found = import_file(word(tmp_path / "a.docx", Table([PLAIN, *ROWS[:1]], 1), Table(ROWS[1:], 3)))
    assert titles(found) == [row[1] for row in ROWS]
    assert found.items[3].draft.when == "10月底前"
    assert found.items[1].draft.cell == "表2第1行第2列"


def test_tables_of_another_shape_are_another_list(tmp_path: Path) -> None:
    other = Table([["编号", "项目名称", "责任单位"], ["1", "改造食堂", "后勤科"]], 1)
    found = import_file(word(tmp_path / "a.docx", TABLE, other))
    assert list(found.lists) == ["list1", "list2"]
    assert found.items[-1].id == "B01"


def test_the_paragraph_above_a_table_names_its_list(tmp_path: Path) -> None:
    found = import_file(word(tmp_path / "a.docx", TABLE, before=["2026年工作方案", "附件2", "重点任务分解表"]))
    assert found.lists["list1"][0] == "重点任务分解表"
    assert found.refusals == []


def test_automatic_numbers_in_the_number_column_are_read(paper: Paper) -> None:
    key = numbering(paper.document, "decimal", "%1")
    for row in list(paper.table.rows)[1:]:
        row.cells[0].text = ""
        number_paragraph(row.cells[0].paragraphs[0], key)
    found = paper.read()
    assert [coded.draft.no for coded in found.items] == [1, 2, 3, 4]


def test_chinese_automatic_numbers_are_read(paper: Paper) -> None:
    key = numbering(paper.document, "chineseCountingThousand", "（%1）")
    for row in list(paper.table.rows)[1:]:
        row.cells[0].text = ""
        number_paragraph(row.cells[0].paragraphs[0], key)
    assert [coded.draft.no for coded in paper.read().items] == [1, 2, 3, 4]


def test_tracked_insertions_are_read_and_deletions_are_not(paper: Paper) -> None:
    cell = paper.table.rows[1].cells[5]
    cell.text = ""
    delete_tracked(cell.paragraphs[0], "3月底前")
    insert_tracked(cell.paragraphs[0], "4月底前")
    assert paper.read().items[0].draft.when == "4月底前"


def test_a_row_struck_out_under_tracked_changes_is_refused_with_its_text(paper: Paper) -> None:
    strike_row(paper.table.rows[2])
    found = paper.read()
    assert len(found.items) == 3
    (refusal,) = found.refusals
    assert (refusal.cell, refusal.reason) == ("表1第3行第1列", "修订中已删除")
    assert "开展消防演练" in refusal.text


@pytest.mark.parametrize("part", ["row", "cell", "paragraph", "run"])
def test_content_controls_hide_nothing(paper: Paper, part: str) -> None:
    row = paper.table.rows[1]
    cell = row.cells[1]
    wrap_in_control(
        {"row": row._tr, "cell": cell._tc, "paragraph": cell.paragraphs[0]._p}.get(part, cell.paragraphs[0].runs[0]._r)
    )
    assert titles(paper.read()) == [row[1] for row in ROWS]


def test_a_whole_table_in_a_content_control_is_read(paper: Paper) -> None:
    wrap_in_control(paper.table._tbl)
    assert len(paper.read().items) == 4


def test_rows_inserted_under_tracked_changes_count(paper: Paper) -> None:
    made = copy.deepcopy(paper.table.rows[4]._tr)
    paper.table._tbl.append(made)
    properties = made.get_or_add_trPr()
    properties.append(xml('<w:ins {ns} w:id="7" w:author="a" w:date="2026-01-01T00:00:00Z"/>'))
    found = paper.read()
    assert len(found.items) == 5


def test_a_line_break_inside_a_cell_separates_units(paper: Paper) -> None:
    run = paper.table.rows[1].cells[3].paragraphs[0].runs[0]
    run.add_break()
    run.add_text("安保科")
    assert paper.read().items[0].draft.units == ["综合科", "安保科"]


def test_a_frame_around_text_is_no_list(tmp_path: Path) -> None:
    frame = Table([["内部资料"], ["请妥善保管"]], 0)
    found = import_file(word(tmp_path / "a.docx", frame, TABLE))
    assert (len(found.items), len(found.refusals)) == (4, 0)
    assert "内部资料" in everything_said(found)


def test_a_table_that_is_no_plan_is_refused_row_by_row(tmp_path: Path) -> None:
    other = Table([["姓名", "电话", "房间"], ["甲一", "1", "2"]], 0, 2)
    found = import_file(word(tmp_path / "a.docx", other, TABLE))
    assert (len(found.items), len(found.refusals)) == (4, 2)


def test_footnotes_are_shown(tmp_path: Path) -> None:
    found = import_file(word(tmp_path / "a.docx", TABLE, after=["注：时限指最后一天。"]))
    assert "时限指最后一天" in everything_said(found)


# Running text


def test_tasks_under_a_month_are_due_in_it(prose: Paper) -> None:
    prose.add(
        "2026年工作计划",
        "一、时间安排",
        "（一）2月份。（1）召开部署会；（2）修订制度；",
        "（二）3 月份。（1）开展演练。",
    )
    prose.add("（三）12月份。完成年度总结。", "二、组织领导", "（一）压实责任。各科室要高度重视。")
    found = prose.read()
    assert [(c.id, c.draft.no, c.draft.title, c.draft.when) for c in found.items] == [
        ("M02-01", 1, "召开部署会", "2月份"),
        ("M02-02", 2, "修订制度", "2月份"),
        ("M03-01", 1, "开展演练", "3月份"),
        ("M12-01", None, "完成年度总结", "12月份"),
    ]
    assert [refusal.text for refusal in found.refusals] == ["压实责任。各科室要高度重视。"]


def test_tasks_in_paragraphs_of_their_own_belong_to_the_month_above(prose: Paper) -> None:
    prose.add("3月份", "1.召开部署会", "2.修订制度", "4月份：", "1.开展演练")
    assert [coded.id for coded in prose.read().items] == ["M03-01", "M03-02", "M04-01"]


def test_points_keep_target_and_measures_apart(prose: Paper) -> None:
    prose.add("一、加强管理", "1.修订制度", "目标任务：制度齐全。", "主要措施：摸清底数。", "制定清单。")
    prose.add("责任单位：综合科；配合单位：安保科、后勤科", "完成时限：10月底前", "二、保障", "2.组织演练")
    prose.add("目标任务：人人参加。工作措施：每季度演练一次。", "（牵头单位：安保科，完成时限：长期坚持）")
    first, second = (coded.draft for coded in prose.read().items)
    assert (first.section, first.title, first.target) == ("加强管理", "修订制度", "制度齐全。")
    assert first.measures == ["摸清底数。", "制定清单。"]
    assert (first.units, first.support, first.when) == (["综合科"], ["安保科", "后勤科"], "10月底前")
    assert (second.target, second.measures, second.units) == ("人人参加。", ["每季度演练一次。"], ["安保科"])
    assert (second.when, second.lasting, second.unset) == ("", True, ["when"])


def test_automatic_numbers_make_points_too(prose: Paper) -> None:
    key = numbering(prose.document, "decimal", "%1.")
    for title in ("修订制度", "组织演练"):
        (paragraph,) = prose.add(title)
        number_paragraph(paragraph, key)
        prose.add("目标任务：全部完成。")
    assert [(coded.draft.no, coded.draft.title) for coded in prose.read().items] == [(1, "修订制度"), (2, "组织演练")]


def test_a_struck_out_paragraph_takes_no_number_and_is_shown(prose: Paper) -> None:
    key = numbering(prose.document, "decimal", "%1.")
    for title in ("修订制度", "", "组织演练"):
        (paragraph,) = prose.add(title)
        number_paragraph(paragraph, key)
        if not title:
            delete_tracked(paragraph, "旧的任务")
            properties = paragraph._p.get_or_add_pPr()
            properties.append(xml('<w:rPr {ns}><w:del w:id="5" w:author="a"/></w:rPr>'))
    found = prose.read()
    assert [coded.draft.no for coded in found.items] == [1, 2]
    assert ("旧的任务", "修订中已删除") in [(aside.text, aside.what) for aside in found.asides]


def test_points_of_a_paper_without_tables_are_its_items(prose: Paper) -> None:
    prose.add("2026年工作要点", "一、安全", "1.组织演练。", "2.排查隐患。", "二、保障", "3.编制预算。")
    found = prose.read()
    assert [(coded.draft.section, coded.draft.title) for coded in found.items] == [
        ("安全", "组织演练"),
        ("安全", "排查隐患"),
        ("保障", "编制预算"),
    ]


def test_bare_points_beside_a_table_are_no_items(paper: Paper) -> None:
    paper.add("一、要求", "1.提高认识。各科室要重视。", "2.抓好落实。按时完成。")
    found = paper.read()
    assert (len(found.items), len(found.refusals)) == (4, 2)


def test_text_boxes_are_read_once(prose: Paper) -> None:
    (paragraph,) = prose.add("正文")
    box = (
        '<w:r {ns} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        "<mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>1.修订制度。责任单位：综合科</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>1.修订制度。责任单位：综合科</w:t></w:r>"
        "</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    paragraph._p.append(xml(box))
    assert titles(prose.read()) == ["修订制度"]


def test_moved_text_counts_where_it_stands_now(prose: Paper) -> None:
    prose.add("1.组织演练", "目标任务：人人参加。")
    old, new = prose.add("", "")
    move = '<w:{tag} {ns} w:id="3" w:author="a"><w:r><w:t>2.编制预算。责任单位：财务科</w:t></w:r></w:{tag}>'
    old._p.append(xml(move, tag="moveFrom"))
    new._p.append(xml(move, tag="moveTo"))
    assert titles(prose.read()) == ["组织演练", "编制预算"]


def test_numbering_by_style_is_counted(prose: Paper) -> None:
    key = numbering(prose.document, "decimal", "%1.")
    style = prose.document.styles["List Number"]
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:numPr")):
        properties.remove(old)
    properties.append(xml('<w:numPr {ns}><w:numId w:val="{key}"/></w:numPr>', key=key))
    for title in ("修订制度。责任单位：综合科", "组织演练。责任单位：安保科"):
        prose.document.add_paragraph(title, style="List Number")
    assert [coded.draft.no for coded in prose.read().items] == [1, 2]
