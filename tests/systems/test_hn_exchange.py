"""HN-26 … HN-41: postings, teams, supervision, results, archive, self-checks, scores, labels."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group, staff


async def test_hn_26_a_posting_of_a_year_is_kept_and_a_shorter_one_is_asked_back(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("人事处",))
    short = await ask(house, "人事处", "选派 甲一 到三亚市教育局挂职，2022.7.1-2023.3.31")
    await ask(house, "人事处", "不对")
    kept = await ask(house, "人事处", "选派 甲一 到省教育厅跟班学习，2022.4.1-2023.3.31")

    assert "挂职应为一年，这条是 274 天" in short
    assert "跟班学习" in kept and "2022年4月1日—2023年3月31日" in kept and "期限 2023年3月31日（周五）" in kept


async def test_hn_27_a_work_experience_of_three_weeks_or_three_months_is_asked_back(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("人事处",))
    for length, days in (("3周", 21), ("3个月", 91)):
        asked = await ask(house, "人事处", f"选派 丙三 到澄迈县工作体验，4月1日起{length}")
        assert f"工作体验应为一至两个月，这条是 {days} 天" in asked
        await ask(house, "人事处", "不对")
    kept = await ask(house, "人事处", "选派 丙三 到澄迈县工作体验，4月1日起一个半月")
    warned = await messages(house, "2022-05-16T18:00", "人事处")

    assert "2022年4月1日—2022年5月15日" in kept
    assert any("挂职交流到期提醒" in text and "丙三" in text for text in warned)


async def test_hn_28_the_second_help_team_meets_the_quota(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("人事处",))
    await ask(house, "人事处", "小分队：第1批 3月30日赴五指山市，成员甲一")
    first = await ask(house, "office1", "指标 QH28")
    await ask(house, "人事处", "小分队：第1批 3月30日赴五指山市，成员甲一、乙二")
    again = await ask(house, "office1", "指标 QH28")
    await ask(house, "人事处", "小分队：第2批 3月31日赴琼中县，成员丙三")
    second = await ask(house, "office1", "指标 QH28")

    assert "进行中：1/2批" in first and "进行中：1/2批" in again
    assert "已达到：2/2批" in second


async def test_hn_29_a_posting_has_a_mode_and_a_place_and_its_end_is_reminded_of(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("教师处",))
    kept = await ask(house, "教师处", "选派 乙二 到上海 跟班实践 组团式 4月1日-4月29日")
    ended = await messages(house, "2022-04-29T12:00", "教师处")
    report = await ask(house, "教师处", "1号已结束，已交跟班报告")

    assert "跟班实践，组团式，地点 上海" in kept
    assert any("挂职交流到期提醒" in text for text in ended)
    assert "1 号已改为“已结束”" in report


async def test_hn_30_college_cadres_are_posted_to_the_front_line(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("高教处", "教师处"))
    await ask(house, "高教处", "选派 丁四、戊五 到重点工作专班一线历练，4月1日至9月30日")
    own, other = await ask(house, "高教处", "台账 挂职交流"), await ask(house, "教师处", "台账 挂职交流")

    assert "丁四、戊五" in own and "一线历练" in own and "未办结 1 条" in own
    assert "丁四" not in other and "共 0 条" in other


async def test_hn_31_one_rotation_is_enough_and_names_no_one_outside_the_office(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-05-20T10:00")
    await ask(house, "office1", "轮岗：5月10日 调整：甲一由教师处到基教处")
    reached = await ask(house, "office1", "指标 QH31")
    refused = await ask(house, "教师处", "台账 内部大轮岗")

    assert "已达到：1/1次" in reached
    assert "甲一" not in refused and "只有工作专班能看" in refused


async def test_hn_32_a_finding_stays_in_the_digest_until_it_is_closed(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-09T10:00")
    await ask(house, "office1", "督查：高教处 3月8日 情况：台账不全")
    await ask(house, "督导组", "督查发现 高教处 台账不全，期限3月20日")
    (open_,) = await messages(house, "2022-03-14T12:00", "leader1")
    reminded = await messages(house, "2022-03-18T12:00", "高教处")
    sent = await ask(house, "高教处", "2号已整改，补齐了台账")
    await ask(house, "office1", "同意")
    (closed,) = await messages(house, "2022-03-21T12:00", "leader1")

    assert "督查发现问题 2 号" in open_ and "台账不全" in open_
    assert any("督查发现问题到期提醒" in text for text in reminded)
    assert "已报工作专班确认" in sent
    assert "台账不全" not in closed


async def test_hn_33_words_said_before_are_shown_to_the_office_alone(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("教师处",))
    for _ in range(2):
        await ask(house, "教师处", "第13项 排查工作正在按要求开展")
    office = await ask(house, "office1", "汇总 4月")
    leader = await ask(house, "leader1", "汇总 4月")
    group = await say_in_group(house, "office1", "汇总 4月")

    assert "疑似重复" in office and "教师处 2 号：第13项 排查工作正在按要求开展" in office
    assert "疑似重复" not in leader and "疑似重复" not in group


async def test_hn_34_everybody_counts_once_and_only_all_make_the_whole(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00", ("教师处", "基教处"))
    await staff(house, "教师处", "甲一", "乙二")
    await staff(house, "基教处", "丁四")
    for name in ("甲一", "甲一", "丁四"):
        await ask(house, "教师处" if name == "甲一" else "基教处", f"学习目标：{name} 读完四本书")
    half = await ask(house, "office1", "指标 QH34")
    await ask(house, "教师处", "学习目标：乙二 读完四本书")
    whole = await ask(house, "office1", "指标 QH34")

    assert "达标 1/2" in half and "教师处：1/2" in half
    assert "已达到：达标 2/2" in whole


async def test_hn_35_a_sanction_is_for_the_office_and_nobody_hears_of_it(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00")
    await ask(house, "office1", "处理决定：组织处理 甲一 3月31日")
    refused = await ask(house, "教师处", "台账 表彰与处理")
    heard = await house.until("2022-04-30T18:00")

    assert "只有工作专班能看" in refused
    assert not [one.text for one in heard if "甲一" in one.text or "组织处理" in one.text]


async def test_hn_36_experience_and_the_rule_born_of_it_stand_in_the_summary(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-12-01T10:00")
    await ask(house, "教师处", "经验：《公文三审》，做法：交叉审稿；形成制度：公文审核办法")
    summary = await ask(house, "office1", "汇总 全年")

    assert "经验做法：" in summary
    assert "教师处：《公文三审》，做法 交叉审稿，形成制度 公文审核办法" in summary


async def test_hn_37_the_annex_that_was_not_given_is_said_to_be_missing(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-01T10:00")

    assert "附件：专业化大练兵计划表：附件未提供" in await ask(house, "office1", "/status 附件")


async def test_hn_38_part_one_lasts_beyond_the_campaign_with_its_owners(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-12-20T10:00")
    shown = await ask(house, "office1", "/status H07")
    claimed = await ask(house, "教师处", "第7项已完成")
    part = await ask(house, "office1", "/status 二")

    assert "期限：长期坚持" in shown and "政策法规处" in shown
    assert "100%" not in claimed
    assert part.splitlines()[1].startswith("5 项") or "13 精准化大排查" in part


async def test_hn_39_four_boxes_are_checked_by_each_unit(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-06-01T10:00")
    await ask(house, "教师处", "四个到位：组织到位、措施到位，责任未到位，落实未到位")
    shown = await ask(house, "office1", "台账 四个到位自查")

    assert "到位 2/4，缺 责任到位、落实到位" in shown and "单位：1/9" in shown


async def test_hn_40_scores_are_figures_and_never_progress(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-06-01T10:00", ("教师处",))
    person = await ask(house, "office1", "知识测试：甲一 87.5分 满分100分 合格线60分")
    told = await ask(house, "教师处", "知识测试平均分87.5，合格率96%")
    rate = await ask(house, "office1", "进度 合格率")

    assert "得分 87.5分，满分 100分，合格线 60分" in person
    assert "合格率 96%" in told and "100%" not in told
    assert "目前 96%" in rate and "不计入进度" in rate


async def test_hn_41_an_item_serves_several_campaigns_and_is_asked_for_once(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-12-12T08:00", ("教师处",))
    shown = await ask(house, "office1", "/status H03")
    heard = await messages(house, "2022-12-12T12:00", "教师处")

    assert "同时用于：大培训、大比武、当前重点工作" in shown
    assert len([text for text in heard if "活动总结" in text]) == 1
