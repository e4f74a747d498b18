"""A due date moves only when the office says so, and everybody concerned hears it."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows
from tests.theatre import Theatre


async def heard(house: Theatre, who: str) -> list[str]:
    """Deliver what waits, and return what one person got."""
    await house.bot.settle()
    return [one.text for one in house.new() if one.to == who]


async def test_a_contact_asks_and_the_office_agrees(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    answer = await ask(house, "思政科", "第7项延期到5月10日，因为津贴文件还在会签")
    asked = await heard(house, "office1")

    assert "已把延期申请报给局办公室" in answer and "未设定 → 5月10日" in answer
    assert "思政科申请延期：7 加强中小学班主任队伍建设延到5月10日" in asked[0]
    assert "原因：津贴文件还在会签" in asked[0]
    assert house.bot.world.plan(house.plan.key).item("S07").window is None

    await ask(house, "office1", "同意")
    told = await heard(house, house.contact("思政科"))
    window = house.bot.world.plan(house.plan.key).item("S07").window

    assert "期限已改：" in told[0] and "5月10日" in told[0]
    assert window is not None and f"{window.due_on}" == "2023-05-10"


async def test_a_refusal_is_told_with_its_reason(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    await ask(house, "思政科", "/extend 第7项 到5月10日 还在会签")
    await ask(house, "office1", "不同意 1 五月初就要用")
    told = await heard(house, house.contact("思政科"))

    assert any("没有同意延期" in text and "原因：五月初就要用" in text for text in told)
    assert await rows(house.bot.db, "SELECT count(*) FROM changes") == [(0,)]


async def test_several_items_travel_in_one_request(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "组织科")
    await converse(
        house,
        [
            ("组织科", "第9项、第10项延期到5月10日，第11项延期到5月底，编办还没批", "已把延期申请报给"),
            ("office1", "同意 1", "9 党组织", "10 中小学校长职级制", "11 推动增设校外监管科：未设定 → 5月31日"),
        ],
    )
    kept = await rows(house.bot.db, "SELECT target, reason FROM changes ORDER BY id")

    assert [target for target, _ in kept] == ["item:S09", "item:S10", "item:S11"]
    assert {reason for _, reason in kept} == {"编办还没批"}


async def test_the_office_moves_a_due_date_at_once_and_the_contact_hears_it(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "组织科")
    await converse(
        house,
        [
            ("office1", "延期 第7项 到5月10日，文件还在会签", "期限已改", "原因：文件还在会签"),
            ("office1", "延期 第7项 到5月9日", "新的期限要比它晚"),
            ("组织科", "第7项延期到6月10日", "不是您单位牵头的"),
            ("思政科", "/extend 第7项", "请写哪一项、延到哪天、为什么"),
            ("思政科", "延期 第99项 到6月1日", "没有“第99项”这一项"),
        ],
    )

    assert any("期限已改" in text for text in await heard(house, house.contact("思政科")))


async def test_a_report_with_a_request_beside_it_is_recorded_and_asked(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    answer = await ask(house, "思政科", "第7项60%，另申请延到下月底")

    assert "回执 1 号" in answer and "已把延期申请报给局办公室" in answer
    assert "5月31日" in answer
