"""Never more than so many sends in any window, counted from the platform's answers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pacing import Pacing

START = datetime(2023, 4, 25, tzinfo=UTC)


def play(pacing: Pacing, count: int, seconds: float, journeys: list[tuple[float, float]]) -> list[float]:
    """Send one after the other: (pause before, time in the air); return when each was answered, in seconds."""
    at, answered = 0.0, []
    for pause, flight in journeys:
        at += pause
        while wait := pacing.ready_in("b", count, seconds, START + timedelta(seconds=at)):
            at += wait
        pacing.start("b")
        at += flight
        pacing.finish("b", START + timedelta(seconds=at))
        answered.append(at)
    return answered


journeys = st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(journeys=journeys, count=st.integers(1, 5), seconds=st.floats(0.5, 20))
def test_no_window_holds_more_than_allowed(journeys: list[tuple[float, float]], count: int, seconds: float) -> None:
    answered = play(Pacing(), count, seconds, journeys)

    # The platform's own window is half open, and its clock may be a microsecond off.
    for at in answered:
        assert sum(1 for other in answered if at - seconds + 1e-5 < other <= at) <= count


def test_what_is_in_the_air_counts() -> None:
    pacing = Pacing()
    pacing.start("b")
    assert pacing.ready_in("b", 1, 60, START) > 0
    pacing.finish("b", START)

    assert pacing.ready_in("b", 1, 60, START + timedelta(seconds=59)) == 1.0
    assert pacing.ready_in("b", 1, 60, START + timedelta(seconds=60)) == 0.0


def test_buckets_do_not_wait_for_each_other() -> None:
    pacing = Pacing()
    pacing.start("a")

    assert pacing.ready_in("b", 1, 60, START) == 0.0


def test_a_restart_takes_over_what_was_sent() -> None:
    pacing = Pacing()
    pacing.prime([("b", START + timedelta(seconds=1)), ("b", START)])

    assert pacing.ready_in("b", 2, 60, START + timedelta(seconds=10)) == 50.0


def test_a_throttled_bucket_stays_closed_until_told() -> None:
    pacing = Pacing()
    pacing.block("b", START + timedelta(seconds=30))

    assert pacing.ready_in("b", 100, 1, START) == 30.0
    assert pacing.ready_in("b", 100, 1, START + timedelta(seconds=30)) == 0.0
