"""The roster of people: what the office's tables may look like, and what is told when they are wrong."""

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bot.documents.planfiles import load_plan
from bot.documents.rosters import Entry, Refusal, Roster, read_roster, write_template, write_unbound
from bot.domain.members import Post
from bot.errors import UserError

PLAN = load_plan("quanzhou-2023")
HEADER = ["姓名", "单位", "角色", "领导代号", "手机号", "钉钉账号", "企业微信账号"]
OFFICE = Post("office")


def contact(unit: str) -> Post:
    return Post("contact", unit)


def xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def read(path: Path, *rows: Sequence[object], header: Sequence[str] = HEADER) -> Roster:
    roster = read_roster(xlsx(path / "花名册.xlsx", [header, *rows]), PLAN)
    assert roster.rows == len(roster.entries) + len(roster.refusals)
    return roster


def entry(path: Path, *row: object) -> Entry:
    (found,) = read(path, row).entries
    return found


def refusal(path: Path, *rows: Sequence[object]) -> Refusal:
    (found,) = read(path, *rows).refusals
    return found


def test_a_full_line_becomes_an_entry(tmp_path: Path) -> None:
    found = entry(tmp_path, "甲一", "督导科", "联络员", "", "13800000001", "0123", "JiaYi")
    ids = {"dingtalk": "0123", "wecom": "jiayi"}
    assert found == Entry(2, "甲一", "督导科", contact("督导科"), "13800000001", ids)


@pytest.mark.parametrize(
    "header",
    [
        ["名字", "科室", "身份", "领导", "手机", "钉钉", "企业微信"],
        ["姓 名", "部门", "角色*", "分管代号", "电话", "钉钉UserID", "企微userid"],
        ["姓名（必填）", "单位：", "【角色】角色", "领导代号", "手机号", "钉钉账号", "企业微信账号"],
    ],
)
def test_columns_go_by_many_names(tmp_path: Path, header: list[str]) -> None:
    roster = read(tmp_path, ["甲一", "督导科", "联络员", "", "13800000001", "d1", "w1"], header=header)
    assert roster.entries[0].ids == {"dingtalk": "d1", "wecom": "w1"}
    assert (roster.entries[0].department, roster.entries[0].mobile) == ("督导科", "13800000001")


def test_the_columns_of_an_export_are_known_in_english(tmp_path: Path) -> None:
    rows = [["name", "department", "mobile", "userid", "role"], ["甲一", "督导科", "13800000001", "JiaYi", "contact"]]
    (found,) = read_roster(xlsx(tmp_path / "a.xlsx", rows), PLAN, "wecom").entries
    assert (found.post, found.mobile, found.ids) == (contact("督导科"), "13800000001", {"wecom": "jiayi"})


def test_an_account_of_either_platform_is_not_guessed(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["姓名", "单位", "UserID"], ["甲一", "督导科", "01"]])
    with pytest.raises(UserError, match="请把列名改成“钉钉账号”或“企业微信账号”"):
        read_roster(path, PLAN)
    assert read_roster(path, PLAN, "dingtalk").entries[0].ids == {"dingtalk": "01"}


@pytest.mark.parametrize("above", [0, 1, 9])
def test_the_header_may_stand_under_a_title(tmp_path: Path, above: int) -> None:
    title = [["2023 年联络员花名册"], *[[""]] * 8][:above]
    path = xlsx(tmp_path / "a.xlsx", [*title, ["序号", *HEADER], [1, "甲一", "督导科", "联络员"]])
    assert [found.row for found in read_roster(path, PLAN).entries] == [above + 2]


@pytest.mark.parametrize("unit", ["职成教科", "职业教育与成人教育科", " 职成 教科 "])
def test_a_unit_goes_by_short_or_full_name(tmp_path: Path, unit: str) -> None:
    found = entry(tmp_path, "甲一", unit, "联络员")
    assert (found.department, found.post) == ("职成教科", contact("职成教科"))


@pytest.mark.parametrize(
    ("role", "key", "post"),
    [
        ("联络员", "", contact("督导科")),
        ("联系人", "L4", contact("督导科")),
        ("报 送 人", "", contact("督导科")),
        ("办公室", "", OFFICE),
        ("经办人", "", OFFICE),
        ("领导", "L4", Post("leader", "L4")),
        ("分管领导", "l4", Post("leader", "L4")),
        ("领导L4", "", Post("leader", "L4")),
        ("分管领导（L4）", "", Post("leader", "L4")),
        ("L4", "", Post("leader", "L4")),
        ("", "L4", None),
    ],
)
def test_role_words_name_posts(tmp_path: Path, role: str, key: str, post: Post | None) -> None:
    assert entry(tmp_path, "甲一", "督导科", role, key).post == post


@pytest.mark.parametrize(
    "mobile",
    ["13800000001", 13800000001, 13800000001.0, "+86 138-0000-0001", "8613800000001", "１３８０００００００１"],
)
def test_a_mobile_is_read_as_eleven_digits(tmp_path: Path, mobile: object) -> None:
    assert entry(tmp_path, "甲一", "督导科", "", "", mobile).mobile == "13800000001"


@pytest.mark.parametrize(
    ("written", "name"),
    [("甲　一", "甲一"), ("甲 一", "甲一"), ("Jia  Yi", "Jia Yi"), ("甲·一", "甲·一"), ("甲\u200b一", "甲一")],
)
def test_blanks_inside_a_name_are_mended(tmp_path: Path, written: str, name: str) -> None:
    assert entry(tmp_path, written, "督导科").name == name


@pytest.mark.parametrize("name", ["=1+1", "+甲", "-甲", "@甲"])
def test_names_like_formulas_are_kept(tmp_path: Path, name: str) -> None:
    assert entry(tmp_path, name, "督导科").name == name


@pytest.mark.parametrize(
    ("row", "cell", "wrong", "right"),
    [
        (["甲一", "体卫艺科", "联络员"], "B2", "计划里没有单位“体卫艺科”", "是不是：体卫艺语科"),
        (["甲一", "海洋局", "联络员"], "B2", "计划里没有单位“海洋局”", "计划里的单位有：初幼教科、"),
        (["甲一", "", "联络员"], "B2", "联络员没有写单位", "请写明"),
        (["甲一", "督导科", "科长"], "C2", "没有“科长”这个角色", "可写：联络员、办公室、领导"),
        (["甲一", "督导科", "联络员、办公室"], "C2", "没有“联络员、办公室”这个角色", "分行写"),
        (["甲一", "督导科", "领导", "L9"], "D2", "计划里没有领导代号“L9”", "L1（工作领导小组组长）"),
        (["甲一", "督导科", "领导L9"], "C2", "计划里没有领导代号“L9”", "L7"),
        (["甲一", "督导科", "领导"], "D2", "没有写领导代号", "L1"),
        (["甲一", "督导科", "", "", "1380000"], "E2", "“1380000”不是手机号", "11 位"),
        (["甲一", "督导科", "", "", "0595-2200001"], "E2", "不是手机号", "11 位"),
        (["", "督导科", "联络员", "", "13800000001"], "A2", "没有写姓名", "请补上姓名"),
        (["姓名", "单位", "", "", "", "钉钉"], "A2", "不像姓名", "只写姓名"),
        (["填表人：甲一"], "A2", "不像姓名", "只写姓名"),
        (["甲一", "督导科", "", "", "", 123456789012345678], "F2", "后几位丢了", "“文本”格式"),
        (["甲一", "督导科", "", "", "", "", "jia yi"], "G2", "中间有空格", "只写一个企业微信账号"),
    ],
)
def test_a_fault_names_cell_and_remedy(tmp_path: Path, row: list[object], cell: str, wrong: str, right: str) -> None:
    found = refusal(tmp_path, row)
    assert found.cell == cell
    assert wrong in found.wrong
    assert right in found.right


def test_further_faults_of_a_line_are_told(tmp_path: Path) -> None:
    found = refusal(tmp_path, ["甲一", "督导", "联络员", "", "123"])
    assert found.cell == "B2"
    assert "；E2 “123”不是手机号" in str(found)


def test_a_person_twice_in_one_post_is_refused(tmp_path: Path) -> None:
    row = ["甲一", "督导科", "联络员", "", "13800000001"]
    found = refusal(tmp_path, row, ["乙二", "组织科"], row)
    assert (found.cell, found.wrong) == ("A4", "“甲一”与第 2 行是同一人同一角色")


def test_one_person_may_hold_several_posts(tmp_path: Path) -> None:
    mobile = "13800000001"
    rows = (
        ["甲一", "督导科", "联络员", "", mobile],
        ["甲一", "组织科", "联络员", "", mobile],
        ["甲一", "督导科", "办公室"],
    )
    posts = [found.post for found in read(tmp_path, *rows).entries]
    assert posts == [contact("督导科"), contact("组织科"), OFFICE]


def test_namesakes_with_other_mobiles_are_two_persons(tmp_path: Path) -> None:
    rows = (["甲一", "督导科", "联络员", "", "13800000001"], ["甲一", "督导科", "联络员", "", "13800000002"])
    assert len(read(tmp_path, *rows).entries) == 2


@pytest.mark.parametrize(("column", "value"), [(4, "13800000001"), (5, "d1"), (6, "W1")])
def test_two_persons_cannot_share_a_mark(tmp_path: Path, column: int, value: str) -> None:
    rows = [[name, "督导科", "", "", "", "", ""] for name in ("甲一", "乙二")]
    for row in rows:
        row[column] = value
    assert f"“{value.lower()}”与第 2 行的甲一相同" in refusal(tmp_path, *rows).wrong


def test_blank_lines_and_unfilled_posts_are_no_rows(tmp_path: Path) -> None:
    roster = read(tmp_path, [], ["", "督导科", "联络员"], ["甲一", "督导科", "联络员"], [""], ["", "", "领导", "L1"])
    assert (roster.rows, roster.entries[0].row) == (1, 4)


def test_a_short_csv_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n姓名,单位\n\n甲一\n", encoding="utf-8")
    assert read_roster(path, PLAN).entries == (Entry(4, "甲一"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_comes_in_any_common_form(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["花名册"], HEADER, ["甲一", "督导科", "办公室"]])
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    assert read_roster(path, PLAN).entries == (Entry(3, "甲一", "督导科", OFFICE),)


def test_formulas_and_merged_units_are_read_and_hidden_rows_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.merge_range("B2:B4", "督导科")
        sheet.write("A2", "甲一")
        sheet.write("A4", "丙三")
        sheet.write_formula("A3", '="乙"&"二"', None, "乙二")
        sheet.set_row(3, None, None, {"hidden": True})
        book.add_worksheet("旧").hide()
    roster = read_roster(path, PLAN)
    assert roster.entries == (Entry(2, "甲一", "督导科"), Entry(3, "乙二", "督导科"))
    assert [(found.cell, found.wrong) for found in roster.refusals] == [("A4", "这一行在表格里是隐藏的")]


def test_two_lists_in_one_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("今年", "去年"):
            book.add_worksheet(name).write_row(0, 0, HEADER)
    with pytest.raises(UserError, match="“今年”、“去年”，请只留一张"):
        read_roster(path, PLAN)


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("a.xlsx", b"", "是空的"),
        ("a.csv", b"\n \n", "是空的"),
        ("a.csv", b",,\n", "没有内容"),
        ("a.xlsx", b"PK\x03\x04 cut", "打不开"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "打不开"),
        ("a.xls", b"<table><tr><td>", "不是 Excel 表格"),
        ("a.docx", b"PK\x03\x04", "不是表格文件"),
        ("a.csv", "甲一,督导科\n".encode(), "没有表头"),
        ("a.csv", "单位,角色\n督导科,联络员\n".encode(), "没有表头"),
        ("a.csv", b"\x81\x30\xff\xff\n", "文字编码"),
        ("absent.xlsx", None, "读不出来"),
    ],
)
def test_what_is_no_roster_points_to_the_template(tmp_path: Path, name: str, content: bytes | None, wrong: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"{wrong}.*drumbeat import members --template"):
        read_roster(tmp_path / name, PLAN)


def test_a_header_below_the_tenth_row_is_not_looked_for(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["花名册"], *[[""]] * 9, HEADER, ["甲一"]])
    with pytest.raises(UserError, match="前 10 行里没有表头"):
        read_roster(path, PLAN)


def test_the_template_lists_every_post(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", PLAN)
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header == HEADER
    assert [row[1] for row in rows if row[2] == "联络员"] == list(PLAN.reporting_units)
    assert [row[3] for row in rows if row[2] == "领导"] == [leader.key for leader in PLAN.leaders]
    assert [row[1] for row in rows if row[2] == "办公室"] == ["局办公室"]


def test_the_template_explains_units_and_leaders(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", PLAN)
    help_sheet = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_name("说明")
    lines = [row[0] for row in help_sheet.to_python()]
    assert {"督导科", "L1　工作领导小组组长"} <= set(lines)


def test_the_template_offers_the_roles(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", None)
    with ZipFile(tmp_path / "t.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '"联络员,副联络员,办公室,领导,干部"' in sheet.replace("&quot;", '"')
    assert 'state="frozen"' in sheet


@pytest.mark.parametrize("plan", [PLAN, None])
def test_an_unfilled_template_holds_nobody(tmp_path: Path, plan: object) -> None:
    write_template(tmp_path / "t.xlsx", PLAN if plan else None)
    assert read_roster(tmp_path / "t.xlsx", PLAN) == Roster((), (), 0)


def test_a_template_never_covers_a_filled_roster(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "t.xlsx", [HEADER, ["甲一"]])
    with pytest.raises(UserError, match="已经存在"):
        write_template(path, PLAN)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="写不了"):
        write_template(tmp_path / "absent" / "t.xlsx", PLAN)


def test_names_to_hand_out_are_never_formulas(tmp_path: Path) -> None:
    write_unbound(tmp_path / "u.xlsx", [("=1+1", "@督导科", "0042")])
    rows = CalamineWorkbook.from_path(tmp_path / "u.xlsx").get_sheet_by_index(0).to_python()
    assert rows == [["姓名", "单位", "绑定码"], ["=1+1", "@督导科", "0042"]]


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_sheet_saved_by_libreoffice_is_read(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("花名册\n姓名,单位,角色,手机号\n甲一,督导科,联络员,13800000001\n", encoding="utf-8-sig")
    convert = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to"]
    for form in ("xlsx", "xls"):
        command = [*convert, form, "--infilter=CSV:44,34,76", "--outdir", tmp_path, source]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        found = read_roster(tmp_path / f"a.{form}", PLAN).entries
        assert found == (Entry(3, "甲一", "督导科", contact("督导科"), "13800000001"),)
