"""HU-01, 02, 04 … 08, 39, 40, 42: quotas of each person; who is below is told to his unit and the office alone."""

from tests.conftest import Open
from tests.systems.house import ask, open_pack, say_in_group, staff
from tests.systems.hunan import open_filled, tell


async def test_hu_01_three_months_or_550_hours_within_2018_to_2022_each_by_itself(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await staff(house, "省委宣传部", "甲一", "乙二", "丙三", grade="厅局级")
    await tell(
        house,
        "省委宣传部",
        "培训：甲一 任职培训 2022.1.1-2022.3.31",
        "培训：乙二 任职培训 2018.1.8 550学时",
        "培训：丙三 任职培训 2017.12.1-2017.12.31 100学时",
        "培训：丙三 任职培训 2022.1.1-2022.2.28 500学时",
        "培训：丙三 在职培训 2022.6.6 49学时",
    )
    own, other = await ask(house, "省委宣传部", "指标 K01"), await ask(house, "省委统战部", "指标 K01")
    in_group = await say_in_group(house, "省委宣传部", "指标 K01")

    assert "达标 2/3" in own and "还没达到的 1 个" in own
    assert "丙三：2/3个月；549/550学时" in own
    assert "达标 2/3" in other and "丙三" not in other
    assert "达标 2/3" in in_group and "丙三" not in in_group


async def test_hu_01_the_550th_hour_meets_it_and_2023_counts_no_more(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-12-30T10:00")
    await staff(house, "省委宣传部", "甲一", "乙二", grade="县处级")
    await tell(house, "省委宣传部", "培训：甲一 2022.12.29 549学时", "培训：乙二 2022.12.29 549学时")
    before = await ask(house, "office1", "指标 K01")
    await tell(house, "省委宣传部", "培训：甲一 2022.12.30 1学时")
    await house.until("2023-01-06T10:00")
    await tell(house, "省委宣传部", "培训：乙二 2023.1.5 1学时")
    after = await ask(house, "office1", "指标 K01")

    assert "达标 0/2" in before
    assert "达标 1/2" in after and "乙二：0.03/3个月；549/550学时" in after and "甲一" not in after


async def test_hu_02_12_days_or_90_hours_in_a_calendar_year(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await staff(house, "省委宣传部", "甲一", "乙二", "丙三", "丁四", grade="科级以下")
    await tell(
        house,
        "省委宣传部",
        "培训：甲一 2022.5.6 89学时",
        "培训：乙二 2022.5.6 90学时",
        "培训：丙三 2022.5.6 12天",
        "培训：丁四 2022.5.6 11.5天 89学时",
    )
    shown = await ask(house, "省委宣传部", "指标 K02")
    await house.until("2023-01-03T10:00")
    reset = await ask(house, "省委宣传部", "指标 K02")

    assert "达标 2/4" in shown
    assert "甲一：1/12天；89/90学时" in shown and "丁四：11.5/12天；89/90学时" in shown
    assert "乙二" not in shown and "丙三" not in shown
    assert "达标 0/4" in reset and "乙二：0/12天；0/90学时" in reset


async def test_hu_04_theory_and_party_education_warned_after_two_years_overdue_after_three(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丙县", "甲一", "乙二", "丙三", "丁四", grade="县市区班子成员")
    await tell(
        house,
        "丙县",
        "培训：甲一 理论和党性教育 2021.9.1-2021.9.10",
        "培训：乙二 理论和党性教育 2020.9.1-2020.9.10",
        "培训：丙三 理论和党性教育 2019.9.1-2019.9.10",
        "培训：丁四 在职培训 2022.9.1-2022.9.10",
    )
    shown, other = await ask(house, "丙县", "指标 K04"), await ask(house, "甲市", "指标 K04")

    assert "达标 1/4" in shown
    assert "乙二：最近一次 2020-09-01，已满 2 年，请在 2023-09-01 前安排（接近）" in shown
    assert "丙三：最近一次 2019-09-01，已超过 3 年（未达到）" in shown
    assert "丁四：没有记录" in shown and "甲一" not in shown
    assert "达标 1/4" in other and "乙二" not in other


async def test_hu_05_city_and_county_teams_two_months_in_five_years(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "甲市", "甲一", grade="市州班子成员")
    await staff(house, "丙县", "乙二", grade="县市区班子成员")
    await staff(house, "丙县", "丙三", grade="乡镇班子成员")
    await tell(house, "甲市", "培训：甲一 2019.3.1-2019.3.30", "培训：甲一 2021.3.1-2021.3.30")
    await tell(house, "丙县", "培训：乙二 2018.3.1-2018.3.30", "培训：乙二 2021.3.1-2021.3.29")
    shown = await ask(house, "office1", "指标 K05")

    assert "达标 1/2" in shown
    assert "乙二：1.97/2个月" in shown
    assert "丙三" not in shown and "甲一" not in shown


async def test_hu_06_a_week_a_year_is_a_rule_of_thumb_and_a_miss_only_a_note(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丙县", "甲一", "乙二", grade="县市区班子成员")
    await tell(house, "丙县", "培训：甲一 专业化能力专题培训 2022.9.1-2022.9.7")
    doubt = await ask(house, "丙县", "培训：乙二 专业化能力专题培训 2022.9.1-2022.9.20")
    shown = await ask(house, "丙县", "指标 K06")
    await house.until("2022-12-31T10:00")
    year_end = await ask(house, "丙县", "指标 K06")

    assert "应为1周左右（5至9天），这条是 20 天" in doubt
    assert "进行中：达标 1/2" in shown and "乙二：0/1次" in shown
    assert "未做到（一般要求，只提示）：达标 1/2" in year_end


async def test_hu_07_township_teams_one_month_in_five_years(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丙县", "甲一", "乙二", grade="乡镇班子成员")
    await tell(house, "丙县", "培训：甲一 2020.3.1-2020.3.30", "培训：乙二 2020.3.1-2020.3.15")
    shown = await ask(house, "丙县", "指标 K07")

    assert "达标 1/2" in shown and "乙二：0.5/1个月" in shown and "甲一" not in shown


async def test_hu_08_townships_a_week_in_each_two_years(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丙县", "甲一", "乙二", grade="乡镇班子成员")
    await tell(
        house,
        "丙县",
        "培训：甲一 专业化能力专题培训 2021.9.1-2021.9.7",
        "培训：乙二 专业化能力专题培训 2020.9.1-2020.9.7",
    )
    shown = await ask(house, "丙县", "指标 K08")

    assert "进行中：达标 1/2" in shown
    assert "乙二：0/1次" in shown and "甲一" not in shown
    assert "2020年 达标 1/2" in shown


async def test_hu_39_village_secretaries_are_counted_by_name_and_the_rest_listed_to_their_unit(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丙县", "甲一", "乙二", "丙三", grade="村（社区）党组织书记")
    await tell(house, "丙县", "培训：甲一 集中轮训 2022.9.1-2022.9.3", "培训：乙二 集中轮训 2021.9.1-2021.9.3")
    own, other = await ask(house, "丙县", "指标 K40"), await ask(house, "甲市", "指标 K40")
    in_group = await say_in_group(house, "丙县", "指标 K40")
    await tell(house, "丙县", "培训：乙二 集中轮训 2022.10.8", "培训：丙三 集中轮训 2022.10.9")
    full = await ask(house, "丙县", "指标 K40")

    assert "丙县：1/3，还没有：乙二、丙三" in own
    assert "丙县：1/3" in other and "乙二" not in other
    assert "丙县：1/3" in in_group and "乙二" not in in_group
    assert "已达到：达标 1/1" in full


async def test_hu_40_branch_secretaries_in_rotation_each_year(theatre: Open) -> None:
    house = await open_filled(theatre, "2021-10-20T10:00")
    await staff(house, "丁厅", "甲一", "乙二", grade="党支部书记")
    await tell(house, "丁厅", "培训：甲一 集中轮训 2021.9.1", "培训：乙二 集中轮训 2021.9.1")
    done = await ask(house, "丁厅", "指标 K41")
    await house.until("2022-03-01T10:00")
    again, other = await ask(house, "丁厅", "指标 K41"), await ask(house, "甲市", "指标 K41")

    assert "已达到" in done
    assert "丁厅：0/2，还没有：甲一、乙二" in again and "2021年 达标 1/1" in again
    assert "甲一" not in other


async def test_hu_42_200_teachers_a_year_and_all_school_teachers_within_the_term(theatre: Open) -> None:
    house = await open_filled(theatre, "2021-10-20T10:00")
    await staff(house, "甲市委党校", "甲一", "乙二", grade="党校教师")
    short, met = await tell(house, "office1", "K42：199名", "K42：200名")
    await tell(house, "甲市委党校", "培训：甲一 师资轮训 2019.9.1-2019.9.5")
    one = await ask(house, "甲市委党校", "指标 K43")
    await house.until("2022-10-20T10:00")
    await tell(house, "甲市委党校", "培训：乙二 师资轮训 2022.9.1-2022.9.5")
    both, fresh = await ask(house, "甲市委党校", "指标 K43"), await ask(house, "office1", "指标 K42")

    assert "199/200名（进行中）" in short and "200/200名（已达到）" in met
    assert "甲市委党校：1/2，还没有：乙二" in one
    assert "已达到：达标 1/1" in both
    assert "0/200名" in fresh and "2021年 200/200名" in fresh
