"""The burden rules: local time, ends of days, working hours."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.policy import SHANGHAI, Policy
from bot.domain.workdays import Workdays

POLICY = Policy()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_day_begins_at_local_midnight() -> None:
    assert POLICY.today(datetime(2023, 3, 24, 16, 0, tzinfo=UTC)) == date(2023, 3, 25)
    assert POLICY.today(datetime(2023, 3, 24, 15, 59, tzinfo=UTC)) == date(2023, 3, 24)


def test_the_whole_due_day_is_on_time() -> None:
    end = POLICY.end_of(date(2023, 3, 25))
    assert local("2023-03-25T23:59:59") < end < local("2023-03-26T00:00:00")
    assert POLICY.start_of(date(2023, 3, 26)) == local("2023-03-26T00:00:00")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2023-03-24T10:00", "2023-03-24T10:00"),
        ("2023-03-24T08:30", "2023-03-24T08:30"),
        ("2023-03-24T17:30", "2023-03-24T17:30"),
        ("2023-03-24T06:00", "2023-03-24T08:30"),
        ("2023-03-24T20:00", "2023-03-27T08:30"),  # Friday evening
        ("2023-03-25T10:00", "2023-03-27T08:30"),  # Saturday
        ("2023-06-25T10:00", "2023-06-25T10:00"),  # a worked Sunday
        ("2023-09-28T18:00", "2023-10-07T08:30"),  # before National Day
    ],
)
def test_what_is_late_waits_for_working_hours(now: str, then: str) -> None:
    assert POLICY.next_working_moment(local(now), Workdays()) == local(then)


def test_working_hours_are_local_wherever_the_clock_is() -> None:
    moment = POLICY.next_working_moment(datetime(2023, 3, 23, 23, 0, tzinfo=UTC), Workdays())
    assert moment == local("2023-03-24T08:30")
