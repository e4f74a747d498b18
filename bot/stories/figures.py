"""Where figures stand: by unit and in all, now or on a day, and whether a new number fits the one before."""

import re
from dataclasses import replace
from datetime import date

from bot.domain.figures import (
    FigureKind,
    Standing,
    disagreement,
    find_kind,
    is_background,
    is_prior,
    prior_key,
    standing,
)
from bot.domain.plans import Plan
from bot.domain.reading import Entry as ReadEntry
from bot.domain.reading import Metric
from bot.domain.reading import Reading as Understood
from bot.errors import UserError
from bot.messages import checkins as wording
from bot.storage import figures
from bot.storage.engine import Tx


async def standings_of(tx: Tx, plan: Plan, kind: FigureKind, until: date = date.max) -> dict[str, Standing]:
    """Return where a figure stands for each unit that told it, by unit."""
    told = await figures.readings(tx, plan.key, [kind.id], until)
    found = {unit: standing(readings) for (_, unit), readings in told.items()}
    return {unit: value for unit, value in found.items() if value is not None}


async def priors_of(tx: Tx, plan: Plan, kind: FigureKind) -> dict[str, Standing]:
    """Return what each unit told of the year before, by unit."""
    return await standings_of(tx, plan, replace(kind, id=prior_key(kind)))


def whole(kind: FigureKind, by_unit: dict[str, Standing]) -> Standing | None:
    """Return where a figure stands for the plan: the units' sum, or what the paper says while no unit has told a total.

    What units only added comes on top of the paper's total.
    """
    paper = kind.opening
    parts = list(by_unit.values())
    if paper is not None and all(entry.added for entry in parts):
        parts.append(Standing(paper.value, paper.as_of, paper.approx))
    if not parts:
        return None
    return Standing(
        sum(entry.value for entry in parts), max(entry.as_of for entry in parts), any(entry.approx for entry in parts)
    )


async def before_of(tx: Tx, plan: Plan, kind: FigureKind, unit: str) -> Standing | None:
    """Return where a unit's figure stood before it speaks: its own last total, else the plan's if nobody told one."""
    by_unit = await standings_of(tx, plan, kind)
    own = by_unit.get(unit)
    if own is not None and not own.added:
        return own
    return whole(kind, by_unit) if all(entry.added for entry in by_unit.values()) else own


async def check_figures(tx: Tx, plan: Plan, unit: str, reading: Understood) -> None:
    """Raise `UserError` where numbers cannot be: below nothing, or a total that does not fit the one before."""
    for entry in reading.entries:
        by_kind: dict[str, dict[str, float]] = {}
        for metric, kind in kinds_of(plan, entry):
            if metric.value < 0 and (kind is None or not kind.thresholds):
                raise UserError(wording.impossible(metric.name, metric.value, metric.unit))
            if kind is not None and not is_prior(metric.name):
                by_kind.setdefault(kind.id, {})[metric.mode or "cumulative"] = metric.value
        for key, told in by_kind.items():
            figure = next(kind for kind in plan.figures if kind.id == key)
            before = await before_of(tx, plan, figure, unit)
            if wrong := disagreement(before, told.get("increment"), told.get("cumulative")):
                raise UserError(wording.figures_disagree(figure, wrong))


def kinds_of(plan: Plan, entry: ReadEntry) -> list[tuple[Metric, FigureKind | None]]:
    """Return each number of an entry with the figure it tells about; 累计246家 tells of what was named before it."""
    found: list[tuple[Metric, FigureKind | None]] = []
    last: FigureKind | None = None
    for metric in entry.metrics:
        if is_background(plan.figures, metric.name):
            continue
        nameless = not re.sub(r"累计|合计|共|总计|新增|目前", "", metric.name)
        kind = find_kind(plan.figures, metric.name, metric.unit, entry.item or "")
        if is_prior(metric.name) and last is not None and metric.unit in ("", last.unit):
            found.append((metric, last))
            continue
        if kind is None and nameless and last is not None and metric.unit in ("", last.unit):
            kind = last
        found.append((replace(metric, name=last.name) if nameless and last else metric, kind))
        last = kind or last
    return found
