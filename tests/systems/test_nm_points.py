"""NM-01 … NM-15: the points, their papers and parts, study, coverage, selection and lists."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack
from tests.systems.nm import filled, join


async def test_nm_01_the_points_run_through_and_each_stands_in_its_section(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    points = [item for item in house.plan.items if item.list_key == "points"]
    whole, last = await ask(house, "office1", "/status"), await ask(house, "office1", "/status 26")

    assert [item.no for item in points] == list(range(1, 34))
    assert [sum(p.section == key for p in points) for key in "一二三四五六七"] == [5, 5, 8, 6, 3, 4, 2]
    assert "33 项" in whole and "26 提升教师队伍整体素质" in last


async def test_nm_02_targets_and_measures_are_kept_apart_and_shown(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    early, late = await ask(house, "office1", "/status 3"), await ask(house, "office1", "/status 26")

    assert sum(len(item.measures) for item in house.plan.items) == 205
    assert "目标：基层党组织全面过硬" in early and "措施 11 条：“百年行动”" in early
    assert "目标：教师能力提高" in late and "措施 7 条：乡村教师实施意见" in late


async def test_nm_03_a_section_shows_its_eight_points_and_their_mean(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled(("P11", "units", "甲处")))
    await ask(house, "甲处", "第11项80%")
    shown = await ask(house, "office1", "/status 三")

    assert "8 项，平均 10.0%" in shown and "11 推动学前教育普惠发展：80%" in shown
    assert shown.count("·") == 8 and "18 提高继续教育供给能力" in shown


async def test_nm_04_the_study_plan_of_the_year_goes_through_its_stages(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    drafted = await ask(house, "office1", "集体学习方案已起草")
    issued = await ask(house, "office1", "集体学习方案已印发")
    shown = await ask(house, "office1", "/status Y01")

    assert "起草阶段" in drafted and "100%" not in drafted
    assert "100%（完成）；已印发" in issued
    assert "期限：12月31日（周五）" in shown


async def test_nm_05_training_is_met_at_all_of_them_only_at_each_level(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    empty = await ask(house, "office1", "指标 Q03")
    part = await ask(house, "office1", "教师培训覆盖：总数800人，已培训799人")
    whole = await ask(house, "office1", "干部培训覆盖：总数500人，已培训500人")

    assert "未设定：总数还没有报" in empty
    assert "799/800（进行中）" in part and "500/500（已达到）" in whole


async def test_nm_06_a_problem_of_a_meeting_stands_in_the_digest_until_it_is_put_right(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    meeting = await ask(house, "甲处", "民主生活会：3月12日")
    await ask(house, "甲处", "查找问题：学习不经常，措施：每周集中学，期限3月25日")
    (open_,) = await messages(house, "2021-03-22T12:00", "leader1")
    await ask(house, "甲处", "2号已整改，每周一集中学")
    (closed,) = await messages(house, "2021-03-29T12:00", "leader1")

    assert "民主生活会，日期 2021年3月12日" in meeting
    assert "学习不经常，整改措施 每周集中学（待整改，期限 3月25日）" in open_
    assert "学习不经常" not in closed


async def test_nm_07_nominees_have_a_day_and_both_who_create_them_are_asked(theatre: Open) -> None:
    plan = filled(("T01", "units", "甲处"), ("T01", "when", "3月31日前"))
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=plan)
    await join(house, "自治区民委", "丁四")
    kept = await ask(house, "甲处", "推荐 示范学校 对象 甲中学，会同 自治区民委，截止3月22日")
    shown = await ask(house, "office1", "/status T01")
    heard = await house.until("2021-03-22T12:00")
    asked = {one.to for one in heard if "评选推荐到期提醒" in one.text and "甲中学" in one.text}

    assert "铸牢共同体意识示范学校，甲中学" in kept and "期限 3月22日（周一）" in kept
    assert "牵头：甲处" in shown and "配合：自治区民委" in shown
    assert asked == {house.contact("甲处"), "丁四"}


async def test_nm_08_topics_have_an_owner_and_a_result(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "甲大学", "课题：名称：语言教育研究；负责人：甲一")
    await ask(house, "乙大学", "课题：名称：文化认同研究；负责人：乙二")
    await ask(house, "甲大学", "1号成果：研究报告一份")
    await ask(house, "甲大学", "1号已结题")
    shown = await ask(house, "office1", "台账 课题")

    assert "共 2 条，未办结 1 条" in shown
    assert "2 号　乙大学：文化认同研究，负责人 乙二（研究中）" in shown
    assert "成果" in await ask(house, "office1", "历史 1号")


async def test_nm_09_evaluations_are_done_or_not_by_university_and_models_are_chosen(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "甲大学", "党建质量评估3月10日完成")
    shown = await ask(house, "office1", "/status T19")
    chosen = await ask(house, "乙大学", "选树：北疆百年先锋，对象：计算机学院支部")

    assert "已完成 1/3，未完成：乙大学、丙学院" in shown
    assert "北疆百年先锋，计算机学院支部" in chosen


async def test_nm_10_one_of_two_papers_is_not_done(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    first = await ask(house, "office1", "民办学校党建重点任务清单已印发")
    second = await ask(house, "office1", "民办学校党组织书记选派管理办法正在征求意见")
    point = await ask(house, "office1", "/status 3")

    assert "已印发" in first and "征求意见阶段" in second
    assert "完成 1 项" in point and "民办学校党建重点任务清单（完成）" in point
    assert "民办学校党组织书记选派管理办法（完成）" not in point


async def test_nm_11_each_university_files_its_revised_rules(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "甲大学", "院系会议制度修订 3月12日已报备")
    shown = await ask(house, "office1", "/status T02")

    assert "已完成 1/3，未完成：乙大学、丙学院" in shown and "甲大学：100%（完成），3月12日已办" in shown


async def test_nm_12_a_second_lecture_of_a_quarter_does_not_fill_the_next(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-10T10:00")
    asked = await messages(house, "2021-03-16T18:00", "office1")
    await ask(house, "office1", "专题报告会：3月17日 题目：高质量发展 主讲人：甲一")
    await ask(house, "office1", "专题报告会：3月18日 题目：人才培养 主讲人：乙二")
    shown = await ask(house, "office1", "台账 专题报告会")
    later = await messages(house, "2021-03-31T18:00", "office1")
    next_quarter = await messages(house, "2021-06-15T18:00", "office1")

    assert any("第一季度专题报告会" in text for text in asked)
    assert not any("第一季度专题报告会" in text for text in later)
    assert "第二季度专题报告会" in "".join(next_quarter)
    assert "1/4" in shown


async def test_nm_13_the_number_of_a_class_is_its_name(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00")
    await ask(house, "office1", "第4期专题研讨班定于6月10日")
    planned = await ask(house, "office1", "/status E01")
    point = await ask(house, "office1", "/status 4")

    assert "第4期高校党政领导班子成员专题研讨班" in planned and "定于6月10日" in planned
    assert "4%" not in planned and "还没有数据" not in planned
    assert "完成 0 项" in point


async def test_nm_14_opening_projects_are_told_by_kind(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "office1", "开局项目：厅长开局项目，名称：甲项目，目标：建成平台，期限6月30日")
    await ask(house, "甲市", "开局项目：盟市教育局长开局项目，名称：乙项目，目标：建成学校，期限6月30日")
    await ask(house, "甲大学", "开局项目：高校书记校长开局项目，名称：丙项目，目标：建成学院，期限9月30日")
    await ask(house, "甲市", "2号已完成")
    shown = await ask(house, "office1", "台账 开局项目")

    assert "共 3 条，未办结 2 条" in shown
    for kind in ("厅长开局项目 1", "盟市教育局长开局项目 1", "高校书记校长开局项目 1"):
        assert kind in shown
    assert "丙项目，目标 建成学院（实施中，期限 9月30日（周四））" in shown


async def test_nm_15_the_list_of_responsibilities_is_ticked_by_line_and_for_the_office(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "office1", "责任清单：厅党组书记，责任：听取汇报")
    await ask(house, "office1", "责任清单：厅党组，责任：专题研究")
    await ask(house, "office1", "1号已落实")
    shown, refused = await ask(house, "office1", "台账 责任清单"), await ask(house, "甲处", "台账 责任清单")

    assert "共 2 条，未办结 1 条" in shown and "专题研究（未落实" in shown
    assert "只有办公室能看" in refused and "专题研究" not in refused
