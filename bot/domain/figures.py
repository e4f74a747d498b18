"""Figures: numbers that are no progress, each with a unit, an as-of date and a mode, kept for every reporting unit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Mode = Literal["", "cumulative", "increment"]


@dataclass(frozen=True)
class Reading:
    """One number as it was said: of which unit, when, and whether it is a new total or an increase."""

    unit: str
    value: float
    as_of: date
    mode: Mode = ""
    approx: bool = False


@dataclass(frozen=True)
class FigureKind:
    """A figure the plan watches. `unit` is the word after the number; `thresholds` are marks it may reach.

    `item` is the item or the quota it tells about; `base` is the value compared with; `section` the plan's chapter.
    `opening` is what the plan's paper says it stood at, for the plan as a whole (unit ""). A `background` figure is
    of the world around the plan: whoever says it, it is kept of no unit.
    """

    id: str
    name: str
    unit: str = ""
    words: tuple[str, ...] = ()
    item: str = ""
    thresholds: tuple[float, ...] = ()
    base: float | None = None
    rising: bool = False
    private: bool = False
    background: bool = False
    section: str = ""
    opening: Reading | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.words)


@dataclass(frozen=True)
class Standing:
    """Where a figure stands: its value, the day it is of, and whether it is only about right.

    `added` where only increases were told: the value is what came on top of a total nobody told.
    """

    value: float
    as_of: date
    approx: bool = False
    added: bool = False


def find_kind(kinds: Iterable[FigureKind], name: str, unit: str, item: str = "") -> FigureKind | None:
    """Return the figure a number tells about: its unit must fit, and its name or a word for it must be in the words.

    Of several the one with the longest word in common wins; the item spoken of decides between equals.
    """
    best: tuple[int, bool, FigureKind] | None = None
    for kind in kinds:
        if kind.unit and unit and kind.unit != unit:
            continue
        common = max((len(word) for word in kind.names if word in name or (len(name) > 1 and name in word)), default=0)
        rank = (common, bool(item) and kind.item == item)
        if common and (best is None or rank > best[:2]):
            best = (*rank, kind)
    return best[2] if best else None


def is_background(kinds: Iterable[FigureKind], name: str) -> bool:
    """Tell whether a number is a background figure said in passing, whatever its measure."""
    return any(kind.background and any(word in name for word in kind.names) for kind in kinds)


def standing(readings: Iterable[Reading]) -> Standing | None:
    """Return where one unit's figure stands: the last total said, with what was added since. None when never said."""
    found: Standing | None = None
    for reading in readings:
        if reading.mode == "increment" and found is not None:
            found = replace(
                found,
                value=found.value + reading.value,
                as_of=reading.as_of,
                approx=found.approx or reading.approx,
            )
        else:
            found = Standing(reading.value, reading.as_of, reading.approx, reading.mode == "increment")
    return found


def disagreement(before: Standing | None, added: float | None, total: float | None) -> str:
    """Say in words that an increase and a total do not fit the total before; '' when they do."""
    if before is None or added is None or total is None or abs(before.value + added - total) < 1e-9:
        return ""
    return f"上次累计 {before.value:g}，加新增 {added:g} 应为 {before.value + added:g}，您报的累计是 {total:g}"


def is_prior(name: str) -> bool:
    """Tell whether a number's name says that it is of the year before: 上年7500万元."""
    return re.search(r"上年|上一年|去年|同期", name) is not None


def prior_key(kind: FigureKind) -> str:
    """Return the key the value of the year before is kept under."""
    return f"{kind.id}.before"


def fell(kind: FigureKind, now: Standing, before: Standing | None) -> bool:
    """Tell whether a figure that may only rise fell against the year before."""
    return kind.rising and before is not None and now.value < before.value


def compared(kind: FigureKind, now: Standing, before: Standing | None) -> str:
    """Say a value beside that of the year before; the fall of a figure that may only rise is marked. '' without one."""
    if before is None:
        return ""
    change = now.value - before.value
    way = "增加" if change > 0 else "减少" if change < 0 else "持平"
    said = f"上年 {before.value:g}{kind.unit}，{way}{f' {abs(change):g}{kind.unit}' if change else ''}"
    return f"{said}（应只增不减，请核查）" if fell(kind, now, before) else said


def reached(kind: FigureKind, value: float) -> tuple[tuple[float, bool], ...]:
    """Return each threshold and whether a value reaches it; a fall is compared by its size."""
    return tuple((mark, abs(value) >= mark) for mark in kind.thresholds)
