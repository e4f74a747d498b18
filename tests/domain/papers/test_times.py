"""The time a cell names: as words a plan can hold, or left open with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadences import read_cadence
from bot.domain.papers.times import read_when, times_in

YEAR = 2026


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3月底前", "3月底前"),
        ("３月底前完成", "3月底前"),
        ("3 月\n底前", "3月底前"),
        ("三月底之前", "三月底前"),
        ("3月31日之前", "3月31日前"),
        ("2026年3月31日", "3月31日前"),
        ("2026.3.31", "3月31日前"),
        ("2026-03-31 00:00:00", "3月31日前"),
        ("2026年3月底前", "3月底前"),
        ("2026年3月", "3月"),
        ("2026.03", "3月底前"),
        ("2026年", "全年"),
        ("2026年底前", "年底前"),
        ("1—4月", "1-4月"),
        ("1月－4月", "1月-4月"),
        ("3月至12月", "3月至12月"),
        ("4月份", "4月份"),
        ("4月前", "4月底前"),
        ("12月中旬", "12月中旬"),
        ("12月中旬前", "12月中旬"),
        ("全年", "全年"),
        ("每季度", "每季度"),
        ("每月", "每月"),
        ("每月25日前", "每月25日前"),
        ("第一季度", "第一季度"),
        ("上半年", "上半年"),
        ("年底前", "年底前"),
        ("活动期间", "活动期间"),
        ("3月25日前、9月25日前", "3月25日前、9月25日前"),
        ("10月底前（视情提前）", "10月底前"),
        ("力争10月底前完成", "10月底前"),
        ("十二月", "十二月"),
    ],
)  # fmt: skip
def test_a_time_is_brought_into_words_a_plan_reads(text: str, words: str) -> None:
    found = read_when(text, YEAR)
    assert (found.words, found.reason) == (words, "")
    assert read_cadence(found.words)


@pytest.mark.parametrize("text", ["定期", "适时开展", "及时", "按上级要求", "待定", "分阶段实施"])
def test_words_without_a_date_are_left_open(text: str) -> None:
    found = read_when(text, YEAR)
    assert (found.words, found.reason, found.lasting) == ("", "没有写具体时间", False)


@pytest.mark.parametrize("text", ["长期坚持", "常态化推进", "持续", "活动期间并长期坚持"])
def test_work_without_an_end_is_marked_as_lasting(text: str) -> None:
    found = read_when(text, YEAR)
    assert (found.words, found.reason, found.lasting) == ("", "没有写具体时间，先按没有终点的工作处理", True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3月底前出方案，10月底前完成", "写了几个时间（3月底前、10月底前），不知道以哪个为准"),
        ("2025年12月31日", "这个时间不在 2026 年"),
        ("尽快", "时间看不懂"),
        ("2月31日前", "时间看不懂"),
    ],
)
def test_a_time_that_is_not_clear_says_why(text: str, reason: str) -> None:
    found = read_when(text, YEAR)
    assert (found.words, found.reason) == ("", reason)


@pytest.mark.parametrize("text", ["", "—", "/", "无", " - "])
def test_an_empty_cell_names_no_time_and_no_fault(text: str) -> None:
    assert read_when(text, YEAR) == read_when("", YEAR)
    assert read_when(text, YEAR).reason == ""


def test_times_inside_a_text_are_listed_once() -> None:
    assert times_in("5月底前摸清底数，10月底前修订，每季度通报，10月底前印发。", YEAR) == [
        "5月底前",
        "10月底前",
        "每季度",
    ]


@given(st.text("每月日前底旬上中下季度半周年0123456789一二三十、至-—和 定期长期./", max_size=14))
def test_whatever_is_read_a_plan_can_hold(text: str) -> None:
    found = read_when(text, YEAR)
    assert not found.words or read_cadence(found.words)
