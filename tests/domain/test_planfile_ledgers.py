"""What a plan file says of groups of units, registers, quotas and figures."""

import tomllib
from datetime import date

import pytest

from bot.domain.planfile import PlanFaults, parse_plan
from bot.domain.plans import Plan
from bot.domain.rounds import rounds_of
from bot.domain.workdays import Workdays

PLAN = """
[plan]
key = "p"
name = "计划"
year = 2023
[[unit_groups]]
name = "各科室"
units = ["甲科", "乙科"]
[[unit_groups]]
name = "各学校"
units = []
[[lists]]
key = "points"
name = "要点"
[[sections]]
key = "一"
name = "第一部分"
[[items]]
id = "P1"
list = "points"
no = 1
title = "一件事"
units = ["各科室", "各学校"]
[[items]]
id = "D1"
list = "points"
title = "一份文件"
kind = "document"
part_of = "P1"
[[registers]]
key = "classes"
name = "班次"
section = "一"
once = ["name", "half-year"]
fields = [
  {key = "name", name = "班名"},
  {key = "time", name = "时间", kind = "span"},
  {key = "months", name = "月数", kind = "number", per_days = 30},
  {key = "check", name = "党性分析", kind = "choice", options = ["有", "无"]},
]
[[quotas]]
id = "K1"
name = "党性分析"
operator = "all"
of = "classes"
total = "entries"
done = {check = "有"}
days = [28, 3660]
period = "每班"
per = "entry"
[[quotas]]
id = "K2"
name = "全员参加"
operator = "all"
of = "any"
count = "people"
total = "people"
[[figures]]
id = "F1"
name = "参训率"
item = "K2"
section = "一"
[[duties]]
id = "weekly"
name = "周报"
when = "每周五"
covers = "week"
within = ["1月1日", "3月31日"]
"""


def parse(text: str = PLAN) -> Plan:
    return parse_plan(tomllib.loads(text), "p.toml")


def faults(text: str) -> str:
    with pytest.raises(PlanFaults) as caught:
        parse(text)
    return str(caught.value)


def test_a_group_without_units_may_be_named_and_stays_open() -> None:
    plan = parse()
    assert plan.item("P1").units == ("甲科", "乙科", "各学校")
    assert plan.empty_groups == ("各学校",)
    assert plan.reporting_units == ("甲科", "乙科")


def test_a_duty_within_a_stretch_falls_due_there_only() -> None:
    due = [found.due_on for found in rounds_of(parse(), Workdays())]
    assert (due[0], due[-1], len(due)) == (date(2023, 1, 6), date(2023, 3, 31), 13)


def test_a_quota_says_which_entries_concern_it_and_which_count() -> None:
    quota = parse().find_quota("K1")
    assert quota is not None
    assert (quota.days, quota.done, quota.total) == ((28, 3660), (("check", "有"),), "entries")


def test_months_are_said_or_worked_out_from_days() -> None:
    register = parse().find_register("classes")
    assert register is not None
    assert register.field("months").per_days == 30


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('part_of = "P1"', 'part_of = "P9"', "[[items]] D1 part_of：没有登记“P9”"),
        ('section = "一"\nonce', 'section = "二"\nonce', "[[registers]] classes section：没有登记“二”"),
        ('item = "K2"', 'item = "K9"', "[[figures]] F1 item：没有登记“K9”"),
        ('done = {check = "有"}', 'done = {chek = "有"}', "[[quotas]] K1 done：没有登记“chek”"),
        ("days = [28, 3660]", 'days = ["28天"]', "[[quotas]] K1 days：“['28天']”不是起止两个数"),
        ('"half-year"]', '"day"]', "[[registers]] classes once：没有字段“day”"),
        (
            'within = ["1月1日", ',
            'within = ["4月1日", ',
            "[[duties]] weekly within：“('4月1日', '3月31日')”不是起止两天",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(right: str, wrong: str, told: str) -> None:
    assert right in PLAN
    assert told in faults(PLAN.replace(right, wrong))
