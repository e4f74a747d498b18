"""What a reply states of items, once the kind of each has been asked: what is kept of it and what is done by it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain import itemstates
from bot.domain.plans import Item, Plan
from bot.domain.reading import Entry as ReadEntry
from bot.domain.reading import Reading
from bot.domain.world import World
from bot.messages import checkins as wording
from bot.storage import checkins
from bot.storage.engine import Tx


@dataclass(frozen=True)
class Stated:
    """What was read of one item, with the state of its own kind: stage, day, boxes, count."""

    read: ReadEntry
    detail: dict[str, Any]
    percent: float | None
    status: str | None
    ask: str = ""


async def stated(tx: Tx, world: World, plan: Plan, said: tuple[str, str, date], reading: Reading) -> list[Stated]:
    """Let the kind of each item decide what was said of it: a paper out for comment is not done, however it is put.

    `said` is the unit that speaks, its words, and the day.
    """
    unit, text, today = said
    ids = [entry.item for entry in reading.entries if entry.item]
    before = {row.item: row.detail for row in await checkins.progress_of(tx, plan.key, ids) if row.unit == unit}
    found = []
    for entry in reading.entries:
        item = plan.find_item(entry.item) if entry.item else None
        if item is None or (item.kind == "progress" and not item.parts):
            found.append(Stated(entry, {}, entry.percent, entry.status))
            continue
        words = text if len(ids) == 1 else part_about(text, item)
        state = itemstates.read_state(item, words, today, world.workdays, before.get(item.id, {}))
        found.append(_with_state(entry, item, state))
    return found


def still_asked(plan: Plan, entry: Stated) -> str:
    item = plan.find_item(entry.read.item or "")
    return wording.ask_held_on(item) if item is not None and entry.ask else ""


def _with_state(entry: ReadEntry, item: Item, state: itemstates.ItemState) -> Stated:
    if item.lasting and entry.percent == 100:
        return Stated(entry, state.detail, None, "in_progress")
    if state.done is None:
        return Stated(entry, state.detail, entry.percent, entry.status)
    if state.done:
        return Stated(entry, state.detail, 100.0, "done")
    percent = None if entry.percent == 100 or entry.status == "done" else entry.percent
    status = "in_progress" if entry.status == "done" else entry.status
    return Stated(entry, state.detail, percent, status, state.ask)


def part_about(text: str, item: Item) -> str:
    """Return the part of a text that speaks of one item: from its mention to the next mention of any."""
    mark = r"第?\s*\d{1,3}\s*[项条]|[A-Z]{1,2}\d{1,3}"
    names = [item.id, item.title, *item.aliases]
    own = re.search(rf"第?\s*{item.no}\s*[项条]|{'|'.join(re.escape(n) for n in names)}", text)
    if own is None:
        return text
    following = re.search(mark, text[own.end() :])
    return text[own.start() : own.end() + following.start()] if following else text[own.start() :]
