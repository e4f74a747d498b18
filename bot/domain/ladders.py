"""Ladders: the steps by which a round is asked for, each on a working day.

A step is anchored to the window of its round: its opening, the working day before the due day, the due day itself,
or working days after it. Adding a ladder is adding a row here.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.domain.cadences import DAY, Window
from bot.domain.workdays import Workdays

Audience = Literal["private", "group", "office", "leader"]
StepKind = Literal["prompt", "reminder", "nudge", "escalation", "league", "digest", "dispatch"]
Anchor = Literal["open", "before", "days_before", "due", "after"]
RestDay = Literal["提前", "照发", "顺延", "跳过"]


@dataclass(frozen=True)
class Step:
    """One rung: `name` is unique within a round, `days` counts working days before or after the due day; with
    `days_before` they are calendar days, and the rung falls on the last working day until then.
    """

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
        Step("meetings", "prompt", "office", "before", 5),
        Step("reminder", "reminder", "private", "before"),
    ),
    "dispatch": (
        Step("dispatch", "dispatch", "private", "open"),
        Step("overview", "dispatch", "office", "open"),
    ),
}


_ASK = re.compile(r"(私下|群|办公室)\s*(?:(开始)|(到期)|前(\d+)天|前(\d+)个工作日|逾期(\d+)天)")
_TO: dict[str, Audience] = {"私下": "private", "群": "group", "办公室": "office"}
ASK_EXAMPLES = "私下 开始、私下 前15天、私下 前1个工作日、群 到期、私下 逾期1天、办公室 逾期3天"


def read_step(words: str) -> Step | None:
    """Read one ask of a plan's own ladder, such as 私下 前15天; None when it is not understood."""
    found = _ASK.fullmatch(words.strip())
    if found is None:
        return None
    audience = _TO[found[1]]
    if found[2]:
        return Step(f"{audience}-open", "prompt", audience, "open")
    if found[3]:
        # The group's messages are told apart by these two names; see schedules/groups.py.
        return Step("reminder" if audience == "group" else f"{audience}-due", "reminder", audience, "due")
    if found[4] or found[5]:
        anchor: Anchor = "days_before" if found[4] else "before"
        days = int(found[4] or found[5])
        return Step(f"{audience}-{anchor}-{days}", "prompt", audience, anchor, days)
    days = int(found[6])
    kind: StepKind = "escalation" if audience == "office" else "nudge"
    return Step("list" if audience == "group" else f"{audience}-after-{days}", kind, audience, "after", days)


def effective_due(window: Window, rest_day: RestDay, workdays: Workdays) -> date:
    """Return the due date: a window of working days ends by the calendar; 顺延 moves to the first working day after."""
    if window.workdays:
        return workdays.after(window.opens_on - DAY, window.workdays)
    return workdays.on_or_after(window.due_on) if rest_day == "顺延" else window.due_on


def step_day(step: Step, window: Window, rest_day: RestDay, workdays: Workdays) -> date | None:
    """Return the day a step falls on; None when the due day is a rest day and the duty skips those (跳过).

    Only 照发 may fall on a rest day, because the office asked for it.
    """
    due = effective_due(window, rest_day, workdays)
    if rest_day == "跳过" and not workdays.is_workday(due):
        return None
    if step.anchor == "open":
        return workdays.on_or_after(window.opens_on)
    if step.anchor == "before":
        return workdays.before(due, step.days)
    if step.anchor == "days_before":
        return max(workdays.on_or_before(due - DAY * step.days), workdays.on_or_after(window.opens_on))
    if step.anchor == "due":
        return due if rest_day == "照发" else workdays.on_or_before(due)
    return workdays.after(due, step.days)
