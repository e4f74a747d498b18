"""The mobile form: what it asks of a unit, what was typed, and the report made of it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.figures import FigureKind
from bot.domain.plans import SECTIONS, Item, Plan
from bot.domain.world import World
from bot.errors import UserError
from bot.messages import forms as wording
from bot.messages import words
from bot.storage import checkins, forms, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Progress, RoundRow
from bot.stories.figures import before_of
from bot.stories.owed import Due, dues_of

OPEN_AFTER_DUE = timedelta(days=10)
OPEN_AT_LEAST = timedelta(days=5)
LONGEST_NOTE, LONGEST_TEXT, LONGEST_IN_ALL = 500, 3000, 4500
NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?")
PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
BY_ITEM = ("progress", "tasks", "dispatch")
# Entries of registers are told in words: their grammar is the reader's.
ON_FORM = (*BY_ITEM, "sections", "text", "figures")


@dataclass(frozen=True)
class FormLink:
    """Whose form it is: one person, one unit, some rounds by their ids. `mark` tells this link from all others."""

    plan: Plan
    unit: str
    member_id: int
    rounds: tuple[int, ...]
    mark: str = ""

    @property
    def key(self) -> forms.Key:
        return self.plan.key, self.unit, self.member_id, ",".join(map(str, self.rounds))


@dataclass(frozen=True)
class ItemBox:
    """One item to give a figure for; `must` when the round is not complete without it."""

    item: Item
    last: str
    percent: str
    note: str
    must: bool


@dataclass(frozen=True)
class NumberBox:
    """One figure to tell; `last` says where it stood, in words."""

    kind: FigureKind
    last: str
    value: str


@dataclass(frozen=True)
class TextBox:
    """One text to write; `name` is the field's: s:<round>:<section> or w:<round>."""

    name: str
    label: str
    text: str
    hint: str
    must: bool


@dataclass(frozen=True)
class Blank:
    """A form as it is shown: its heading, its boxes, and when a draft was kept ('' without one)."""

    heading: str
    due: str
    items: tuple[ItemBox, ...]
    texts: tuple[TextBox, ...]
    numbers: tuple[NumberBox, ...] = ()
    saved_at: str = ""

    @property
    def empty(self) -> bool:
        return not (self.items or self.texts or self.numbers)

    @property
    def names(self) -> set[str]:
        """Return the names of all fields."""
        by_item = {f"{part}:{box.item.id}" for box in self.items for part in "pn"}
        return by_item | {f"f:{box.kind.id}" for box in self.numbers} | {box.name for box in self.texts}


@dataclass(frozen=True)
class Answers:
    """What was typed, read: percents and notes by item, figures by id, sections and texts by round; `faults` by
    field."""

    percents: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def url_for(world: World, plan: Plan, unit: str, member_id: int, rows: Sequence[RoundRow], now: datetime) -> str:
    """Return the address of one person's form for some rounds of a unit; '' without a public address."""
    rows = _on_form(plan, rows)
    if world.links is None or not rows:
        return ""
    ids = ",".join(str(row.id) for row in rows)
    fields = (plan.key, unit, member_id, ids, int(now.timestamp()))
    return world.links.url("form", fields, _until(world, rows, now))


def url_for_group(world: World, plan: Plan, rows: Sequence[RoundRow], now: datetime) -> str:
    """Return the address that opens some rounds to everybody who knows his unit's code; '' without an address."""
    rows = _on_form(plan, rows)
    if world.links is None or not rows:
        return ""
    return world.links.url("round", (plan.key, ",".join(str(row.id) for row in rows)), _until(world, rows, now))


def _on_form(plan: Plan, rows: Sequence[RoundRow]) -> list[RoundRow]:
    known = {duty.id for duty in plan.duties if duty.form in ON_FORM}
    return [row for row in rows if row.duty in known]


def _until(world: World, rows: Sequence[RoundRow], now: datetime) -> datetime:
    return max(*(world.policy.end_of(row.due_on) + OPEN_AFTER_DUE for row in rows), now + OPEN_AT_LEAST)


async def blank_of(tx: Tx, world: World, link: FormLink) -> Blank:
    """Return a unit's form: filled with its draft, else with what it said last."""
    dues = await dues_in(tx, world, link)
    kept = await forms.draft(tx, link.key)
    typed: Mapping[str, str] = kept.data if kept else {}
    progress = {entry.item: entry for entry in await checkins.progress_of(tx, link.plan.key, None)}
    mine = {name: entry for name, entry in progress.items() if entry.unit == link.unit}
    items, texts, numbers = [], [], []
    for due in dues:
        if due.duty.form == "figures":
            numbers += [await _number_box(tx, link, kind, typed) for kind in due.owed.figures]
        elif due.duty.form in BY_ITEM and due.items:
            items += [_item_box(world, due, item, mine.get(item.id), typed) for item in due.items]
        else:
            texts += await _text_boxes(tx, due, typed)
    saved_at = words.moment(world.policy.local(kept.saved_at)) if kept else ""
    once = {box.item.id: box for box in items if box.must or not _done(mine.get(box.item.id))}
    boxes = tuple(once.values()), tuple(texts), tuple(numbers)
    return Blank(wording.heading(dues), wording.due_words(dues), *boxes, saved_at)


async def dues_in(tx: Tx, world: World, link: FormLink) -> list[Due]:
    """Return what the unit owes the link's rounds, leaving out those it is excused from."""
    rows = await forms.rounds_by_id(tx, link.plan.key, link.rounds)
    excused = {
        unit.round_id
        for units in (await rounds.units_of(tx, link.rounds)).values()
        for unit in units
        if unit.unit == link.unit and unit.excused_at is not None
    }
    dues = await dues_of(tx, world, link.plan, link.unit, [row for row in rows if row.id not in excused])
    return [due for due in dues if due.duty.form in ON_FORM]


def _done(entry: Progress | None) -> bool:
    return entry is not None and entry.percent == 100


def _item_box(world: World, due: Due, item: Item, entry: Progress | None, typed: Mapping[str, str]) -> ItemBox:
    last = ""
    if entry is not None:
        last = f"{words.state(entry.percent, entry.status)}（{words.short_day(world.policy.today(entry.updated_at))}）"
    before = f"{entry.percent:g}" if entry is not None and entry.percent is not None else ""
    percent, note = typed.get(f"p:{item.id}", before), typed.get(f"n:{item.id}", "")
    return ItemBox(item, last, percent, note, must=item in due.owed.items and due.duty.form != "tasks")


async def _number_box(tx: Tx, link: FormLink, kind: FigureKind, typed: Mapping[str, str]) -> NumberBox:
    before = await before_of(tx, link.plan, kind, link.unit)
    last = f"{before.value:g}{kind.unit}（{words.short_day(before.as_of)}）" if before is not None else ""
    return NumberBox(kind, last, typed.get(f"f:{kind.id}", f"{before.value:g}" if before is not None else ""))


async def _text_boxes(tx: Tx, due: Due, typed: Mapping[str, str]) -> list[TextBox]:
    """Return a box for each section of a report, or one for its text, filled with the last one's words."""
    before = await forms.written_before(tx, due.row, due.unit)
    if due.duty.form == "sections":
        names = {f"s:{due.row.id}:{key}": (SECTIONS[key], _as_text(before.get(key))) for key in due.duty.sections}
    else:
        names = {f"w:{due.row.id}": (due.duty.name, _as_text(before.get("summary")))}
    return [
        TextBox(
            name, label, typed.get(name, text), wording.text_hint(label, filled=bool(text)), must=not due.owed.nothing
        )
        for name, (label, text) in names.items()
    ]


def _as_text(said: object) -> str:
    if said == "none":
        return "无"
    return "\n".join(said) if isinstance(said, list) else str(said or "")


def read_answers(blank: Blank, typed: Mapping[str, str]) -> Answers:
    """Read what was typed; faults say what is wrong and what would be right."""
    answers = Answers()
    for box in blank.items:
        _read_item(box, typed, answers)
    for number_box in blank.numbers:
        _read_number(number_box, typed, answers)
    for text_box in blank.texts:
        _read_text(text_box, typed.get(text_box.name, "").strip(), answers)
    if not answers.faults and sum(len(text) for text in typed.values()) > LONGEST_IN_ALL:
        answers.faults[""] = wording.too_long_in_all(LONGEST_IN_ALL)
    return answers


def _read_item(box: ItemBox, typed: Mapping[str, str], answers: Answers) -> None:
    name = box.item.id
    figure = unicodedata.normalize("NFKC", typed.get(f"p:{name}", "")).strip().rstrip("%").strip()
    note = typed.get(f"n:{name}", "").strip()
    if not figure:
        if box.must or note:
            answers.faults[f"p:{name}"] = wording.figure_missing()
    elif not PERCENT.fullmatch(figure) or float(figure) > 100:
        answers.faults[f"p:{name}"] = wording.no_percent(figure)
    else:
        answers.percents[name] = float(figure)
    if len(note) > LONGEST_NOTE:
        answers.faults[f"n:{name}"] = wording.too_long(len(note), LONGEST_NOTE)
    elif note:
        answers.notes[name] = note


def _read_number(box: NumberBox, typed: Mapping[str, str], answers: Answers) -> None:
    name = f"f:{box.kind.id}"
    text = unicodedata.normalize("NFKC", typed.get(name, "")).strip()
    said = text.removesuffix(box.kind.unit).strip()
    if NUMBER.fullmatch(said):
        answers.figures[box.kind.id] = float(said)
    else:
        answers.faults[name] = wording.no_number(text, box.kind.unit)


def _read_text(box: TextBox, text: str, answers: Answers) -> None:
    if len(text) > LONGEST_TEXT:
        answers.faults[box.name] = wording.too_long(len(text), LONGEST_TEXT)
    elif not text:
        if box.must:
            answers.faults[box.name] = wording.text_missing()
    elif box.name.startswith("w:"):
        answers.texts[box.name[2:]] = text
    else:
        _, round_id, section = box.name.split(":")
        lines: list[str] | str = [line.strip() for line in text.splitlines() if line.strip()]
        answers.sections.setdefault(round_id, {})[section] = "none" if text in ("无", "没有", "无。") else lines


def as_words(plan: Plan, answers: Answers) -> str:
    """Write answers as the words they stand for: what is kept as the text of the check-in."""
    lines = []
    for name, percent in answers.percents.items():
        note = f"；{answers.notes[name]}" if name in answers.notes else ""
        lines.append(f"{plan.item(name).label}：{percent:g}%{note}")
    kinds = {kind.id: kind for kind in plan.figures}
    lines += [f"{kinds[key].name}{value:g}{kinds[key].unit}" for key, value in answers.figures.items()]
    for sections in answers.sections.values():
        lines += [f"{SECTIONS[key]}：{_as_text(text)}" for key, text in sections.items()]
    return "\n".join([*lines, *answers.texts.values()])


def link_of(world: World, fields: Sequence[str | int], mark: str) -> FormLink:
    """Return what a personal token's fields name; raises `UserError` when the plan is not served any more."""
    plan, unit, member_id, ids, _issued = fields
    return FormLink(
        world.plan(str(plan)), str(unit), int(member_id), tuple(int(part) for part in str(ids).split(",")), mark
    )


def check_unit(unit: str, units: Sequence[str]) -> None:
    """Raise `UserError` when somebody does not report for a unit any more."""
    if unit not in units:
        raise UserError(wording.not_yours_now(unit))
