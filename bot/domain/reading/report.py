"""From the words said of each item to its entry: scopes, values, sections and figures put together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.numerals import find_number
from bot.domain.reading import words
from bot.domain.reading.dates import find_dates
from bot.domain.reading.items import ItemIndex, Ref, find_refs
from bot.domain.reading.model import Ask, Context, Entry, Metric, Sections
from bot.domain.reading.sections import Block, find_blocks, sections_of
from bot.domain.reading.speaker import Speaker
from bot.domain.reading.values import PERCENT, Frame, Value, find_metrics, read_clause
from bot.domain.workdays import Workdays

CLAUSE = re.compile(r"([^。；，！？\n｜…]+)([。；，！？\n｜…]|$)")
SELF_CORRECTION = re.compile(r"不对|哦不|说错|更正|应为|应该是|打错|写错|纠正|改为|改成")
# Speech and haste leave out the comma between the figure of now and what comes next.
_RUN_ON = re.compile(
    r"(?<=[%成了右半十百一二三四五六七八九\d])\s*(?=(?:但|不过)?(?:现在|目前|这个?月|本月(?!底)|下一?步|预计|预期|计划|力争|争取|下个?月|其中|剩余|主要))"
)
_TAG = re.compile(
    r"[，\s](?=(?:对吧|是吧|对吗|是吗|对不对|是不是|行吗|可以吗|没错吧|对么|是么)[？。]?\s*(?:$|[，。；\n]))"
)
_REST = re.compile(
    r"(?:^|(?<=[\s\n；;，。、]))(?:其余|其他|其它|剩下的?|余下的?|另外)(?:的)?(?:\d{1,2}|[一二两三四五六七八九几各])?个?(?:项工作|项|专项|工作|任务|项目)?(?=[都均也仍还正有已按全同稳未没尚完推进为是在\d:：八七六五四三二一九]|$)"
)
_ALL = re.compile(
    rf"(?:^|(?<=[\s\n；;，。、]))(?:我科|我们|本科室)?(?:(?:所有|全部|各|各个)(?:项工作|项任务|项|重点专项|专项|工作|任务)?|(?P<n>\d{{1,2}}|[一二两三四五六七八九十]{{1,2}})(?:个|项)(?:重点)?(?:专项|工作|任务)?)(?=都|均|全部|已?全)"
)


_NEAR_NAME = re.compile(
    r"\s*([\u4e00-\u9fff+]{3,14}?)(?=[\s：:]+[已未尚没基\d百一二三四五六七八九]|\d|百分|[一二三四五六七八九]成)"
)
_CLOSING = re.compile(r"(?:总体|整体)?进度(?:为|是|约)?百分之[一二三四五六七八九十零\d]{1,4}$")
_TRAILING = re.compile(r"(?:^|(?<=[\s；;。，\n]))[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、.．]\s*$")


@dataclass(frozen=True)
class Message:
    """One reply ready to be read: its words, who said them and what the plan knows."""

    text: str
    ctx: Context
    speaker: Speaker
    index: ItemIndex
    workdays: Workdays
    correcting: bool = False

    @property
    def voice(self) -> bool:
        return self.ctx.msgtype == "voice"

    def previous(self, item: str) -> float | None:
        """Return the last percent of this unit's own part of an item; another unit's part is not ours."""
        own = self.ctx.prev.get(f"{item}@{self.speaker.unit}")
        return own if own is not None else self.ctx.prev.get(item)


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


def heard(text: str) -> str:
    """Return the text without what is only supposed, asked, joked or told of others."""
    text = _RUN_ON.sub("，", _TAG.sub("", text))
    if words.JOKE.search(text):
        return ""
    kept: list[str] = []
    silent = False
    for match in CLAUSE.finditer(text):
        clause, mark = match[1], match[2]
        doubtful = words.CONDITION.search(clause) or words.HEARSAY.search(clause)
        silent = silent or bool(doubtful)
        asked = mark == "？" or words.QUESTION.search(clause)
        kept.append(mark if silent or asked else match[0])
        silent = silent and mark in "，｜"
    return "".join(kept)


def read_report(message: Message) -> Report:
    """Read every item's state out of a message's own words."""
    text = heard(message.text)
    report = Report()
    blocks = find_blocks(text, message.voice)
    refs = _group_refs(find_refs(text, message.index, message.speaker), text, message)
    report.refs = refs
    headed = bool(blocks) and (not refs or refs[0].start > blocks[0].start)
    if headed:
        _read_headed(report, text, blocks, message)
    else:
        for ref, part in _scopes(text, refs, blocks, message):
            _read_scope(report, ref, part, message)
    report.asks += _conflicts(report.entries)
    report.entries = _merged(report.entries)
    return report


def _group_refs(refs: list[Ref], text: str, message: Message) -> list[Ref]:
    """Add 其余… and 所有… as mentions of the sender's other items."""
    own = message.speaker.own
    if len(own) < 2:
        return _leading([ref for ref in refs if _matters(ref, refs, text, message)], text)
    refs = _leading([ref for ref in refs if _matters(ref, refs, text, message)], text)
    refs = sorted([*refs, *_near_refs(refs, text, message)], key=lambda ref: ref.start)
    taken = {item for ref in refs for item in ref.ids}
    for pattern in (_REST, _ALL):
        match = pattern.search(text)
        if not match or any(match.start() < ref.end and ref.start < match.end() for ref in refs):
            continue
        ids = tuple(item for item in own if item not in taken) if pattern is _REST else own
        count = match.groupdict().get("n")
        if (pattern is _REST and not taken) or (count and find_number(count) != len(own)):
            continue
        refs.append(Ref(match.start(), match.end(), ids, "rest", spread=True))
        break
    return sorted(refs, key=lambda ref: ref.start)


def _near_refs(refs: list[Ref], text: str, message: Message) -> Iterator[Ref]:
    """Find a clause's first words that come near to one of the sender's items and are followed by a figure or state."""
    for match in CLAUSE.finditer(text):
        found = _NEAR_NAME.match(match[1])
        if not found or any(ref.start < match.end(1) and match.start() < ref.end for ref in refs):
            continue
        scores = message.index.near(words.FILLER.sub("", found[1]), message.speaker.own) if len(found[1]) >= 3 else []
        best = [item for score, item in scores if score >= 90]
        if len(best) == 1:
            yield Ref(match.start() + found.start(1), match.start() + found.end(1), (best[0],), "fuzzy")


def _leading(refs: list[Ref], text: str) -> list[Ref]:
    """Leave out names that occur inside a sentence already about something else."""
    kept: list[Ref] = []
    for ref in refs:
        clause = re.split(r"[。；，！？\n｜]", text[kept[-1].end if kept else 0 : ref.start])[-1]
        inside = (
            kept
            and ref.how in ("title", "alias")
            and len(words.FILLER.sub("", clause)) > 1
            and not words.STATUS[0].pattern.search(clause)
        )
        same = kept and ref.how in ("title", "alias") and set(ref.ids) <= set(kept[-1].ids)
        if not (same or (inside and not re.search(r"[%成]|\d", clause))):
            kept.append(ref)
    return kept


def _matters(ref: Ref, refs: list[Ref], text: str, message: Message) -> bool:
    """Leave out names of other units' items that only occur in a sentence about one's own."""
    if ref.how in ("number", "lead", "id", "clash"):
        return True
    if any(message.speaker.may_report(item) and message.speaker.kinds.get(item) for item in ref.ids):
        return True
    ours = any(item in message.speaker.own for other in refs for item in other.ids)
    if ours:
        return False
    before = re.split(r"[。；，！？\n｜]", text[: ref.start])[-1]
    clause = re.split(r"[。；，！？\n｜]", text[ref.end :])[0]
    return not words.FILLER.sub("", before) and bool(PERCENT.search(clause) or len(words.FILLER.sub("", clause)) <= 3)


def _scopes(text: str, refs: list[Ref], blocks: list[Block], message: Message) -> Iterator[tuple[Ref | None, str]]:
    """Cut the text at its mentions; inside a headed part only a line's first word opens a new scope."""
    opening = [
        ref
        for ref in refs
        if not any(block.body < ref.start < block.body + len(block.content) for block in blocks)
        or (ref.start == 0 or text[ref.start - 1] == "\n")
        and ref.how in ("number", "lead", "title")
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
    spoken = text[: blocks[0].start] + "，" + "，".join(_values_in(block) for block in blocks)
    item = _default(message)
    refs = _group_refs(find_refs(spoken, message.index, message.speaker), spoken, message)
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
        metrics = find_metrics("。".join(block.content for block in blocks if block.key == "progress"), message.voice)
    values = [] if refs and item is None else _values(spoken, (item,) if item else (), True, message)
    entry, ask = _entry(item, values, message) if item else (Entry(None), None)
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
        if re.fullmatch(r"\s*(?:总体|整体)?(?:进度|完成)?[：:为约]*\s*\d{1,3}(?:\.\d+)?%\s*", part)
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
    split = ref.spread and "分别" in part and len(shares) == len(ref.ids)
    sections = sections_of(blocks)
    metrics = _metrics(plain + "。".join(block.content for block in blocks if block.key == "progress"), values, message)
    for at, item in enumerate(ref.ids):
        entry, ask = _entry(item, [shares[at]] if split else values, message)
        if values and all(value.kind == "target" for value in values) and not sections and not metrics:
            report.promised, report.promise_on = True, entry.expected_date
            continue
        if not values and not words.FILLER.sub("", part) and not sections:
            report.asks.append(Ask("percent", (item,), item=item))
            continue
        report.said = True
        report.entries.append(
            replace(entry, status=entry.status or "in_progress", sections=sections, metrics=metrics if at == 0 else ())
        )
        if ask and ref.how != "rest":
            report.asks.append(ask)


def _read_unnamed(report: Report, part: str, message: Message) -> None:
    item = _default(message)
    frame_ids = (item,) if item else ()
    values = _values(part, frame_ids, False, message)
    metrics = _metrics(part, values, message)
    telling = [value for value in values if value.kind != "target"]
    working = bool(words.WORK.search(re.sub(r"进度|进展", "", part)))
    if values and not telling and not metrics:
        report.promised, report.promise_on = True, _promise_date(part, message)
        return
    named = any(value.kind == "named" for value in values)
    lost = named and item is None and message.speaker.own
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
    entry, ask = _entry(item, values, message)
    if telling and all(value.kind == "doubt" and value.status is None for value in telling) and not metrics:
        report.asks.append(Ask("percent", (item,), item=item))
        return
    only_rates = not any(value.exact for value in values) and _rates(metrics) and not working
    report.said = True
    report.entries.append(
        replace(entry, status=entry.status or (None if only_rates else "in_progress"), metrics=metrics)
    )
    if ask and not (named and _rates(metrics)):
        report.asks.append(ask)


def _rates(metrics: tuple[Metric, ...]) -> bool:
    return any(re.search(r"率|比例|占比|平均|人均", metric.name) or metric.unit != "%" for metric in metrics)


def _promise_date(part: str, message: Message) -> date | None:
    return next(iter(find_dates(part, message.ctx.today, message.workdays)), None)


def _place(report: Report, part: str, values: list[Value], metrics: tuple[Metric, ...], message: Message) -> None:
    """Find the item of words that name none: a near name among the sender's own, else a question."""
    speaker = message.speaker
    whole = [value for value in values if value.exact or value.kind == "doubt"]
    if whole:
        if speaker.own and whole[0].kind == "carry" and all(message.previous(item) is not None for item in speaker.own):
            report.said = True
            report.entries += [_entry(item, whole, message)[0] for item in speaker.own]
            return
        report.asks.append(_with_value(Ask("item", speaker.own), values))
        return
    near = _near(part, message)
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
        fragment = words.FILLER.sub("", fragment)
        scores = message.index.near(fragment, message.speaker.own)
        if scores:
            return tuple(item for score, item in scores if score > scores[0][0] - 10)
    return ()


def _values(text: str, ids: tuple[str, ...], named: bool, message: Message) -> list[Value]:
    numbers = frozenset() if named else message.speaker.own_numbers
    kind = message.speaker.kinds.get(ids[0], "progress") if ids else "progress"
    frame = Frame(message.ctx.today, named, message.index.nameless(ids), kind, numbers, message.voice)
    found: list[Value] = []
    aside = rate = False
    for match in CLAUSE.finditer(text):
        values: Sequence[Value] = read_clause(match[1], frame)
        if aside or (rate and not any(value.overall for value in values)):
            values = [replace(value, kind="named", exact=False) for value in values if value.percent is not None]
        found += values
        aside = (aside or bool(words.ASIDE.match(match[1].strip()))) and match[2] == "，"
        rate = (rate or any(value.kind == "named" for value in values)) and match[2] == "，"
    return found


def _metrics(text: str, values: list[Value], message: Message) -> tuple[Metric, ...]:
    known = {value.percent for value in values if value.kind in ("named", "figure")}
    found = find_metrics(text, message.voice)
    return tuple(
        metric for metric in found if metric.unit != "%" or (metric.value in known and not metric.name.endswith("前"))
    )


def _entry(item: str, values: list[Value], message: Message) -> tuple[Entry, Ask | None]:
    """Weigh all that was said of one item into its entry and, where it is not plain, a question."""
    ask_percent = Ask("percent", (item,), item=item)
    percents = [value for value in values if value.kind == "percent" and value.exact]
    states = [value for value in values if value.kind == "status"]
    dates = _expected(values, message)
    blank = Entry(item, status="in_progress" if values else None, expected_date=dates)
    if percents:
        chosen = _chosen(percents, message)
        if chosen is None or _contradicted(chosen, states):
            return blank, ask_percent
        return _with_percent(blank, chosen, states, message)
    if any(value.kind == "doubt" for value in values):
        return blank, ask_percent
    if any(value.kind == "carry" for value in values):
        return _carried(blank, values, message)
    if states:
        return _with_state(blank, states)
    named = any(value.kind == "named" for value in values)
    return (blank, ask_percent) if named else (blank, None)


def _chosen(percents: list[Value], message: Message) -> Value | None:
    kinds = {(value.percent, value.span) for value in percents}
    if len(kinds) == 1 or message.correcting or SELF_CORRECTION.search(message.text):
        return percents[-1]
    overall = [value for value in percents if value.overall]
    return overall[0] if len({(value.percent, value.span) for value in overall}) == 1 else None


def _contradicted(value: Value, states: list[Value]) -> bool:
    said = {state.status for state in states if state.exact}
    full = value.percent == 100
    return bool(
        ("done" in said and not full)
        or (said & {"undone", "not_started"} and (full or "not_started" in said and value.percent))
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
    entry = replace(
        blank, percent=percent, percent_range=value.span, approx=value.approx, status=status, because=value.because
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
        if value.kind == "target" or words.TARGET.search(value.because):
            for day in find_dates(value.because, message.ctx.today, message.workdays):
                if day >= message.ctx.today:
                    return day
    return None


def _conflicts(entries: list[Entry]) -> list[Ask]:
    """Ask about an item that was given two different figures."""
    given: dict[str, set[float]] = {}
    for entry in entries:
        if entry.item and entry.percent is not None:
            given.setdefault(entry.item, set()).add(entry.percent)
    return [Ask("percent", (item,), item=item) for item, figures in given.items() if len(figures) > 1]


def _merged(entries: list[Entry]) -> list[Entry]:
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
