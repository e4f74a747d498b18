"""Reading the office's holiday files."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.documents.holidays import load_holidays
from bot.domain.workdays import Workdays
from bot.errors import UserError

TOML = "year = 2027\nrest = [[2027-02-05, 2027-02-12, '春节']]\nwork = [2027-02-14]\n"
JSON = {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}


def test_an_absent_folder_holds_no_holidays(tmp_path: Path) -> None:
    assert load_holidays(tmp_path / "holidays") == []


def test_both_forms_are_read_in_order_of_years(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_text("\ufeff" + TOML, encoding="utf-8")
    (tmp_path / "2026.json").write_text(json.dumps({**JSON, "year": 2026}), encoding="utf-8")
    assert [file.year for file in load_holidays(tmp_path)] == [2026, 2027]


def test_the_toml_of_a_year_replaces_its_json(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "2027.json").write_text(json.dumps(JSON), encoding="utf-8")
    (file,) = load_holidays(tmp_path)
    assert date(2027, 2, 5) in file.rest
    assert date(2027, 1, 1) not in file.rest


def test_a_holiday_file_settles_a_guessed_year(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_text(TOML, encoding="utf-8")
    workdays = Workdays(load_holidays(tmp_path))
    assert workdays.is_workday(date(2027, 2, 14))
    assert not workdays.is_workday(date(2027, 2, 10))
    assert workdays.guessed_years == set()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2027.toml", b"year = \n"),
        ("2027.toml", b"rest = [2027-02-05]"),
        ("2027.toml", b"year = 2027\nrest = ['soon']"),
        ("2027.toml", "year = 2027 # 春节".encode("gb18030")),
        ("2027.json", b"{"),
        ("2027.json", b"[]"),
        ("2027.json", b'{"year": 2027, "days": [{"date": "x"}]}'),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=name):
        load_holidays(tmp_path)
