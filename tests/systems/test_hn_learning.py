"""HN-01 … HN-12: plans filed, learning by the week, the half month and the month."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, staff


async def test_hn_01_what_was_due_before_the_paper_is_history_and_not_chased(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-07T10:00")
    shown = await ask(house, "office1", "/status H01")
    heard = await house.until("2022-03-31T18:00")

    assert "期限：2月28日（周一）（文件印发前已到期，待确认）" in shown
    assert not [one.text for one in heard if "备案" in one.text and "厅实施方案" in one.text]


async def test_hn_03_nothing_is_asked_after_the_campaign_but_what_is_overdue(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-12-31T18:00", ("教师处",))
    new_year = await house.until("2023-01-02T18:00")
    january = await house.until("2023-01-31T18:00")

    assert new_year == []
    assert not [one.text for one in january if "读书日" in one.text or "讲课" in one.text or "一讲" in one.text]


async def test_hn_05_a_meeting_without_its_first_topic_is_told_apart(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-11T10:00")
    first = await ask(house, "office1", "第一议题：厅务会 4月8日 议题：学习党的二十大精神")
    await ask(house, "office1", "第一议题：厅党委会 4月11日")
    shown = await ask(house, "office1", "进度 第一议题")

    assert "厅务会" in first and "学习党的二十大精神" in first
    assert "没有写第一议题的 1 条" in shown


async def test_hn_06_a_month_without_a_lecture_stands_in_the_digest(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-20T10:00", ("教师处",))
    await ask(house, "office1", "每月一讲：4月21日 主讲人：王处长 题目：公文写作 30人参加")
    filled = await messages(house, "2022-05-05T12:00", "leader1")
    empty = await messages(house, "2022-06-06T12:00", "leader1")

    assert not any("4月每月一讲：未登记" in text for text in filled)
    assert any("5月每月一讲：未登记" in text for text in empty)


async def test_hn_07_reading_day_is_prompted_on_wednesdays_that_are_working_days(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-24T10:00", ("教师处", "基教处"))
    april = await messages(house, "2022-04-27T12:00", "教师处")
    holiday = await messages(house, "2022-05-04T18:00", "教师处")
    moved = await ask(house, "教师处", "读书日 改周四，因开会")
    await house.until("2022-05-11T12:00")
    await ask(house, "教师处", "读书日：改周四，因开会")
    missing = await ask(house, "office1", "未报")

    assert any("读书日" in text for text in april)
    assert not any("读书日" in text for text in holiday)
    assert "改期 2022年5月5日" in moved and "原因 开会" in moved
    assert "第19周读书日：已报 1/2，未报：基教处" in missing


async def test_hn_08_each_division_files_its_plan_and_the_count_is_told(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-10T10:00")
    await ask(house, "教师处", "第8项年度学习计划3月9日已制定")
    shown = await ask(house, "office1", "/status H08")

    assert "已完成 1/9" in shown
    assert "人事处" in shown


async def test_hn_09_goals_are_kept_for_each_person_and_names_stay_in_the_division(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-10T10:00")
    await staff(house, "教师处", "甲一", "乙二", "丙三")
    await ask(house, "教师处", "学习目标：甲一 读完四本书")
    await ask(house, "教师处", "学习目标：乙二 考取证书")
    own, other = await ask(house, "教师处", "台账 学习目标"), await ask(house, "基教处", "台账 学习目标")
    office = await ask(house, "office1", "台账 学习目标")

    assert "教师处 2/3，还没有：丙三" in own and "教师处 2/3，还没有：丙三" in office
    assert "甲一" not in other and "丙三" not in other


async def test_hn_12_an_empty_half_month_is_asked_for_three_days_before_its_end(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-08T10:00", ("教师处",))
    asked = await messages(house, "2022-04-12T12:00", "office1")
    receipt = await ask(house, "office1", "讲课：4月13日王处长主讲，题目：公文写作，40人参加")
    again = await messages(house, "2022-04-15T18:00", "office1")
    second = await messages(house, "2022-04-27T12:00", "office1")

    assert any("4月上半月半月讲课" in text for text in asked)
    assert "处长" in receipt and "人数 40人" in receipt and "公文写作" in receipt
    assert not any("4月上半月半月讲课" in text for text in again)
    assert any("4月下半月半月讲课" in text for text in second)
