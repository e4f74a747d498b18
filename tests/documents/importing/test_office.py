"""Files that LibreOffice has saved: old Excel, OpenDocument and back, Word saved once more."""

import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from tests.documents.importing.imports import import_file
from tests.documents.importing.makers import (
    Table,
    add_table,
    delete_tracked,
    formatted,
    insert_tracked,
    number_paragraph,
    numbering,
    word,
    xlsx,
)
from tests.documents.importing.shapes import HIDING, PLAIN, ROWS, SHAPES

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is absent"),
]
TABLES = SHAPES | HIDING
SPREADSHEETS = [name for name in TABLES if name not in ("long",)]


def convert(folder: Path, files: list[Path], *suffixes: str) -> Path:
    """Save files as one kind after another, each kind in one run of LibreOffice."""
    for suffix in suffixes:
        out = folder / f"as-{suffix.partition(':')[0]}-{len(list(folder.iterdir()))}"
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", suffix]
        subprocess.run([*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True, timeout=240)
        files = sorted(out.iterdir())
    return out


@pytest.fixture(scope="module")
def xls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("xls")
    return convert(folder, [xlsx(folder / f"{name}.xlsx", TABLES[name]) for name in SPREADSHEETS], "xls")


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ods")
    return convert(folder, [xlsx(folder / f"{name}.xlsx", TABLES[name]) for name in SPREADSHEETS], "ods", "xlsx")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docx")
    names = [name for name in SPREADSHEETS if name not in HIDING]
    files = [word(folder / f"{name}.docx", TABLES[name], before=["附件", "任务分解表"]) for name in names]
    return convert(folder, files, "odt", "docx")


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_an_old_excel_file_loses_no_row(xls: Path, name: str) -> None:
    found = import_file(xls / f"{name}.xls")
    assert (len(found.items), len(found.refusals)) == (TABLES[name].items, TABLES[name].refusals)


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_a_workbook_saved_by_another_office_loses_no_row(resaved: Path, name: str) -> None:
    found = import_file(resaved / f"{name}.xlsx")
    assert (len(found.items), len(found.refusals)) == (TABLES[name].items, TABLES[name].refusals)


@pytest.mark.parametrize("name", [name for name in SPREADSHEETS if name not in HIDING])
def test_a_word_file_saved_by_another_office_loses_no_row(words: Path, name: str) -> None:
    found = import_file(words / f"{name}.docx")
    assert (len(found.items), len(found.refusals)) == (TABLES[name].items, TABLES[name].refusals)


def test_percentages_and_months_of_an_old_excel_file_mean_what_is_shown(tmp_path: Path) -> None:
    found = import_file(convert(tmp_path, [formatted(tmp_path / "计划.xlsx")], "xls") / "计划.xls")
    first, second = (coded.draft for coded in found.items)
    assert (first.when, first.standing and first.standing.percent) == ("3月", 60)
    assert (second.when, second.standing and second.standing.percent) == ("3月1日前", 100)


def test_numbers_and_tracked_changes_survive_another_office(tmp_path: Path) -> None:
    document = docx.Document()
    table = add_table(document, Table([PLAIN, *ROWS], 4))
    key = numbering(document, "decimal", "%1")
    for row in list(table.rows)[1:]:
        row.cells[0].text = ""
        number_paragraph(row.cells[0].paragraphs[0], key)
    cell = table.rows[1].cells[5]
    cell.text = ""
    delete_tracked(cell.paragraphs[0], "3月底前")
    insert_tracked(cell.paragraphs[0], "4月底前")
    document.save(str(tmp_path / "计划.docx"))
    found = import_file(convert(tmp_path, [tmp_path / "计划.docx"], "odt", "docx") / "计划.docx")
    assert [coded.draft.no for coded in found.items] == [1, 2, 3, 4]
    assert found.items[0].draft.when == "4月底前"
