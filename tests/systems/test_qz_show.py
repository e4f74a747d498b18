"""QZ-30 … QZ-38: the table, publicity, meetings, figures, parts, labels, units without items, rest days, results."""

import re
from dataclasses import replace

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, pack


async def test_qz_30_the_table_ranks_units_by_their_items_and_others_only_on_time(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00")
    await house.until("2023-04-24T10:00")
    await ask(house, "思政科", "第7项60%")
    await ask(house, "体卫艺语科", "第6项60%")
    await ask(house, "规划建设科", "本月无")
    table = next(one.text for one in await house.until("2023-04-26T12:00") if one.to == "main" and "排名" in one.text)
    rows = [line for line in table.splitlines() if re.match(r"\d+  ", line)]

    assert len(rows) == 10 and rows[0].startswith("1  体卫艺语科  60%") and rows[1].startswith("1  思政科  60%")
    assert "共 12 个单位" in table
    assert "没有牵头项目的单位只看按时报送" in table and "规划建设科 1/1" in table


async def test_qz_31_press_pieces_are_a_kind_of_contribution(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    await ask(house, "体卫艺语科", "简报：媒体 《市报：近视防控》")
    await ask(house, "体卫艺语科", "简报：媒体 《电视台：明眸行动》")
    shown = await ask(house, "office1", "台账 信息简报")

    assert "类别：媒体 2" in shown


async def test_qz_33_visits_and_sums_stand_beside_the_task_and_are_no_progress(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    told = await ask(house, "office1", "4月任务第10项走访企业12家，募集资金350万元")
    shown = await ask(house, "office1", "/status M04-10")

    assert "走访企业 12家" in told and "350" in told and "%" not in told.splitlines()[1]
    assert "100%" not in shown


async def test_qz_34_three_results_in_one_task_are_done_together(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    two = await ask(house, "office1", "4月任务第3项产教融合联盟和研究院都成立了，专家库未建")
    three = await ask(house, "office1", "4月任务第3项专家库已建立")

    assert "2/3，缺 产教融合专家库" in two and "100%" not in two
    assert "100%（完成）；3/3" in three


async def test_qz_35_an_item_carries_a_second_label_and_one_report_serves_both(theatre: Open) -> None:
    plan = pack("QZ")
    items = tuple(replace(item, labels=("年度要点",)) if item.id == "S07" else item for item in plan.items)
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00", ("思政科",), plan=replace(plan, items=items))
    shown = await ask(house, "office1", "/status 7")
    asked = await messages(house, "2023-03-24T12:00", "思政科")

    assert "同时用于：年度要点" in shown
    assert len(asked) == 1


async def test_qz_36_a_division_without_an_item_reports_in_free_words_or_nothing(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-24T10:00", ("规划建设科", "教师工作科"))
    words = await ask(house, "规划建设科", "本月完成学校基建项目调研，其他工作正常推进。")
    nothing = await ask(house, "教师工作科", "本月无")

    assert "4月月度进展已报齐" in words and "哪一项" not in words
    assert "4月月度进展已报齐" in nothing and "百分" not in nothing


async def test_qz_37_a_25th_at_rest_is_asked_on_friday_and_stays_on_time_on_saturday(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-23T10:00", ("思政科",))
    friday = [one for one in await house.until("2023-03-24T18:00") if one.to in ("main", house.contact("思政科"))]
    saturday = await house.until("2023-03-25T12:00")
    reply = await ask(house, "思政科", "第7项60%")

    assert {one.to for one in friday} == {"main", house.contact("思政科")}
    assert saturday == []
    assert "3月月度进展已报齐。" in reply and "迟报" not in reply


async def test_qz_38_a_report_carries_a_line_of_its_effect_beside_the_percent(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("体卫艺语科",))
    await ask(house, "体卫艺语科", "第6项60%\n工作进展：完成筛查。\n成效：近视率下降0.8个百分点。")
    shown = await ask(house, "office1", "/status 6")

    assert "体卫艺语科：60%" in shown and "近视率下降0.8个百分点" in shown
