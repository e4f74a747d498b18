"""The league table: units by completed plan work, never persons.

rate = mean of the figures of the unit's own items, each as last recorded (done = 100, no figure yet = 0). An item led
by several units stands with the lowest figure any of them gave, until they agree. Equal rates are ordered by the
share of reports on time; equal in both share a rank. Units without items stand in the on-time list only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import itemgetter

MOST_LINES = 10


@dataclass(frozen=True)
class ItemScore:
    """One item as the table counts it: its percent, and whether the unit's own word on it is overdue."""

    item: str
    percent: float | None
    overdue: bool = False


@dataclass(frozen=True)
class Score:
    """What the table knows of one unit: its items, and its reports due so far (excused ones are not counted)."""

    unit: str
    items: tuple[ItemScore, ...]
    due: int
    on_time: int

    @property
    def rate(self) -> float:
        """Return the mean of the items' percents, rounded to one decimal."""
        if not self.items:
            return 0.0
        return round(sum(item.percent or 0.0 for item in self.items) / len(self.items), 1)

    @property
    def on_time_share(self) -> float:
        return self.on_time / self.due if self.due else 1.0

    @property
    def done(self) -> int:
        return sum(1 for item in self.items if item.percent == 100)

    @property
    def stale(self) -> bool:
        """Tell whether a figure is an old one because a report is missing."""
        return any(item.overdue for item in self.items)


@dataclass(frozen=True)
class Standing:
    """One row of the table; `moved` is how many ranks it rose (above 0) or fell since the table before."""

    rank: int
    score: Score
    moved: int = 0


def standings(scores: Iterable[Score]) -> list[Standing]:
    """Rank the units that lead items; equal in rate and in on-time share means equal in rank."""
    # Sorting is stable: equals keep the plan's order of units.
    ranked = sorted(
        (((-score.rate, -score.on_time_share), score) for score in scores if score.items), key=itemgetter(0)
    )
    found: list[Standing] = []
    last: tuple[float, float] | None = None
    for place, (key, score) in enumerate(ranked, 1):
        found.append(Standing(found[-1].rank if key == last else place, score))
        last = key
    return found


def moved_since(now: Iterable[Standing], before: Iterable[Standing]) -> list[Standing]:
    """Mark how far each unit rose or fell against the table before; who was not in it has not moved."""
    ranks = {standing.score.unit: standing.rank for standing in before}
    return [replace(s, moved=ranks.get(s.score.unit, s.rank) - s.rank) for s in now]


def without_items(scores: Iterable[Score]) -> list[Score]:
    """Return the units that stand in the on-time list only, best first."""
    return sorted((score for score in scores if not score.items), key=lambda score: -score.on_time_share)
