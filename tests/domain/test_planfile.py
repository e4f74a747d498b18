"""Plans as people write them: what is read, and how every fault is told at once."""

import tomllib
from datetime import date
from typing import Any

import pytest

from bot.documents.planfiles import load_plan
from bot.domain.planfile import PlanFaults, parse_plan
from bot.domain.plans import Plan

QUANZHOU = load_plan("quanzhou-2023")
GOOD = """
[plan]
key = "p"
name = "{year}年行动"
year = 2023
period = ["2月1日", "12月31日"]
[[units]]
name = "甲科"
full = "甲乙科"
aliases = ["甲"]
[[leaders]]
key = "L1"
[[lists]]
key = "special"
name = "专项"
[[items]]
id = "S1"
list = "special"
no = 1
title = "一项"
units = ["甲科"]
leaders = ["L1"]
[[duties]]
id = "monthly"
name = "月报"
when = "每月25日前"
list = "special"
"""


def parse(text: str, year: int | None = None) -> Plan:
    return parse_plan(tomllib.loads(text), "p.toml", year)


def faults(text: str, year: int | None = None) -> list[str]:
    with pytest.raises(PlanFaults) as caught:
        parse(text, year)
    return [str(fault) for fault in caught.value.faults]


def test_a_small_plan_takes_the_defaults() -> None:
    plan = parse(GOOD)
    duty = plan.duty("monthly")
    assert (plan.name, plan.receiver, plan.league) == ("2023年行动", "办公室", "group")
    assert (duty.form, duty.covers, duty.ladder, duty.rest_day) == ("text", "month", "report", "提前")


@pytest.mark.parametrize("name", ["甲科", "甲乙科", "甲"])
def test_a_unit_is_found_by_any_of_its_names(name: str) -> None:
    unit = parse(GOOD).find_unit(name)
    assert unit is not None
    assert unit.name == "甲科"


@pytest.mark.parametrize(
    ("change", "where", "told"),
    [
        (('units = ["甲科"]', 'units = ["乙科"]'), "[[items]] S1 units", "没有登记“乙科”。已登记的有：甲科"),
        (('leaders = ["L1"]', 'leaders = ["L2"]'), "[[items]] S1 leaders", "没有登记“L2”。已登记的有：L1"),
        (("每月25日前", "2月31日前"), "[[duties]] monthly when", "“2月31日前”不是能识别的时间，可写：每月25日前"),
        (("每月25日前", " "), "[[duties]] monthly when", "是空的。请补上 when = …"),
        (("year = 2023", "year = 2023\ncolour = 1"), "[plan] colour", "没有这个设置。可用的是：annexes、code、"),
        (("no = 1", 'no = "1"'), "[[items]] S1 no", "“1”的类型不对。应是整数"),
        (("no = 1", "no = true"), "[[items]] S1 no", "的类型不对。应是整数"),
        (('name = "月报"', "name = 5"), "[[duties]] monthly name", "应是文字（加引号）"),
        (('key = "p"', ""), "[plan] key", "没有写。请补上 key = …"),
        (("year = 2023", "year = 20233"), "[plan] year", "应在 2000 至 2099 之间"),
        (('"2月1日", "12月31日"', '"12月31日", "2月1日"'), "[plan] period", "不是起止两天"),
        (('list = "special"\nno', 'list = "else"\nno'), "[[items]] S1 list", "已登记的有：special"),
        (('"每月25日前"', '"每月25日前"\nform = "poem"'), "[[duties]] monthly form", "可选：progress、sections、"),
        (('"每月25日前"', '"每月25日前"\nrest_day = "随意"'), "[[duties]] monthly rest_day", "可选：提前、照发、顺延"),
        (('"每月25日前"', '"每月25日前"\nsections = ["dreams"]'), "[[duties]] monthly sections", "可选：progress、"),
        (("no = 1", 'when = "2021年3月1日"'), "[[items]] S1 when", "不在 2023 年"),
    ],
)
def test_a_fault_says_where_what_and_right(change: tuple[str, str], where: str, told: str) -> None:
    (found, *_) = faults(GOOD.replace(*change))
    assert found.startswith(f"{where}：")
    assert told in found


def test_two_items_of_one_number_are_named() -> None:
    twin = '[[items]]\nid = "S2"\nlist = "special"\nno = 1\ntitle = "二项"\n'
    assert faults(GOOD + twin) == ["[[items]] S2 no：编号 1 与 S1 重复。同一清单里编号不能重复"]


def test_numbers_may_repeat_from_month_to_month() -> None:
    item = '[[items]]\nid = "T{0}"\nlist = "special"\nno = 1\ntitle = "月任务"\nwhen = "{0}月份"\n'
    assert len(parse(GOOD + item.format(3) + item.format(4)).items) == 3


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ('[[items]]\nid = "S1"\nlist = "special"\ntitle = "又一项"\n', "[[items]] S1 id：“S1”写了两次"),
        ('[[units]]\nname = "甲科"\n', "[[units]] 甲科 name：“甲科”写了两次"),
        ('[[duties]]\nid = "monthly"\nname = "又"\nwhen = "每年"\n', "[[duties]] monthly id：“monthly”写了两次"),
    ],
)
def test_an_id_written_twice_is_named(table: str, where: str) -> None:
    assert [fault.split("。")[0] for fault in faults(GOOD + table)] == [where]


def test_all_faults_are_told_at_once() -> None:
    text = GOOD.replace('["甲科"]', '["乙科"]').replace("每月25日前", "2月31日前").replace("no = 1", 'no = "1"')
    with pytest.raises(
        PlanFaults, match=r"^计划 p\.toml 有 4 处问题：\n  1\. .*\n  2\. .*\n  3\. .*\n  4\. "
    ) as caught:
        parse(text + "[[colours]]\n")
    assert len(caught.value.faults) == 4


@pytest.mark.parametrize(
    "data", [{}, {"plan": 3}, {"plan": {"year": 2023, "period": [1, 2]}, "units": [1], "items": 5}]
)
def test_any_data_ends_in_faults(data: dict[str, Any]) -> None:
    with pytest.raises(PlanFaults):
        parse_plan(data, "p.toml")


def test_a_year_out_of_reach_is_a_fault() -> None:
    assert faults(GOOD, 99999)[0].startswith("[plan] year：“99999”不是可用的年份")


def test_rolling_moves_dates_words_and_key() -> None:
    dated = '[[items]]\nid = "D1"\nlist = "special"\ntitle = "{year}年的事"\nwhen = "2023年3月25日"\n'
    plan = parse(GOOD + dated, 2026)
    item = plan.item("D1")
    assert (plan.key, item.title, plan.first_on) == ("p@2026", "2026年的事", date(2026, 2, 1))
    assert item.window is not None
    assert item.window.due_on == date(2026, 3, 25)


def test_a_leap_day_rolls_to_the_twenty_eighth() -> None:
    dated = GOOD.replace("year = 2023", "year = 2024").replace("no = 1", 'when = "2024年2月29日"')
    window = parse(dated, 2026).item("S1").window
    assert window is not None
    assert window.due_on == date(2026, 2, 28)


def test_the_pack_holds_twenty_items_and_forty_tasks() -> None:
    months = [item.window.due_on.month for item in QUANZHOU.items if item.list_key == "tasks" and item.window]
    counts = {month: months.count(month) for month in sorted(set(months))}
    assert counts == {2: 7, 3: 12, 4: 10, 5: 4, 7: 1, 9: 3, 10: 2, 12: 1}
    assert [item.no for item in QUANZHOU.items if item.list_key == "special"] == list(range(1, 21))


def test_the_pack_asks_seventeen_divisions() -> None:
    assert len(QUANZHOU.reporting_units) == 17
    assert not {"办公室", "市教育系统工会", "市教育招生考试院"} & set(QUANZHOU.reporting_units)


@pytest.mark.parametrize("item", ["S04", "S05"])
def test_joint_items_keep_both_divisions(item: str) -> None:
    first, second = QUANZHOU.item(item).units
    assert QUANZHOU.item(item) in QUANZHOU.items_of_unit(first, "special")
    assert QUANZHOU.item(item) in QUANZHOU.items_of_unit(second, "special")
