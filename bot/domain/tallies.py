"""Tallies: units in order of a number, ties sharing a rank, zeros shown."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One row: its rank, the name, and the numbers, of which the first decides."""

    rank: int
    name: str
    numbers: tuple[float, ...]


@dataclass(frozen=True)
class Tally:
    """A table with its title and the names of its numbers; `names_people` where its rows are persons."""

    title: str
    columns: tuple[str, ...]
    places: tuple[Place, ...]
    names_people: bool = False


def ranked(rows: Iterable[tuple[str, tuple[float, ...]]]) -> list[Place]:
    """Rank rows by their first number, largest first; equal numbers share a rank and keep their order."""
    found: list[Place] = []
    for place, (name, numbers) in enumerate(sorted(rows, key=lambda row: -row[1][0]), 1):
        last = found[-1] if found else None
        same = last is not None and last.numbers[0] == numbers[0]
        found.append(Place(last.rank if last is not None and same else place, name, numbers))
    return found
