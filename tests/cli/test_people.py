"""How people come in: the roster, its template, codes, and the first office person."""

import asyncio
import json

from bot.app import build
from bot.documents.sheets import read_sheets
from bot.events import Event
from bot.settings import load_settings
from tests.cli.conftest import Shell

ROSTER = "姓名,单位,角色,手机号,钉钉账号\n张敏,组织科,联络员,13800000001,\n李强,局办公室,办公室,,ding-li\n"


def test_a_roster_lists_who_is_unbound_with_a_code(configured: Shell) -> None:
    (configured.folder / "people.csv").write_text(ROSTER, encoding="utf-8-sig")
    found = configured.data("import", "members", "people.csv", "--codes", "codes.xlsx")
    (unbound,) = found.pop("unbound")
    again = configured.data("import", "members", "people.csv")

    assert found == {"rows": 2, "entries": 2, "refusals": [], "new": 2, "updated": 0}
    assert (unbound["name"], unbound["department"], len(unbound["code"])) == ("张敏", "组织科", 8)
    assert [unbound["code"]] in [row[2:] for row in read_sheets(configured.folder / "codes.xlsx")[0].rows]
    assert (again["new"], again["updated"]) == (0, 2)


def test_refused_rows_are_named_and_the_rest_comes_in(configured: Shell) -> None:
    (configured.folder / "people.csv").write_text(f"{ROSTER}赵六,天上科,联络员,,\n", encoding="utf-8")
    result = configured.run("import", "members", "people.csv", "--json")
    found = json.loads(result.stdout)

    assert (result.exit_code, found["new"], found["rows"]) == (1, 2, 3)
    assert found["refusals"][0]["cell"] == "B4"
    assert "天上科" in found["refusals"][0]["wrong"]


def test_a_dry_run_writes_nothing(configured: Shell) -> None:
    (configured.folder / "people.csv").write_text(ROSTER, encoding="utf-8")
    assert "检查完毕，没有写入" in configured.run("import", "members", "people.csv", "--dry-run").stdout

    assert configured.data("import", "members", "people.csv")["new"] == 2


def test_the_template_can_be_imported_as_it_is(configured: Shell) -> None:
    assert configured.data("import", "members", "t.xlsx", "--template") == {"template": "t.xlsx"}
    found = configured.data("import", "members", "t.xlsx", "--dry-run")

    assert (found["entries"], found["refusals"]) == (0, [])


def test_a_file_that_is_no_table_is_refused_in_one_line(configured: Shell) -> None:
    (configured.folder / "people.txt").write_text("张敏", encoding="utf-8")
    result = configured.run("import", "members", "people.txt")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("错误：people.txt 不是表格文件")


def test_without_plans_nobody_can_be_imported(shell: Shell) -> None:
    (shell.folder / "people.csv").write_text(ROSTER, encoding="utf-8")
    result = shell.run("import", "members", "people.csv")

    assert result.exit_code == 1
    assert "请用 --plan 指明是哪个计划。已加载：还没有，请在 [plans] paths 里写上" in result.stderr


def test_the_code_of_an_invitation_binds(configured: Shell) -> None:
    code = configured.data("invite", "王芳")["code"]

    async def bound() -> str:
        bot = await build(load_settings())
        event = Event("sandbox", "m1", "wang", "private", "wang", f"绑定 {code}", bot.clock.now())
        outcome = (await bot.dispatcher.receive(event)).outcome
        await bot.db.close()
        return outcome

    assert asyncio.run(bound()) == "bound"


def test_the_codes_of_the_form_are_printed_for_who_reports(configured: Shell) -> None:
    (configured.folder / "people.csv").write_text(ROSTER, encoding="utf-8-sig")
    configured.run("import", "members", "people.csv")
    refused = configured.run("codes", "codes.xlsx")
    (configured.folder / "config.toml").write_text(
        f'[server]\npublic_url = "https://drumbeat.example.org/"\n{(configured.folder / "config.toml").read_text()}'
    )
    found = configured.data("codes", "codes.xlsx")
    again = configured.data("codes", "codes.xlsx")

    assert (refused.exit_code, "public_url" in refused.stderr) == (1, True)
    assert [(person["name"], person["unit"], len(person["code"])) for person in found["codes"]] == [
        ("张敏", "组织科", 6)
    ]
    assert again == found
    assert ["张敏", "组织科", found["codes"][0]["code"]] in read_sheets(configured.folder / "codes.xlsx")[0].rows
