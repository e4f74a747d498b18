"""What the office hears: the quarter's overview, escalations, open month tasks."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse


async def test_the_dispatch_lists_the_lowest_progress_first_and_asks_the_chosen_leads(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-30T10:00", "思政科", "体卫艺语科", "财务科")
    await converse(
        house,
        [
            ("思政科", "第7项60%", "已登记"),
            ("体卫艺语科", "第6项20%", "已登记"),
            ("财务科", "第14项40%", "已登记"),
        ],
    )
    heard = await house.until("2023-04-03T09:05")
    (page,) = [one.text for one in heard if one.text.startswith("【第一季度调度一览】")]
    chosen = await house.say("office1", "调度 6、14")

    assert [line for line in page.splitlines() if line.startswith("·")] == [
        "· 15 进一步发挥教育基金会慈善公益功能：未报",
        "· 6 中小学近视防控专项行动：体卫艺语科 20%",
        "· 14 学校人员经费总量包干：财务科 40%",
        "· 7 加强中小学班主任队伍建设：思政科 60%",
    ]
    assert sorted(one.to for one in chosen) == sorted(["office1", *map(house.contact, ("体卫艺语科", "财务科"))])
    assert "请报目前进展、主要问题和下一步打算。" in chosen[-1].text


async def test_who_is_still_missing_three_days_later_is_told_to_the_office(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "思政科", "体卫艺语科")
    await ask(house, "思政科", "第7项60%")
    await house.until("2023-04-27T23:59")
    (told,) = [one.text for one in await house.until("2023-04-28T09:05") if "逾期" in one.text]

    assert told.splitlines() == [
        "【逾期未报】",
        "以下单位提醒后仍未报送，请您电话跟进：",
        "· 体卫艺语科（体卫艺语科·contact1）：4月月度进展",
    ]
