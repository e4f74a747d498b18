"""Reading a report: the text cut at its mentions, each part read for values, sections and figures."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.reading import words
from bot.domain.reading.entries import conflicts, merged, weigh
from bot.domain.reading.figures import find_metrics
from bot.domain.reading.index import Ref
from bot.domain.reading.mentions import find_mentions
from bot.domain.reading.message import Message, heard
from bot.domain.reading.model import Ask, Entry, Metric
from bot.domain.reading.named import read_named, values_in
from bot.domain.reading.scope import Report, clauses_of, default_item, values_of, with_value
from bot.domain.reading.sections import Block, find_blocks, sections_of, sentences
from bot.domain.reading.unnamed import read_unnamed

# 6-近视防控-70%: a dash behind a name is no minus.
_DASH = re.compile(r"^\s*[-—]+(?=\d\d)")
_TRAILING = re.compile(r"(?:^|(?<=[\s；;。，\n]))[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、.．]\s*$")
# 不是50%是40%: the first figure is the one that is wrong.
_NOT_BUT = re.compile(r"不是\s*\d{1,3}(?:\.\d+)?%\s*[，。]?\s*(?:而|应该|应)?是\s*(?=\d)")


def read_report(message: Message) -> Report:
    """Read every item's state out of a message's own words."""
    text = _NOT_BUT.sub("", heard(message.text))
    report = Report()
    blocks = find_blocks(text, message.voice)
    report.headed = bool(blocks)
    refs = find_mentions(text, message)
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
        yield ref, _DASH.sub(" ", _TRAILING.sub("", text[ref.end : end])) + ("，" + head if head else "")
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
    spoken = text[: blocks[0].start] + "，" + "，".join(values_in(block) for block in blocks)
    item = default_item(message)
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
            clauses_of("。".join(block.content for block in blocks if block.key == "progress"), message), message.voice
        )
    said = [] if refs and item is None else clauses_of(spoken, message)
    values = values_of(said, (item,) if item else (), True, message)
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


def _read_scope(report: Report, ref: Ref | None, part: str, message: Message) -> None:
    if ref is None:
        read_unnamed(report, part, message)
    elif ref.how == "except":
        report.entries += [Entry(item, status="in_progress", because=message.text[:60]) for item in ref.ids]
    elif ref.how == "clash" or (not ref.spread and len(ref.ids) > 1):
        _ask_which(report, ref, part, message)
    elif not _allowed(report, ref, part, message):
        return
    else:
        read_named(report, ref, part, message)


def _ask_which(report: Report, ref: Ref, part: str, message: Message) -> None:
    values = values_of(clauses_of(part, message), ref.ids, True, message)
    allowed = tuple(item for item in ref.ids if message.speaker.may_report(item))
    report.asks.append(with_value(Ask("item", allowed or ref.ids), values))


def _allowed(report: Report, ref: Ref, part: str, message: Message) -> bool:
    unknown = [item for item in ref.ids if item.startswith("?")]
    strange = [item for item in ref.ids if not item.startswith("?") and not message.speaker.may_report(item)]
    if not unknown and not strange:
        return True
    values = values_of(clauses_of(part, message), (), True, message)
    if unknown:
        report.asks.append(with_value(Ask("item", message.speaker.own), values))
    elif values or ref.how in ("number", "lead", "id"):
        report.asks.append(Ask("permission", tuple(strange)))
    return False
