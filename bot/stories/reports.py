"""Recording a check-in: from what was understood to rounds settled and a receipt. Chat, form and import meet here."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain import itemstates
from bot.domain.checkins import SUMMARY_LENGTH
from bot.domain.figures import FigureKind, is_prior, prior_key
from bot.domain.plans import Item, Plan
from bot.domain.quotas import Quota
from bot.domain.reading import Metric, Reading
from bot.domain.reading.dates import as_of_day
from bot.domain.world import World
from bot.messages import checkins as wording
from bot.messages import words
from bot.storage import checkins, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Entry as Record
from bot.stories.figures import check_figures, kinds_of
from bot.stories.itemstates import Stated, stated, still_asked
from bot.stories.owed import Due, dues_of, owed_by

MODES = {"": "", "cumulative": "累计 ", "increment": "新增 "}
# Words for the whole of which a share is taken.
WHOLE = re.compile(r"总|应|共有|全部|名额|编制|核定")
SUMMARY = re.compile(r"\s*(?:上半年|半年|全年|年度|\d{4}年)[一-鿿]{0,4}总结[：:\s]")
NEAR = timedelta(days=31)
NUDGED = timedelta(days=20)


@dataclass(frozen=True)
class Spoken:
    """Who said what for which unit, and when."""

    plan: Plan
    unit: str
    member_id: int
    inbox_id: int | None
    at: datetime
    text: str


async def current_dues(tx: Tx, world: World, plan: Plan, unit: str, today: date) -> list[Due]:
    """Return the rounds a reply of a unit belongs to: for each duty the overdue one just nudged, else the newest.

    A settled round stays in the list until the next one opens, so that a correction finds its place.
    """
    owing = [
        row for row, owed in await rounds.of_unit(tx, plan.key, unit, today - NUDGED, today) if owed.excused_at is None
    ]
    newest: dict[str, Due] = {}
    for due in await dues_of(tx, world, plan, unit, owing):
        held = newest.get(due.duty.id)
        if held is None or held.owed.nothing:
            newest[due.duty.id] = due
    return sorted(newest.values(), key=lambda due: (due.owed.nothing, due.row.due_on))


Brought = Mapping[int, dict[str, Any]]
"""The rounds a check-in counts to, by id, with the sections it brings for each."""


async def record(
    tx: Tx, world: World, spoken: Spoken, reading: Reading, dues: Sequence[Due], brought: Brought | None = None
) -> wording.Receipt:
    """Record what a reading says and settle the rounds it completes; the receipt is durable with the transaction.

    A form says itself what it brings to which round; of words that is worked out.
    """
    today = world.policy.today(spoken.at)
    sections = dict(brought) if brought is not None else _brought(spoken, reading, dues)
    await check_figures(tx, spoken.plan, spoken.unit, reading)
    as_of = as_of_day(spoken.text, today, world.workdays)
    entries = await stated(tx, world, spoken.plan, (spoken.unit, spoken.text, today), reading)
    report = checkins.Report(
        plan=spoken.plan.key,
        unit=spoken.unit,
        member_id=spoken.member_id,
        inbox_id=spoken.inbox_id,
        at=spoken.at,
        text=spoken.text,
        said=tuple(said for entry in entries for said in _said(spoken.plan, entry, as_of)) or (checkins.Said(""),),
        sections_by_round=sections,
    )
    reverted = await _revert(tx, spoken, reading)
    checkin = await checkins.record(tx, report)
    settled, late, owed = await _settle(tx, world, spoken, dues, sections.keys())
    return wording.Receipt(
        number=checkin.number,
        unit=spoken.unit,
        understood=tuple(_understood(spoken.plan, entry) for entry in entries),
        settled=settled,
        late=late,
        owed=owed,
        reverted=reverted,
        joint=(
            *await _joint(tx, spoken, reading),
            *(note for entry in entries if (note := still_asked(spoken.plan, entry))),
        ),
    )


def _brought(spoken: Spoken, reading: Reading, dues: Sequence[Due]) -> dict[int, dict[str, Any]]:
    return {due.row.id: _sections_for(due, spoken.text, reading) for due in dues if _belongs(due, reading, spoken.text)}


def _belongs(due: Due, reading: Reading, text: str) -> bool:
    """Tell whether a reply counts to a round: month tasks only when one of their items is named."""
    if due.duty.form in ("register", "figures"):
        return False
    if due.duty.form in ("tasks", "dispatch"):
        named = {entry.item for entry in reading.entries}
        return any(item.id in named for item in due.items)
    if due.duty.named or (due.duty.by_plan and due.duty.form == "text"):
        return text.startswith(due.duty.name)
    if due.duty.form == "text":
        return len(_prose(text, due.items)) >= SUMMARY_LENGTH
    if due.duty.form == "sections":
        return any(entry.sections for entry in reading.entries)
    # 年度总结：… is the summary it calls itself; the month's progress is told by figures.
    return not SUMMARY.match(text) or any(entry.percent is not None for entry in reading.entries)


def _prose(text: str, items: Sequence[Item]) -> str:
    """Return the words of a text that are neither items' names nor figures: a mere percentage is no summary."""
    for item in items:
        for name in (item.title, *item.aliases):
            text = text.replace(name, "")
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


def _sections_for(due: Due, text: str, reading: Reading) -> dict[str, Any]:
    if due.duty.form == "text":
        return {"summary": text, **{f"has:{word}": True for word in due.duty.asks_for if word in text}}
    if due.duty.form != "sections":
        return {}
    found: dict[str, Any] = {}
    for entry in reading.entries:
        for key, value in entry.sections.items():
            have = found.get(key)
            found[key] = [*have, *value] if isinstance(have, list) and isinstance(value, list) else value
    return {key: value for key, value in found.items() if value}


def _said(plan: Plan, entry: Stated, as_of: date) -> Iterator[checkins.Said]:
    """Return what is stored of one entry. A quota is no item: numbers told of it are the unit's figures."""
    quota = _quota_of(plan, entry.read.item)
    yield checkins.Said(
        item="" if quota is not None else entry.read.item or "",
        percent=None if quota is not None else entry.percent,
        percent_range=entry.read.percent_range,
        status=None if quota is not None else entry.status,
        sections=dict(entry.read.sections),
        expected_on=entry.read.expected_date,
        because=entry.read.because,
        figures=tuple(
            _figure(plan, entry.read.item or "", metric, kind, as_of) for metric, kind in kinds_of(plan, entry.read)
        ),
        detail=entry.detail,
    )


def _quota_of(plan: Plan, key: str | None) -> Quota | None:
    """Return the quota numbers are told of; a key that is an item's too means the item."""
    return plan.find_quota(key) if key and plan.find_item(key) is None else None


def _figure(plan: Plan, item: str, metric: Metric, kind: FigureKind | None, as_of: date) -> dict[str, Any]:
    quota = _quota_of(plan, item)
    key = kind.id if kind is not None else ""
    if kind is not None and is_prior(metric.name):
        key = prior_key(kind)
    if quota is not None and (kind is None or kind.item != item):
        # 总数15人，已培训3人: the whole, and the part of it that counts.
        key = f"{item}.total" if WHOLE.search(metric.name) else item
    return {
        "item": item,
        "figure": key,
        "name": metric.name,
        "value": metric.value,
        "unit_word": metric.unit,
        "mode": metric.mode,
        "approx": metric.approx,
        "as_of": as_of,
    }


async def _revert(tx: Tx, spoken: Spoken, reading: Reading) -> tuple[str, ...]:
    """Take back the last word on the items a correction names."""
    names = []
    for item in reading.others.get("reverts", ()):
        if await checkins.retract_item(tx, spoken.plan.key, item, spoken.unit, spoken.at):
            names.append(spoken.plan.item(item).label)
    return tuple(names)


async def taken_back(
    tx: Tx, world: World, plan: Plan, unit: str, entries: Sequence[Record]
) -> tuple[list[str], list[str]]:
    """Make rounds owed again that are not complete any more; return what each item stands at, and those rounds."""
    again = []
    touched = {row.id: row for entry in entries for row in await checkins.rounds_of(tx, entry.checkin_id)}
    for row in touched.values():
        due = await owed_by(tx, world, plan, row, unit)
        if due is not None and not due.owed.nothing:
            await rounds.take_back(tx, row.id, unit)
            again.append(f"{words.period(row.period)}{due.duty.name}")
    items = [entry.item for entry in entries if entry.item]
    now_at = {
        entry.item: words.state(entry.percent, entry.status)
        for entry in await checkins.progress_of(tx, plan.key, items)
        if entry.unit == unit
    }
    return [f"{plan.item(item).label}：恢复为 {now_at.get(item, '未报')}" for item in items], again


async def _settle(
    tx: Tx, world: World, spoken: Spoken, dues: Sequence[Due], attached: Collection[int]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Judge each round anew; return what is newly settled, which of it late, and what is still owed."""
    settled, late, owed = [], [], []
    now = {due.row.id: due for due in await dues_of(tx, world, spoken.plan, spoken.unit, [due.row for due in dues])}
    for before in dues:
        due = now[before.row.id]
        if before.row.id not in attached and due.duty.form in ("tasks", "dispatch"):
            continue
        name = f"{words.period(due.row.period)}{due.duty.name}"
        if not due.owed.nothing and due.row.due_on > world.policy.today(spoken.at) + NEAR:
            continue  # a receipt speaks of what is due now, not of the end of the year
        if not due.owed.nothing:
            owed.append(wording.owed(name, due.owed))
        elif not before.owed.nothing:
            await rounds.hand_in(tx, due.row.id, spoken.unit, spoken.at)
            settled.append(name)
            if spoken.at > due.row.on_time_until:
                late.append(name)
    return tuple(settled), tuple(late), tuple(owed)


def _understood(plan: Plan, entry: Stated) -> wording.Understood:
    figures = tuple(
        f"{MODES[metric.mode]}{metric.name} {'约 ' if metric.approx else ''}{metric.value:g}{metric.unit}"
        for metric, _ in kinds_of(plan, entry.read)
    )
    item = plan.find_item(entry.read.item) if entry.read.item else None
    own = itemstates.said(item, entry.detail) if item is not None else ""
    figures = (*((own,) if own else ()), *figures)
    quota, read = _quota_of(plan, entry.read.item), entry.read
    name = f"{quota.id} {quota.name}" if quota is not None else ""
    return wording.Understood(item, entry.percent, read.percent_range, entry.status, read.sections, figures, name)


async def _joint(tx: Tx, spoken: Spoken, reading: Reading) -> tuple[str, ...]:
    """Say what the other units of a joint item reported, when it differs."""
    notes = []
    for entry in reading.entries:
        item = spoken.plan.find_item(entry.item) if entry.item else None
        if item is None or len(item.units) < 2 or entry.percent is None:
            continue
        for other in await checkins.progress_of(tx, spoken.plan.key, [item.id]):
            if other.unit != spoken.unit and other.percent is not None and other.percent != entry.percent:
                notes.append(f"{item.label}：{other.unit}报的是 {other.percent:g}%，两个数都留着，排名取低的。")
    return tuple(notes)
