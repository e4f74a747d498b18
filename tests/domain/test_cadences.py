"""The words of a plan that divide time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadences import UnreadableCadence, read_cadence, windows_of

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)


def dues(words: str, first: date = FIRST, last: date = LAST) -> list[str]:
    return [f"{window.due_on:%m-%d}" for window in windows_of(read_cadence(words), first, last)]


def one(words: str) -> tuple[str, str]:
    (window,) = windows_of(read_cadence(words), FIRST, LAST)
    return str(window.opens_on), str(window.due_on)


@pytest.mark.parametrize(
    ("words", "opens_on", "due_on"),
    [
        ("3月25日前", "2023-03-01", "2023-03-25"),  # 前 includes the day (A1)
        ("3月25号以前", "2023-03-01", "2023-03-25"),
        ("九月二十五日前", "2023-09-01", "2023-09-25"),
        ("2月底前", "2023-02-01", "2023-02-28"),
        ("2月29日前", "2023-02-01", "2023-02-28"),
        ("12月上旬", "2023-12-01", "2023-12-10"),
        ("12月中旬", "2023-12-11", "2023-12-20"),  # A4
        ("2月下旬", "2023-02-21", "2023-02-28"),
        ("4月份", "2023-04-01", "2023-04-30"),  # a month without a day is due on its last (A14)
        ("四月", "2023-04-01", "2023-04-30"),
        ("1—4月", "2023-01-01", "2023-04-30"),
        ("3月至12月", "2023-03-01", "2023-12-31"),
        ("10月至12月中旬", "2023-10-01", "2023-12-20"),
        ("11月至2月", "2022-11-01", "2023-02-28"),
        ("年度", "2023-01-01", "2023-12-31"),
        ("全年", "2023-01-01", "2023-12-31"),
        ("年底", "2023-01-01", "2023-12-31"),
        ("第一季度", "2023-01-01", "2023-03-31"),
        ("三季度末前", "2023-07-01", "2023-09-30"),
        ("上半年", "2023-01-01", "2023-06-30"),
        ("下半年", "2023-07-01", "2023-12-31"),
        ("2023年3月25日前", "2023-03-25", "2023-03-25"),
        ("2023-03-25", "2023-03-25", "2023-03-25"),
    ],
)
def test_words_name_one_window(words: str, opens_on: str, due_on: str) -> None:
    assert one(words) == (opens_on, due_on)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("每季度", ["03-31", "06-30", "09-30", "12-31"]),
        ("每季度末前", ["03-31", "06-30", "09-30", "12-31"]),
        (
            "每月",
            [
                "01-31",
                "02-28",
                *(
                    f"{month:02}-{28 + day}"
                    for month, day in zip(range(3, 13), (3, 2, 3, 2, 3, 3, 2, 3, 2, 3), strict=True)
                ),
            ],
        ),
        ("3月25日前、9月25日前", ["03-25", "09-25"]),
        ("9月25日前和3月25日前", ["03-25", "09-25"]),
        ("每月25日前", [f"{month:02}-25" for month in range(1, 13)]),
        ("每月二十五日前", [f"{month:02}-25" for month in range(1, 13)]),
    ],
)
def test_repeating_words_list_every_due_date(words: str, expected: list[str]) -> None:
    assert dues(words) == expected


def test_a_short_month_is_due_on_its_last_day() -> None:
    assert dues("每月31日前")[:4] == dues("每月底前")[:4] == ["01-31", "02-28", "03-31", "04-30"]


def test_half_months_break_after_the_fifteenth() -> None:
    assert dues("每半月")[:4] == ["01-15", "01-31", "02-15", "02-28"]
    assert len(dues("每半月")) == 24


def test_every_wednesday_of_a_campaign_is_listed() -> None:
    wednesdays = windows_of(read_cadence("每周三"), date(2022, 3, 1), date(2022, 12, 31))
    assert len(wednesdays) == 44
    assert {window.due_on.isoweekday() for window in wednesdays} == {3}
    assert {window.opens_on.isoweekday() for window in wednesdays} == {1}


def test_only_due_dates_inside_the_span_count() -> None:
    assert dues("每月25日前", date(2023, 2, 1), date(2023, 4, 24)) == ["02-25", "03-25"]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "2月31日前",
            "2月30日",
            "13月",
            "0月",
            "每月0日前",
            "每月32日前",
            "每周八",
            "2023年2月30日",
            "0000-01-01",
        ),
        *("3月25日前、", "3月25日前、不定期", "定期", "及时", "十百月", "14月至2月"),
    ],
)
def test_words_that_name_no_date_are_refused(words: str) -> None:
    with pytest.raises(UnreadableCadence, match="可写：每月25日前"):
        read_cadence(words)


@given(st.text("每月日前底旬上中下季度半周年0123456789一二三十、至-—和 ", max_size=12))
def test_any_words_are_read_or_refused(words: str) -> None:
    try:
        windows = windows_of(read_cadence(words), FIRST, LAST)
    except UnreadableCadence:
        return
    assert all(window.opens_on <= window.due_on and FIRST <= window.due_on <= LAST for window in windows)
