"""Reading a report: the text cut at its mentions, each part read for values, sections and figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.reading import words
from bot.domain.reading.dates import find_dates
from bot.domain.reading.entries import conflicts, merged, weigh
from bot.domain.reading.figures import find_metrics
from bot.domain.reading.items import Ref, find_refs
from bot.domain.reading.lexer import Clause, clauses, residue
from bot.domain.reading.mentions import find_mentions
from bot.domain.reading.message import CLAUSE, Message, heard
from bot.domain.reading.model import Ask, Entry, Metric, Sections
from bot.domain.reading.sections import Block, find_blocks, sections_of, sentences
from bot.domain.reading.values import Frame, Value, read_clause

_CLOSING = re.compile(r"(?:总体|整体)?进度(?:为|是|约)?百分之[一二三四五六七八九十零\d]{1,4}$")
_TRAILING = re.compile(r"(?:^|(?<=[\s；;。，\n]))[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、.．]\s*$")
# 不是50%是40%: the first figure is the one that is wrong.
_NOT_BUT = re.compile(r"不是\s*\d{1,3}(?:\.\d+)?%\s*[，。]?\s*(?:而|应该|应)?是\s*(?=\d)")


@dataclass
class Report:
    """What a reply reports, and what it leaves to ask."""

    entries: list[Entry] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    sections: Sections = field(default_factory=dict)
    said: bool = False
    promised: bool = False
    promise_on: date | None = None
    doubted: bool = False
    refs: list[Ref] = field(default_factory=list)


def read_report(message: Message) -> Report:
    """Read every item's state out of a message's own words."""
    text = _NOT_BUT.sub("", heard(message.text))
    report = Report()
    blocks = find_blocks(text, message.voice)
    refs = find_mentions(text, message)
    report.refs = refs
    headed = bool(blocks) and (not refs or refs[0].start > blocks[0].start)
    if headed:
        _read_headed(report, text, blocks, message)
    elif _several_then_headings(text, refs, blocks):
        for ref, part in _scopes(text[: blocks[0].start], refs, [], message):
            _read_scope(report, ref, part, message)
        report.entries.append(Entry(None, sections=sections_of(blocks)))
        report.said = True
    else:
        for ref, part in _scopes(text, refs, blocks, message):
            _read_scope(report, ref, part, message)
    report.asks += conflicts(report.entries)
    report.entries = merged(report.entries)
    return report


def _several_then_headings(text: str, refs: list[Ref], blocks: list[Block]) -> bool:
    """Several items in a list, then a report under headings on lines of their own: the headings are the unit's."""
    if len(blocks) < 2 or any(ref.start > blocks[0].start for ref in refs):
        return False
    return len({item for ref in refs for item in ref.ids}) > 1 and "\n" in text[: blocks[0].start]


def _scopes(text: str, refs: list[Ref], blocks: list[Block], message: Message) -> Iterator[tuple[Ref | None, str]]:
    """Cut the text at its mentions; inside a headed part only a line's first word opens a new scope."""
    opening = [
        ref
        for ref in refs
        if not any(block.body < ref.start < block.body + len(block.content) for block in blocks)
        or ((ref.start == 0 or text[ref.start - 1] == "\n") and ref.how in ("number", "lead", "title"))
        or (ref.how == "number" and text[ref.start - 1] in "；。")
    ]
    if not opening:
        yield None, text
        return
    head = _TRAILING.sub("", text[: opening[0].start])
    if not _belongs(head):
        if head.strip():
            yield None, head
        head = ""
    ends = [*(ref.start for ref in opening[1:]), len(text)]
    for ref, end in zip(opening, ends, strict=True):
        yield ref, _TRAILING.sub("", text[ref.end : end]) + ("，" + head if head else "")
        head = ""


def _belongs(head: str) -> bool:
    """Say whether the words before the first mention are said of it: 已完成第9项, 报告：第7项."""
    last = re.split(r"[。；，！？\n]", head)[-1]
    return bool(last.strip()) and not re.search(r"[。；！？\n]\s*$", head)


def _read_headed(report: Report, text: str, blocks: list[Block], message: Message) -> None:
    """A report under headings: its sections are the unit's, or its only item's; figures of single items stay theirs."""
    report.sections = sections_of(blocks)
    before = [part for part in sentences(text[: blocks[0].start]) if len(part) > 6 and words.WORK.search(part)]
    if before and not any(block.key == "progress" for block in blocks):
        report.sections = {"progress": before, **report.sections}
    spoken = text[: blocks[0].start] + "，" + "，".join(_values_in(block) for block in blocks)
    item = _default(message)
    refs = find_mentions(spoken, message)
    named = {item for ref in refs for item in ref.ids}
    if not item and refs and len(named) > 1:
        for ref, part in _scopes(spoken, refs, [], message):
            if ref is not None:
                _read_scope(report, ref, part, message)
        report.entries = [entry for entry in report.entries if entry.percent is not None or entry.status == "done"]
        report.asks = []
        item = None
        metrics: tuple[Metric, ...] = ()
    else:
        item = item or (next(iter(named)) if len(named) == 1 else None)
        if item and not message.speaker.may_report(item):
            report.asks.append(Ask("permission", (item,)))
            return
        metrics = find_metrics(
            _clauses("。".join(block.content for block in blocks if block.key == "progress"), message), message.voice
        )
    values = [] if refs and item is None else _values(spoken, (item,) if item else (), True, message)
    entry, ask = weigh(item, values, message) if item else (Entry(None), None)
    known = {value.percent for value in values if value.kind in ("named", "figure")}
    metrics = tuple(metric for metric in metrics if metric.unit != "%" or metric.value in known)
    report.entries.append(
        replace(
            entry, status=entry.status or ("in_progress" if item else None), sections=report.sections, metrics=metrics
        )
    )
    report.said = True
    if ask and ask.about != "percent":
        report.asks.append(ask)


def _values_in(block: Block) -> str:
    """Return what of a headed part can say the state: all of the progress, else only a lone figure."""
    if block.key == "progress":
        return block.content
    closing = _CLOSING.search(block.content)
    parts = [*re.split(r"[。；，\n]", block.content), closing[0] if closing else ""]
    return "，".join(
        part
        for part in parts
        if re.fullmatch(r"\s*(?:总体|整体|目前|现在|当前)*(?:进度|完成)?[：:为约]*\s*\d{1,3}(?:\.\d+)?%\s*", part)
    )


def _default(message: Message) -> str | None:
    """The item a figure without a name is said of: the one asked about, else the sender's only one."""
    if message.ctx.prompt:
        asked = find_refs(message.ctx.prompt, message.index, message.speaker)
        ids = {item for ref in asked for item in ref.ids if item in message.speaker.own}
        if len(ids) == 1:
            return ids.pop()
    return message.speaker.only


def _read_scope(report: Report, ref: Ref | None, part: str, message: Message) -> None:
    if ref is None:
        _read_unnamed(report, part, message)
    elif ref.how == "except":
        report.entries += [Entry(item, status="in_progress", because=part) for item in ref.ids]
    elif ref.how == "clash" or (not ref.spread and len(ref.ids) > 1):
        _ask_which(report, ref, part, message)
    elif not _allowed(report, ref, part, message):
        return
    else:
        _read_named(report, ref, part, message)


def _ask_which(report: Report, ref: Ref, part: str, message: Message) -> None:
    values = _values(part, ref.ids, True, message)
    allowed = tuple(item for item in ref.ids if message.speaker.may_report(item))
    report.asks.append(_with_value(Ask("item", allowed or ref.ids), values))


def _with_value(ask: Ask, values: list[Value]) -> Ask:
    """Keep the value that waits for its item, so that the answer completes it."""
    whole = next((value for value in values if value.exact), None)
    if whole is None:
        return ask
    percent = 100.0 if whole.status == "done" else whole.percent
    return replace(ask, percent=percent, status=whole.status if whole.status not in ("undone", "done") else None)


def _allowed(report: Report, ref: Ref, part: str, message: Message) -> bool:
    unknown = [item for item in ref.ids if item.startswith("?")]
    strange = [item for item in ref.ids if not item.startswith("?") and not message.speaker.may_report(item)]
    if not unknown and not strange:
        return True
    values = _values(part, (), True, message)
    if unknown:
        report.asks.append(_with_value(Ask("item", message.speaker.own), values))
    elif values or ref.how in ("number", "lead", "id"):
        report.asks.append(Ask("permission", tuple(strange)))
    return False


def _read_named(report: Report, ref: Ref, part: str, message: Message) -> None:
    blocks = find_blocks(part, message.voice)
    plain = part[: blocks[0].start] if blocks else part
    spoken = plain + "，" + "，".join(_values_in(block) for block in blocks)
    values = _values(spoken, ref.ids, True, message)
    shares = [value for value in values if value.exact and value.percent is not None]
    split = ref.spread and len(shares) == len(ref.ids)
    sections = sections_of(blocks)
    metrics = _metrics(plain + "。".join(block.content for block in blocks if block.key == "progress"), values, message)
    for at, item in enumerate(ref.ids):
        entry, ask = weigh(item, [shares[at]] if split else values, message)
        if values and all(value.kind == "target" for value in values) and not sections and not metrics:
            report.promised, report.promise_on = True, entry.expected_date
            continue
        if not values and not residue(part) and not sections:
            report.asks.append(Ask("percent", (item,), item=item))
            continue
        report.said = True
        report.entries.append(
            replace(entry, status=entry.status or "in_progress", sections=sections, metrics=metrics if at == 0 else ())
        )
        if ask and ref.how != "rest" and not _all_rates(values, metrics):
            report.asks.append(ask)


def _read_unnamed(report: Report, part: str, message: Message) -> None:
    item = _default(message)
    frame_ids = (item,) if item else ()
    values = _values(part, frame_ids, False, message)
    metrics = _metrics(part, values, message)
    telling = [value for value in values if value.kind != "target"]
    working = bool(words.WORK.search(re.sub(r"进度|进展", "", part)) or re.search(r"第.{1,2}[批期轮].*已", part))
    if values and not telling and not metrics:
        report.promised, report.promise_on = True, _promise_date(part, message)
        return
    named = any(value.kind == "named" for value in values)
    bare = [token.kind for clause in _clauses(part, message) for token in clause.tokens] == ["q"]
    if message.speaker.home and not working and not bare and not any(value.exact for value in values):
        people = ("人", "名", "天", "元", "位")  # 群里有56人 is no figure of the work
        metrics = tuple(m for m in metrics if m.unit not in people or (m.mode and len(m.name) > 1))
    lost = item is None and message.speaker.own and _lost(values, metrics, message)
    if (
        not any(value.exact or value.kind == "doubt" for value in telling)
        and not working
        and not _rates(metrics)
        and not lost
    ):
        report.doubted = report.doubted or named
        return
    if item is None:
        _place(report, part, values, metrics, message)
        return
    entry, ask = weigh(item, values, message)
    if telling and all(value.kind == "doubt" and value.status is None for value in telling) and not metrics:
        report.asks.append(Ask("percent", (item,), item=item))
        return
    only_rates = not any(value.exact for value in values) and _rates(metrics) and not working
    report.said = True
    report.entries.append(
        replace(entry, status=entry.status or (None if only_rates else "in_progress"), metrics=metrics)
    )
    if ask and not _all_rates(values, metrics) and not (named and _rates(metrics)):
        report.asks.append(ask)


def _lost(values: list[Value], metrics: tuple[Metric, ...], message: Message) -> bool:
    """Say whether a share, or 两项完成, is said of items that the words do not name."""
    counted = any(metric.unit in "项个条" and metric.value <= len(message.speaker.own) for metric in metrics)
    shares = any(value.kind == "named" for value in values) and not any(_is_rate(metric.name) for metric in metrics)
    return shares or (counted and not any(metric.name for metric in metrics) and bool(values))


def _is_rate(name: str) -> bool:
    return bool(re.search(r"率|比例|占比|平均|人均|(?<!进)(?<!完成)度$|指数", name))


def _all_rates(values: list[Value], metrics: tuple[Metric, ...]) -> bool:
    """Say whether every percent that is no progress has the name of a rate: 近视率, 满意度."""
    named = {value.percent for value in values if value.kind == "named"}
    return bool(named) and named <= {metric.value for metric in metrics if _is_rate(metric.name)}


def _rates(metrics: tuple[Metric, ...]) -> bool:
    return any(_is_rate(metric.name) or metric.unit != "%" for metric in metrics)


def _promise_date(part: str, message: Message) -> date | None:
    return next(iter(find_dates(part, message.ctx.today, message.workdays)), None)


def _place(report: Report, part: str, values: list[Value], metrics: tuple[Metric, ...], message: Message) -> None:
    """Find the item of words that name none: a near name among the sender's own, else a question."""
    speaker = message.speaker
    whole = [value for value in values if value.exact or value.kind == "doubt"]
    if whole:
        if speaker.own and whole[0].kind == "carry" and all(message.previous(item) is not None for item in speaker.own):
            report.said = True
            report.entries += [weigh(item, whole, message)[0] for item in speaker.own]
            return
        report.asks.append(_with_value(Ask("item", speaker.own), values))
        return
    near = _near(part, message)
    if not near and speaker.own and _lost(values, metrics, message):
        report.asks.append(Ask("item", speaker.own))
        return
    if len(near) == 1:
        ref = Ref(0, 0, (near[0],), "fuzzy")
        _read_named(report, ref, part, message)
        return
    report.said = True
    if near:
        report.asks.append(
            _with_value(
                Ask("item", near), [replace(value, exact=True) for value in values if value.percent is not None]
            )
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


def _values(text: str, ids: tuple[str, ...], named: bool, message: Message) -> list[Value]:
    numbers = frozenset() if named else message.speaker.own_numbers
    kind = message.speaker.kinds.get(ids[0], "progress") if ids else "progress"
    names = message.index.nameless(ids)
    frame = Frame(message.ctx.today, named, names, kind, numbers, message.speaker.unit, message.index.names)
    found: list[Value] = []
    aside = rate = False
    for clause in _clauses(text, message):
        values: Sequence[Value] = read_clause(clause, frame)
        if aside or (rate and not any(value.overall for value in values)):
            values = [replace(value, kind="named", exact=False) for value in values if value.percent is not None]
        found += values
        first = clause.tokens[0].kind if clause.tokens else ""
        aside = (aside or first == "i") and clause.mark == "，"
        rate = (rate or any(value.kind == "named" for value in values)) and clause.mark == "，"
    return found


def _clauses(text: str, message: Message) -> list[Clause]:
    return clauses(text, message.ctx.today, message.index.names)


def _metrics(text: str, values: list[Value], message: Message) -> tuple[Metric, ...]:
    known = {value.percent for value in values if value.kind in ("named", "figure")}
    found = find_metrics(_clauses(text, message), message.voice)
    return tuple(
        metric for metric in found if metric.unit != "%" or (metric.value in known and not metric.name.endswith("前"))
    )
