"""Working days: the State Council's plan, the office's own files, and the guess where neither is known."""

from datetime import date
from typing import Any

import pytest

from bot.domain.workdays import HolidayFile, Workdays, parse_holiday_cn, parse_holiday_toml
from bot.errors import UserError

D = date.fromisoformat
OURS = "\ufeffyear = 2027\nrest = [[2027-02-05, 2027-02-12, '春节'], 2027-04-05, '2027-05-01']\nwork = [2027-02-14]\n"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2023-01-01", False),  # a year starts on a rest day
        ("2023-03-24", True),
        ("2023-03-25", False),  # Saturday
        ("2023-06-22", False),  # Dragon Boat Festival
        ("2023-06-25", True),  # a Sunday worked for it
        ("2023-10-07", True),  # a Saturday worked after National Day
        ("2026-02-28", True),  # a Saturday worked after Spring Festival
        ("2026-09-25", False),  # Mid-autumn Festival, a Friday
    ],
)
def test_rest_and_make_up_days_are_known(day: str, works: bool) -> None:
    assert Workdays().is_workday(D(day)) is works


def test_walks_go_over_holidays() -> None:
    days = Workdays()
    assert days.before(D("2023-06-25")) == D("2023-06-21")
    assert days.on_or_before(D("2023-03-25")) == D("2023-03-24")
    assert days.on_or_after(D("2023-10-01")) == D("2023-10-07")
    assert days.after(D("2023-09-28"), 3) == D("2023-10-09")


def test_a_walk_starts_after_a_rest_day() -> None:
    assert Workdays().after(D("2023-03-25")) == D("2023-03-27")


def test_an_unknown_year_is_guessed_and_named() -> None:
    days = Workdays()
    assert days.is_workday(D("2027-10-01"))
    assert not days.is_workday(D("2027-04-25"))
    assert (days.source(2027), days.guessed_years) == ("weekdays", {2027})


def test_a_known_year_is_never_called_guessed() -> None:
    days = Workdays([parse_holiday_toml(OURS, "2027.toml")])
    assert [days.is_workday(D(day)) for day in ("2023-10-01", "2026-10-01", "2027-02-08")] == [False] * 3
    assert days.guessed_years == set()


def test_a_file_goes_before_the_package() -> None:
    days = Workdays([HolidayFile(2023, frozenset({D("2023-03-24")}), frozenset({D("2023-03-25")}))])
    assert days.source(2023) == "file"
    assert days.before(D("2023-03-25")) == D("2023-03-23")
    assert days.is_workday(D("2023-03-25"))


def test_our_own_form_is_read() -> None:
    file = parse_holiday_toml(OURS, "2027.toml")
    assert (file.year, len(file.rest), file.work) == (2027, 10, frozenset({D("2027-02-14")}))
    assert {D("2027-02-05"), D("2027-02-12"), D("2027-04-05"), D("2027-05-01")} <= file.rest


def test_the_holiday_cn_form_is_read() -> None:
    days = [
        {"name": "春节", "date": "2027-02-06", "isOffDay": True},
        {"name": "春节", "date": "2027-02-14", "isOffDay": False},
    ]
    file = parse_holiday_cn({"year": 2027, "days": days}, "2027.json")
    assert file == HolidayFile(2027, frozenset({D("2027-02-06")}), frozenset({D("2027-02-14")}))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("year = ", "不是有效的 TOML"),
        ("rest = []", "缺少 year"),
        ("year = true", "缺少 year"),
        ("year = 2027\nrests = []", "没有“rests”这个设置"),
        ("year = 2027\nrest = 5", "rest 应是清单"),
        ("year = 2027\nwork = 2027-02-14", "work 应是清单"),
        ("year = 2027\nrest = [[]]", "不是日期"),
        ("year = 2027\nrest = ['2027-02-30']", "“2027-02-30”不是日期"),
        ("year = 2027\nrest = [[2027-02-12, 2027-02-05]]", "先写起日"),
    ],
)
def test_a_slip_in_our_form_is_named(text: str, wrong: str) -> None:
    with pytest.raises(UserError, match=rf"2027\.toml.*{wrong}"):
        parse_holiday_toml(text, "2027.toml")


@pytest.mark.parametrize("data", [{}, {"year": 2027}, {"year": "soon", "days": []}, {"year": 2027, "days": [{}]}])
def test_a_slip_in_the_holiday_cn_form_is_named(data: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"2027\.json 应含 year 和 days"):
        parse_holiday_cn(data, "2027.json")
