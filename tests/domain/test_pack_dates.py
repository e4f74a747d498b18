"""Every dated phrase of the five papers, as the packs read it: windows, due dates, slots, and what has no date."""

from datetime import date

import pytest

from bot.domain.policy import Policy
from bot.domain.quotas import Quota, window_of
from bot.domain.registers import doubts_of, due_on, reminder_days
from bot.domain.rounds import Round, occasions, rounds_of
from bot.domain.workdays import Workdays
from tests.domain.packs import pack

WORKDAYS = Workdays()
# Item, opens, due: one row for each phrase that dates one thing.
ITEMS = [
    ("HN", "H01", "2022-02-21", "2022-02-28"),  # 2月下旬
    ("HN", "H02", "2022-03-01", "2022-03-10"),  # 3月上旬
    ("HN", "H03", "2022-03-01", "2022-12-31"),  # 3月至12月
    ("HN", "H04", "2022-12-11", "2022-12-20"),  # 12月中旬
    ("HN", "H08", "2022-02-01", "2022-02-28"),  # 2月底前
    ("HN", "H09", "2022-02-01", "2022-02-28"),  # the same sentence
    ("HN", "H13", "2022-05-01", "2022-05-31"),  # 5月底前
    ("HN", "H15", "2022-10-01", "2022-10-31"),  # 10月底前, all three products of the sentence
    ("HN", "H16", "2022-10-01", "2022-10-31"),
    ("HN", "H17", "2022-10-01", "2022-10-31"),
    ("HN", "H19", "2022-03-01", "2022-12-31"),  # 活动期间
    ("HN", "H26", "2022-06-01", "2022-06-30"),  # 6月底前, both postings
    ("HN", "H27", "2022-06-01", "2022-06-30"),
    ("HN", "H28", "2022-10-01", "2022-10-31"),  # 10月底前
    ("HN", "H31", "2022-03-01", "2022-12-31"),  # once, without a date: the end of the campaign
    ("QZ", "M02-01", "2023-02-01", "2023-02-28"),  # 2月份
    ("QZ", "M03-12", "2023-03-01", "2023-03-31"),
    ("QZ", "M04-01", "2023-04-01", "2023-04-30"),
    ("QZ", "M05-04", "2023-05-01", "2023-05-31"),
    ("QZ", "M07-01", "2023-07-01", "2023-07-31"),
    ("QZ", "M09-03", "2023-09-01", "2023-09-30"),
    ("QZ", "M10-02", "2023-10-01", "2023-10-31"),
    ("QZ", "M12-01", "2023-12-01", "2023-12-31"),
    ("NM", "Y01", "2021-01-01", "2021-12-31"),  # 2021年集体学习方案
    ("NM", "Y02", "2021-01-01", "2021-12-31"),  # 2021年从严治党工作会议
    ("NM", "Y03", "2021-01-01", "2021-12-31"),  # 警示教育会议
    ("NM", "Y04", "2021-01-01", "2021-12-31"),  # 2021年履行教育职责评价
    ("NM", "Y05", "2021-01-01", "2021-12-31"),  # 年度内部审计
    ("NM", "Y06", "2021-01-01", "2021-12-31"),  # 年度规范性文件清理
    ("HU", "E01", "2020-12-31", "2020-12-31"),  # 中期评估, by reading
    ("HU", "E02", "2022-12-31", "2022-12-31"),  # 总结评估
]
# Duty, and the due dates of its slots in the plan.
SLOTS = {
    ("HN", "lecture"): [
        f"2022-{month:02}-{day}"
        for month, last in ((3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31))
        for day in (15, last)
    ],
    ("HN", "monthly_lecture"): [
        *("2022-03-31", "2022-04-30", "2022-05-31", "2022-06-30", "2022-07-31"),
        *("2022-08-31", "2022-09-30", "2022-10-31", "2022-11-30", "2022-12-31"),
    ],
    ("HN", "summary"): ["2022-12-20"],
    ("HN", "tasks"): ["2022-03-10", "2022-05-31", "2022-06-30", "2022-10-31", "2022-12-31"],
    ("QZ", "monthly"): [f"2023-{month:02}-25" for month in range(2, 13)],
    ("QZ", "special"): ["2023-03-25", "2023-09-25"],
    ("QZ", "half_year"): ["2023-06-25"],
    ("QZ", "annual"): ["2023-12-20"],
    ("QZ", "dispatch"): ["2023-04-30", "2023-07-31", "2023-10-31"],
    ("NM", "lecture"): ["2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31"],
    ("NM", "private_report"): ["2021-12-31"],
    ("NM", "continuing_report"): ["2021-12-31"],
    ("GS", "projects"): [
        *("2023-01-06", "2023-01-13", "2023-01-20", "2023-01-27", "2023-02-03", "2023-02-10", "2023-02-17"),
        *("2023-02-24", "2023-03-03", "2023-03-10", "2023-03-17", "2023-03-24", "2023-03-31"),
    ],
    ("HU", "training"): [f"{year}-12-31" for year in range(2019, 2023)],
    ("HU", "annual_plan"): [f"{year}-12-31" for year in range(2019, 2023)],
    ("HU", "budget"): [f"{year}-12-31" for year in range(2019, 2023)],
}
# 定期, 长期坚持, 常态化, 持续, or dates from above: none is invented.
UNDATED_DUTIES = {
    "HN": ["spot_check", "inspection"],
    "QZ": ["points", "bulletin"],
    "NM": ["talk", "good_papers"],
    "GS": ["metrics", "first_lesson", "lecture"],
    "HU": [f"C{n:02}" for n in range(1, 12)],
}
LASTING = {
    "HN": ["H05", "H06", "H07", "H10", "H11", "H12"],
    "QZ": [f"CG{n}" for n in range(1, 8)],
    "NM": ["T16", "T17", "T18"],
    "GS": [],
    "HU": [f"O{n:02}" for n in range(1, 7)],
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def rounds(code: str, duty: str) -> list[Round]:
    return [found for found in rounds_of(pack(code), WORKDAYS) if found.duty.id == duty]


def quota(quota_id: str) -> Quota:
    found = pack("HU").find_quota(quota_id)
    assert found is not None
    return found


@pytest.mark.parametrize(("code", "item", "opens", "due"), ITEMS)
def test_items_fall_due_as_the_paper_says(code: str, item: str, opens: str, due: str) -> None:
    window = pack(code).item(item).window
    assert window is not None
    assert (window.opens_on, window.due_on) == (day(opens), day(due))


@pytest.mark.parametrize(("code", "duty"), SLOTS)
def test_duties_have_the_papers_slots(code: str, duty: str) -> None:
    assert [found.due_on.isoformat() for found in rounds(code, duty)] == SLOTS[code, duty]


def test_the_reading_day_is_each_wednesday_of_the_campaign() -> None:
    days = [found.due_on for found in rounds("HN", "reading_day")]
    assert (days[0], days[-1], len(days)) == (day("2022-03-02"), day("2022-12-28"), 44)
    assert {one.weekday() for one in days} == {2}
    asked = [one.at.date() for one in occasions(pack("HN"), WORKDAYS, Policy()) if "reading_day" in one.duties]
    assert set(days) - set(asked) == {day("2022-05-04"), day("2022-10-05")}


def test_a_quarters_figures_are_asked_for_in_the_first_five_working_days_after_it() -> None:
    found = [(one.period.key, one.due_on.isoformat()) for one in rounds("HN", "paperwork")]
    assert found == [
        ("2022-Q1", "2022-04-08"),
        ("2022-Q2", "2022-07-07"),
        ("2022-Q3", "2022-10-12"),
        ("2022-Q4", "2023-01-09"),
    ]


def test_what_was_due_before_the_paper_is_history() -> None:
    plan = pack("HN")
    assert plan.issued_on == day("2022-03-07")
    assert [item.id for item in plan.items if item.history] == ["H01", "H08", "H09"]
    assert pack("GS").issued_on == day("2023-03-03")


@pytest.mark.parametrize("code", UNDATED_DUTIES)
def test_no_interval_is_invented(code: str) -> None:
    assert [duty.id for duty in pack(code).duties if not duty.cadences] == UNDATED_DUTIES[code]


@pytest.mark.parametrize("code", LASTING)
def test_lasting_work_has_no_end(code: str) -> None:
    assert [item.id for item in pack(code).items if item.lasting] == LASTING[code]
    assert not any(pack(code).item(item).window for item in LASTING[code])


@pytest.mark.parametrize(
    ("code", "items"),
    [
        ("HN", ["H14", "H18", "H20", "H21", "H22", "H23", "H24", "H25", "H29", "H30", "H32", "H33"]),
        ("HU", ["J01", "J02", "J03", "J04", "J05", "K49", "D01"]),
    ],
)
def test_items_without_a_date_keep_none(code: str, items: list[str]) -> None:
    assert [item.id for item in pack(code).items if item.window is None and not item.lasting] == items


def test_ordinals_are_names_and_their_days_are_open() -> None:
    events = [item for item in pack("NM").items if item.list_key == "events"]
    assert [item.title for item in events if "第" in item.title] == [
        "第4期高校党政领导班子成员专题研讨班",
        "第三届中华经典诵写讲大赛",
        "第24届推广普通话宣传周",
        "第十五届中学生运动会",
        "第七届“互联网+”创新创业大赛",
    ]
    assert not any(item.window or item.count for item in events)


@pytest.mark.parametrize(
    ("quota_id", "today", "first", "last"),
    [
        ("K01", "2020-06-01", "2018-01-01", "2022-12-31"),  # 5年内（指2018-2022年）
        ("K02", "2020-06-01", "2020-01-01", "2020-12-31"),  # 每年
        ("K08", "2020-06-01", "2019-01-01", "2020-12-31"),  # 每2年
        ("K47", "2021-06-01", "2021-01-01", "2022-12-31"),
    ],
)
def test_periods_of_quotas(quota_id: str, today: str, first: str, last: str) -> None:
    assert window_of(quota(quota_id), day(today)) == (day(first), day(last))


def test_about_a_week_is_five_to_nine_days() -> None:
    assert (quota("K06").days, quota("K08").days) == ((5, 9), (5, 9))


@pytest.mark.parametrize(("promoted", "due"), [("2021-03-15", "2022-03-15"), ("2020-02-29", "2021-02-28")])
def test_make_up_training_is_due_a_year_after_promotion(promoted: str, due: str) -> None:
    register = pack("HU").find_register("makeup")
    assert register is not None
    assert due_on(register, {"promoted": promoted}) == day(due)


def test_make_up_training_is_reminded_of_half_a_year_a_month_and_a_week_before() -> None:
    register = pack("HU").find_register("makeup")
    assert register is not None
    assert [on.isoformat() for _, on in reminder_days(register, day("2022-03-15"))] == [
        "2021-09-15",
        "2022-02-15",
        "2022-03-08",
    ]


@pytest.mark.parametrize(
    ("kind", "fits", "asked"),
    [
        ("挂职锻炼", ("2022-07-01", "2023-06-30"), ("2022-07-01", "2023-05-31")),
        ("工作体验", ("2022-07-01", "2022-08-15"), ("2022-07-01", "2022-07-21")),
    ],
)
def test_postings_last_a_year_or_one_to_two_months(kind: str, fits: tuple[str, str], asked: tuple[str, str]) -> None:
    register = pack("HN").find_register("posting")
    assert register is not None
    spans = [{"kind": kind, "time": {"from": start, "to": end}} for start, end in (fits, asked)]
    assert [bool(doubts_of(register, values)) for values in spans] == [False, True]
