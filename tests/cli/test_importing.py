"""import plan in an empty folder: no configuration, no database, one file in and one plan out."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.documents.importing.makers import Table, delimited, word, xlsx
from tests.documents.importing.shapes import HIDING, PLAIN, ROWS

SHEET = Table([["2026年重点任务分解表（截至5月底）"], [*PLAIN, "当前进度"], *[[*row, "60%"] for row in ROWS]], 4)


def test_a_dry_run_shows_each_row_and_writes_nothing(shell: Shell) -> None:
    xlsx(shell.folder / "计划.xlsx", HIDING["hidden-rows"])
    result = shell.run("import", "plan", "计划.xlsx", "--dry-run")
    assert result.exit_code == 0
    assert "共 4 行：读出 2 项，另外 2 行不是事项，其中 2 行请看一看。" in result.stdout
    assert "计划!B2  A01  1 修订值班制度  [牵头 综合科；领导 甲一；时限 3月底前]" in result.stdout
    assert "计划!A3  退回 “2 | 开展消防演练" in result.stdout
    assert [path.name for path in shell.folder.iterdir()] == ["计划.xlsx"]


def test_json_counts_every_row_and_holds_the_plan(shell: Shell) -> None:
    xlsx(shell.folder / "计划.xlsx", HIDING["hidden-rows"])
    found = shell.data("import", "plan", "计划.xlsx", "--dry-run", "--year", "2026")
    assert found["file"] == "计划.xlsx"
    assert found["rows_in"] == len(found["items"]) + len(found["refusals"]) == 4
    assert found["refusals"][0] == {
        "cell": "计划!A3",
        "text": "2 | 开展消防演练 | 甲一 | 安保科 | 综合科、后勤科 | 1—4月",
        "reason": "隐藏行",
        "fix": "要导入就先取消隐藏（接受或拒绝修订），不要就删掉这一行",
    }
    assert found["items"][0]["units"] == ["综合科"]
    assert [item["title"] for item in found["plan"]["items"]] == ["修订值班制度", "更新设备台账"]


def test_the_plan_written_is_checked_without_a_fault(shell: Shell) -> None:
    xlsx(shell.folder / "计划.xlsx", SHEET)
    found = shell.data("import", "plan", "计划.xlsx", "-o", "new.toml")
    assert found["plan"] == tomllib.loads((shell.folder / "new.toml").read_text(encoding="utf-8"))
    (report,) = shell.data("check", "new.toml")["plans"]
    assert (report["key"], report["items"], report["units"]) == ("plan-2026", 4, 4)


def test_a_plan_brought_in_mid_year_asks_for_no_earlier_month(shell: Shell) -> None:
    xlsx(shell.folder / "计划.xlsx", SHEET)
    shell.data("import", "plan", "计划.xlsx")
    text = (shell.folder / "plan.toml").read_text(encoding="utf-8")
    assert 'opening = {percent = 60, on = "2026-05-31"}' in text
    duty = text[text.index("# [[duties]]") : text.index("# 单位")]
    ready = text.replace(duty, duty.replace("# ", "").replace("#\n", "\n"))
    (shell.folder / "plan.toml").write_text(ready, encoding="utf-8")
    occasions = shell.data("preview", "plan.toml", "--from", "2026-01-01", "--to", "2026-12-31")["occasions"]
    asked = {period for occasion in occasions for period in occasion["periods"]}
    assert asked == {f"2026-{month:02}" for month in range(5, 13)}


def test_the_day_of_the_figures_may_be_given(shell: Shell) -> None:
    xlsx(shell.folder / "计划.xlsx", SHEET)
    found = shell.data("import", "plan", "计划.xlsx", "--dry-run", "--as-of", "2026-06-15")
    assert found["items"][0]["opening"] == {"percent": 60, "on": "2026-06-15"}
    assert found["plan"]["plan"]["period"] == ["6月1日", "12月31日"]


def test_a_plan_that_is_there_is_not_overwritten(shell: Shell) -> None:
    xlsx(shell.folder / "计划.xlsx", SHEET)
    (shell.folder / "plan.toml").write_text("# 改过的", encoding="utf-8")
    result = shell.run("import", "plan", "计划.xlsx")
    assert (result.exit_code, (shell.folder / "plan.toml").read_text(encoding="utf-8")) == (1, "# 改过的")
    assert "已经存在" in result.stderr
    assert shell.run("import", "plan", "计划.xlsx", "--dry-run").exit_code == 0


def test_a_file_without_items_writes_nothing_and_fails(shell: Shell) -> None:
    delimited(shell.folder / "名单.csv", Table([["姓名", "电话"], ["甲一", "1"]], 0))
    result = shell.run("import", "plan", "名单.csv", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["rows_in"], found["items"], found["plan"]) == (2, [], None)
    assert not (shell.folder / "plan.toml").exists()


@pytest.mark.parametrize("name", ["没有.xlsx", "计划.doc"])
def test_a_file_that_cannot_be_read_fails_with_one_line(shell: Shell, name: str) -> None:
    (shell.folder / "计划.doc").write_bytes(b"x")
    result = shell.run("import", "plan", name)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_known_units_come_from_a_plan_that_is_there(shell: Shell) -> None:
    word(shell.folder / "计划.docx", Table([PLAIN, [1, "编制预算", "", "初等教育与学前教育科", "", "3月底前"]], 1))
    found = shell.data("import", "plan", "计划.docx", "--dry-run", "--units", "quanzhou-2023")
    assert found["items"][0]["units"] == ["初幼教科"]


# A plan file that is one already

GOOD = Path(__file__).parents[2] / "docs" / "example-plan.toml"


def test_a_plan_file_without_faults_is_taken_as_it_is(shell: Shell) -> None:
    (shell.folder / "in.toml").write_text(GOOD.read_text(encoding="utf-8"), encoding="utf-8")
    found = shell.data("import", "plan", "in.toml", "-o", "out.toml")
    assert (found["rows_in"], len(found["items"]), found["refusals"]) == (2, 2, [])
    assert (shell.folder / "out.toml").read_text(encoding="utf-8") == GOOD.read_text(encoding="utf-8")


def test_a_plan_file_with_faults_is_refused_place_by_place(shell: Shell) -> None:
    text = (
        GOOD.read_text(encoding="utf-8")
        .replace('when = "10月底前"', 'when = "13月"')
        .replace('key = "L1"', 'key = "L2"')
    )
    (shell.folder / "in.toml").write_text(text, encoding="utf-8")
    result = shell.run("import", "plan", "in.toml", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["rows_in"] == len(found["refusals"]) == 2
    assert [refusal["cell"] for refusal in found["refusals"]] == ["[[items]] Q02", "[[items]] Q01"]
    assert not (shell.folder / "plan.toml").exists()
