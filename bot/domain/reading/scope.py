"""What one part of a message says of its item: the values and the figures; and what a whole message adds up to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.domain.plans import Item
from bot.domain.reading.figures import find_metrics
from bot.domain.reading.index import ItemIndex
from bot.domain.reading.items import find_refs
from bot.domain.reading.lexer import Clause
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Entry, Metric, Sections
from bot.domain.reading.values import Frame, Value, read_words


@dataclass
class Report:
    """What a reply reports, and what it leaves to ask."""

    entries: list[Entry] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    sections: Sections = field(default_factory=dict)
    said: bool = False
    promised: bool = False
    doubted: bool = False
    headed: bool = False


def default_item(message: Message) -> str | None:
    """The item a figure without a name is said of: the one asked about, else the sender's only one."""
    if message.ctx.prompt:
        asked = find_refs(message.ctx.prompt, message.index, message.speaker)
        ids = {item for ref in asked for item in ref.ids if item in message.speaker.own}
        if len(ids) == 1:
            return ids.pop()
    return message.speaker.only


def values_of(said: Sequence[Clause], ids: tuple[str, ...], named: bool, message: Message) -> list[Value]:
    """Return what the clauses of a part say of its items, each weighed with those before it."""
    frame = _frame_of(ids, named, message)
    found: list[Value] = []
    aside = rate = False
    for clause in said:
        values: Sequence[Value] = read_words(clause.words, frame)
        if aside or (rate and not any(value.overall for value in values)):
            values = [replace(value, kind="named", exact=False) for value in values if value.percent is not None]
        found += values
        first = clause.tokens[0].kind if clause.tokens else ""
        aside = (aside or first == "i") and clause.mark == "，"
        rate = (rate or (bool(values) and values[-1].kind == "named")) and clause.mark == "，"
    return found


def _frame_of(ids: tuple[str, ...], named: bool, message: Message) -> Frame:
    speaker = message.speaker
    kind = (speaker.kind_of(ids[0]) or "progress") if ids else "progress"
    return _frame(message.index, ids, kind, frozenset() if named else speaker.own_numbers, (named, speaker.unit))


@lru_cache(maxsize=4096)
def _frame(index: ItemIndex, ids: tuple[str, ...], kind: str, numbers: frozenset[int], said: tuple[bool, str]) -> Frame:
    """Return what words are read against: the same object each time, for it keys what was read before."""
    return Frame(said[0], index.nameless(ids), kind, numbers, said[1])


def clauses_of(text: str, message: Message) -> list[Clause]:
    return message.index.lexer.clauses(text, message.ctx.today)


def metrics_of(
    said: Sequence[Clause], values: list[Value], message: Message, item: str | None = None
) -> tuple[Metric, ...]:
    """Return the figures of a part that are no progress; `item` is whose k of n they may be."""
    known = {value.percent for value in values if value.kind in ("named", "figure")}
    counted = message.speaker.items.get(item or "")
    unit = _unit_of(counted) or ("个" if message.speaker.pointed else "")
    found = find_metrics(said, message.voice, unit)
    if not found:
        return ()
    return tuple(
        metric for metric in found if metric.unit != "%" or (metric.value in known and not metric.name.endswith("前"))
    )


def _unit_of(item: Item | None) -> str:
    return item.unit_word or "个" if item is not None and item.kind in ("count", "checklist") else ""


def with_value(ask: Ask, values: list[Value]) -> Ask:
    """Keep the value that waits for its item, so that the answer completes it."""
    whole = next((value for value in values if value.exact), None)
    if whole is None:
        return ask
    percent = 100.0 if whole.status == "done" else whole.percent
    return replace(ask, percent=percent, status=whole.status if whole.status not in ("undone", "done") else None)


def is_rate(name: str) -> bool:
    return bool(re.search(r"(?<!概)率|比例|占比|平均|人均|(?<!进)(?<!完成)度$|指数", name))


def all_rates(values: list[Value], metrics: tuple[Metric, ...]) -> bool:
    """Say whether every percent that is no progress has the name of a rate: 近视率, 满意度."""
    named = {value.percent for value in values if value.kind == "named"}
    return bool(named) and named <= {metric.value for metric in metrics if is_rate(metric.name)}


def rates(metrics: tuple[Metric, ...]) -> bool:
    return any(is_rate(metric.name) or metric.unit != "%" for metric in metrics)
