"""What a unit still owes a round, judged from what it has said so far."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.figures import FigureKind
from bot.domain.plans import SECTIONS, Duty, Item, Period, Plan

# How many characters of running text make a summary.
SUMMARY_LENGTH = 16


@dataclass(frozen=True)
class Owed:
    """What is missing: items without a word, sections without text, anything at all (`word`), parts a text must have
    (`asked_for`), so many entries of a register, or figures nobody has told.
    """

    items: tuple[Item, ...] = ()
    sections: tuple[str, ...] = ()
    word: bool = False
    asked_for: tuple[str, ...] = ()
    entries: int = 0
    figures: tuple[FigureKind, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.items or self.sections or self.word or self.asked_for or self.entries or self.figures)

    @property
    def section_names(self) -> tuple[str, ...]:
        return tuple(SECTIONS[section] for section in self.sections)


@dataclass(frozen=True)
class Spoken:
    """What a unit has said in a round: items spoken of, sections brought, whether a summary text came."""

    items: Collection[str] = ()
    sections: Mapping[str, Any] = field(default_factory=dict)
    any_word: bool = False
    summary: bool = False


def items_owed_by(plan: Plan, duty: Duty, period: Period, unit: str) -> tuple[Item, ...]:
    """Return the items of a round that a unit leads."""
    return tuple(item for item in plan.items_of_round(duty, period) if unit in item.units)


def judge(duty: Duty, own: tuple[Item, ...], done: Collection[str], spoken: Spoken) -> Owed:
    """Return what is still owed.

    `own` are the unit's items in the round, `done` those at 100 %: nobody is asked about them again.
    """
    if duty.form == "sections":
        missing = tuple(section for section in duty.sections if section not in spoken.sections)
        return Owed(sections=missing)
    if duty.form == "text":
        wanted = tuple(word for word in duty.asks_for if f"has:{word}" not in spoken.sections)
        return Owed(word=not spoken.summary, asked_for=wanted)
    if duty.form == "tasks":
        return Owed(items=tuple(item for item in own if item.id not in done))
    if own:
        return Owed(items=tuple(item for item in own if item.id not in spoken.items and item.id not in done))
    return Owed(word=not spoken.any_word)
