"""`compile`: the office's documents as files people open, with nothing in them that could run."""

from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from bot.cli import commands
from bot.documents.results import write_csv, write_docx, write_xlsx


def compiled(folder: Path, *args: str) -> str:
    config = folder / "config.toml"
    config.write_text(
        f'[database]\nurl = "sqlite+aiosqlite:///{folder / "d.db"}"\n[plans]\npaths = ["quanzhou-2023"]\n'
        '[clock]\nstart = "2023-04-10T10:00:00"\n[platforms.sandbox]\n',
        encoding="utf-8",
    )
    done = CliRunner().invoke(commands, ["-c", str(config), "compile", "quanzhou-2023", *args])
    return f"{done.exit_code} {done.output}"


def test_a_monthly_note_is_a_word_document_with_every_item(tmp_path: Path) -> None:
    file = tmp_path / "note.docx"
    said = compiled(tmp_path, "--kind", "monthly", "--period", "2023-03", "-o", str(file))
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]

    assert said.startswith("0 ") and "3月小结" in said
    assert document.paragraphs[0].text.endswith("3月小结")
    assert "20 G20联盟活动" in cells and "未报" in cells


def test_a_ledger_is_a_workbook_with_a_row_for_each_unit(tmp_path: Path) -> None:
    file = tmp_path / "ledger.xlsx"
    compiled(tmp_path, "--kind", "ledger", "--period", "2023-H1", "--format", "xlsx", "-o", str(file))
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("单位结果").to_python()

    assert rows[0][:6] == ["单位", "应报", "按时", "按时率", "平均进度", "完成项目"]
    assert len(rows) == 18


@pytest.mark.parametrize(("period", "said"), [("2023-13", "不是报告的时段"), ("三月", "可写：2023-03")])
def test_a_period_that_is_none_is_refused_with_what_would_be_right(tmp_path: Path, period: str, said: str) -> None:
    assert said in compiled(tmp_path, "--kind", "monthly", "--period", period, "-o", str(tmp_path / "x.docx"))


def test_what_people_wrote_never_becomes_a_formula(tmp_path: Path) -> None:
    rows = [("内容",), ("=1+1",), ("+86",), ("@SUM(A1)",), ("-3",)]
    write_xlsx(tmp_path / "t.xlsx", [("表", rows)])
    write_csv(tmp_path / "t.csv", rows)
    write_docx(tmp_path / "t.docx", "题", [("表", (), rows)])
    with ZipFile(tmp_path / "t.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "'=1+1",
        "'+86",
        "'@SUM(A1)",
        "'-3",
    ]
