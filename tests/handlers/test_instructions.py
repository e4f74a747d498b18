"""A leader's order is confirmed by the office, told to its owner, and tracked to its end."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows
from tests.handlers.test_extensions import heard


async def test_a_leaders_words_become_a_tracked_instruction(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科", "思政科", leaders=["L4"])
    taken = await ask(house, "leader4", "第11项要抓紧，下周三前给我一个说法")
    asked = await heard(house, "office1")

    assert "已记为交办 1 号，期限5月3日（周三），5月3日（周三）是休息日" in taken
    assert "L4 交办：第11项要抓紧" in asked[0] and "同意 1" in asked[0]

    await ask(house, "office1", "同意")
    told = await heard(house, house.contact("组织科"))
    assert "【领导交办】" in told[0] and "办完请回：1号已办结" in told[0]
    assert await rows(house.bot.db, "SELECT state, unit, due_on FROM register_entries") == [
        ("办理中", "组织科", "2023-05-03")
    ]

    await converse(
        house,
        [
            ("组织科", "台账 领导交办", "未办结 1 条", "1 号"),
            ("思政科", "台账 领导交办", "共 0 条"),
            ("组织科", "1号已办结，编办已收文并排上会", "已报局办公室确认"),
            ("office1", "同意", "1 号已改为“已办结”"),
        ],
    )
    assert any("已办结" in text for text in await heard(house, "leader4"))


async def test_an_order_without_owner_or_date_says_what_is_missing(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科", leaders=["L4"])
    taken = await ask(house, "leader4", "交办：校外培训信访要有专班跟进")
    asked = await heard(house, "office1")
    await ask(house, "office1", "不同意 1 已有专班在办")
    told = await heard(house, "leader4")

    assert "没有写期限" in taken
    assert "没有写承办单位和期限" in asked[0]
    assert any("交办没有立" in text and "原因：已有专班在办" in text for text in told)


async def test_the_office_writes_down_an_order_itself(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科", leaders=["L4"])
    await converse(
        house,
        [
            ("office1", "交办 L4，组织科5月10日前报增设监管科的方案", "已开始办理，已通知组织科"),
        ],
    )
    assert any("领导交办" in text for text in await heard(house, house.contact("组织科")))
    reminded = await house.until("2023-05-10T18:00")
    assert any(one.to == house.contact("组织科") and "领导交办" in one.text for one in reminded)
