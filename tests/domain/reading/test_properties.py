"""What must hold for every text: it is read, twice the same, quickly, and no figure comes out of nowhere."""

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading.normalise import normalise
from tests.domain.reading.said import context, read, reader, reader_of

PIECES = (
    "第7项", "80%", "八成", "已完成", "未启动", "，", "。", "\n", "9.", "班主任", "上月60%", "如果", "同上月",
    "其余正常推进", "问题：", "下一步", "改为90%", "培训3场", "17:30", "5月10日", "收到", "？", "（", "）",
    "第25项", "120%", "基本完成", "力争", "：", "、", " ", "3/4", "累计246家", "参训率92%", "七八成", "不到一半",
    "除第9项外", "+10%", "5G", "十四五", "✅", "⑨", "百分之六十五", "其中", "总体", "「", "」",
)  # fmt: skip
CHAT = ("收到，", "老师好，", "好的，", "各位领导好。", "辛苦了，")
FULL = {"done", "not_started"}
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
PENDING = ("monthly:2023-04", "special:2023-03", "tasks:2023-03", None)


def numbers_of(text: str) -> set[float]:
    """Every number that stands in a text, in digits or in words, whole or in its parts."""
    said = normalise(text) + " " + normalise(text, voice=True) + " " + text
    found = re.findall(rf"{NUMBER}|\d|\d+\.?\d*", said) + re.findall(r"[零一二三四五六七八九十百]+", said)
    return {number for word in found if (number := find_number(word)) is not None}


def follows(percent: float, numbers: set[float], text: str) -> bool:
    """Say whether a percent stands in the text: as a number, in tenths, as a fraction or as words for a half."""
    whole = any(percent in (n, n * 10, n * 10 + 5) or (percent - n * 10) in numbers for n in numbers)
    shared = any(percent == round(100 * part / n) for n in numbers if n for part in numbers)
    return whole or (shared and "分之" in normalise(text)) or "半" in text


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(text=texts, unit=st.sampled_from(("思政科", "组织科", "教师工作科", "无此科")), pending=st.sampled_from(PENDING))
def test_any_text_is_read_the_same_twice(text: str, unit: str, pending: str | None) -> None:
    assert read(unit, text, pending=pending) == read(unit, text, pending=pending)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    text=texts,
    plan=st.sampled_from(
        (("HN", "H15,H16,H17"), ("HN", "H26,H27"), ("HN", "reading_day"), ("NM", "points"), ("GS", "metrics:x"),
         ("GS", None), ("HU", "K22:2022"), ("HU", "training:2022"), ("HU", "K48:2022"))
    ),
)  # fmt: skip
def test_any_text_is_read_in_every_plan(text: str, plan: tuple[str, str | None]) -> None:
    ctx = context("某单位", seed=plan[0], pending=plan[1], today="2022-10-20")

    assert reader_of(plan[0]).read(text, ctx) == reader_of(plan[0]).read(text, ctx)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(text=texts)
def test_every_percent_stands_in_the_text_or_in_what_was_known(text: str) -> None:
    reading = read("思政科", text, prev={"S07": 41}, last="第7项41% (stored S07=41)")
    numbers = numbers_of(text)
    for entry in reading["entries"]:
        percent = entry["percent"]
        if percent is None or entry["status"] in FULL or percent == 41:
            continue
        assert 0 <= percent <= 100
        assert follows(percent, numbers, text)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(text=texts, unit=st.sampled_from(("思政科", "组织科", "教师工作科")))
def test_every_figure_stands_in_the_text(text: str, unit: str) -> None:
    numbers = numbers_of(text)
    for entry in read(unit, text)["entries"]:
        for metric in entry.get("metrics", []):
            tenths = metric["unit"] == "%" and follows(metric["value"], numbers, text)
            assert metric["value"] in numbers or tenths


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(text=texts, unit=st.sampled_from(("思政科", "组织科", "教师工作科")))
def test_the_words_that_gave_a_value_stand_in_the_text(text: str, unit: str) -> None:
    said = re.sub(r"[\s，]", "", normalise(text))
    for entry in read(unit, text, prev={"S07": 41})["entries"]:
        told = entry["percent"] is not None or entry.get("percent_range") or entry["status"] in FULL
        reasons = [entry.get("because", "")] + [metric["because"] for metric in entry.get("metrics", [])]
        assert entry.get("because") or not told
        assert all(re.sub(r"[\s，]", "", reason) in said for reason in reasons)


def figures(reading: dict[str, Any]) -> list[Any]:
    keys = ("item", "percent", "percent_range", "status", "metrics")
    return [{key: entry.get(key) for key in keys} for entry in reading["entries"]]


REPORTS = (
    "第7项{n}%", "第7项完成{n}%，培训120人", "班主任队伍建设：百分之{n}", "进度{n}%", "第7项已完成", "第7项未启动",
)  # fmt: skip


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(
    before=st.sampled_from(("", *CHAT)),
    after=st.sampled_from(("，谢谢", "，请查收🙏", "。辛苦了", "！", "～", "，麻烦了", "😊😊", "\n谢谢领导")),
    percent=st.integers(1, 99),
    report=st.sampled_from(REPORTS),
)
def test_chat_around_a_clear_report_changes_no_figure(before: str, after: str, percent: int, report: str) -> None:
    clear = report.format(n=percent)

    assert figures(read("思政科", f"{before}{clear}{after}")) == figures(read("思政科", clear))


WALLS = (
    "（", "已", "80%", "第一、二、", "9、", "下一步", "百分之", "还没", "「", "1 ", "听说", "-", "\n", "9,9/", "第",
)  # fmt: skip


@pytest.mark.parametrize("piece", WALLS)
def test_walls_of_one_mark_do_not_hang(piece: str) -> None:
    started = time.process_time()
    for length in (2000, 40000):
        reader().read((piece * length)[:length], context("组织科"))

    assert time.process_time() - started < 1
