"""backup, restore, export, erase and audit: what is kept comes back, what is erased is gone, what was done is told."""

import csv
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

from tests.cli.conftest import Shell
from tests.cli.test_reports import reported

__all__ = ["reported"]
KEY = b"a" * 64


def asked(file: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_backup_put_back_elsewhere_has_every_record_and_the_key_of_the_links(reported: Shell) -> None:
    bot, key = reported.folder / "bot.db", reported.folder / "drumbeat.key"
    key.write_bytes(KEY)
    made = reported.data("backup", "copy.zip")
    before = asked(bot, "SELECT number, text FROM checkins ORDER BY id")
    bot.unlink()
    key.unlink()
    told = reported.data("restore", "copy.zip")

    assert len(before) == 2
    assert asked(bot, "SELECT number, text FROM checkins ORDER BY id") == before
    assert told["rows"] == made["rows"]
    assert (key.read_bytes(), key.stat().st_mode & 0o777) == (KEY, 0o600)


def test_a_database_with_records_is_only_replaced_when_forced_and_then_kept_aside(reported: Shell) -> None:
    reported.data("backup", "copy.zip")
    refused = reported.run("restore", "copy.zip")
    told = reported.data("restore", "copy.zip", "--force")

    assert (refused.exit_code, "--force" in refused.stderr) == (1, True)
    assert asked(Path(told["aside"]), "SELECT count(*) FROM checkins") == [(2,)]
    assert asked(reported.folder / "bot.db", "SELECT count(*) FROM checkins") == [(2,)]


def test_a_backup_that_was_changed_is_refused(reported: Shell) -> None:
    reported.data("backup", "copy.zip")
    with zipfile.ZipFile("copy.zip") as good, zipfile.ZipFile("bad.zip", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name) + (b" " if name == "tables/checkins.jsonl" else b""))
    refused = reported.run("restore", "bad.zip", "--force")

    assert (refused.exit_code, "已损坏" in refused.stderr) == (1, True)


def test_an_export_has_all_rows_and_the_results_as_tables_but_not_the_key(reported: Shell) -> None:
    (reported.folder / "drumbeat.key").write_bytes(KEY)
    told = reported.data("export", "out")
    out = reported.folder / "out"
    lines = (out / "tables" / "checkins.jsonl").read_text(encoding="utf-8").splitlines()
    (units,) = out.glob("*-单位结果.csv")
    with units.open(encoding="utf-8-sig", newline="") as file:
        by_unit = {row["单位"]: row for row in csv.DictReader(file)}

    assert len(lines) == told["rows"]["checkins"] == 2
    assert {json.loads(line)["unit"] for line in lines} == {"组织科", "思政科"}
    assert (by_unit["组织科"]["平均进度"], by_unit["组织科"]["完成项目"]) == ("53", "1")
    assert len(list(out.glob("*-人员.csv"))) == 1
    assert [file.name for file in out.rglob("*.key")] == []


def test_an_erased_person_is_gone_while_the_units_numbers_stay(reported: Shell) -> None:
    reported.data("erase", "组织科", "--yes")
    bot = reported.folder / "bot.db"

    assert asked(bot, "SELECT count(*) FROM members WHERE name = '组织科'") == [(0,)]
    assert asked(bot, "SELECT count(*) FROM checkins WHERE text LIKE '%85%'") == [(0,)]
    assert asked(bot, "SELECT percent FROM progress WHERE item = 'S10'") == [(85.0,)]
    assert reported.run("erase", "没有这人", "--yes").exit_code == 1


def test_the_log_tells_who_did_what_and_where_it_was_changed(reported: Shell) -> None:
    reported.data("erase", "组织科", "--yes")
    bot = reported.folder / "bot.db"
    day = f"{asked(bot, 'SELECT at FROM audit ORDER BY id')[0][0]:.10}"
    told = reported.data("audit", "--day", day)
    with sqlite3.connect(bot) as connection:
        connection.execute("UPDATE audit SET actor = 'member:99' WHERE place = 1")
    connection.close()
    changed = reported.run("audit", "--day", day)

    assert [row["action"] for row in told["rows"]] == ["reply", "reply"]
    assert told["broken_at"] is None
    assert (changed.exit_code, "第 1 条起对不上" in changed.stdout) == (1, True)
