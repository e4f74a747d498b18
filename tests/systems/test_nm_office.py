"""NM-37 … NM-48: evaluations, special inspections, cases, honours, money, audits, draws, hazards, rules, talks."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group, staff
from tests.systems.nm import filled


async def test_nm_37_each_league_has_its_line_and_result(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-10-15T10:00", plan=filled())
    await ask(house, "office1", "评价：盟市政府履行教育职责评价，甲市，10月10日，结果：优秀")
    await ask(house, "office1", "评价：盟市政府履行教育职责评价，乙盟，10月11日，结果：良好")
    await ask(house, "office1", "评价：盟市政府履行教育职责评价，乙盟，10月12日，结果：合格")
    await ask(house, "office1", "1号已完成")
    shown = await ask(house, "office1", "台账 评价")
    due = await ask(house, "office1", "/status Y04")

    assert "共 2 条，未办结 1 条" in shown
    assert "乙盟，结果 合格" in shown and "良好" not in shown
    assert "期限：12月31日" in due


async def test_nm_38_four_inspections_have_findings_and_dates(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-10-15T10:00", plan=filled())
    await ask(house, "office1", "专项督导：教育经费投入10月10日完成")
    await ask(house, "office1", "督导：经费投入督导，甲市，10月10日，情况：拨付慢")
    await ask(house, "office1", "发现问题：甲市，问题：拨付慢，整改期限10月29日")
    point, findings = await ask(house, "office1", "/status 23"), await ask(house, "office1", "台账 督导问题")
    lines = [f"专项督导：{name}" for name in ("减负和违规补课", "五育方针落实", "教育经费投入", "教师队伍建设")]

    assert all(line in point for line in lines)
    assert "专项督导：教育经费投入（完成）" in point and "专项督导：五育方针落实（完成）" not in point
    assert "甲市，拨付慢（待整改，期限 10月29日（周五））" in findings


async def test_nm_39_the_plenary_is_an_event_with_its_day(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-10-15T10:00")
    before = await ask(house, "office1", "督导委员会全体会议定于10月20日召开")
    await house.until("2021-10-21T10:00")
    held = await ask(house, "office1", "督导委员会全体会议10月20日已召开")

    assert "定于10月20日" in before and "100%" not in before
    assert "100%（完成）；10月20日已办" in held


async def test_nm_40_breaches_of_ethics_are_warned_of_by_the_office_only(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-10-15T10:00", plan=filled())
    kept = await ask(house, "office1", "师德失范：对象：乙二，处理：通报批评，10月10日")
    refused = await ask(house, "甲中学", "台账 案件")
    held_back = await ask(house, "office1", "发布 1号 确认发布")
    heard = await house.until("2021-11-10T18:00")

    assert "师德失范，乙二" in kept and "处理 通报批评" in kept
    assert "只有办公室能看" in refused
    assert not [one.text for one in heard if "乙二" in one.text]
    assert "乙二" not in held_back


async def test_nm_41_honours_are_recommended_by_a_day_the_office_sets(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-05-10T10:00", plan=filled())
    await ask(house, "甲大学", "推荐：全国教书育人楷模，对象：甲一")
    await ask(house, "office1", "1号截止改为5月21日")
    reminded = await messages(house, "2021-05-21T12:00", "甲大学")
    recognised = await ask(house, "office1", "1号已认定")

    assert any("评选推荐到期提醒" in text and "期限 5月21日（周五）" in text for text in reminded)
    assert "1 号已改为“已认定”" in recognised


async def test_nm_42_a_fall_against_the_year_before_is_flagged_by_area(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-12-15T10:00", plan=filled())
    await ask(house, "甲市", "教育支出8000万元，上年7500万元")
    await ask(house, "甲旗", "教育支出8000万元，上年8500万元")
    await ask(house, "甲旗", "生均支出1.2万元，上年1.1万元")
    shown = await ask(house, "office1", "进度 教育支出")
    point = await ask(house, "office1", "/status 28")

    assert "只增不减：1 个单位减少" in shown
    assert "甲旗：8000万元；上年 8500万元，减少 500万元（应只增不减，请核查）" in shown
    assert "甲市：8000万元；上年 7500万元，增加 500万元" in shown
    assert "16000万元；数据，不计入进度" in point


async def test_nm_43_audit_and_clean_up_are_due_by_the_end_of_the_year(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-12-15T10:00")
    await ask(house, "office1", "年度内部审计12月10日完成")
    audit, papers = await ask(house, "office1", "/status Y05"), await ask(house, "office1", "/status Y06")

    assert "期限：12月31日（周五）" in audit and "100%（完成），12月10日已办" in audit
    assert "期限：12月31日（周五）" in papers and "100%" not in papers


async def test_nm_44_units_and_checkers_are_drawn_with_a_seed_that_is_kept(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    await staff(house, "甲处", "甲一", "乙二", "丙三")
    units = await ask(house, "office1", "抽查 双随机 学校食堂食品安全 2个单位")
    people = await ask(house, "office1", "抽查 检查人员 学校食堂食品安全 2人")
    again = await ask(house, "office1", "抽查 复核 1")
    group = await say_in_group(house, "office1", "抽查 检查人员 中小学教育装备 2人")
    refused = await ask(house, "甲中学", "台账 双随机")
    ledger = await ask(house, "office1", "台账 双随机")
    (fields,) = [r.field("field").options for r in house.plan.registers if r.key == "draw_units"]

    assert "从 4 个里抽出 2 个" in units and "种子" in units
    assert "从 3 个里抽出 2 个" in people and "种子" in people
    assert "结果一致" in again
    assert not any(name in group for name in ("甲一", "乙二", "丙三"))
    assert "只有办公室能看" in refused and "学校食堂食品安全 2" in ledger
    assert fields == ("中小学教育装备", "校外培训机构招生办学", "学校食堂食品安全")


async def test_nm_45_hazards_are_found_and_fixed_and_the_routine_is_never_done(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled(("T16", "units", "甲中学")))
    await ask(house, "甲中学", "隐患：线路老化，地点：实验楼，期限4月30日")
    await ask(house, "甲中学", "隐患：护栏松动，地点：操场，期限4月30日")
    without = await ask(house, "甲中学", "1号已整改")
    await ask(house, "甲中学", "1号已整改，更换了线路")
    said = await ask(house, "甲中学", "安全教育和隐患排查已完成100%")
    ledger, shown = await ask(house, "office1", "台账 隐患"), await ask(house, "office1", "/status T16")

    assert "1 号已改为" not in without
    assert "共 2 条，未办结 1 条" in ledger and "护栏松动" in ledger
    assert "期限：长期坚持" in shown and "完成" not in shown.replace("未办结", "") and "100%" not in said + shown


async def test_nm_46_six_rules_and_five_rules_are_parts_with_their_state(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    study = await ask(house, "office1", "六项学习制度：党员自学制度已修订")
    service = await ask(house, "office1", "五项服务制度：首问负责制已建立、限时办结制已建立")
    shown = await ask(house, "office1", "/status T14")

    assert len(house.plan.item("T13").parts) == 6 and len(house.plan.item("T14").parts) == 5
    assert "1/6，缺 厅党组理论中心组学习制度" in study
    assert "2/5，缺 公开办事制、岗位责任制、服务承诺制" in service and "2/5" in shown


async def test_nm_47_an_interval_nobody_set_is_asked_of_the_office_once(theatre: Open) -> None:
    house = await theatre("2021-01-04T08:00", plan=filled())
    first = [one for one in await house.until("2021-01-29T18:00") if one.to == "office1"]
    asked = [one.text for one in first if "没有定多久一次" in one.text]
    silent = await messages(house, "2021-03-31T18:00", "office1")
    await ask(house, "office1", "设定 专题讲座 间隔 每季度")
    slots = await ask(house, "office1", "台账 讲座")

    assert len(asked) == 1 and "专题讲座" in asked[0] and "优质公文和优质稿件评选" in asked[0]
    assert not any("没有定多久一次" in text or "专题讲座" in text for text in silent)
    assert "每季度 0/4" in slots


async def test_nm_48_scores_of_the_contest_are_posted_by_order_only(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    held = await ask(house, "office1", "公文写作技能比赛6月10日举办")
    await ask(house, "office1", "公文比赛成绩：甲一 90分")
    await ask(house, "office1", "公文比赛成绩：乙二 95分")
    table = await ask(house, "office1", "排名 公文比赛")
    other, group = await ask(house, "甲处", "排名 公文比赛"), await say_in_group(house, "office1", "排名 公文比赛")
    refused = await ask(house, "office1", "发布 排名 公文比赛")
    heard = await house.until("2021-06-18T18:00")

    assert "100%（完成）；6月10日已办" in held
    assert table.splitlines()[1:3] == ["1  乙二  95", "2  甲一  90"]
    assert "乙二" not in other + group + refused
    assert not [one.text for one in heard if "乙二" in one.text]
