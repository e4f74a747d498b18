"""Numerals: digits, Chinese words, decimals; what only looks like a number is none."""

import pytest

from bot.domain.numerals import find_number, to_int, to_number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("廿三", 23),
        ("一百二", 120),
        ("两千三百八十五", 2385),
        ("2,430", 2430),
        ("四十五点五", 45.5),
        ("48.6", 48.6),
        ("〇", 0),
    ],
)
def test_numerals_are_read_as_numbers(words: str, number: float) -> None:
    assert to_number(words) == number


@pytest.mark.parametrize("words", ["", "十百", "六七十", "半"])
def test_what_only_looks_like_a_numeral_is_none(words: str) -> None:
    assert find_number(words) is None


def test_fraction_is_no_whole_number() -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        to_int("一点五")
