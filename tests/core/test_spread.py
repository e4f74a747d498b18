"""Sends keep off the first seconds of the hour, when platforms throttle everybody."""

from datetime import UTC, datetime

import pytest

from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import World
from bot.stories.recipients import Slot

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("spread_s", "first", "last"), [(90, 10, 89), (10, 5, 9), (1, 0, 0), (0, 0, 0)])
def test_sends_are_spread_after_the_full_hour(spread_s, first, last):
    world = World((), Workdays(), Policy(spread_s=spread_s), ())
    delays = {
        int((Slot(NINE, False).times(world, f"ask:{n}")["not_before"] - NINE).total_seconds()) for n in range(2000)
    }

    assert (min(delays), max(delays)) == (first, last)


def test_a_key_keeps_its_second():
    world = World((), Workdays(), Policy(), ())

    assert Slot(NINE, False).times(world, "k") == Slot(NINE, False).times(world, "k")
