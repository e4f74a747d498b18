"""The plan's time: real, or a rehearsal that is set, held and sped up."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock, wall_now

START = datetime.fromisoformat("2023-04-25T09:00:00+08:00")


def test_a_real_clock_is_the_wall_clock_and_cannot_be_moved() -> None:
    clock = Clock()

    assert abs(clock.now() - wall_now()) < timedelta(seconds=1)
    with pytest.raises(RuntimeError, match="cannot be moved"):
        clock.set(START)


def test_a_held_rehearsal_stands_still_and_gives_utc() -> None:
    clock = Clock(START, speed=1000)
    clock.hold(True)
    first = clock.now()

    assert clock.now() == first
    assert first.tzinfo is UTC and first - START < timedelta(minutes=5)


def test_a_rehearsal_runs_at_its_speed_and_on_from_where_it_was_held() -> None:
    clock = Clock(START, speed=0)
    assert clock.now() == START
    clock.set_speed(1_000_000)
    moved = clock.now()
    clock.hold(True)
    clock.set(START + timedelta(days=1))
    clock.hold(False)

    assert (clock.speed, moved > START) == (1_000_000, True)
    assert clock.now() >= START + timedelta(days=1)
