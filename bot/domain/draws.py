"""Random draws that can be repeated: the seed and the pool say who comes out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """Somebody or something that can be drawn: its key, the unit it is of, and how often it was drawn before."""

    key: str
    unit: str
    times: int = 0


def draw(seed: str, pool: Sequence[Candidate], count: int, *, per_unit: bool = False) -> list[str]:
    """Return the keys drawn, in order: `count` of all, or of each unit.

    Who was drawn least often goes first, so nobody comes twice while others have not come at all.
    """
    chance = random.Random(seed)  # noqa: S311 - it must be repeatable, and nobody gains by guessing it
    groups = list(dict.fromkeys(one.unit for one in pool)) if per_unit else [""]
    found: list[str] = []
    for unit in groups:
        own = [one for one in pool if not per_unit or one.unit == unit]
        order = sorted(own, key=lambda one: (one.times, chance.random()))
        found += [one.key for one in order[:count]]
    return found
