"""Rounds and occasions: which duty is asked for when. What `preview` prints is what the clock then does."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from bot.domain.cadences import DAY, windows_of
from bot.domain.ladders import LADDERS, Audience, Step, StepKind, effective_due, step_day
from bot.domain.plans import Covers, Duty, Period, Plan
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays

RANK: tuple[StepKind, ...] = ("reminder", "league", "dispatch", "prompt", "nudge", "escalation", "digest")


@dataclass(frozen=True)
class Round:
    """One duty in one period. It can be answered from `opens_on`; `due_on` is inclusive."""

    duty: Duty
    period: Period
    opens_on: date
    due_on: date

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.duty.steps or LADDERS[self.duty.ladder]


@dataclass(frozen=True)
class Due:
    """One step of one round, on the day it falls."""

    round: Round
    step: Step
    on: date


@dataclass(frozen=True)
class Occasion:
    """One sending: everything due at one moment for one audience. `at` is local, aware and nominal."""

    at: datetime
    kind: StepKind
    audience: Audience
    due_on: date
    dues: tuple[Due, ...] = field(default=())

    @property
    def key(self) -> str:
        """Name the occasion the same in every process and every year."""
        return f"{self.at:%Y-%m-%d}/{self.audience}/{self.kind}/{self.due_on:%m-%d}"

    @property
    def duties(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(due.round.duty.id for due in self.dues))

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(due.round.period.key for due in self.dues)


def period_key(covers: Covers, day: date) -> str:
    """Name the period a due date belongs to: 2023-W12, 2023-03b, 2023-03, 2023-Q1, 2023-H1, 2023."""
    if covers == "last-quarter":
        return period_key("quarter", day.replace(day=1) - timedelta(days=62))
    year, week, _ = day.isocalendar()
    return {
        "week": f"{year}-W{week:02d}",
        "half-month": f"{day:%Y-%m}{'a' if day.day <= 15 else 'b'}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "half-year": f"{day.year}-H{1 if day.month <= 6 else 2}",
        "year": str(day.year),
    }[covers]


def rounds_of(plan: Plan, workdays: Workdays) -> list[Round]:
    """List every round of the plan's span in order of due dates."""
    rounds = []
    for duty in plan.duties:
        first, last = duty.within or (plan.first_on, _last_due(plan, duty))
        for window in windows_of(duty.cadences, first, last):
            period = Period(period_key(duty.covers, window.due_on), window)
            due_on = effective_due(window, duty.rest_day, workdays)
            rounds.append(Round(duty, period, max(window.opens_on, plan.first_on), due_on))
    return sorted(rounds, key=lambda found: found.due_on)


def _last_due(plan: Plan, duty: Duty) -> date:
    """Return until when a duty may fall due: one about the quarter before may in the first weeks after the plan."""
    return plan.last_on + DAY * 31 if duty.covers == "last-quarter" else plan.last_on


def occasions(plan: Plan, workdays: Workdays, policy: Policy) -> list[Occasion]:
    """List every sending of the plan's span, merged by day and audience, in order of time."""
    dues = [due for round_ in rounds_of(plan, workdays) for due in _dues(round_, workdays)]
    merged = list(_merged(dues, policy))
    merged += _digests(plan, workdays, policy)
    return sorted(merged, key=lambda occasion: (occasion.at, RANK.index(occasion.kind), occasion.audience))


def _dues(round_: Round, workdays: Workdays) -> Iterator[Due]:
    for step in round_.steps:
        day = step_day(step, round_.period.window, round_.duty.rest_day, workdays)
        if day is not None:
            yield Due(round_, step, day)


def _merged(dues: Iterable[Due], policy: Policy) -> Iterator[Occasion]:
    def slot(due: Due) -> tuple[date, Audience, str, date]:
        # A group gets one message a day, so its kinds meet; other audiences keep an occasion for each kind.
        kind = "" if due.step.audience == "group" else due.step.kind
        return due.on, due.step.audience, kind, date.min if kind == "" else due.round.due_on

    for (on, audience, _, _), found in groupby(sorted(dues, key=slot), key=slot):
        together = tuple(found)
        kind = min((_kind(due) for due in together), key=RANK.index)
        due_on = min(due.round.due_on for due in together)
        yield Occasion(_at(on, policy.remind_at, policy), kind, audience, due_on, together)


def _kind(due: Due) -> StepKind:
    """The day after a duty with a league table, the group's list of the missing carries the table."""
    return "league" if due.step.name == "list" and due.round.duty.league else due.step.kind


def _digests(plan: Plan, workdays: Workdays, policy: Policy) -> Iterator[Occasion]:
    monday = plan.first_on - DAY * plan.first_on.weekday()
    while monday <= plan.last_on:
        day = workdays.on_or_after(max(monday, plan.first_on))
        if day < monday + DAY * 7 and day <= plan.last_on and plan.leaders:
            yield Occasion(_at(day, policy.digest_at, policy), "digest", "leader", day)
        monday += DAY * 7


def _at(day: date, moment: time, policy: Policy) -> datetime:
    return datetime.combine(day, moment, tzinfo=policy.timezone)


def stretch(round_: Round) -> tuple[date, date]:
    """Return the days whose entries fill a slot: its window; a weekly slot lasts until Sunday, so it may be moved."""
    window = round_.period.window
    if round_.duty.covers == "week":
        return window.opens_on, window.opens_on + DAY * 6
    return window.opens_on, max(window.due_on, round_.due_on)


def busiest_month(found: Iterable[Occasion]) -> tuple[str, int]:
    """Return the month in which a contact is asked most often in private, and how often, if nothing is ever late.

    What one unit or the office does for the whole plan is no contact's burden.
    """
    months = Counter(
        f"{occasion.at:%Y-%m}"
        for occasion in found
        if occasion.audience == "private"
        and occasion.kind != "nudge"
        and not all(due.round.duty.by_plan for due in occasion.dues)
    )
    return max(months.items(), key=lambda pair: pair[1], default=("", 0))


def units_owing(plan: Plan, round_: Round) -> tuple[str, ...]:
    """Return the units that owe a round something when it opens.

    Month tasks concern the units that own one; a dispatch concerns those of the items the office picks later; a slot
    of the whole plan those that organise it, or else the office.
    """
    duty = round_.duty
    if duty.form == "tasks":
        items = plan.items_of_round(duty, round_.period)
        return tuple(unit for unit in plan.reporting_units if any(unit in item.units for item in items))
    if duty.form == "dispatch":
        return ()
    return duty.units or ((plan.receiver,) if duty.by_plan else plan.reporting_units)
