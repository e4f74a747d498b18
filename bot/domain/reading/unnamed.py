"""Words that name no item: said of the sender's only one, of a near name, of the unit, or to be asked about."""

import re
from dataclasses import replace

from bot.domain.figures import find_kind, is_background
from bot.domain.reading import words
from bot.domain.reading.entries import weigh
from bot.domain.reading.index import Ref
from bot.domain.reading.lexer import residue
from bot.domain.reading.message import CLAUSE, Message
from bot.domain.reading.model import Ask, Entry, Metric
from bot.domain.reading.named import endless, read_named
from bot.domain.reading.scope import (
    Report,
    all_rates,
    clauses_of,
    default_item,
    is_rate,
    metrics_of,
    rates,
    values_of,
    with_value,
)
from bot.domain.reading.values import Value


def read_unnamed(report: Report, part: str, message: Message) -> None:
    item = default_item(message)
    frame_ids = (item,) if item else ()
    clauses = clauses_of(part, message)
    values = values_of(clauses, frame_ids, False, message)
    metrics = metrics_of(clauses, values, message, item)
    telling = [value for value in values if value.kind != "target"]
    working = _at_work(part) or (message.speaker.pointed and bool(values or metrics))
    if values and not telling and not metrics:
        report.promised = True
        return
    if item and not any(value.exact for value in values) and _of_plan(metrics, message):
        _keep(report, Entry(None, metrics=metrics))
        return
    named = any(value.kind == "named" for value in values)
    said = [token for clause in clauses for token in clause.tokens]
    bare = len(said) == 1 and said[0].kind == "q" and said[0].unit != "分"
    if message.speaker.home and not working and not bare and not any(value.exact for value in values):
        people = ("人", "名", "天", "元", "位", "分")  # 群里有56人 is no figure of the work
        metrics = tuple(m for m in metrics if m.unit not in people or (m.mode and len(m.name) > 1))
    lost = item is None and message.speaker.own and _lost(values, metrics, message)
    if (
        not any(value.exact or value.kind == "doubt" or value.status == "stalled" for value in telling)
        and not working
        and not rates(metrics)
        and not lost
    ):
        report.doubted = report.doubted or named
        return
    if item is None:
        _place(report, part, values, metrics, message)
        return
    entry, ask = endless(*weigh(item, values, message), message)
    if telling and all(value.kind == "doubt" and value.status is None for value in telling) and not metrics:
        report.asks.append(Ask("percent", (item,), item=item))
        return
    only_rates = not any(value.exact for value in values) and rates(metrics) and not working
    _keep(report, replace(entry, status=entry.status or (None if only_rates else "in_progress"), metrics=metrics))
    if ask and not all_rates(values, metrics) and not (named and rates(metrics)):
        report.asks.append(ask)


def _keep(report: Report, entry: Entry) -> None:
    report.said = True
    report.entries.append(entry)


def _of_plan(metrics: tuple[Metric, ...], message: Message) -> bool:
    """Say whether all numbers are figures the plan watches of no item: they are no news of the sender's only item."""
    figures = message.index.plan.figures
    own = [metric for metric in metrics if not is_background(figures, metric.name)]
    known = [find_kind(figures, metric.name, metric.unit) for metric in own]
    return bool(metrics) and all(kind is not None and not kind.item for kind in known)


def _at_work(part: str) -> bool:
    """Say whether words tell of work, even without a figure."""
    return bool(words.WORK.search(re.sub(r"进度|进展", "", part)) or re.search(r"第.{1,2}[批期轮].*已", part))


def _lost(values: list[Value], metrics: tuple[Metric, ...], message: Message) -> bool:
    """Say whether a share, or 两项完成, is said of items that the words do not name."""
    counted = any(metric.unit in "项个条" and metric.value <= len(message.speaker.own) for metric in metrics)
    shares = any(value.kind == "named" for value in values) and not any(is_rate(metric.name) for metric in metrics)
    return shares or (counted and not any(metric.name for metric in metrics) and bool(values))


def _place(report: Report, part: str, values: list[Value], metrics: tuple[Metric, ...], message: Message) -> None:
    """Find the item of words that name none: a near name among the sender's own, else a question."""
    speaker = message.speaker
    whole = [value for value in values if value.exact or value.kind == "doubt"]
    if whole and not speaker.own and speaker.asked.quotas:
        report.entries.append(Entry(None, status="in_progress", metrics=metrics, because=whole[0].because))
        report.said = True
        return
    if whole:
        if speaker.own and whole[0].kind == "carry" and all(message.previous(item) is not None for item in speaker.own):
            report.said = True
            report.entries += [weigh(item, whole, message)[0] for item in speaker.own]
            return
        report.asks.append(with_value(Ask("item", speaker.own), values))
        return
    near = _near(part, message)
    if not near and speaker.own and _lost(values, metrics, message):
        report.asks.append(Ask("item", speaker.own))
        return
    if len(near) == 1:
        ref = Ref(0, 0, (near[0],), "fuzzy")
        read_named(report, ref, part, message)
        return
    report.said = True
    if near:
        report.asks.append(
            with_value(Ask("item", near), [replace(value, exact=True) for value in values if value.percent is not None])
        )
    elif metrics or not speaker.own:
        report.entries.append(Entry(None, metrics=metrics, status=None if metrics else "in_progress"))
    else:
        report.asks.append(Ask("item", speaker.own))


def _near(part: str, message: Message) -> tuple[str, ...]:
    """Return the sender's items whose names come near to what stands before the first figure or state."""
    for match in CLAUSE.finditer(part):
        fragment = re.split(r"[\d%：:]|百分|已|未|完成", match[1])[0]
        fragment = residue(fragment)
        scores = message.index.near(fragment, message.speaker.own)
        if scores:
            return tuple(item for score, item in scores if score > scores[0][0] - 10)
    return ()
