"""Weighing what was said of one item: the figure that counts, the state it gives, the question that is left."""

import re
from dataclasses import replace
from datetime import date

from bot.domain.reading.dates import find_dates
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Entry
from bot.domain.reading.values import Value

_AHEAD = re.compile(r"力争|争取|计划|预计|预期|打算|拟|将|确保|[日号月底周前]前|[月年]底")
SELF_CORRECTION = re.compile(r"不对|哦不|说错|更正|应为|应该是|打错|写错|纠正|改为|改成")


def weigh(item: str, values: list[Value], message: Message) -> tuple[Entry, Ask | None]:
    """Weigh all that was said of one item into its entry and, where it is not plain, a question."""
    kinds = {value.kind for value in values}
    percents = [value for value in values if value.kind == "percent" and value.exact]
    states = [value for value in values if value.kind == "status"]
    blank = Entry(item, status="in_progress" if values else None, expected_date=_expected(values, message))
    if percents:
        chosen = _chosen(percents, message)
        if chosen is None or _contradicted(chosen, states):
            return blank, Ask("percent", (item,), item=item)
        return _with_percent(blank, chosen, states, message)
    if "doubt" in kinds:
        return blank, Ask("percent", (item,), item=item)
    if "carry" in kinds:
        return _carried(blank, values, message)
    if states:
        return _with_state(blank, states)
    return blank, Ask("percent", (item,), item=item) if "named" in kinds else None


def _chosen(percents: list[Value], message: Message) -> Value | None:
    kinds = {(value.percent, value.span) for value in percents}
    if len(kinds) == 1 or message.correcting or SELF_CORRECTION.search(message.text):
        return percents[-1]
    most = max(value.overall for value in percents)
    overall = [value for value in percents if value.overall == most]
    return overall[0] if most and len({(value.percent, value.span) for value in overall}) == 1 else None


def _contradicted(value: Value, states: list[Value]) -> bool:
    said = {state.status for state in states if state.exact}
    full = value.percent == 100
    return bool(
        ("done" in said and not full)
        or (said & {"undone", "not_started"} and (full or ("not_started" in said and value.percent)))
    )


def _with_percent(blank: Entry, value: Value, states: list[Value], message: Message) -> tuple[Entry, Ask | None]:
    said = {state.status for state in states if state.exact}
    exact_end = (
        {100: "done", 0: "not_started"}.get(int(value.percent))
        if value.percent is not None and value.percent == int(value.percent)
        else None
    )
    status = exact_end or (
        "nearly_done" if "nearly_done" in said else "stalled" if "stalled" in said else "in_progress"
    )
    percent = None if value.span and value.percent is None else value.percent
    entry = Entry(
        blank.item, percent, status, value.span, value.approx, expected_date=blank.expected_date, because=value.because
    )
    before = message.previous(blank.item or "")
    if percent is not None and before is not None and percent < before and not message.correcting:
        return entry, Ask("confirm", (), item=blank.item, percent=percent)
    return entry, None


def _carried(blank: Entry, values: list[Value], message: Message) -> tuple[Entry, Ask | None]:
    before = message.previous(blank.item or "")
    if before is None or not 0 <= before <= 100:
        return blank, Ask("percent", (blank.item or "",), item=blank.item)
    because = next(value.because for value in values if value.kind == "carry")
    status = "done" if before == 100 else "not_started" if before == 0 else "in_progress"
    return replace(blank, percent=before, status=status, because=because), None


def _with_state(blank: Entry, states: list[Value]) -> tuple[Entry, Ask | None]:
    exact = [state for state in states if state.exact]
    said = {state.status for state in exact}
    ask = Ask("percent", (blank.item or "",), item=blank.item)
    if "undone" in said or ("done" in said and said & {"not_started", "stalled"}):
        return replace(blank, status="in_progress", because=exact[0].because), ask
    for status, percent in (
        ("done", 100.0),
        ("nearly_done", None),
        ("stalled", None),
        ("not_started", 0.0),
        ("in_progress", None),
    ):
        state = next((state for state in exact if state.status == status), None)
        if state:
            known = (
                None if status == "not_started" and re.search(r"\d月|下个?月|年底|下半年", state.because) else percent
            )
            return replace(blank, percent=known, status=status, because=state.because), None
    stalled = any(state.status == "stalled" for state in states)
    return replace(
        blank, status="stalled" if stalled and len(states) == 1 else "in_progress", because=states[0].because
    ), None


def _expected(values: list[Value], message: Message) -> date | None:
    for value in values:
        if value.kind == "target" or _AHEAD.search(value.because):
            for day in find_dates(value.because, message.ctx.today, message.workdays):
                if day >= message.ctx.today:
                    return day
    return None


def conflicts(entries: list[Entry]) -> list[Ask]:
    """Ask about an item that was given two different figures."""
    given: dict[str, set[float]] = {}
    for entry in entries:
        if entry.item and entry.percent is not None:
            given.setdefault(entry.item, set()).add(entry.percent)
    return [Ask("percent", (item,), item=item) for item, figures in given.items() if len(figures) > 1]


def merged(entries: list[Entry]) -> list[Entry]:
    """One entry for each item: what was said later fills what was left open before."""
    kept: dict[str | None, Entry] = {}
    for entry in entries:
        before = kept.get(entry.item)
        kept[entry.item] = entry if before is None else _both(before, entry)
    return list(kept.values())


def _both(first: Entry, second: Entry) -> Entry:
    if first.percent is not None and second.percent is not None and first.percent != second.percent:
        first, second = (
            replace(first, percent=None, status="in_progress"),
            replace(second, percent=None, status="in_progress"),
        )
    fuller = second if second.percent is not None or second.percent_range or first.percent is None else first
    if first.percent is not None and second.percent is None and not second.percent_range:
        fuller = first
    return replace(
        fuller,
        sections=first.sections or second.sections,
        metrics=(*first.metrics, *second.metrics),
        expected_date=first.expected_date or second.expected_date,
    )
