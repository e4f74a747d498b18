"""Ladders: the steps by which a round is asked for, each on a working day.

A step is anchored to the window of its round: its opening, the working day before the due day, the due day itself,
or working days after it. Adding a ladder is adding a row here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.domain.cadences import Window
from bot.domain.plans import RestDay
from bot.domain.workdays import Workdays

Audience = Literal["private", "group", "office", "leader"]
StepKind = Literal["prompt", "reminder", "nudge", "escalation", "league", "digest", "dispatch"]
Anchor = Literal["open", "before", "due", "after"]


@dataclass(frozen=True)
class Step:
    """One rung: `name` is unique within a round, `days` counts working days after an "after" anchor."""

    name: str
    kind: StepKind
    audience: Audience
    anchor: Anchor
    days: int = 1


REPORT = (
    Step("prompt", "prompt", "private", "before"),
    Step("reminder", "reminder", "group", "due"),
    Step("nudge", "nudge", "private", "after"),
    Step("list", "nudge", "group", "after"),
    Step("escalation", "escalation", "office", "after", 3),
)
LADDERS: dict[str, tuple[Step, ...]] = {
    "report": REPORT,
    "window": (Step("open", "prompt", "private", "open"), *REPORT),
    "tasks": (
        Step("post", "prompt", "group", "open"),
        Step("reminder", "reminder", "private", "before"),
    ),
    "dispatch": (
        Step("dispatch", "dispatch", "private", "open"),
        Step("overview", "dispatch", "office", "open"),
    ),
}


def effective_due(window: Window, rest_day: RestDay, workdays: Workdays) -> date:
    """Return the due date; only 顺延 moves it, to the first working day after."""
    return workdays.on_or_after(window.due_on) if rest_day == "顺延" else window.due_on


def step_day(step: Step, window: Window, rest_day: RestDay, workdays: Workdays) -> date:
    """Return the day a step falls on. Only 照发 may fall on a rest day, because the office asked for it."""
    due = effective_due(window, rest_day, workdays)
    if step.anchor == "open":
        return workdays.on_or_after(window.opens_on)
    if step.anchor == "before":
        return workdays.before(due)
    if step.anchor == "due":
        return due if rest_day == "照发" else workdays.on_or_before(due)
    return workdays.after(due, step.days)
