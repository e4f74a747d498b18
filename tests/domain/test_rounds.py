"""When the pack of Quanzhou asks, told as the tables of its calendar."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import pytest

from bot.documents.planfiles import load_plan
from bot.domain.plans import Covers, Plan, RestDay
from bot.domain.policy import Policy
from bot.domain.rounds import Occasion, occasions, period_key, rounds_of, units_owing
from bot.domain.workdays import Workdays

D = date.fromisoformat
DAYS = Workdays()
YEARS = (2023, 2026)


@lru_cache
def plan_of(year: int) -> Plan:
    return load_plan("quanzhou-2023", year)


@lru_cache
def year_of(year: int) -> tuple[Occasion, ...]:
    return tuple(occasions(plan_of(year), DAYS, Policy()))


def days(year: int, duty: str, kind: str, audience: str) -> list[str]:
    return [
        f"{found.at:%m-%d}"
        for found in year_of(year)
        if (found.kind, found.audience) == (kind, audience) and duty in found.duties
    ]


def with_rest_day(rest_day: RestDay) -> list[Occasion]:
    plan = plan_of(2023)
    duties = tuple(replace(duty, rest_day=rest_day) if duty.id == "monthly" else duty for duty in plan.duties)
    return occasions(replace(plan, duties=duties), DAYS, Policy())


# The calendar of the 25ths of 2023: private prompt, group reminder, the duties asked for.
TWENTY_FIFTHS = [
    ("02-25", "02-24", "02-24", ("monthly",)),
    ("03-25", "03-24", "03-24", ("monthly", "special")),
    ("04-25", "04-24", "04-25", ("monthly",)),
    ("05-25", "05-24", "05-25", ("monthly",)),
    ("06-25", "06-21", "06-25", ("monthly", "half_year")),
    ("07-25", "07-24", "07-25", ("monthly",)),
    ("08-25", "08-24", "08-25", ("monthly",)),
    ("09-25", "09-22", "09-25", ("monthly", "special")),
    ("10-25", "10-24", "10-25", ("monthly",)),
    ("11-25", "11-24", "11-24", ("monthly",)),
    ("12-25", "12-22", "12-25", ("monthly",)),
]


@pytest.mark.parametrize(("due", "early", "group", "duties"), TWENTY_FIFTHS)
def test_each_25th_of_2023_is_asked_for_twice(due: str, early: str, group: str, duties: tuple[str, ...]) -> None:
    asked = [
        (found.kind, found.audience, f"{found.at:%m-%d %H:%M}", found.duties)
        for found in year_of(2023)
        if f"{found.due_on:%m-%d}" == due and found.kind in ("prompt", "reminder")
    ]
    wanted = [("prompt", "private", f"{early} 09:00", duties), ("reminder", "group", f"{group} 09:00", duties)]
    assert sorted(asked) == wanted


def test_no_report_is_owed_for_january() -> None:
    periods = [found.period.key for found in rounds_of(plan_of(2023), DAYS) if found.duty.id == "monthly"]
    assert periods == [f"2023-{month:02}" for month in range(2, 13)]


def test_the_early_prompts_of_2026_are_eleven() -> None:
    wanted = "02-24 03-24 04-24 05-22 06-24 07-24 08-24 09-24 10-23 11-24 12-24"
    assert " ".join(days(2026, "monthly", "prompt", "private")) == wanted


@pytest.mark.parametrize("day", ["2026-04-25", "2026-07-25", "2026-09-25", "2026-10-25"])
def test_a_25th_at_rest_stays_quiet_in_2026(day: str) -> None:
    assert not [found for found in year_of(2026) if found.at.date() == D(day)]
    assert D(day) in {found.due_on for found in rounds_of(plan_of(2026), DAYS)}


@pytest.mark.parametrize("year", YEARS)
def test_nothing_is_sent_on_a_rest_day(year: int) -> None:
    assert [found.key for found in year_of(year) if not DAYS.is_workday(found.at.date())] == []


@pytest.mark.parametrize("year", [*YEARS, 2027])
def test_the_group_hears_at_most_once_a_day(year: int) -> None:
    counts = Counter(found.at.date() for found in year_of(year) if found.audience == "group")
    assert set(counts.values()) == {1}


@pytest.mark.parametrize("year", [*YEARS, 2027])
def test_keys_are_unique_and_in_order_of_time(year: int) -> None:
    keys = [found.key for found in year_of(year)]
    assert len(set(keys)) == len(keys)
    assert [found.at for found in year_of(year)] == sorted(found.at for found in year_of(year))


def test_rounds_are_unique_by_duty_and_period() -> None:
    keys = [(found.duty.id, found.period.key) for found in rounds_of(plan_of(2023), DAYS)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("rest_day", "reminder", "nudge", "due"),
    [
        ("提前", "03-24", "03-27", "2023-03-25"),
        ("照发", "03-25", "03-27", "2023-03-25"),
        ("顺延", "03-27", "03-28", "2023-03-27"),
    ],
)
def test_the_rest_day_setting_moves_the_reminder(rest_day: RestDay, reminder: str, nudge: str, due: str) -> None:
    march = {
        (found.audience, due.step.name): (f"{found.at:%m-%d}", due.round.due_on)
        for found in with_rest_day(rest_day)
        for due in found.dues
        if (due.round.duty.id, due.round.period.key) == ("monthly", "2023-03")
    }
    assert march["private", "prompt"] == ("03-24", D(due))
    assert march["group", "reminder"] == (reminder, D(due))
    assert march["private", "nudge"] == (nudge, D(due))


def test_month_tasks_are_posted_on_first_working_days() -> None:
    wanted = "02-01 03-01 04-03 05-04 07-03 09-01 10-07 12-01"
    assert " ".join(days(2023, "tasks", "prompt", "group")) == wanted


def test_month_tasks_are_recalled_before_the_month_ends() -> None:
    wanted = "02-27 03-30 04-28 05-30 07-28 09-28 10-30 12-29"
    assert " ".join(days(2023, "tasks", "reminder", "private")) == wanted


def test_dispatch_asks_about_the_quarter_before() -> None:
    assert days(2023, "dispatch", "dispatch", "private") == ["04-03", "07-03", "10-07"]
    assert days(2023, "dispatch", "dispatch", "office") == ["04-03", "07-03", "10-07"]
    periods = [found.periods for found in year_of(2023) if found.kind == "dispatch" and found.audience == "office"]
    assert periods == [("2023-Q1",), ("2023-Q2",), ("2023-Q3",)]


def test_the_annual_summary_is_asked_for_in_its_window() -> None:
    assert days(2023, "annual", "prompt", "private") == ["12-11", "12-19"]
    assert days(2023, "annual", "reminder", "group") == ["12-20"]
    assert days(2023, "annual", "nudge", "private") == ["12-21"]
    assert days(2023, "monthly", "reminder", "group")[-1] == "12-25"


def test_the_league_table_follows_each_report() -> None:
    wanted = "02-27 03-27 04-26 05-26 06-26 07-26 08-28 09-26 10-26 11-27 12-26"
    assert " ".join(days(2023, "monthly", "league", "group")) == wanted


def digest_days(year: int) -> list[date]:
    return [found.at.date() for found in year_of(year) if found.kind == "digest"]


@pytest.mark.parametrize("year", YEARS)
def test_a_digest_comes_first_thing_each_working_week(year: int) -> None:
    monday, wanted = D(f"{year}-02-01") - timedelta(D(f"{year}-02-01").weekday()), []
    while monday <= D(f"{year}-12-31"):
        week = [monday + timedelta(n) for n in range(7) if (monday + timedelta(n)).month > 1]
        wanted += [day for day in week if DAYS.is_workday(day) and day.year == year][:1]
        monday += timedelta(7)
    assert digest_days(year) == wanted


def test_a_week_at_rest_has_no_digest() -> None:
    festival = [day for day in digest_days(2026) if D("2026-02-16") <= day <= D("2026-02-22")]
    assert festival == []


def test_a_short_week_has_its_digest_late() -> None:
    assert D("2026-10-08") in digest_days(2026)
    assert D("2023-10-07") in digest_days(2023)


def test_digests_come_before_the_reminders() -> None:
    assert {f"{found.at:%H:%M}" for found in year_of(2023) if found.kind == "digest"} == {"08:30"}


def test_2027_goes_by_weekdays_and_says_so() -> None:
    workdays = Workdays()
    found = occasions(plan_of(2027), workdays, Policy())
    assert 2027 in workdays.guessed_years
    assert not [day for day in found if day.at.weekday() > 4]
    assert days(2027, "monthly", "reminder", "group")[-1] == "12-24"


@pytest.mark.parametrize(
    ("covers", "day", "key"),
    [
        ("month", "2023-03-25", "2023-03"),
        ("quarter", "2023-03-31", "2023-Q1"),
        ("quarter", "2023-10-01", "2023-Q4"),
        ("last-quarter", "2023-04-30", "2023-Q1"),
        ("last-quarter", "2023-10-31", "2023-Q3"),
        ("last-quarter", "2024-01-31", "2023-Q4"),
        ("half-year", "2023-06-25", "2023-H1"),
        ("half-year", "2023-07-01", "2023-H2"),
        ("year", "2023-12-20", "2023"),
    ],
)
def test_a_due_date_names_its_period(covers: Covers, day: str, key: str) -> None:
    assert period_key(covers, D(day)) == key


@pytest.mark.parametrize(("duty", "count"), [("monthly", 17), ("special", 17), ("tasks", 0), ("dispatch", 0)])
def test_who_owes_depends_on_the_form(duty: str, count: int) -> None:
    plan = plan_of(2023)
    first = next(found for found in rounds_of(plan, DAYS) if found.duty.id == duty)
    assert len(units_owing(plan, first)) == count


def test_a_task_with_an_owner_is_owed_by_it() -> None:
    plan = plan_of(2023)
    items = tuple(replace(item, units=("督导科",)) if item.id == "M03-01" else item for item in plan.items)
    owned = replace(plan, items=items)
    march = next(found for found in rounds_of(owned, DAYS) if found.duty.id == "tasks" and found.due_on.month == 3)
    assert units_owing(owned, march) == ("督导科",)
