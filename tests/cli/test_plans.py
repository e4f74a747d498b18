"""preview, check and read: neither configuration nor database is needed."""

import json

import pytest

from tests.cli.conftest import PACK, Shell

KEYS = {"at", "kind", "duties", "periods", "audience", "merged", "due_on"}
EARLY_2026 = ["02-24", "03-24", "04-24", "05-22", "06-24", "07-24", "08-24", "09-24", "10-23", "11-24", "12-24"]


def test_the_pack_is_good(shell: Shell) -> None:
    found = shell.data("check", "quanzhou-2023")

    assert found["ok"] is True
    assert [(plan["key"], plan["items"], plan["units"]) for plan in found["plans"]] == [("quanzhou-2023", 60, 17)]
    assert len(found["plans"][0]["unset"]) == 40


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
        "2023-04-24 周一 09:00  提示  私聊  4月月度进展",
        "2023-04-25 周二 09:00  提醒  群  4月月度进展",
    ]
    assert calendar.count("BEGIN:VEVENT") == 3
    assert "DTSTART:20230425T010000Z" in calendar


def test_read_answers_line_by_line_and_reports_bad_lines(shell: Shell) -> None:
    good = {"id": "a", "ctx": {"unit": "思政科", "role": "contact", "today": "2023-04-24"}, "text": "第7项80%"}
    lines = [json.dumps(good, ensure_ascii=False), "", "nonsense", '{"id": "b"}', "[]"]
    result = shell.run("read", "quanzhou-2023", "--jsonl", stdin="\n".join(lines))
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert (answers[0]["id"], answers[0]["entries"][0]["percent"]) == ("a", 80)
    assert [answer["error"][:6] for answer in answers[1:]] == ["第 3 行应", "第 4 行应", "第 5 行应"]
    assert (result.exit_code, result.stderr) == (1, "有 3 行不是可读的 JSON。\n")
