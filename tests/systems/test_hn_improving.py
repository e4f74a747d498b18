"""HN-13 … HN-25: problems and rules, handbooks, contests, models, notices, issues led by a leader."""

import pytest

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group, staff


async def test_hn_13_problem_lines_have_way_and_weakness_and_the_silent_divisions_are_named(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-05-31T10:00")
    first = await ask(
        house, "基教处", "问题：职称材料反复提交，别人提，工作短板，责任人甲一，解决方案：网上一次提交，6月20日前"
    )
    shown = await ask(house, "office1", "台账 问题清单")

    assert "职称材料反复提交，别人提，工作短板，责任人 甲一，解决方案 网上一次提交" in first
    assert "期限 6月20日（周一）" in first
    assert "方式：别人提 1" in shown and "短板：工作短板 1" in shown
    assert "单位：1/9，还没有：政策法规处、厅自贸办、行政办、机关党委、教师处、职教处、高教处、人事处" in shown


async def test_hn_14_a_problem_stays_open_until_a_solution_is_told(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-05-20T10:00")
    await ask(house, "基教处", "问题：招生解读不及时，自己找，能力短板")
    await ask(house, "高教处", "问题：办文超期，自己找，作风短板，解决方案：限时办结")
    bare = await ask(house, "基教处", "1号已解决")
    before = await ask(house, "office1", "/status 问题清单")
    closed = await ask(house, "基教处", "1号已解决，每周五集中答疑")
    after = await ask(house, "office1", "/status 问题清单")

    assert "请写一句怎么办的再报" in bare
    assert "未办结 2 条" in before and "没有写解决方案的 1 条：1 号" in before
    assert "1 号已改为“已解决”" in closed and "未办结 1 条" in after


async def test_hn_15_three_counts_are_figures_and_never_a_percent(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-10-20T10:00", ("教师处",))
    receipt = await ask(house, "教师处", "第15项 立3件改5件废2件")
    shown = await ask(house, "office1", "进度 15")

    assert "立 3件；改 5件；废 2件" in receipt and "%" not in receipt.splitlines()[1]
    assert "期限：10月31日（周一）" in shown
    assert "目前 5件" in await ask(house, "office1", "进度 改")


async def test_hn_16_two_boxes_a_division_complete_only_with_both(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-10-20T10:00", ("教师处",))
    half = await ask(house, "教师处", "第16项 业务知识清单已完成，工作标准清单在编")
    whole = await ask(house, "教师处", "第16项 两张清单都有了")

    assert "1/2，缺 工作标准清单" in half and "100%" not in half
    assert "100%（完成）；2/2" in whole


async def test_hn_17_a_handbook_in_the_making_stays_open(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-10-20T10:00", ("教师处",))
    going = await ask(house, "教师处", "第17项 手册在编")
    printed = await ask(house, "教师处", "第17项 手册已成稿，第2版")
    shown = await ask(house, "office1", "/status H17")

    assert "100%" not in going and "推进中" in going
    assert "100%（完成）" in printed
    assert "已完成 1/9" in shown


async def test_hn_18_a_paper_is_done_only_when_it_is_issued(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-06-20T10:00", ("政策法规处",))
    stages = [
        await ask(house, "政策法规处", f"第18项{words}")
        for words in ("初稿已起草", "征求意见稿已完成", "已通过审议", "已印发")
    ]

    assert ["起草阶段" in stages[0], "征求意见阶段" in stages[1], "审议阶段" in stages[2]] == [True] * 3
    assert not any("100%" in stage for stage in stages[:3]) and "100%（完成）；已印发" in stages[3]


async def test_hn_19_an_arena_has_a_table_with_ties_that_only_the_office_sees(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-06-20T10:00")
    await staff(house, "教师处", "甲一", "乙二", "丙三")
    for name, score in (("甲一", 92), ("乙二", 88), ("丙三", 92)):
        await ask(house, "office1", f"小擂台：公文写作比拼 {name} {score}分")
    table = await ask(house, "office1", "排名 小擂台")
    others = await ask(house, "教师处", "排名 小擂台")
    group = await say_in_group(house, "office1", "排名 小擂台")

    assert table.splitlines()[1:] == ["1  甲一  92", "1  丙三  92", "3  乙二  88", "共 3 个"]
    assert "甲一" not in others and "甲一" not in group and "涉及个人成绩" in others


async def test_hn_20_a_quarter_is_asked_in_its_first_days_and_compared_with_the_one_before(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-31T10:00", ("教师处",))
    asked = await messages(house, "2022-04-01T12:00", "教师处")
    await ask(house, "教师处", "办文120件，退文3件，差错1件")
    await house.until("2022-07-01T12:00")
    await ask(house, "教师处", "办文90件，退文1件，差错0件")
    note = await ask(house, "office1", "汇总 三季度")
    quarters = [round_.period.key for round_ in house.bot.world.rounds_of(house.plan) if round_.duty.id == "paperwork"]

    assert any(
        "第一季度办文情况，4月8日截止" in text and "办文（件）、退文（件）、差错（件）" in text for text in asked
    )
    assert "办文　90件　2022-07-01　-30件" in note
    assert quarters == ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]


async def test_hn_21_models_are_nominated_in_four_kinds_and_recognised_by_the_office(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-09-01T10:00")
    await ask(house, "机关党委", "推荐：标杆党支部 高教处党支部，事迹：连续三年先进")
    await ask(house, "教师处", "推荐：优秀公文 《关于减负的通知》")
    other = await ask(house, "教师处", "推荐：劳动模范 甲一")
    own_try = await ask(house, "教师处", "2号已认定")
    await ask(house, "office1", "同意")
    shown = await ask(house, "office1", "台账 推选标杆")

    assert "类别是什么？可选：标杆党支部、党员先锋岗、优秀公文、优秀案例" in other
    assert "2 号已报工作专班确认" in own_try
    assert "类别：标杆党支部 1，优秀公文 1" in shown and "未办结 1 条" in shown


async def test_hn_22_eight_projects_are_accepted_one_by_one(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-09-01T10:00")
    for number in range(1, 9):
        await ask(house, "office1", f"特色项目：第{number}个改革试点")
    for number in range(1, 6):
        await ask(house, "office1", f"{number}号已验收")
    shown = await ask(house, "office1", "/status H22")

    assert "已验收 5/8个" in shown


async def test_hn_23_an_event_without_a_date_is_asked_of_its_owner_once(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-06-01T10:00")
    logged = await ask(house, "基教处", "优质课展评：10月12日举办，参赛86，结果另报")
    told = await ask(house, "基教处", "1号结果改为一等奖12个")

    assert "日期 2022年10月12日" in logged and "参赛数 86" in logged
    assert "结果 一等奖12个" in told


async def test_hn_24_an_issue_led_by_a_leader_stands_in_his_digest_until_it_is_solved(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-03-09T10:00")
    await ask(house, "office1", "攻坚：学籍历史遗留问题，L1挂帅，成员甲一，下一步开协调会，5月底前")
    (open_,) = await messages(house, "2022-03-14T12:00", "leader1")
    await ask(house, "office1", "1号已解决，全部补录完毕")
    (closed,) = await messages(house, "2022-03-21T12:00", "leader1")

    assert "未办结 1 件" in open_ and "学籍历史遗留问题" in open_ and "期限 5月31日" in open_
    assert "学籍" not in closed


@pytest.mark.parametrize("kind", ["unit", "person"])
async def test_hn_25_results_of_a_period_are_exported_by_unit_and_person(theatre: Open, kind: str) -> None:
    house = await open_pack(theatre, "HN", "2022-06-20T10:00")
    await staff(house, "教师处", "甲一")
    await ask(house, "office1", "知识测试：甲一 87.5分 满分100分 合格线60分")
    await ask(house, "教师处", "读书日：学习报告，18人参加")
    async with house.bot.db.read() as tx:
        from datetime import date

        from bot.stories.results import persons_of, results_of

        span = (date(2022, 1, 1), date(2022, 6, 30))
        units = await results_of(tx, house.bot.world, house.plan, *span)
        persons = await persons_of(tx, house.plan, *span)
    if kind == "unit":
        head, *rows = units
        own = dict(zip(head, next(row for row in rows if row[0] == "教师处"), strict=True))
        assert (own["读书日"], own["知识测试"]) == (1, 0)
    else:
        head, *rows = persons
        own = dict(zip(head, next(row for row in rows if row[1] == "甲一"), strict=True))
        assert own["知识测试"] == 1
