"""Persons move on a day; duties hang on posts, so nothing is orphaned and no history is lost."""

from bot.domain.members import Post
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows
from tests.theatre import Theatre

HOLDERS = (
    "SELECT name, post FROM holders JOIN members ON members.id = member_id"
    " WHERE until_at IS NULL AND post LIKE 'contact:%' ORDER BY post"
)


async def opened(theatre: Open) -> Theatre:
    house = await begin(theatre, "2023-04-24T10:00", "组织科", "督导科")
    async with house.bot.db.begin() as tx:
        for name, unit, account in (("张三", "组织科", "p1"), ("李四", "督导科", "p2")):
            person = Enrolled(name, unit, Post("contact", unit), ids={"sandbox": account})
            await enrol(tx, house.plan, person, house.bot.clock.now())
    return house


async def test_a_rotation_changes_the_contacts_on_its_day(theatre: Open) -> None:
    house = await opened(theatre)
    await converse(
        house,
        [
            ("p1", "第9项40%", "回执 1 号"),
            (
                "office1",
                "轮岗 张三 从 组织科 到 督导科，李四 从 督导科 到 组织科，5月8日起",
                "5月8日（周一）起生效",
                "张三：组织科联络员 → 督导科联络员",
                "李四：督导科联络员 → 组织科联络员",
            ),
            ("office1", "历史", "张三从2023年5月8日起任督导科联络员"),
        ],
    )
    assert await rows(house.bot.db, HOLDERS) == [("李四", "contact:督导科"), ("张三", "contact:组织科")]

    heard = await house.until("2023-05-08T09:30")
    assert await rows(house.bot.db, HOLDERS) == [("张三", "contact:督导科"), ("李四", "contact:组织科")]
    assert any(one.to == "office1" and "岗位已按期调整" in one.text for one in heard)
    assert any(one.to == "p2" and "您是组织科的联络员" in one.text for one in heard)
    await converse(
        house,
        [
            ("p2", "我的", "9 党组织领导下的校长负责制：40%"),
            ("office1", "历史 组织科", "张三任联络员", "回执 1 号（组织科，张三）", "张三不再任联络员", "李四任联络员"),
        ],
    )


async def test_a_unit_left_without_a_contact_is_told_to_the_office(theatre: Open) -> None:
    house = await opened(theatre)
    await converse(
        house,
        [
            ("office1", "轮岗 张三 从 组织科 到 督导科", "张三：组织科联络员 → 督导科联络员"),
            ("office1", "轮岗 王五 从 组织科 到 督导科", "组织科的花名册里没有王五"),
            ("office1", "/rotate 张三", "请写谁从哪到哪"),
            ("p1", "/rotate 张三 从 组织科 到 督导科", "只有办公室可以用"),
        ],
    )
    heard = await house.until("2023-04-24T10:10")

    assert any("组织科现在没有联络员，请指定：移交 组织科 姓名" in one.text for one in heard if one.to == "office1")


async def test_a_post_is_handed_over_from_a_day_on(theatre: Open) -> None:
    house = await opened(theatre)
    answer = await ask(house, "office1", "移交 组织科 赵六 5月8日起")
    before = await rows(house.bot.db, HOLDERS)
    await house.until("2023-05-08T09:30")

    assert "5月8日（周一）起生效" in answer and "赵六" in answer
    assert ("张三", "contact:组织科") in before
    assert ("赵六", "contact:组织科") in await rows(house.bot.db, HOLDERS)
