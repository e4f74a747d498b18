"""HU-50, 52 … 54, 58 … 61, 76: called by name, made up for, supervised, evaluated; nothing posted by the bot itself."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group, staff
from tests.systems.hunan import open_filled, tell


async def test_hu_50_three_short_surveys_of_a_class_are_counted_without_names(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(
        house, "甲市", "问卷：春季班，训前，希望多讲案例", "问卷：春季班，训中，节奏合适", "问卷：春季班，训后，收获大"
    )
    receipt, twice = await tell(house, "乙市", "问卷：春季班，训前，多安排研讨", "问卷：春季班，训前，再说一次")
    office, other = await ask(house, "office1", "台账 问卷"), await ask(house, "甲市", "台账 问卷")

    assert "不记名，只有办公室看汇总" in receipt and "已经交过" in twice
    assert "共 4 条" in office and "阶段：训前 2，训中 1，训后 1" in office
    assert "希望多讲案例" in office and "甲市" not in office and "号" not in office
    assert "只有省委组织部能看" in other and "案例" not in other


async def test_hu_52_called_attended_and_the_rate_of_each_unit(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    interval, *_ = await tell(
        house,
        "office1",
        "设定 C09 间隔 每季度",
        "点名调训：甲一 丁厅，秋季班，2022.9.1-2022.9.30，参训",
        "点名调训：乙二 丁厅，秋季班，2022.9.1-2022.9.30，请假",
        "点名调训：丙三 甲市，秋季班，2022.9.1-2022.9.30，参训",
    )
    shown = await ask(house, "office1", "台账 点名调训")

    assert "调训情况通报　间隔：定期 → 每季度" in interval
    assert "丁厅：调训 2，参训 1（50.0%），请假 1（50.0%）" in shown
    assert "甲市：调训 1，参训 1（100.0%）" in shown


async def test_hu_53_who_is_called_by_name_is_told_to_his_unit_alone(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    heard = await house.say("office1", "点名调训：甲一 丁厅，秋季班，2022.11.1-2022.11.30")
    told = [one.to for one in heard if "甲一" in one.text]
    await tell(house, "office1", "1号结果改为请假", "1号补训时间改为2022年12月20日")
    makeup = await house.say("office1", "理论补训：乙二 丁厅，期限2022年12月20日")
    own, other = await ask(house, "丁厅", "台账 点名调训"), await ask(house, "甲市", "台账 点名调训")
    in_group = await say_in_group(house, "office1", "台账 点名调训")
    await ask(house, "office1", "算了")
    soon = await house.until("2022-12-13T12:00")

    assert sorted(told) == sorted(["office1", house.contact("丁厅")])
    assert {one.to for one in makeup if "乙二" in one.text} == {"office1", house.contact("丁厅")}
    assert "甲一" in own and "请假（已点名，期限 12月20日（周二））" in own
    assert "甲一" not in other and "甲一" not in in_group
    assert {one.to for one in soon if "甲一" in one.text or "乙二" in one.text} == {house.contact("丁厅")}


async def test_hu_54_promoted_short_of_hours_is_made_up_for_within_a_year(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-03-02T10:00")
    receipt = await ask(house, "丁厅", "补训：甲一 提任日期2022年3月1日，还差学时30")
    other = await ask(house, "甲市", "台账 补训")
    reminded = []
    for before, day in (("2022-08-31", "2022-09-01"), ("2023-01-31", "2023-02-01"), ("2023-02-21", "2023-02-22")):
        reminded += [text for text in await messages(house, f"{before}T18:00", "丁厅") if "补训到期提醒" in text]
        reminded.append("|")
        reminded += [text for text in await messages(house, f"{day}T12:00", "丁厅") if "补训到期提醒" in text]
    quota = await ask(house, "office1", "指标 K48")
    done = await ask(house, "丁厅", "1号已补训")
    after = await messages(house, "2023-03-01T18:00", "丁厅")

    assert "期限 2023年3月1日（周三）" in receipt and "甲一" not in other
    assert [text if text == "|" else "提醒" for text in reminded] == ["|", "提醒"] * 3
    assert "2022年 达标 0/1" in quota and "甲一" not in quota
    assert "已改为“已补训”" in done
    assert not any("补训到期提醒" in text for text in after)


async def test_hu_58_a_finding_has_a_date_and_stands_open_in_the_digest_until_it_is_proved(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "office1", "设定 C10 间隔 每季度", "问题：甲市，培训档案不全，期限2022年11月10日")
    digest = await messages(house, "2022-10-24T12:00", "leader1")
    unproved, proved = await tell(house, "甲市", "1号已整改", "1号已整改，补齐了三年档案")
    await house.bot.settle()
    await ask(house, "office1", "同意")
    later = await messages(house, "2022-10-31T12:00", "leader1")

    assert any("督查发现问题 1 号" in text and "待整改，期限 11月10日" in text for text in digest)
    assert "请写一句怎么办的再报" in unproved and "已报省委组织部确认" in proved
    assert not any("督查发现问题 1 号" in text for text in later)


async def test_hu_59_units_below_quota_are_listed_to_the_office_once_and_posted_by_command_only(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-12-20T10:00")
    await tell(house, "甲市", "K22：总数15人，已培训3人")
    await tell(house, "乙市", "K22：总数15人，已培训2人")
    await tell(house, "office1", "K16：143名", "K15：14名")
    early = await house.until("2022-12-29T18:00")
    heard = await house.until("2023-01-10T18:00")
    lists = [one for one in heard if "年度未达到的指标" in one.text]
    await ask(house, "office1", "发布 文字：请乙市抓紧完成年度调训任务。")
    posted = await house.until("2023-01-11T12:00")

    assert not [one for one in early if "年度未达到的指标" in one.text]
    assert [one.to for one in lists] == ["office1"]
    assert "K22 其他县处级班子成员培训：达标 1/2（未达到）：乙市" in lists[0].text
    assert "K15" in lists[0].text and "K16" not in lists[0].text and "K06" not in lists[0].text
    assert "群里没有通报" in lists[0].text
    assert any(one.to == "main" and "乙市" in one.text for one in posted)


async def test_hu_60_mid_term_and_final_evaluation_show_each_quota_and_its_years(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2020-11-20T10:00")
    middle = await ask(house, "office1", "进度 E01")
    await tell(house, "office1", "K16：143名")
    told = await house.until("2020-12-31T12:00")
    done = await ask(house, "office1", "中期评估 12月30日已完成")
    await house.until("2022-10-20T10:00")
    await tell(house, "office1", "K16：150名")
    final = await ask(house, "office1", "进度 E02")
    trend, year = await ask(house, "office1", "指标 K16"), await ask(house, "office1", "汇总 全年")

    assert "期限：12月31日" in middle
    assert any(one.to == "office1" and "中期评估" in one.text for one in told)
    assert "12月30日已办" in done and "期限：12月31日" in final
    assert "历年：2019年 0/150名、2020年 143/150名、2021年 0/150名" in trend
    assert "指标：" in year and "共 50 条" in year


async def test_hu_61_the_office_takes_out_how_each_unit_stands(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "丁厅", "K28：总数100人，已培训10人", "K35：总数10人，已培训2人")
    office, own = await ask(house, "office1", "指标 丁厅"), await ask(house, "丁厅", "指标 丁厅")
    other, table = await ask(house, "甲市", "指标 丁厅"), await ask(house, "office1", "导出 全年")

    assert "K28 省直机关全员培训：10/100，占 10.0%，要求不少于 1/5（未达到）" in office and office == own
    assert "K35 所属事业单位领导人员：2/10，占 20.0%，要求不少于 1/5（已达到）" in office
    assert "只有省委组织部和本单位能看" in other and "10/100" not in other
    assert "共 19 个单位" in table


async def test_hu_76_trainees_rate_each_other_and_only_sums_are_seen_by_the_office(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await staff(house, "丁厅", "甲一", "乙二")
    receipt, twice = await tell(
        house, "甲市", "互评：春季班，甲一，得分90分，评语 认真", "互评：春季班，甲一，得分95分"
    )
    await tell(house, "乙市", "互评：春季班，甲一，得分80分，评语 一般", "互评：春季班，乙二，得分85分")
    office, other = await ask(house, "office1", "台账 学员互评"), await ask(house, "甲市", "台账 学员互评")
    in_group = await say_in_group(house, "office1", "台账 学员互评")

    assert "不记名" in receipt and "已经交过" in twice
    assert "甲一：2 份，得分平均 85.0分" in office and "乙二：1 份" in office
    assert "甲市" not in office and "乙市" not in office and "认真" not in office and "90" not in office
    assert "只有省委组织部能看" in other
    assert "甲一" not in in_group
