"""preview, check and read: neither configuration nor database is needed."""

import json
import subprocess
import sys

import pytest

from bot.documents.planfiles import find_plan, load_plan
from tests.cli.conftest import PACK, Shell

KEYS = {"at", "kind", "duties", "periods", "audience", "merged", "due_on"}
EARLY_2026 = ["02-24", "03-24", "04-24", "05-22", "06-24", "07-24", "08-24", "09-24", "10-23", "11-24", "12-24"]


def test_the_pack_is_good(shell: Shell) -> None:
    found = shell.data("check", "quanzhou-2023")

    assert found["ok"] is True
    assert [(plan["key"], plan["items"], plan["units"]) for plan in found["plans"]] == [("quanzhou-2023", 60, 17)]
    assert len(found["plans"][0]["unset"]) == 40


PACKS = ("gansu-2023", "hainan-2022", "hunan-2019-2022", "inner-mongolia-2021", "quanzhou-2023")


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_is_good_but_for_what_its_paper_leaves_open(shell: Shell, pack: str) -> None:
    found = shell.data("check", pack)
    plan = found["plans"][0]

    assert (found["ok"], found["warnings"], plan["calendar"]) == (True, [], "package")
    assert {left["subject"] for left in plan["open"]} <= {"item", "group", "duty", "quota", "annex"}
    assert plan["messages"]["most"] <= plan["messages"]["cap"]


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_shows_its_whole_calendar(shell: Shell, pack: str) -> None:
    plan = load_plan(pack)
    found = shell.data("preview", pack)["occasions"]

    assert {duty for row in found for duty in row["duties"]} == {duty.id for duty in plan.duties if duty.cadences}
    assert {row["at"][:4] for row in found} >= {str(year) for year in range(plan.first_on.year, plan.last_on.year + 1)}


def test_a_preview_loads_neither_database_nor_web_nor_reader() -> None:
    """That is what keeps the calendar of four years well under two seconds."""
    program = (
        "import sys; from bot.cli import commands;"
        "commands(['preview', 'hunan-2019-2022', '--json'], standalone_mode=False);"
        "print([name for name in ('sqlalchemy', 'aiohttp', 'bot.domain.reading') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_what_is_open_is_said_in_groups_to_people(shell: Shell) -> None:
    said = shell.run("check", "hainan-2022").stdout.splitlines()

    assert said[1:6] == [
        "未设定（原文没有写，会问办公室一次，不会自己编）：",
        "  任务：4 个没有牵头单位（H01、H03、H04、H33）",
        "  单位组：3 个没有写单位（各市县、高校、直属单位（学校））",
        "  报送：2 个没有定多久一次（spot_check、inspection）",
        "  附件：1 个没有提供（附件：专业化大练兵计划表）",
    ]


def test_a_plan_that_asks_too_often_is_told(shell: Shell) -> None:
    text = find_plan("hainan-2022").read_text(encoding="utf-8").replace("messages_per_month = 9", "")
    (shell.folder / "often.toml").write_text(text, encoding="utf-8")

    assert shell.run("check", "often.toml").stdout.splitlines()[-1] == (
        "每位联络员一个月最多私下问 7 次，上限 4 次。"
        "超出的不会发，请在 [plan] 里写 messages_per_month，或把报送并一并。"
    )


def test_every_fault_of_a_plan_is_named(shell: Shell) -> None:
    text = PACK.read_text(encoding="utf-8")
    text = text.replace("no = 7\n", "no = 6\n", 1).replace('units = ["思政科"]', 'units = ["思想科"]', 1)
    (shell.folder / "bad.toml").write_text(text.replace("3月25日前、9月25日前", "2月31日前"), encoding="utf-8")
    result = shell.run("check", "bad.toml")

    assert result.exit_code == 2
    for fault in ("思想科", "2月31日", "6"):
        assert fault in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("words", [("check", "nirgends"), ("preview", "nirgends"), ("-c", "absent.toml", "check")])
def test_what_is_absent_is_wrong_usage(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell.run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("错误：")


def test_a_bare_check_without_configuration_is_good(shell: Shell) -> None:
    assert shell.data("check") == {"ok": True, "plans": [], "warnings": []}


def test_preview_gives_every_sending_in_the_agreed_shape(shell: Shell) -> None:
    rows = shell.data("preview", "quanzhou-2023")["occasions"]
    march = next(row for row in rows if row["at"].startswith("2023-03-24") and row["audience"] == "group")

    assert {frozenset(row) for row in rows} == {frozenset(KEYS)}
    assert march == {
        "at": "2023-03-24T09:00:00+08:00",
        "kind": "reminder",
        "duties": ["monthly", "special"],
        "periods": ["2023-03", "2023-03"],
        "audience": "group",
        "merged": True,
        "due_on": "2023-03-25",
    }


def test_another_year_rolls_the_plan(shell: Shell) -> None:
    rows = shell.data("preview", "quanzhou-2023", "--year", "2026")["occasions"]
    early = [row for row in rows if row["kind"] == "prompt" and row["audience"] == "private"]
    monthly = [row["at"][5:10] for row in early if "monthly" in row["duties"]]

    assert monthly == EARLY_2026
    assert {row["at"][:4] for row in rows} == {"2026"}


def test_preview_keeps_to_a_span_and_writes_a_calendar(shell: Shell) -> None:
    result = shell.run("preview", "quanzhou-2023", "--from", "2023-04-24", "--to", "2023-04-25", "--ics", "plan.ics")
    calendar = (shell.folder / "plan.ics").read_text(encoding="utf-8")

    assert result.stdout.splitlines() == [
        "2023-04-24 周一 08:30  简报  领导  每周简报",
        "2023-04-24 周一 09:00  提示  办公室  4月任务",
        "2023-04-24 周一 09:00  提示  私聊  4月月度进展",
        "2023-04-25 周二 09:00  提醒  群  4月月度进展",
    ]
    assert calendar.count("BEGIN:VEVENT") == 4
    assert "DTSTART:20230425T010000Z" in calendar


def test_read_answers_line_by_line_and_reports_bad_lines(shell: Shell) -> None:
    good = {"id": "a", "ctx": {"unit": "思政科", "role": "contact", "today": "2023-04-24"}, "text": "第7项80%"}
    lines = [json.dumps(good, ensure_ascii=False), "", "nonsense", '{"id": "b"}', "[]"]
    result = shell.run("read", "quanzhou-2023", "--jsonl", stdin="\n".join(lines))
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert (answers[0]["id"], answers[0]["entries"][0]["percent"]) == ("a", 80)
    assert [answer["error"][:6] for answer in answers[1:]] == ["第 3 行应", "第 4 行应", "第 5 行应"]
    assert (result.exit_code, result.stderr) == (1, "有 3 行不是可读的 JSON。\n")
