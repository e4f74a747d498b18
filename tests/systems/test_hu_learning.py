"""HU-15 … 18, 28, 36, 37, 46, 47, 51, 68, 72, 74, 75: what is learnt, by whom, and who may see it."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group, staff
from tests.systems.hunan import open_filled, tell


async def test_hu_15_five_plans_stand_without_an_owner_until_annex_2_names_one(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    shown, open_, annexes = await tell(house, "office1", "进度 J01", "进度 未设定", "进度 附件")
    set_ = await ask(house, "office1", "设定 J02 牵头 省委宣传部")

    assert "牵头单位：未设定" in shown
    assert "培训计划没有牵头单位（5 个）：第1项、第2项、第3项、第4项、第5项" in open_
    assert "附件2：五个培训计划：附件未提供" in annexes
    assert "干部专业化能力提升计划　牵头：未设定 → 省委宣传部" in set_


async def test_hu_16_periodic_training_has_its_interval_from_the_office_and_an_empty_one_is_told(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-07-05T10:00")
    before, first, second = await tell(house, "office1", "进度 未设定", "设定 C01 间隔 每季度", "设定 C02 间隔 每季度")
    await tell(house, "省委宣传部", "班次：第三期师资班，理论骨干师资专题培训，2022.8.10-2022.8.14")
    told = await messages(house, "2022-10-12T12:00", "leader1")
    log = await ask(house, "office1", "台账 培训班次")

    assert "报送没有定多久一次（11 个）：理论骨干师资专题培训、理论研修班" in before
    assert "间隔：定期 → 每季度" in first and "间隔：定期 → 每季度" in second
    assert "第三期师资班，理论骨干师资专题培训，2022年8月10日—2022年8月14日" in log
    assert any("第三季度理论研修班：未登记" in text for text in told)
    assert not any("第三季度理论骨干师资专题培训：未登记" in text for text in told)


async def test_hu_17_the_five_year_plan_is_a_paper_done_when_it_is_issued(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    drafted = await ask(house, "office1", "K49 征求意见")
    middle = await ask(house, "office1", "指标 K49")
    issued = await ask(house, "office1", "K49 已印发")
    after = await ask(house, "office1", "指标 K49")

    assert "征求意见阶段" in drafted and "进行中：0/1份" in middle
    assert "100%（完成）；已印发" in issued and "已达到：1/1份" in after
    assert "2021年 0/1份" in after


async def test_hu_18_three_boxes_for_each_person_and_year(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一", "乙二")
    first, second = await tell(house, "丁厅", "考核：甲一 述学、评学", "考核：甲一 述学、评学、考学")
    own, other = await ask(house, "丁厅", "台账 考核"), await ask(house, "甲市", "台账 考核")

    assert "完成 2/3，缺 考学" in first and "完成 3/3" in second
    assert "共 1 条" in own and "丁厅 1/2，还没有：乙二" in own
    assert "甲一" not in other and "乙二" not in other


async def test_hu_28_every_training_has_its_kind_and_the_table_counts_them(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一", "乙二")
    await tell(
        house,
        "丁厅",
        "培训：甲一，初任培训，2022.3.1-2022.3.5",
        "培训：甲一，任职培训，2022.4.1-2022.4.5",
        "培训：乙二，专门业务培训，2022.5.1-2022.5.5",
        "培训：乙二，在职培训，2022.6.1-2022.6.5",
        "培训：甲一，在职培训，2022.7.1-2022.7.5",
    )
    shown = await ask(house, "office1", "台账 培训记录")

    assert "类别：在职培训 2，" in shown
    assert all(f"{kind} 1" in shown for kind in ("初任培训", "任职培训", "专门业务培训"))


async def test_hu_36_young_cadres_are_trained_posted_and_practise_and_each_kind_is_kept(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(
        house,
        "office1",
        "选派：甲一，专题培训，地点 省委党校，2022.3.1-2022.3.15",
        "选派：甲一，挂职锻炼，地点 丙县，2022.4.1-2022.10.31",
        "选派：甲一，岗位实习，地点 丁厅，2022.5.1-2022.5.31",
    )
    shown, other = await ask(house, "office1", "台账 选派"), await ask(house, "丙县", "台账 选派")
    soon = await messages(house, "2022-10-31T12:00", "省委组织部")

    assert all(f"{kind} 1" in shown for kind in ("专题培训", "挂职锻炼", "岗位实习"))
    assert "甲一" not in other
    assert any("实践锻炼和访学到期提醒" in text and "挂职锻炼" in text for text in soon)


async def test_hu_37_behaviour_in_training_is_the_offices_alone_and_never_in_a_group(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "office1", "培训表现：甲一 班次 中青班，表现 学习认真，带头发言")
    refused = await ask(house, "丁厅", "台账 培训表现")
    logged = await ask(house, "丁厅", "培训表现：乙二 表现 迟到")
    in_group = await say_in_group(house, "office1", "台账 培训表现")
    alone = await ask(house, "office1", "台账 培训表现")

    assert "只有省委组织部能看" in refused and "我没有记下" in logged
    assert "甲一" not in in_group and "学习认真" not in in_group
    assert "甲一" in alone and "学习认真" in alone


async def test_hu_46_a_file_of_five_fields_for_the_person_and_the_office_only(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一")
    said = (
        "培训：甲一，任职培训，班次 秋季班，2022.3.1-2022.3.5，内容 公文写作，成果 论文一篇，表现 良好，党性锻炼 优秀"
    )
    await tell(house, "丁厅", said)
    office, other = await ask(house, "office1", "档案 甲一"), await ask(house, "甲市", "档案 甲一")
    own_unit, in_group = await ask(house, "丁厅", "档案 甲一"), await say_in_group(house, "office1", "档案 甲一")

    fields = ("班次 秋季班", "培训内容 公文写作", "学习成果 论文一篇", "行为表现 良好", "党性锻炼 优秀")
    assert [field for field in fields if field not in office] == []
    assert "个人档案只有省委组织部和本人能看" in other and "个人档案只有省委组织部和本人能看" in own_unit
    assert "请私聊" in in_group and "论文" not in in_group


async def test_hu_47_one_course_reported_by_two_sources_counts_once(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一", grade="科级以下")
    await tell(
        house,
        "丁厅",
        "培训：甲一，在职培训，红星网，课程 公文写作，2022.5.6，40学时",
        "培训：甲一，在职培训，红星云，课程 公文写作，2022.5.9，40学时",
        "培训：甲一，在职培训，网络学院，课程 应急管理，2022.5.10，30学时",
    )
    quota, file = await ask(house, "丁厅", "指标 K02"), await ask(house, "office1", "档案 甲一")

    assert "甲一：2/12天；70/90学时" in quota
    assert "学时合计 70学时" in file


async def test_hu_51_overlapping_calls_and_people_without_training_for_three_years_are_listed(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一", "乙二", "丙三")
    await tell(
        house,
        "office1",
        "点名调训：甲一 丁厅，秋季进修班，2022.9.1-2022.9.30",
        "点名调训：甲一 丁厅，应急管理班，2022.9.30-2022.10.9",
        "点名调训：乙二 丁厅，秋季进修班，2022.9.1-2022.9.30",
    )
    await tell(house, "丁厅", "培训：甲一，在职培训，2022.5.6", "培训：乙二，在职培训，2019.10.19")
    twice, never = await tell(house, "office1", "核查 点名调训", "核查 培训记录")
    refused, in_group = await ask(house, "丁厅", "核查 培训记录"), await say_in_group(house, "office1", "核查 培训记录")

    assert "时间重叠 1 处" in twice and "秋季进修班" in twice and "应急管理班" in twice and "乙二" not in twice
    assert "近 3 年没有培训的 2 人：乙二（丁厅）、丙三（丁厅）" in never
    assert "丙三" not in refused and "丙三" not in in_group


async def test_hu_68_self_study_is_kept_apart_from_called_training(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一", grade="科级以下")
    await tell(house, "丁厅", "培训：甲一，在职培训，2022.5.6，80学时", "自学：甲一，20学时，内容 党章，2022年5月1日")
    quota, file = await ask(house, "丁厅", "指标 K02"), await ask(house, "office1", "档案 甲一")

    assert "80/90学时" in quota
    assert "学时合计 80学时" in file and "在职自学：1 条，学时合计 20学时" in file


async def test_hu_72_the_office_looks_up_one_persons_hours_over_a_period(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一")
    await tell(
        house,
        "丁厅",
        "培训：甲一，任职培训，2019.5.6，40学时",
        "培训：甲一，任职培训，2021.5.6，50学时",
        "培训：甲一，任职培训，2022.5.6，60学时",
    )
    some, whole = await tell(house, "office1", "档案 甲一 2021-2022", "档案 甲一")
    refused = await ask(house, "丁厅", "档案 甲一 2021-2022")

    assert "2021—2022年" in some and "学时合计 110学时" in some
    assert "学时合计 150学时" in whole
    assert "110" not in refused


async def test_hu_74_batches_to_bases_and_developed_areas_have_their_place(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    first, second = await tell(
        house,
        "office1",
        "选派：党性教育基地培训，30人，第2批，地点 井冈山，2022.9.1-2022.9.10",
        "选派：发达地区培训，20人，第1批，地点 上海，2022.9.1-2022.9.10",
    )
    shown = await ask(house, "office1", "台账 选派")

    assert "人数 30人，党性教育基地培训，批次 2批，地点 井冈山" in first
    assert "人数 20人，发达地区培训，批次 1批，地点 上海" in second
    assert "人数合计 50人" in shown and "批次合计" not in shown


async def test_hu_75_segments_add_up_and_a_prompt_waits_until_the_training_is_over(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-12-20T10:00")
    contact = f"丁厅·{house.contact('丁厅')}"
    await staff(house, "丁厅", "甲一", contact)
    await tell(
        house,
        "丁厅",
        "培训：甲一，在职培训，班次 青干班，第1段，2022.3.1-2022.3.5，40学时",
        "培训：甲一，在职培训，班次 青干班，第2段，2022.6.1-2022.6.5，40学时",
        f"培训：{contact}，在职培训，班次 冬训班，2022.12.21-2022.12.29，60学时",
    )
    file = await ask(house, "office1", "档案 甲一")
    during = await messages(house, "2022-12-29T18:00", "丁厅")
    after = await messages(house, "2022-12-30T18:00", "丁厅")

    assert "2 条，天数合计 10天，学时合计 80学时" in file
    assert not any("调训参训情况" in text for text in during)
    assert any("调训参训情况" in text for text in after)
