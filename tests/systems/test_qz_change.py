"""QZ-15 … QZ-21, QZ-28, QZ-32, HN-10: what the office changes, asks once, draws, releases and is reminded of."""

from dataclasses import replace

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, pack, staff


async def test_qz_15_a_one_off_collection_is_made_in_one_line_and_asked(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-05-08T10:00", ("思政科", "体卫艺语科"))
    made = await ask(house, "office1", "征集 阶段性总结 5月19日前 思政科、体卫艺语科")
    answer = await ask(house, "思政科", "阶段性总结：前四个月完成班主任培训两期，建立工作室五个，进展顺利。")
    missing = await ask(house, "office1", "未报")
    asked = await messages(house, "2023-05-18T12:00", "体卫艺语科")

    assert "阶段性总结" in made and "5月19日" in made
    assert "阶段性总结" in answer and "已报齐" in answer
    assert any("阶段性总结" in line and "未报：体卫艺语科" in line for line in missing.splitlines())
    assert any("阶段性总结" in text for text in asked)


async def test_qz_16_an_item_is_added_renamed_moved_and_closed_with_its_history(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    added = await ask(house, "office1", "新增项目 校园读书月")
    renamed = await ask(house, "office1", "设定 第7项 改名 班主任队伍建设提升")
    closed = await ask(house, "office1", "取消 第6项 市里统一安排")
    history = await ask(house, "office1", "历史 第7项")
    shown = await ask(house, "office1", "/status 6")

    assert "21" in added and "校园读书月" in added
    assert "班主任队伍建设提升" in renamed
    assert "市里统一安排" in closed or "已取消" in closed
    assert "加强中小学班主任队伍建设" in history and "班主任队伍建设提升" in history
    assert "市里统一安排" in shown


async def test_qz_17_three_boxes_of_a_plan_are_kept_for_each_unit(theatre: Open) -> None:
    plan = pack("QZ")
    units = ("组织科", "中教科", "思政科")
    ledgers = tuple(replace(r, units=units) if r.key == "unit_plan" else r for r in plan.registers)
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00", plan=replace(plan, registers=ledgers))
    half = await ask(house, "组织科", "细化方案：时间表、任务书已有，路线图缺")
    await ask(house, "中教科", "细化方案：时间表、任务书、路线图")
    shown = await ask(house, "office1", "台账 细化方案")

    assert "2/3，缺 路线图" in half
    assert "共 2 条" in shown and "单位：2/3，还没有：思政科" in shown and "中教科：内容 3/3" in shown


async def test_qz_18_one_command_moves_a_post_and_nothing_else(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    await ask(house, "思政科", "第7项40%")
    moved = await ask(house, "office1", "移交 思政科 甲一")
    shown = await ask(house, "office1", "/status 7")

    assert "甲一" in moved and "思政科联络员" in moved
    assert "思政科：40%" in shown
    assert [leader.key for leader in house.plan.leaders][:7] == ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]


async def test_qz_20_the_archive_of_a_unit_is_listed_with_kind_period_and_number(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("思政科",))
    await ask(house, "思政科", "第7项40%")
    await ask(house, "思政科", "简报：《班主任论坛》")
    listed = await ask(house, "office1", "历史 思政科")

    assert "3月24日" in listed and "1 号" in listed and "40%" in listed
    assert "班主任论坛" in listed or "2 号" in listed


async def test_qz_21_stage_points_are_asked_for_at_the_interval_the_office_sets(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    duty = next(duty for duty in house.plan.duties if "要点" in duty.name)
    before = [text for text in await messages(house, "2023-06-20T12:00", "office1") if "工作要点" in text]
    await ask(house, "office1", f"设定 {duty.name} 间隔 每季度")
    after = [text for text in await messages(house, "2023-07-05T12:00", "office1") if "要点" in text]

    assert not [text for text in before if "截止" in text]
    assert any("6月30日" in text or "第二季度" in text for text in after)


async def test_qz_28_praise_is_proposed_to_the_office_and_posted_on_its_word(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-24T10:00", ("思政科", "体卫艺语科"))
    await ask(house, "思政科", "第7项90%")
    heard = await house.until("2023-04-26T12:00")
    proposed = [one.text for one in heard if one.to == "office1" and "思政科" in one.text and "同意" in one.text]
    unasked = [one.text for one in heard if one.to == "main" and "表扬" in one.text]
    await ask(house, "office1", "同意")
    posted = [one.text for one in await house.until("2023-04-26T17:00") if one.to == "main"]

    assert proposed and not unasked
    assert any("思政科" in text for text in posted)


async def test_qz_32_a_meeting_without_a_day_is_asked_about_five_working_days_before_the_month_ends(
    theatre: Open,
) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-17T10:00", ("思政科",))
    await ask(house, "office1", "4月任务第8项4月12日召开")
    asked = [text for text in await messages(house, "2023-04-28T18:00", "office1") if "4月会议日期" in text]

    assert len(asked) == 1
    assert "（9）G20高中质量提升研讨会" in asked[0] and "（8）" not in asked[0] and "（2）" not in asked[0]


async def test_hn_10_a_draw_is_repeatable_and_posts_only_totals(theatre: Open) -> None:
    house = await open_pack(theatre, "HN", "2022-04-20T10:00")
    await staff(house, "教师处", "甲一", "乙二", "丙三", "丁四")
    first = await ask(house, "office1", "抽查 学习笔记 每处室2人")
    second = await ask(house, "office1", "抽查 学习笔记 每处室2人")
    names = {"甲一", "乙二", "丙三", "丁四"}
    drawn = [{name for name in names if name in text} for text in (first, second)]
    result = await ask(house, "office1", "1号结果改为合格")
    other = await ask(house, "基教处", "台账 学习笔记抽查")

    assert [len(part) for part in drawn] == [2, 2] and drawn[0] | drawn[1] == names
    assert "种子" in first
    assert "合格" in result
    assert not any(name in other for name in names)
