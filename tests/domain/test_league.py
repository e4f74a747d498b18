"""The league table: units by completed work."""

import pytest

from bot.domain.league import ItemScore, Score, standings, without_items


def score(unit: str, *percents: float | None, due: int = 0, on_time: int = 0) -> Score:
    return Score(unit, tuple(ItemScore(f"{unit}{n}", percent) for n, percent in enumerate(percents)), due, on_time)


def ranks(*scores: Score) -> list[tuple[int, str]]:
    return [(standing.rank, standing.score.unit) for standing in standings(scores)]


@pytest.mark.parametrize(
    ("percents", "rate"),
    [((100, 50), 75.0), ((100, None), 50.0), ((10, 10, 11), 10.3), ((None, None), 0.0), ((), 0.0)],
)
def test_the_rate_is_the_mean_of_the_items(percents: tuple[float | None, ...], rate: float) -> None:
    assert score("甲", *percents).rate == rate


def test_units_stand_by_rate() -> None:
    assert ranks(score("甲", 50), score("乙", 90), score("丙", 70)) == [(1, "乙"), (2, "丙"), (3, "甲")]


def test_equal_rates_go_by_reports_on_time() -> None:
    late, prompt = score("甲", 50, due=4, on_time=3), score("乙", 50, due=2, on_time=2)
    assert ranks(late, prompt) == [(1, "乙"), (2, "甲")]


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    tied = [score(unit, 50, due=2, on_time=1) for unit in ("丙", "甲")]
    assert ranks(*tied, score("乙", 90), score("丁", 40)) == [(1, "乙"), (2, "丙"), (2, "甲"), (4, "丁")]


def test_shares_tie_whatever_their_counts() -> None:
    tied = (score("甲", 50, due=6, on_time=3), score("乙", 50, due=2, on_time=1))
    assert [rank for rank, _ in ranks(*tied)] == [1, 1]


def test_units_without_items_are_not_ranked() -> None:
    alone = score("乙", due=2, on_time=1)
    assert ranks(score("甲", 0), alone) == [(1, "甲")]
    assert without_items([score("甲", 0), alone]) == [alone]


def test_units_without_items_stand_by_reports_on_time() -> None:
    units = [score("甲", due=2, on_time=1), score("乙", due=2, on_time=2), score("丙", due=4, on_time=2)]
    assert [found.unit for found in without_items(units)] == ["乙", "甲", "丙"]


def test_what_is_excused_or_not_yet_due_does_not_count() -> None:
    assert score("甲", 50).on_time_share == 1.0
    assert score("甲", 50, due=3, on_time=3).on_time_share == 1.0


def test_done_items_and_old_figures_are_marked() -> None:
    found = Score("甲", (ItemScore("S01", 100), ItemScore("S02", 99.5, overdue=True)), 1, 0)
    assert (found.done, found.stale) == (1, True)
