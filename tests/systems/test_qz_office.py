"""QZ-10 … QZ-29: papers, ledgers, selections, the year, newsletters, to-dos, exports, rectifications."""

from datetime import date

from bot.stories.results import results_of
from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack


async def test_qz_10_a_paper_out_for_comment_does_not_close_the_task(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00", ("思政科",))
    comment = await ask(house, "office1", "3月任务第3项征求意见稿已完成")
    issued = await ask(house, "office1", "3月任务第3项3月18日印发")
    shown = await ask(house, "office1", "/status M03-03")

    assert "征求意见阶段" in comment and "100%" not in comment
    assert "100%（完成）；已印发" in issued
    assert "以市委办名义" in shown


async def test_qz_11_problems_under_a_task_are_counted_fixed_of_found(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    for where in ("甲机构超标收费", "乙机构预收学费"):
        await ask(house, "office1", f"治理问题：M03-11 {where}，3月10日")
    await ask(house, "office1", "1号已整改，已全部退费")
    shown = await ask(house, "office1", "台账 治理问题台账")

    assert "共 2 条，未办结 1 条" in shown and "乙机构预收学费" in shown


async def test_qz_12_role_models_are_nominated_and_only_released_names_are_announced(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-09-01T10:00")
    await ask(house, "组织科", "推荐：担当者 甲一，事迹：扎根山区二十年")
    await ask(house, "中教科", "推荐：担当者 乙二")
    table = await ask(house, "office1", "排名 推荐评选")
    decided = await ask(house, "office1", "1号已认定，局党组会通过")
    heard = await house.until("2023-09-20T18:00")

    assert table.splitlines()[1:3] == ["1  组织科  1  0", "1  中教科  1  0"] or "组织科" in table.splitlines()[1]
    assert "1 号已改为“已认定”" in decided
    assert not [one.text for one in heard if one.to == "main" and ("甲一" in one.text or "乙二" in one.text)]


async def test_qz_13_two_selections_of_new_teachers_stay_apart(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-10-10T10:00")
    await ask(house, "组织科", "推荐：幼儿园教坛新秀 丙三")
    await ask(house, "组织科", "推荐：小学教坛新秀 丁四")
    shown = await ask(house, "office1", "台账 推荐评选")
    september, october = await ask(house, "office1", "/status M09-03"), await ask(house, "office1", "/status M10-02")

    assert "幼儿园教坛新秀 1" in shown and "小学教坛新秀 1" in shown
    assert "期限：9月30日" in september and "期限：10月31日" in october


async def test_qz_14_the_annual_summary_is_prefilled_from_the_records(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-11-20T10:00", ("思政科", "体卫艺语科"))
    await ask(house, "思政科", "第7项100%")
    await ask(house, "体卫艺语科", "第6项70%\n存在问题：专家团队不足。")
    await house.until("2023-12-12T10:00")
    summary = await ask(house, "office1", "汇总 全年")

    assert "7 加强中小学班主任队伍建设　思政科　100%　已完成" in summary
    assert "主要成果：" in summary and "· 7 加强中小学班主任队伍建设　思政科　11月20日" in summary
    assert "6 中小学近视防控专项行动（体卫艺语科）：专家团队不足" in summary


async def test_qz_19_each_lead_leader_hears_of_his_own_items_only(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    heard = await house.until("2023-04-24T12:00")
    digests = {one.to: one.text for one in heard if one.text.startswith("【每周简报")}
    items = {leader: len(house.plan.items_of_leader(f"L{leader}")) for leader in range(1, 8)}

    assert items == {1: 1, 2: 4, 3: 3, 4: 5, 5: 3, 6: 2, 7: 3}
    assert {f"leader{n}" for n in range(1, 8)} <= set(digests)
    assert "18 名优校+共同体" in digests["leader7"] and "7 加强中小学班主任队伍建设" not in digests["leader7"]


async def test_qz_22_newsletter_contributions_have_title_kind_and_issue(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    kept = await ask(house, "组织科", "简报：《校长职级制试点启动》 链接 https://example.org/a 3月18日")
    issued = await ask(house, "office1", "1号期号改为3期")

    assert "《校长职级制试点启动》" in kept and "日期 2023年3月18日" in kept and "example.org/a" in kept
    assert "期号 3期" in issued


async def test_qz_23_the_table_of_newsletters_counts_sent_and_used_with_zeros_and_ties(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    for unit in ("组织科", "中教科", "组织科"):
        await ask(house, unit, f"简报：《{unit}动态》")
    await ask(house, "office1", "1号采用改为已采用")
    lines = (await ask(house, "office1", "排名 简报")).splitlines()

    assert lines[1:4] == ["1  组织科  2  1", "2  中教科  1  0", "3  初幼教科  0  0"]
    assert lines[4].startswith("3  ") and lines[-1] == "共 17 个" and len(lines) == 12


async def test_qz_24_models_and_experience_are_tagged_and_numbered(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    model = await ask(house, "组织科", "简报：先进对象 甲一老师")
    experience = await ask(house, "中教科", "简报：典型经验 《名优校结对》")

    assert "1 号（组织科）" in model and "先进对象" in model
    assert "2 号（中教科）" in experience and "典型经验" in experience


async def test_qz_25_the_offices_to_do_list_is_its_own(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    kept = await ask(house, "office1", "待办：起草领导讲话稿 3月23日前")
    reminded = await messages(house, "2023-03-22T12:00", "office1")
    refused = await ask(house, "组织科", "台账 办公室待办")

    assert "期限 3月23日（周四）" in kept
    assert any("办公室待办到期提醒" in text and "起草领导讲话稿" in text for text in reminded)
    assert "起草" not in refused and "只有局办公室能看" in refused


async def test_qz_26_results_of_the_year_are_exported_by_division(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("思政科",))
    await ask(house, "思政科", "第7项100%")
    await ask(house, "思政科", "简报：《班主任论坛》")
    await house.until("2023-04-20T10:00")
    async with house.bot.db.read() as tx:
        head, row = await results_of(tx, house.bot.world, house.plan, date(2023, 1, 1), date(2023, 12, 31))
    own = dict(zip(head, row, strict=True))

    assert (own["单位"], own["应报"], own["按时"], own["平均进度"], own["完成项目"]) == ("思政科", 2, 1, 100.0, 1)
    assert own["按时率"] == 50.0 and own["信息简报"] == 1


async def test_qz_27_the_export_has_a_column_for_each_item(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("思政科",))
    await ask(house, "思政科", "第7项40%")
    async with house.bot.db.read() as tx:
        head, row = await results_of(tx, house.bot.world, house.plan, date(2023, 1, 1), date(2023, 12, 31))
    own = dict(zip(head, row, strict=True))

    assert own["7 加强中小学班主任队伍建设"] == 40.0 and own["9 党组织领导下的校长负责制"] is None
    assert sum(1 for name in head if str(name).split(" ")[0].isdigit()) == 20


async def test_qz_29_a_rectification_has_a_date_reminders_and_ends_with_proof_and_the_office(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00")
    kept = await ask(house, "office1", "限期整改：组织科 材料迟报，3月30日前")
    three_days = await messages(house, "2023-03-27T12:00", "组织科")
    on_the_day = await messages(house, "2023-03-30T12:00", "组织科")
    bare = await ask(house, "组织科", "1号已整改")
    claimed = await ask(house, "组织科", "1号已整改，建立了专人报送制度")
    agreed = await ask(house, "office1", "同意")
    group = [one.text for one in await house.until("2023-04-20T18:00") if one.to == "main"]

    assert "期限 3月30日（周四）" in kept
    assert any("限期整改到期提醒" in text for text in three_days)
    assert any("限期整改到期提醒" in text for text in on_the_day)
    assert "请写一句怎么办的再报" in bare and "已报局办公室确认" in claimed
    assert "1 号已改为“已整改”" in agreed
    assert not [text for text in group if "材料迟报" in text]
