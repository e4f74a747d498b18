"""QZ-01 … QZ-09: monthly reports, special reports, summaries, the items and the tasks by month."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack

SECTIONS = "一、工作进展：第7项60%。二、存在问题：无。三、下一步工作计划：开展班主任培训。"


async def test_qz_01_the_25th_is_asked_for_early_and_on_the_day_once_and_late_from_the_26th(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科", "体卫艺语科"))
    private = await messages(house, "2023-04-24T18:00", "思政科")
    await ask(house, "体卫艺语科", "第6项20%")
    group = [one.text for one in await house.until("2023-04-25T23:00") if one.to == "main"]
    on_time = await ask(house, "思政科", "第7项30%")

    assert [text.splitlines()[0] for text in private] == ["【4月月度进展，4月25日截止】"]
    assert len(group) == 1 and "已报 1/2，还差 1 个：思政科" in group[0]
    assert "4月月度进展已报齐。" in on_time and "迟报" not in on_time


async def test_qz_01_a_reply_on_the_26th_is_late(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-04-20T10:00", ("思政科",))
    await house.until("2023-04-26T00:01")

    assert "（4月月度进展迟报）" in await ask(house, "思政科", "第7项30%")


async def test_qz_02_a_special_report_needs_three_sections_and_one_reply_fulfils_both(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-20T10:00", ("思政科",))
    asked = await messages(house, "2023-03-24T12:00", "思政科")
    percent = await ask(house, "思政科", "第7项60%")
    lacking = await ask(house, "思政科", "工作进展：第7项60%。存在问题：无。")
    whole = await ask(house, "思政科", SECTIONS)

    assert [text.splitlines()[0] for text in asked] == ["【3月月度进展、3月工作专报，3月25日截止】"]
    assert "3月月度进展已报齐" in percent and "还差 3月工作专报的：" in percent
    assert "还差 3月工作专报的：下一步工作计划" in lacking
    assert "3月工作专报已报齐" in whole


async def test_qz_03_the_half_year_summary_is_asked_with_june_and_the_worked_sunday_is_no_shift(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-06-19T10:00", ("思政科",))
    private = await messages(house, "2023-06-21T18:00", "思政科")
    group = [one.text for one in await house.until("2023-06-25T12:00") if one.to == "main"]
    figure = await ask(house, "思政科", "第7项50%")
    text = await ask(house, "思政科", "半年总结：上半年完成班主任培训两期，建立名班主任工作室五个，整体进展顺利。")

    assert "6月月度进展、上半年半年总结" in private[0] and "6月25日截止" in private[0]
    assert any("今天截止" in message for message in group)
    assert "还差 上半年半年总结" in figure and "上半年半年总结已报齐" in text


async def test_qz_04_the_annual_summary_opens_on_the_11th_and_is_late_from_the_21st(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-12-08T10:00", ("思政科",))
    asked = await messages(house, "2023-12-20T18:00", "思政科")
    await house.until("2023-12-21T08:00")
    late = await ask(house, "思政科", "年度总结：全年完成班主任培训四期，建立名班主任工作室八个，队伍更加稳定。")
    monthly = await messages(house, "2023-12-22T18:00", "思政科")

    assert [text.splitlines()[0] for text in asked] == ["【2023年年度总结，12月20日截止】"] * 2
    assert "2023年年度总结迟报" in late
    assert any("12月月度进展" in text for text in monthly)


async def test_qz_05_three_products_come_from_the_records(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("思政科",))
    await ask(house, "思政科", "第7项30%")
    await house.until("2023-06-20T10:00")
    await ask(house, "思政科", "第7项45%")
    month = await ask(house, "office1", "汇总 6月")
    quarter = await ask(house, "office1", "汇总 二季度")
    half = await ask(house, "office1", "汇总 上半年")

    line = "7 加强中小学班主任队伍建设　思政科　45%"
    assert "6月小结" in month and f"{line}　+15 个百分点" in month
    assert "第二季度分析" in quarter and f"{line}　+15 个百分点" in quarter
    assert "上半年评估" in half and f"{line}　正常" in half


async def test_qz_06_twenty_items_and_both_figures_of_a_joint_one(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("督导科", "职成教科"))
    await ask(house, "职成教科", "第4项80%")
    await ask(house, "督导科", "第4项60%")
    shown = await ask(house, "office1", "/status 4")
    numbers = [item.no for item in house.plan.items if item.list_key == "special"]

    assert numbers == list(range(1, 21))
    assert "· 督导科：60%" in shown and "· 职成教科：80%" in shown
    assert "分管：副组长（教育督导）、副组长（分管职教、高教）" in shown
    assert "各单位数据不一致（60% 与 80%）" in shown


async def test_qz_07_forty_tasks_are_posted_by_month_and_owners_stay_open(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-02-20T10:00", ("思政科",))
    heard = [one.text for one in await house.until("2023-12-31T18:00") if one.to == "main"]
    posts = {text.splitlines()[0]: text for text in heard if "项任务，" in text}

    counts = {title: text.split("共 ")[1].split(" 项")[0] for title, text in posts.items()}
    months = {"3月": 12, "4月": 10, "5月": 4, "7月": 1, "9月": 3, "10月": 2, "12月": 1}
    assert {title.strip("【】").removesuffix("任务"): int(count) for title, count in counts.items()} == months
    assert "3月31日前完成" in posts["【3月任务】"]
    assert "牵头单位：未设定" in await ask(house, "office1", "/status M04-03")


async def test_qz_08_the_dispatch_asks_the_leads_of_the_chosen_items_lowest_first(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-03-24T10:00", ("思政科", "体卫艺语科"))
    await ask(house, "思政科", "第7项60%")
    await ask(house, "体卫艺语科", "第6项20%")
    overview = next(text for text in await messages(house, "2023-04-03T12:00", "office1") if "调度一览" in text)
    await ask(house, "office1", "调度 6")
    asked = await messages(house, "2023-04-03T18:00", "体卫艺语科")

    lines = overview.splitlines()
    assert lines.index("· 6 中小学近视防控专项行动：体卫艺语科 20%") < lines.index(
        "· 7 加强中小学班主任队伍建设：思政科 60%"
    )
    assert any("第一季度重点专项调度" in text and "6 中小学近视防控专项行动" in text for text in asked)


async def test_qz_09_a_meeting_is_done_when_its_day_is_logged(theatre: Open) -> None:
    house = await open_pack(theatre, "QZ", "2023-02-27T10:00", ("思政科",))
    without = await ask(house, "office1", "2月任务第1项已召开")
    with_day = await ask(house, "office1", "2月任务第1项2月24日召开")

    assert "100%" not in without and "是哪天办的？" in without
    assert "100%（完成）；2月24日已办" in with_day
