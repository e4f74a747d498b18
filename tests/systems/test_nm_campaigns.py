"""NM-16 … NM-25: meetings, inspections, fewer prompts, bodies founded, papers issued, weeks, figures."""

from dataclasses import replace

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group
from tests.systems.nm import filled


async def test_nm_16_two_meetings_are_two_events(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    await ask(house, "office1", "教育系统警示教育会议3月12日召开")
    point = await ask(house, "office1", "/status 5")
    other = await ask(house, "office1", "/status Y02")

    assert "3月12日已办" in await ask(house, "office1", "/status Y03")
    assert "警示教育会议（完成）" in point and "全面从严治党工作会议（完成）" not in point
    assert "已办" not in other and "期限：12月31日（周五）" in other


async def test_nm_17_a_finding_of_an_inspection_has_a_day_and_reminds_the_inspected(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    record = await ask(house, "office1", "巡察：甲大学 3月10日 情况：财务管理")
    await ask(house, "office1", "发现问题：甲大学，问题：台账不全，整改期限3月26日")
    reminded = await messages(house, "2021-03-26T12:00", "甲大学")
    sent = await ask(house, "甲大学", "2号已整改，补齐了台账")

    assert "单位 甲大学，日期 2021年3月10日，情况 财务管理" in record
    assert any("台账不全" in text and "3月26日" in text for text in reminded)
    assert "已报办公室确认" in sent


async def test_nm_18_contacts_are_not_prompted_at_night_nor_more_than_the_cap(theatre: Open) -> None:
    weekly = filled(("private_report", "when", "每周五"), ("private_report", "covers", "week"))
    house = await open_pack(theatre, "NM", "2021-03-31T10:00", plan=replace(weekly, messages_per_month=2))
    heard = await house.until("2021-04-30T18:00")
    own = [one.text for one in heard if one.to == house.contact("甲民办学校") and "还差您" in one.text]
    await house.until("2021-05-07T22:00")
    await ask(house, "office1", "催报")
    night = await messages(house, "2021-05-07T23:59", "甲民办学校")
    lasting = await ask(house, "office1", "/status T18")

    assert 1 <= len(own) <= 2
    assert any("上限" in one.text for one in heard if one.to == "office1")
    assert night == []
    assert "期限：长期坚持" in lasting


async def test_nm_19_schools_with_a_plan_of_their_own_are_counted_by_area(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "甲旗", "一校一案：总数20所，已制定15所")
    await ask(house, "乙县", "一校一案：总数10所，已制定10所")
    shown = await ask(house, "office1", "指标 一校一案")

    assert "达标 1/2" in shown and "甲旗：15/20" in shown and "乙县" not in shown.split("还没达到")[1]


async def test_nm_20_three_meetings_on_the_spot_are_three_events(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    held = await ask(house, "office1", "思政课一体化现场会5月20日召开")
    planned = await ask(house, "office1", "体美劳现场会定于7月8日召开")
    third = await ask(house, "office1", "/status E05")

    assert "大中小学思政课一体化现场会：100%（完成）；5月20日已办" in held
    assert "体育、美育、劳动教育工作现场会" in planned and "定于7月8日" in planned and "100%" not in planned
    assert "义务教育优质均衡发展现场会" in third and "已办" not in third


async def test_nm_21_each_of_five_bodies_is_done_when_founded(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    names = [house.plan.item(f"T0{n}").title for n in range(3, 8)]
    prepared = await ask(house, "office1", f"{names[0]}正在筹备")
    founded = [await ask(house, "office1", f"{name}5月{n + 10}日成立") for n, name in enumerate(names[1:])]

    assert "100%" not in prepared
    for n, name in enumerate(names[1:]):
        assert f"{name}：100%（完成）；5月{n + 10}日已办" in founded[n]


async def test_nm_22_only_issued_papers_count_across_the_points(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    papers = [item for item in house.plan.items if item.list_key == "documents"]
    await ask(house, "office1", "语言文字事业“十四五”规划已印发")
    await ask(house, "office1", "教育督导条例正在征求意见")
    await ask(house, "office1", "普通中小学校建设标准已审议通过")
    shown = await ask(house, "office1", "/status 文件")

    assert len(papers) == 39 and all(paper.part_of for paper in papers)
    assert "已印发 1/39" in shown
    assert "征求意见 1" in shown and "审议 1" in shown and "起草 0" in shown
    assert "语言文字事业“十四五”规划（7 坚定不移推广国家通用语言文字）：已印发" in shown
    assert "教育督导条例（23 推进教育督导体制机制改革）：征求意见阶段" in shown


async def test_nm_23_the_ordinal_of_a_week_is_text_and_its_day_is_filled_in(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    before = await ask(house, "office1", "进度 未设定")
    planned = await ask(house, "office1", "第24届推广普通话宣传周定于9月13日")
    held = await ask(house, "office1", "职业教育活动周5月10日举办")
    shown = await ask(house, "office1", "/status E07")

    assert "会议和活动没有期限" in before
    assert "第24届推广普通话宣传周" in planned and "定于9月13日" in planned and "24%" not in planned
    assert "职业教育活动周：100%（完成）；5月10日已办" in held
    assert "定于9月13日" in shown


async def test_nm_24_a_fall_of_seven_tenths_reaches_one_mark_and_is_no_progress(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-12-15T10:00")
    told = await ask(house, "office1", "儿童青少年总体近视率比2020年下降0.7个百分点")
    figure, point = await ask(house, "office1", "进度 近视率"), await ask(house, "office1", "/status 9")

    assert "0.7百分点" in told and "0.7%" not in told
    assert "达 0.5，未达 1" in figure and "不计入进度" in figure
    assert "近视率下降 0.7百分点（达 0.5，未达 1）" in point and "0.7%" not in point


async def test_nm_25_green_schools_and_arts_tests_are_coverage(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    part = await ask(house, "甲旗", "绿色学校：总数10所，已认定4所")
    tested = await ask(house, "甲旗", "艺术测评：总数100人，已测评100人")
    shown = await ask(house, "office1", "指标 Q06")
    group = await say_in_group(house, "office1", "指标 Q05")

    assert "绿色学校评估认定" in part and "4/10" in shown
    assert "达标 1/1（已达到）" in tested and "达标 1/1" in group
