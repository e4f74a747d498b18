"""Tallies: units in order of a number, ties sharing a rank, zeros shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Place:
    """One row: its rank, the name, and the numbers, of which the first decides.

    `moved` is how many ranks it rose (above 0) or fell since the table before.
    """

    rank: int
    name: str
    numbers: tuple[float, ...]
    moved: int = 0


@dataclass(frozen=True)
class Tally:
    """A table with its title and the names of its numbers; `names_people` where its rows are persons.

    `since` says in words which table the moves are against, '' where there was none.
    """

    title: str
    columns: tuple[str, ...]
    places: tuple[Place, ...]
    names_people: bool = False
    since: str = ""


def ranked(rows: Iterable[tuple[str, tuple[float, ...]]]) -> list[Place]:
    """Rank rows by their first number, largest first; equal numbers share a rank and keep their order."""
    found: list[Place] = []
    for place, (name, numbers) in enumerate(sorted(rows, key=lambda row: -row[1][0]), 1):
        last = found[-1] if found else None
        same = last is not None and last.numbers[0] == numbers[0]
        found.append(Place(last.rank if last is not None and same else place, name, numbers))
    return found


def moved_since(now: Iterable[Place], before: Iterable[Place]) -> list[Place]:
    """Mark how far each row rose or fell against the table before; what was not in it has not moved."""
    ranks = {place.name: place.rank for place in before}
    return [replace(place, moved=ranks.get(place.name, place.rank) - place.rank) for place in now]
