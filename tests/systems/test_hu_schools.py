"""HU-44, 45, 48, 49, 55 … 57, 62 … 67, 69 … 71, 73: schools, teachers, filings and what is done periodically."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, staff
from tests.systems.hunan import open_filled, tell


async def test_hu_44_a_teaching_contest_in_each_two_years_with_its_result(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2020-10-20T10:00")
    await tell(house, "office1", "教学比赛：2020年9月1日，结果 一等奖3名", "设定 C07 间隔 每年")
    first = await ask(house, "office1", "指标 K47")
    await house.until("2022-10-20T10:00")
    second = await ask(house, "office1", "指标 K47")
    shown = await ask(house, "office1", "台账 教学比赛")

    assert "已达到：1/1次" in first and "2019—2020年" in first
    assert "进行中：0/1次" in second and "2021—2022年" in second
    assert "结果 一等奖3名" in shown


async def test_hu_45_good_courses_and_books_are_nominated_and_the_office_decides(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    receipt, claimed = await tell(house, "甲市委党校", "推荐：好教材，乡村振兴案例，理由 贴近实际", "1号已入选")
    await house.bot.settle()
    before = await ask(house, "office1", "台账 推荐")
    await tell(house, "office1", "1号结果改为省级好教材", "1号已入选")
    after = await ask(house, "office1", "台账 推荐")

    assert "好教材，乡村振兴案例" in receipt
    assert "已报省委组织部确认" in claimed
    assert "未办结 1 条" in before
    assert "共 1 条，未办结 0 条" in after and "类别：好教材 1" in after


async def test_hu_48_inspections_of_study_style_by_the_offices_own_interval(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    interval, entry = await tell(
        house, "office1", "设定 C08 间隔 每季度", "学风督查：2022-10-18，省社会主义学院，情况 良好"
    )
    refused = await ask(house, "省社会主义学院", "学风督查：2022-10-19，情况 良好")

    assert "学风督查　间隔：定期 → 每季度" in interval
    assert "学风督查，单位 省社会主义学院，日期 2022年10月18日，情况 良好" in entry
    assert "由省委组织部登记，我没有记下" in refused


async def test_hu_49_bases_and_plans_are_filed_by_each_unit_with_their_date(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "甲市", "备案：党性教育基地，某纪念馆，2022-09-01", "备案：调训计划，2022年调训计划，2022-01-10")
    await tell(house, "甲市", "备案：调训计划，2022年调训计划，2022-01-12")
    shown = await ask(house, "office1", "台账 备案")

    assert "共 2 条" in shown
    assert "甲市：党性教育基地，名称 某纪念馆，日期 2022年9月1日" in shown
    assert "2022年1月12日" in shown and "2022年1月10日" not in shown


async def test_hu_55_a_class_is_evaluated_in_ten_aspects_of_four_parts(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    aspects = {
        "需求适配度": 90,
        "课程设计科学性": 85,
        "师资选配合理性": 88,
        "教学内容满意度": 91,
        "教学方法有效性": 92,
        "教学组织有序性": 93,
        "学风校风良好度": 94,
        "教学后勤保障度": 95,
        "能力素质提高": 80,
        "推动实际工作": 82,
    }
    said = "，".join(f"{name}{score}分" for name, score in aspects.items())
    receipt = await ask(house, "省社会主义学院", f"质量评估：春季班，{said}")
    doubt = await ask(house, "省直机关党校", "质量评估：秋季班，需求适配度190分")
    annexes = await ask(house, "office1", "进度 附件")

    assert [name for name, score in aspects.items() if f"{name} {score}分" not in receipt] == []
    assert "需求适配度 190 大于 100" in doubt
    assert "附件4：项目质量评估参考指标：附件未提供" in annexes


async def test_hu_56_registration_feedback_and_follow_up_stand_for_each_class(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await tell(
        house,
        "省社会主义学院",
        "班次登记：春季班，登记，45人报到",
        "培训反馈：春季班，反馈，学员满意",
        "培训跟踪：春季班，跟踪，半年回访",
        "培训反馈：春季班，反馈，学员很满意",
    )
    shown = await ask(house, "office1", "台账 班次登记")

    assert "共 3 条" in shown and "类别：登记 1，" in shown
    assert "春季班，反馈，内容 学员很满意" in shown and "内容 学员满意" not in shown


async def test_hu_57_each_class_has_an_owner_and_a_liaison_by_name(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await staff(house, "省社会主义学院", "甲一", "乙二")
    said = "班次：{0}，2022.9.1-2022.9.10，联络员 甲一，负责人 乙二"
    receipt = await ask(house, "省社会主义学院", said.format("春季班"))
    shown = await ask(house, "office1", "台账 培训班次")
    lacking = await ask(house, "省社会主义学院", "班次：秋季班，2022.10.1-2022.10.10，负责人 乙二")

    assert "项目负责人 乙二，跟班联络员 甲一" in receipt and "跟班联络员 甲一" in shown
    assert "跟班联络员" not in lacking


async def test_hu_62_each_area_files_its_own_plan_and_who_has_none_is_told(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    receipt = await ask(house, "甲市", "备案：规划或实施意见，甲市干部教育培训规划，2022-03-05")
    shown = await ask(house, "office1", "台账 备案")

    assert "规划或实施意见，名称 甲市干部教育培训规划，日期 2022年3月5日" in receipt
    assert "类别：规划或实施意见 1" in shown and "甲市：" in shown


async def test_hu_63_leading_groups_meet_by_an_interval_and_the_log_says_when(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    interval, _ = await tell(house, "office1", "设定 C11 间隔 每季度", "/status")
    await tell(house, "己领导小组", "会议：2022-10-18，议题 年度调训计划")
    shown = await ask(house, "office1", "台账 领导小组会议")
    filled = await messages(house, "2023-01-04T12:00", "leader1")

    assert "领导小组研究　间隔：定期 → 每季度" in interval
    assert "己领导小组：日期 2022年10月18日，议题 年度调训计划" in shown
    assert not any("第四季度领导小组研究：未登记" in text for text in filled)


async def test_hu_64_the_budget_is_a_yes_or_no_of_each_year_with_its_amount(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    yes = await ask(house, "甲市", "预算：列入年度预算 是，金额120万元")
    no = await ask(house, "乙市", "预算：列入年度预算 否")
    shown, missing = await ask(house, "office1", "台账 预算"), await ask(house, "office1", "未报")

    assert "是，金额 120万元" in yes and "否" in no
    assert "列入年度预算：是 1，否 1" in shown and "金额合计 120万元" in shown
    assert "2022年经费预算情况：已报 2/3，未报：丙县" in missing


async def test_hu_65_schools_are_evaluated_one_by_one_and_only_the_office_closes(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    school = "办学水平评估：甲市委党校，市级党校办学水平评估，2022-09-01，结果 良好"
    receipt = await ask(house, "甲市委党校", school)
    claimed = await ask(house, "甲市委党校", "1号已评")
    await house.bot.settle()
    closed = await ask(house, "office1", "1号已评")

    assert "甲市委党校，市级党校办学水平评估，日期 2022年9月1日，结果 良好" in receipt
    assert "已报省委组织部确认" in claimed and "已改为“已评”" in closed


async def test_hu_66_leaders_stand_on_a_rota_and_courses_in_a_library_with_their_date(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    lecture = await ask(house, "office1", "授课：2022年11月10日，主讲 甲一，题目 党章，地点 省委党校")
    course = await ask(house, "省社会主义学院", "课程：党章十讲，教师 乙二，更新日期 2022-09-01")
    week_before = await messages(house, "2022-11-03T12:00", "省委组织部")
    library = await ask(house, "office1", "台账 师资课程库")

    assert "甲一" in lecture and "期限 11月10日（周四）" in lecture
    assert "党章十讲，教师 乙二，更新日期 2022年9月1日" in course and "党章十讲" in library
    assert any("领导干部上讲台到期提醒" in text and "甲一" in text for text in week_before)


async def test_hu_67_teachers_postings_are_kept_by_kind(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(
        house,
        "甲市委党校",
        "选派：甲一，蹲点调研，地点 丙县，2022.9.1-2022.9.30",
        "选派：乙二，挂职锻炼，地点 乙市，2022.3.1-2022.8.31",
        "选派：丙三，学习培训，地点 省委党校，2022.5.1-2022.5.31",
        "选派：丁四，调查研究，地点 丙县，2022.6.1-2022.6.10",
    )
    own, other = await ask(house, "甲市委党校", "台账 选派"), await ask(house, "乙市", "台账 选派")

    assert "蹲点调研 1" in own and "挂职锻炼 1" in own and "学习培训 1" in own and "调查研究 1" in own
    assert "共 0 条" in other and "甲一" not in other


async def test_hu_69_paired_units_and_their_joint_classes_are_listed(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    receipt = await ask(house, "甲市", "结对：外省某市，班次 联合班，2022-09-05")
    shown = await ask(house, "office1", "台账 结对")

    assert "外省某市，班次 联合班，日期 2022年9月5日" in receipt and "甲市：外省某市" in shown


async def test_hu_70_contributions_to_the_journal_are_counted_by_unit_and_use(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "甲市", "内部刊物：基层党校改革，经验，已采用", "内部刊物：年度调训，信息，未采用")
    await tell(house, "乙市", "内部刊物：送教下基层，经验，未采用")
    shown, table = await ask(house, "office1", "台账 内部刊物"), await ask(house, "office1", "排名 内部刊物")

    assert "采用：未采用 2，已采用 1" in shown and "类别：经验 2，信息 1" in shown
    assert "1  甲市  2" in table and "2  乙市  1" in table


async def test_hu_71_five_systems_are_boxes_of_each_institution(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    receipt = await ask(house, "省社会主义学院", "制度：集体备课、教学督导、跟班管理已建，责任事故追究未建")
    again = await ask(house, "省社会主义学院", "制度：五项全有")
    shown = await ask(house, "office1", "台账 教学组织管理制度")

    assert "已建 3/5，缺 责任事故追究、评价反馈" in receipt and "已建 5/5" in again
    assert "共 1 条" in shown and "5/5" in shown


async def test_hu_73_organs_report_a_year_in_free_text_on_audiences_without_numbers(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    said = "分类培训情况：今年组织专业技术人员继续教育，重点抓了公需科目和网上学习。"
    receipt = await ask(house, "省人力资源和社会保障厅", said)
    missing = await ask(house, "office1", "未报")
    last_day = await messages(house, "2022-12-30T18:00", "省国资委")
    answered = await messages(house, "2022-12-31T18:00", "省人力资源和社会保障厅")

    assert "2022年分类培训情况已报齐" in receipt
    assert "2022年分类培训情况：已报 1/7，未报：省委宣传部、省委统战部、省国资委" in missing
    assert any("分类培训情况" in text for text in last_day)
    assert not any("分类培训情况" in text for text in answered)
