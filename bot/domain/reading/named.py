"""A part of a message that names its item: its values, sections and figures become the item's entry."""

import re
from dataclasses import replace

from bot.domain.reading.entries import weigh
from bot.domain.reading.index import Ref
from bot.domain.reading.lexer import residue
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Entry
from bot.domain.reading.scope import Report, all_rates, clauses_of, metrics_of, values_of
from bot.domain.reading.sections import Block, find_blocks, sections_of
from bot.domain.reading.values import Value

_CLOSING = re.compile(r"(?:总体|整体)?进度(?:为|是|约)?百分之[一二三四五六七八九十零\d]{1,4}$")


def read_named(report: Report, ref: Ref, part: str, message: Message) -> None:
    blocks = find_blocks(part, message.voice) if report.headed else []
    plain = part[: blocks[0].start] if blocks else part
    clauses = clauses_of(plain, message)
    headed = clauses_of("，" + "，".join(values_in(block) for block in blocks), message) if blocks else []
    values = values_of([*clauses, *headed], ref.ids, True, message)
    shares = [value for value in values if value.exact and value.percent is not None]
    split = ref.spread and len(shares) == len(ref.ids)
    sections = sections_of(blocks)
    if blocks:
        clauses += clauses_of("。" + "。".join(block.content for block in blocks if block.key == "progress"), message)
    metrics = metrics_of(clauses, values, message, ref.ids[0])
    for at, item in enumerate(ref.ids):
        said = _of_the_whole(values) if ref.how == "part" else [shares[at]] if split else values
        entry, ask = endless(*weigh(item, said, message), message)
        if ref.how == "part" and not said:
            entry, ask = Entry(item, status="in_progress", because=message.text[:60]), None
        if values and all(value.kind == "target" for value in values) and not sections and not metrics:
            report.promised = True
            continue
        if not values and not residue(part) and not sections:
            report.asks.append(Ask("percent", (item,), item=item))
            continue
        report.said = True
        if entry.status is None or sections or (metrics and at == 0):
            entry = replace(
                entry, status=entry.status or "in_progress", sections=sections, metrics=metrics if at == 0 else ()
            )
        report.entries.append(entry)
        if ask and ref.how != "rest" and not all_rates(values, metrics):
            report.asks.append(ask)


def _of_the_whole(values: list[Value]) -> list[Value]:
    """Keep what is said of the whole item (总体70%) where the words name a part of it."""
    return [value for value in values if value.overall == 2 and value.percent is not None]


def endless(entry: Entry, ask: Ask | None, message: Message) -> tuple[Entry, Ask | None]:
    """Work without an end (常态化, 长期坚持) is never done."""
    item = message.speaker.items.get(entry.item or "")
    if item is None or not item.lasting or entry.status != "done":
        return entry, ask
    return replace(entry, percent=None, status="in_progress"), ask


def values_in(block: Block) -> str:
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
