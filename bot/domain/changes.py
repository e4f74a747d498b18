"""Changes of a plan after it was loaded. The file is the first version; every change makes a new one, none is lost.

A change names a target (`item:S04`, `duty:monthly`, `quota:K22`), an action and its data:

* `set` item, duty or quota: fields to their new values (`when` in the words of a plan file);
* `add` an item or a duty: all its fields;
* `close` an item with a reason (cancelled, split, merged) and `reopen` it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from bot.domain.cadences import Cadence, Window, read_cadence, windows_of
from bot.domain.plans import Covers, Duty, Item, Plan
from bot.domain.quotas import Quota
from bot.domain.rounds import period_key

T = TypeVar("T")
COARSEST_FIRST: tuple[Covers, ...] = ("year", "half-year", "quarter", "month", "half-month", "week")
LISTS = ("units", "leaders", "support", "measures", "parts", "labels", "aliases", "sections", "figures")


@dataclass(frozen=True)
class Change:
    """One change, in the order they were made."""

    target: str
    action: str
    data: Mapping[str, Any]


def amended(plan: Plan, changes: Iterable[Change]) -> Plan:
    """Return the plan with changes applied; one whose target the file no longer has is passed over."""
    items = {item.id: item for item in plan.items}
    duties = {duty.id: duty for duty in plan.duties}
    quotas = {quota.id: quota for quota in plan.quotas}
    for change in changes:
        kind, _, key = change.target.partition(":")
        if kind == "item":
            _apply(items, key, change, lambda item, data: _item(plan, item, data), _new_item(plan, key))
        elif kind == "duty":
            _apply(duties, key, change, _duty, Duty(key, key, "", ()))
        elif kind == "quota":
            _apply(quotas, key, change, _quota, None)
    return replace(plan, items=tuple(items.values()), duties=tuple(duties.values()), quotas=tuple(quotas.values()))


def _apply(
    known: dict[str, T], key: str, change: Change, put: Callable[[T, Mapping[str, Any]], T], new: T | None
) -> None:
    if change.action == "add" and new is not None:
        known[key] = put(new, change.data)
    elif key in known:
        known[key] = put(known[key], change.data)


def _new_item(plan: Plan, key: str) -> Item:
    return Item(key, plan.lists[0].key if plan.lists else "", None, key)


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with lists as the tuples a plan holds."""
    return {key: tuple(value) if key in LISTS else value for key, value in data.items()}


def _item(plan: Plan, item: Item, data: Mapping[str, Any]) -> Item:
    values = _plain(data)
    if "when" in values:
        values["window"] = item_window(plan, values["when"])
    if "list_key" in values:
        values["label_form"] = next((entry.label for entry in plan.lists if entry.key == values["list_key"]), "")
    return replace(item, **values)


def item_window(plan: Plan, words: str) -> Window | None:
    """Return when an item is due by the words for it; None for no words. Raises `UnreadableCadence`."""
    if not words:
        return None
    windows = windows_of(read_cadence(words), date(plan.first_on.year, 1, 1), date(plan.last_on.year + 1, 12, 31))
    return windows[0] if windows else None


def _duty(duty: Duty, data: Mapping[str, Any]) -> Duty:
    values = _plain(data)
    if "words" in values:
        values["cadences"] = read_cadence(values["words"])
        values["covers"] = _covers(duty, values["cadences"])
    return replace(duty, **values)


def _covers(duty: Duty, cadences: tuple[Cadence, ...]) -> Covers:
    """Return what one period of a changed duty is: its own where that still tells them apart, else the coarsest."""
    due = [window.due_on for window in windows_of(cadences, date(2023, 1, 1), date(2024, 12, 31))]
    for covers in (duty.covers, *COARSEST_FIRST):
        if len({period_key(covers, day) for day in due}) == len(due):
            return covers
    return duty.covers


def _quota(quota: Quota, data: Mapping[str, Any]) -> Quota:
    values = dict(data)
    if "number" in values:
        values["number"] = tuple(Fraction(str(number)) for number in values["number"])
    return replace(quota, **values)
