"""The steps of a ladder and the days they fall on."""

from datetime import date

import pytest

from bot.domain.cadences import Window
from bot.domain.ladders import LADDERS, REPORT, effective_due, step_day
from bot.domain.plans import RestDay
from bot.domain.workdays import Workdays

DAYS = Workdays()
SATURDAY = Window(date(2023, 3, 1), date(2023, 3, 25))
WORKED_SUNDAY = Window(date(2023, 6, 1), date(2023, 6, 25))


def falls(window: Window, rest_day: RestDay = "提前", ladder: str = "report") -> dict[str, str]:
    return {step.name: f"{step_day(step, window, rest_day, DAYS):%m-%d}" for step in LADDERS[ladder]}


@pytest.mark.parametrize(
    ("window", "rest_day", "days"),
    [
        (SATURDAY, "提前", ["03-24", "03-24", "03-27", "03-27", "03-29"]),
        (SATURDAY, "照发", ["03-24", "03-25", "03-27", "03-27", "03-29"]),
        (SATURDAY, "顺延", ["03-24", "03-27", "03-28", "03-28", "03-30"]),
        (WORKED_SUNDAY, "提前", ["06-21", "06-25", "06-26", "06-26", "06-28"]),
        (WORKED_SUNDAY, "照发", ["06-21", "06-25", "06-26", "06-26", "06-28"]),
        (WORKED_SUNDAY, "顺延", ["06-21", "06-25", "06-26", "06-26", "06-28"]),
    ],
)
def test_a_report_is_asked_for_around_its_due_day(window: Window, rest_day: RestDay, days: list[str]) -> None:
    assert list(falls(window, rest_day).values()) == days


def test_a_window_is_announced_when_it_opens() -> None:
    found = falls(Window(date(2023, 12, 11), date(2023, 12, 20)), ladder="window")
    assert found == {
        "open": "12-11",
        "prompt": "12-19",
        "reminder": "12-20",
        "nudge": "12-21",
        "list": "12-21",
        "escalation": "12-25",
    }


def test_month_tasks_open_on_a_working_day() -> None:
    assert falls(Window(date(2023, 10, 1), date(2023, 10, 31)), ladder="tasks") == {
        "post": "10-07",
        "meetings": "10-24",
        "reminder": "10-30",
    }


@pytest.mark.parametrize(
    ("rest_day", "due_on"), [("提前", date(2023, 3, 25)), ("照发", date(2023, 3, 25)), ("顺延", date(2023, 3, 27))]
)
def test_only_postponing_moves_the_due_date(rest_day: RestDay, due_on: date) -> None:
    assert effective_due(SATURDAY, rest_day, DAYS) == due_on


@pytest.mark.parametrize("ladder", LADDERS)
def test_step_names_are_unique(ladder: str) -> None:
    names = [step.name for step in LADDERS[ladder]]
    assert len(set(names)) == len(names)


def test_nobody_is_asked_more_than_thrice_for_a_report() -> None:
    assert sum(step.audience == "private" for step in REPORT) <= 3
