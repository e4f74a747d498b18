"""Figures said in a reply put to the plan's figures and quotas, and whether they meet the quota."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from rapidfuzz import fuzz

from bot.domain.figures import FigureKind
from bot.domain.quotas import Counted, Quota, judge
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Entry, Metric

CLOSE = 80
# Measure words that count the same thing.
_SAME = ({"人", "名", "位", "人次"}, {"期", "班", "次", "个", "批"}, {"学时", "课时"}, {"天", "日"})
_PERIOD = re.compile(r"(?:(\d{4})年)?(?:第?([一二三四1-4])季度|([上下])半年)")


def period_of(text: str, today: date) -> str | None:
    """Return the quarter or half-year a text names."""
    found = _PERIOD.search(text)
    if not found:
        return None
    year = found[1] or str(today.year)
    if found[3]:
        return f"{year}-H{1 if found[3] == '上' else 2}"
    return f"{year}-Q{'一二三四'.index(found[2]) + 1 if found[2] in '一二三四' else found[2]}"


def placed(entries: tuple[Entry, ...], message: Message) -> tuple[Entry, ...]:
    """Give the figures of no item to the item, or the quota, they tell about."""
    plan = message.index.plan
    if not plan.figures and not plan.quotas:
        return entries
    asked = message.speaker.asked.quotas
    if len(asked) == 1:
        return tuple(replace(entry, item=asked[0].id) if entry.item is None else entry for entry in entries)
    found: list[Entry] = []
    for entry in entries:
        if entry.item is None and entry.metrics and not entry.sections:
            found += _shared_out(entry, message)
        else:
            found.append(entry)
    return tuple(found)


def _shared_out(entry: Entry, message: Message) -> list[Entry]:
    quota = quota_of(message)
    if quota is not None:
        return [replace(entry, item=quota.id)]
    by_item: dict[str | None, list[Metric]] = {}
    for metric in entry.metrics:
        figure = figure_of(metric, message)
        item = figure.item if figure and (message.speaker.pointed or figure.item in message.speaker.own) else ""
        by_item.setdefault(item or None, []).append(metric)
    return [replace(entry, item=item, metrics=tuple(metrics)) for item, metrics in by_item.items()]


def figure_of(metric: Metric, message: Message) -> FigureKind | None:
    """Find the plan's figure a number belongs to, by unit and the nearest name."""
    scored = [
        (_likeness(metric.name, name), kind)
        for kind in message.index.plan.figures
        if same_unit(metric.unit, kind.unit)
        for name in kind.names
    ]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= CLOSE else None


def _likeness(said: str, name: str) -> float:
    if min(len(said), len(name)) < 2:
        return 100.0 if said == name else 0.0
    return 100.0 if name in said or said in name else fuzz.partial_ratio(said, name)


def same_unit(one: str, other: str) -> bool:
    """Say whether two measure words count the same: 人 and 名."""
    return not one or not other or one == other or any(one in same and other in same for same in _SAME)


def quota_of(message: Message) -> Quota | None:
    """Return the one quota a reply is about: the one asked for, or the one its words name."""
    asked = message.speaker.asked.quotas
    if len(asked) == 1:
        return asked[0]
    text = message.text
    named = [
        (len(name), quota)
        for quota in message.index.plan.quotas
        for name in (*quota.names[1:], quota.audience)
        if len(name) >= 4 and name in text
    ]
    best = max((length for length, _ in named), default=0)
    found = {quota.id: quota for length, quota in named if length == best}
    return next(iter(found.values())) if len(found) == 1 else None


def verdict_of(entries: tuple[Entry, ...], message: Message) -> bool | None:
    """Say whether the figures of a reply meet the one quota it is about; None when nothing decides."""
    quota = quota_of(message)
    metrics = [metric for entry in entries if quota and entry.item == quota.id for metric in entry.metrics]
    return decided(quota, metrics, message.ctx.today) if quota and metrics else None


def decided(quota: Quota, metrics: Sequence[Metric], today: date) -> bool | None:
    """Say whether figures meet a quota; None when they do not decide it."""
    counted = _counted(quota, metrics)
    if counted is None or (not quota.number and quota.operator not in ("all", "some")):
        return None
    mark = judge(quota, counted, today, over=True).mark
    return None if mark == "unset" else mark in ("met", "over")


def _counted(quota: Quota, metrics: Sequence[Metric]) -> Counted | None:
    if quota.operator == "either":
        values = tuple(_sum_of(unit, metrics) for unit in quota.unit)
        return Counted(values) if any(values) else None
    if quota.operator in ("share", "about_share", "all"):
        return _part_of_whole(metrics)
    unit = quota.unit[0] if quota.unit else ""
    fitting = [metric for metric in metrics if metric.unit != "%" and same_unit(metric.unit, unit)]
    return Counted((_exact(fitting[-1].value),)) if len(fitting) == 1 else None


def _part_of_whole(metrics: Sequence[Metric]) -> Counted | None:
    shares = [metric for metric in metrics if metric.unit == "%"]
    if len(shares) == 1:
        return Counted((_exact(shares[0].value),), Fraction(100))
    counts = sorted((metric for metric in metrics if metric.unit != "%"), key=lambda metric: metric.value)
    if len(counts) != 2:
        return None
    return Counted((_exact(counts[0].value),), _exact(counts[1].value))


def _sum_of(unit: str, metrics: Sequence[Metric]) -> Fraction:
    return sum((_exact(metric.value) for metric in metrics if same_unit(metric.unit, unit)), Fraction(0))


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def contradiction(entries: tuple[Entry, ...], message: Message) -> Ask | None:
    """Ask when an increase and a total do not fit the last total, or a total fell: which is meant?"""
    metrics = [metric for entry in entries for metric in entry.metrics]
    for kind in message.index.plan.figures:
        before = message.ctx.prev.get(kind.id)
        if before is None:
            continue
        own = [metric for metric in metrics if _belongs(metric, kind, message)]
        total = next((m.value for m in own if m.mode != "increment"), None)
        added = next((m.value for m in own if m.mode == "increment"), None)
        if total is not None and (total < before or (added is not None and abs(before + added - total) > 1e-9)):
            return Ask("confirm", (kind.id,), item=kind.id)
    return None


def _belongs(metric: Metric, kind: FigureKind, message: Message) -> bool:
    figure = figure_of(metric, message)
    if figure is not None:
        return figure.id == kind.id
    # 累计246家 after 走访12家: no name of its own, but the same measure word.
    alone = [other for other in message.index.plan.figures if other.unit == kind.unit]
    return not metric.name and metric.unit == kind.unit and len(alone) == 1
