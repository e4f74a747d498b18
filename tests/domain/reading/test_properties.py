"""What must hold for every text: it is read, twice the same, quickly, and no figure comes out of nowhere."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.numerals import find_number
from tests.domain.reading.said import context, read, reader

PIECES = (
    "第7项", "80%", "八成", "已完成", "未启动", "，", "。", "\n", "9.", "班主任", "上月60%", "如果", "同上月",
    "其余正常推进", "问题：", "下一步", "改为90%", "培训3场", "17:30", "5月10日", "收到", "？", "（", "）",
    "第25项", "120%", "基本完成", "力争", "：", "、", " ",
)  # fmt: skip
CHAT = ("收到，", "老师好，", "好的，", "各位领导好。", "辛苦了，")
FULL = {"done", "not_started"}
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(text=texts, unit=st.sampled_from(("思政科", "组织科", "教师工作科", "无此科")))
def test_any_text_is_read_the_same_twice(text: str, unit: str) -> None:
    assert read(unit, text) == read(unit, text)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(text=texts)
def test_every_percent_stands_in_the_text(text: str) -> None:
    reading = read("思政科", text, prev={"S07": 41})
    for entry in reading["entries"]:
        percent = entry["percent"]
        if percent is None or entry["status"] in FULL or percent == 41:
            continue
        numbers = [find_number(found) for found in re.findall(r"\d+(?:\.\d+)?|[零一二三四五六七八九十]+", text)]
        assert 0 <= percent <= 100
        stated = any(n is not None and percent in (n, n * 10, n * 10 + 5) for n in numbers)
        assert stated or re.search("半|分之|成", text)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    before=st.sampled_from(CHAT),
    after=st.sampled_from(("，谢谢", "，请查收🙏", "。辛苦了", "！", "～")),
    percent=st.integers(1, 99),
)
def test_chat_around_a_report_changes_nothing(before: str, after: str, percent: int) -> None:
    entry = read("思政科", f"{before}第7项{percent}%{after}")["entries"][0]

    assert (entry["item"], entry["percent"], entry["status"]) == ("S07", percent, "in_progress")


WALLS = ("（", "已", "80%", "第一、二、", "9、", "下一步", "百分之", "还没", "「", "1 ", "听说", "-", "\n")


@pytest.mark.parametrize("piece", WALLS)
def test_walls_of_one_mark_do_not_hang(piece: str) -> None:
    started = time.perf_counter()
    for length in (2000, 40000):
        reader().read((piece * length)[:length], context("组织科"))

    assert time.perf_counter() - started < 1
