"""The weekly digest: own items only, exceptions first, and sent when the week was quiet too."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse


async def test_a_quiet_week_is_told_too_and_only_of_own_items(theatre: Open) -> None:
    house = await begin(theatre, "2023-05-06T10:00", "思政科", "组织科", leaders=("L3", "L4"))
    heard = {one.to: one.text.splitlines() for one in await house.until("2023-05-08T08:35")}

    assert set(heard) == {"leader3", "leader4"}
    assert heard["leader3"] == [
        "【每周简报 5月8日】",
        "分管 1 项，没有异常：",
        "· 7 加强中小学班主任队伍建设　还没有数据",
        "上周没有新进展上报。",
    ]


async def test_exceptions_come_first(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "思政科", "体卫艺语科", leaders=("L3",))
    await converse(house, [("思政科", "第7项60%", "已登记")])
    await house.until("2023-05-01T10:00")
    (digest,) = await house.until("2023-05-04T08:35")

    # 1 to 3 May are holidays: the week's digest comes on its first working day.
    assert digest.text.splitlines() == [
        "【每周简报 5月4日】",
        "需要您留意 1 项：",
        "· 6 中小学近视防控专项行动　还没有数据　体卫艺语科未报4月月度进展",
        "其余 1 项正常：",
        "· 7 加强中小学班主任队伍建设　60%",
        "上周没有新进展上报。",
    ]


async def test_what_falls_due_this_week_is_announced(theatre: Open) -> None:
    house = await begin(theatre, "2023-05-21T10:00", "思政科", leaders=("L3",))
    await ask(house, "思政科", "第7项60%")
    (digest,) = await house.until("2023-05-22T08:35")

    assert "7 加强中小学班主任队伍建设　60%　↑" in digest.text
    assert "本周到期：5月月度进展（5月25日）。" in digest.text
