"""Replies in the common forms, as conversations. Each test has units of its own."""

import re

import pytest

from tests.core.houses import ask, converse, person, rows
from tests.theatre import Theatre

START = "2023-03-24T10:00"
pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK_SECTIONS = "还差 3月工作专报的：工作进展、存在问题、下一步工作计划"


async def test_one_item_is_recorded_with_a_numbered_receipt(house: Theatre) -> None:
    answer = await ask(house, "思政科", "第7项80%，县区津贴还没落实")

    lines = answer.splitlines()
    number = re.fullmatch(r"已登记，回执 (\d+) 号（思政科）", lines[0])[1]
    assert lines[1:] == [
        "· 7 加强中小学班主任队伍建设：80%",
        "3月月度进展已报齐。",
        ASK_SECTIONS,
        f"有误请回：改为90%，或：撤回 {number}",
    ]


async def test_several_items_of_one_message_stand_line_by_line(house: Theatre) -> None:
    await converse(
        house,
        [
            (
                "组织科",
                "9. 已完成；10. 85%；11. 未启动；12. 20%",
                "9 党组织领导下的校长负责制：100%（完成）",
                "10 中小学校长职级制：85%",
                "11 推动增设校外监管科：0%（未启动）",
                "12 教育系统选树担当者：20%",
                "还差 3月月度进展：13 理顺市、县两级教育系统党建工作管理体制",
            ),
            ("组织科", "60%", "60%说的是哪一项？", "· 12 教育系统选树担当者", "回复编号或名称即可。"),
            ("组织科", "12", "12 教育系统选树担当者：60%"),
            ("组织科", "60%", "60%说的是哪一项？"),
            ("组织科", "党建工作管理体制", "13 理顺市、县两级教育系统党建工作管理体制：60%", "3月月度进展已报齐。"),
            ("组织科", "进度 12", "· 组织科：60%"),
        ],
    )


@pytest.mark.parametrize(
    ("unit", "said", "understood"),
    [
        ("财务科", "第14项 已完成", "14 学校人员经费总量包干：100%（完成）"),
        ("财务科", "第15项还没启动", "15 进一步发挥教育基金会慈善公益功能：0%（未启动）"),
        ("中教科", "18. 名优校+共同体 六成", "18 名优校+共同体：60%"),
        ("中教科", "G20联盟活动完成了一半", "20 G20联盟活动：50%"),
        ("高教科", "第17项大概50%-60%", "17 建设泉州高水平大学：约 50%–60%（没有准数，进度仍按上次）"),
        ("资源配置中心", "5G 80", "16 “5G+专递课堂”：80%"),
    ],
)
async def test_common_forms_are_understood(house: Theatre, unit: str, said: str, understood: str) -> None:
    assert understood in await ask(house, unit, said)


async def test_three_sections_of_one_message_fulfil_the_special_report(house: Theatre) -> None:
    said = "第4项80%\n一、工作进展：完成摸底。\n二、存在问题：无。\n三、下一步工作计划：整改。"
    answer = await ask(house, "职成教科", said)

    assert "80%；工作进展：完成摸底；存在问题：无；下一步工作计划：整改" in answer
    assert "3月月度进展、3月工作专报已报齐。" in answer


async def test_sections_may_come_in_two_messages(house: Theatre) -> None:
    await converse(
        house,
        [
            ("教科所", "第3项20%", "3月月度进展已报齐。", ASK_SECTIONS),
            ("教科所", "进展：方案已印发。问题：津贴未落实。", "还差 3月工作专报的：下一步工作计划"),
            ("教科所", "下一步：下月上会。", "下一步工作计划：下月上会", "3月工作专报已报齐。"),
        ],
    )


async def test_a_correction_and_take_backs_restore_what_was_said_before(house: Theatre) -> None:
    unit = "初幼教科"
    await converse(
        house,
        [
            (unit, "第1项30%，第8项一半", "1 激发中小学（幼儿园）办学活力：30%", "8 幼小衔接攻坚行动：50%"),
            (unit, "第8项40%", "8 幼小衔接攻坚行动：40%"),
            (unit, "改为45%", "8 幼小衔接攻坚行动：45%"),
            (unit, "撤回", "已撤回回执", "8 幼小衔接攻坚行动：恢复为 40%"),
            (unit, "进度 8", "初幼教科：40%"),
        ],
    )


async def test_a_unit_without_items_reports_in_a_sentence_or_says_nothing_happened(house: Theatre) -> None:
    await converse(
        house,
        [
            ("政策法规与行政审批科", "本月完成规范性文件清理，其他正常。", "· 单位工作：已记下", "3月月度进展已报齐。"),
            ("教师工作科", "本月无", "已登记", "3月月度进展已报齐。"),
        ],
    )


async def test_another_units_item_is_refused_politely(house: Theatre) -> None:
    answer = await ask(house, "体卫艺语科", "第17项90%")

    assert answer == "“17 建设泉州高水平大学”不是您单位牵头的项目，我没有登记。请由牵头单位报，或由办公室代报。"


async def test_a_vague_word_is_asked_about_and_recorded_with_its_answer(house: Theatre) -> None:
    await converse(
        house,
        [
            ("体卫艺语科", "第6项做了一部分", "大约完成了百分之几？"),
            ("体卫艺语科", "我的", "6 中小学近视防控专项行动：还没有数据", "还差 3月月度进展"),
            ("体卫艺语科", "70%", "6 中小学近视防控专项行动：70%"),
        ],
    )


async def test_a_reply_of_forty_thousand_characters_is_answered_and_not_recorded(house: Theatre) -> None:
    sender = house.contact("学校安全工作科")
    answer = await ask(house, sender, "第7项80%，" + "进" * 40_000)
    records = await rows(house.bot.db, "SELECT count(*) FROM checkins WHERE unit = '学校安全工作科'")

    assert "这条消息有 40007 个字，太长了，我没有记录。每条请不超过 5000 个字" in answer
    assert records == [(0,)]


async def test_talk_gets_a_hint_and_an_acknowledgement_gets_silence(house: Theatre) -> None:
    unit = "民办教育管理科"
    await converse(
        house,
        [
            (unit, "今天天气不错", "这句没有登记为进展（民办教育管理科）", "第7项80%"),
            (unit, "收到"),
            (unit, "好的，谢谢"),
        ],
    )


async def test_words_for_the_office_are_passed_on_and_decide_nothing(house: Theatre) -> None:
    heard = await house.say(house.contact("规划建设科"), "申请延期到4月5日 @all <@contact1>")

    office = next(one.text for one in heard if one.to == "office1")
    answer = next(one.text for one in heard if one.to == house.contact("规划建设科"))
    assert office.startswith("【延期申请】\n规划建设科 规划建设科·contact14：")
    assert "申请延期到4月5日" in office and "@all" not in office and "<@" not in office
    assert "延期申请已转给局办公室" in answer


@pytest.mark.parametrize("loud", ["@all", "@所有人", "<@contact1>", "**粗**", "<b>x</b>", "[a](http://x)"])
async def test_what_would_ring_the_group_comes_back_harmless(house: Theatre, loud: str) -> None:
    unit = "教育督导评估监测中心"
    answer = await ask(house, unit, f"工作进展：{loud} 已成。问题：无。下一步：推进{loud}")

    assert "工作进展" in answer
    assert not re.search(r"@all|@所有人|<@", answer)


async def test_the_office_reports_a_month_task_that_has_no_owner(house: Theatre) -> None:
    await converse(
        house,
        [
            ("office1", "3月任务第1项3月20日召开", "（局办公室）", "3月任务（1）“5G+专递课堂”推进会：100%（完成）"),
            ("office1", "撤回", "推进会：恢复为 未报"),
        ],
    )


@pytest.mark.parametrize("said", ["第20项50%", "G20联盟活动50%"])
async def test_the_office_reports_for_the_unit_that_leads_the_item(house: Theatre, said: str) -> None:
    answer = await ask(house, "office1", said)

    assert "（中教科）\n· 20 G20联盟活动：50%" in answer


async def test_the_office_must_not_choose_between_two_leading_units(house: Theatre) -> None:
    answer = await ask(house, "office1", "教育学会智库50%")

    assert "不是您单位牵头的项目，我没有登记" in answer or "哪" in answer


async def test_a_leader_reports_nothing(house: Theatre) -> None:
    before = await rows(house.bot.db, "SELECT count(*) FROM checkins")
    answer = await ask(house, "leader4", "第9项50%")

    assert "我没有登记" in answer
    assert await rows(house.bot.db, "SELECT count(*) FROM checkins") == before


async def test_a_stranger_is_told_how_to_come_in(house: Theatre) -> None:
    answer = await ask(house, "nobody", "第7项80%")

    assert answer == "您还没有登记，我暂时不能为您办理。请向局办公室要一个绑定码，再发给我：绑定 12345678"
    assert person(house, "思政科") == "contact7"
