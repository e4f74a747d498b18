"""GS-01 to GS-05, GS-16, GS-21, GS-23: eighteen items by name and number, what they lack, all that befell them."""

from dataclasses import replace

from tests.conftest import Open
from tests.systems.gansu import filled, house_of
from tests.systems.house import ask, messages, open_pack, pack


async def test_gs_01_a_number_of_its_list_and_a_short_name_lead_to_the_same_of_the_eighteen(theatre: Open) -> None:
    house = await house_of(theatre)
    said = [await ask(house, "甲大学", words) for words in ("工程3 60%", "十大工程第3个 完成65%", "党建双优 已完成70%")]
    shown = [await ask(house, "office1", f"进度 {words}") for words in ("工程3", "十大工程第3个", "党建双优")]
    whole = await ask(house, "office1", "/status")

    kinds = {"projects": 10, "actions": 5, "zones": 3}
    assert {key: sum(item.list_key == key for item in pack("GS").items) for key in kinds} == kinds
    assert [f"工程3 大中小学党建“双优”工程：{n}%" in text for n, text in zip((60, 65, 70), said, strict=True)] == [
        True
    ] * 3
    assert all("【工程3 大中小学党建“双优”工程】" in text and "甲大学：70%" in text for text in shown)
    assert "18 项：完成 0 项，推进中 1 项，还没有数据 17 项" in whole


async def test_gs_02_an_item_is_ready_only_with_measure_unit_and_date(theatre: Open) -> None:
    house = await open_pack(theatre, "GS", "2023-03-06T10:00")
    before = await ask(house, "office1", "进度 未设定")
    await ask(house, "office1", "设定 工程3 措施 双带头人工作室、党员先锋岗")
    await ask(house, "office1", "设定 工程3 牵头 省教育厅")
    half = await ask(house, "office1", "进度 未设定")
    await ask(house, "office1", "设定 工程3 期限 10月底前")
    ready = await ask(house, "office1", "进度 未设定")

    for name, n in (("十大工程", 10), ("五大行动", 5), ("三个示范（先行）区", 3)):
        assert all(f"{name}没有{what}（{n} 个）" in before for what in ("措施", "牵头单位", "期限"))
    assert "十大工程没有措施（9 个）" in half and "十大工程没有期限（10 个）" in half
    dates = next(line for line in half.splitlines() if line.startswith("· 十大工程没有期限"))
    assert "第3项" in dates
    assert "第3项、" not in ready and "十大工程没有期限（9 个）" in ready


async def test_gs_03_history_returns_every_change_with_its_moment_and_reporter(theatre: Open) -> None:
    house = await house_of(theatre)
    await ask(house, "甲大学", "工程9 20%")
    await ask(house, "乙大学", "工程9 30%")
    await house.until("2023-03-07T09:30")
    await ask(house, "甲大学", "工程9 45%")
    await ask(house, "甲大学", "撤回")
    shown = await ask(house, "office1", "/history 工程9")

    lines = [line for line in shown.splitlines() if line.startswith("· ")]
    assert len(lines) >= 3
    assert "3月6日 10:00" in lines[0] and "甲大学·" in lines[0] and lines[0].endswith("20%")
    assert "3月6日 10:00" in lines[1] and "乙大学·" in lines[1] and lines[1].endswith("30%")
    assert any("3月7日" in line and "45%" in line and "撤回" in line for line in lines)


async def test_gs_04_a_digest_is_grouped_by_the_three_parts(theatre: Open) -> None:
    plan = filled()
    led = {"D01": "一", "G03": "二", "A1": "二", "G10": "三"}
    items = tuple(
        replace(item, leaders=("L1",), section=led[item.id]) if item.id in led else item for item in plan.items
    )
    house = await house_of(theatre, plan=replace(plan, items=items))
    digests = [text for text in await messages(house, "2023-03-13T12:00", "leader1") if "每周简报" in text]

    text = digests[-1]
    places = [text.index(name) for name in ("能力为先", "“抓学习促提升”", "执行为要", "工程3", "效能为王", "工程10")]
    assert places == sorted(places)
    assert places[2] < text.index("行动1 青少年读书行动") < places[4]


async def test_gs_05_the_study_plan_stands_as_issued_and_is_not_asked_for(theatre: Open) -> None:
    house = await open_pack(theatre, "GS", "2023-03-06T10:00")
    shown = await ask(house, "office1", "进度 D01")
    heard = await house.until("2023-03-20T12:00")

    assert "省委教育工委" in shown and ("100%" in shown or "已完成" in shown or "印发" in shown)
    assert not any("抓学习促提升" in one.text and one.to not in ("office1", "leader1") for one in heard)


async def test_gs_21_a_report_that_serves_two_campaigns_is_asked_for_once(theatre: Open) -> None:
    plan = filled()
    items = tuple(replace(i, labels=("转变作风专项行动",)) if i.id == "G03" else i for i in plan.items)
    house = await house_of(theatre, plan=replace(plan, items=items))
    said = await ask(house, "甲大学", "工程3 60%")
    shown = await ask(house, "office1", "进度 工程3")
    asked = [text for text in await messages(house, "2023-03-10T19:00", "甲大学") if "工程3" in text]

    assert said.count("工程3") == 1
    assert "同时用于：转变作风专项行动" in shown and "60%" in shown
    assert len(asked) == 0


async def test_gs_23_a_leaders_word_becomes_an_instruction_once_the_office_says_yes(theatre: Open) -> None:
    house = await house_of(theatre)
    noted = await ask(house, "leader1", "双优工程抓紧，甲大学3月15日前报")
    early = await house.until("2023-03-06T11:00")
    before = [one.text for one in early if one.to == house.contact("甲大学")]
    asked = next(one.text for one in early if one.to == "office1")
    confirmed = await ask(house, "office1", "同意")
    heard = await house.until("2023-03-20T12:00")
    told = [one.text for one in heard if one.to == house.contact("甲大学")]
    digests = [one.text for one in heard if one.to == "leader1" and "每周简报" in one.text]
    done = await ask(house, "甲大学", "1号已办结，党支部换届方案已报")

    assert "交办 1 号，期限3月15日（周三）" in noted and "确认后" in noted
    assert not any("交办" in text for text in before)
    assert "请您决定" in asked and "承办 甲大学" in asked
    assert "办理中，期限 3月15日" in confirmed
    assert any("【领导交办】" in text for text in told) and any("到期提醒" in text for text in told)
    assert "期限 3月15日）" in digests[0] and "已超期 5 天" in digests[-1]
    assert "1 号已报行动领导小组办公室确认" in done
