"""One contact of several units: a bare figure never falls to the first of them."""

from bot.domain.members import Post
from bot.storage import members
from tests.conftest import Open
from tests.core.houses import begin, converse
from tests.theatre import Theatre


async def also_contact_of(house: Theatre, person: str, unit: str) -> None:
    async with house.bot.db.begin() as tx:
        member = await members.find_by_identity(tx, "sandbox", person)
        assert member is not None
        now = house.bot.clock.now()
        await members.give_post(tx, house.plan.key, Post("contact", unit), member.id, now)


async def test_a_bare_figure_is_asked_about_and_recorded_for_the_unit_of_the_answer(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "思政科", "体卫艺语科")
    await also_contact_of(house, house.contact("思政科"), "体卫艺语科")
    await converse(
        house,
        [
            ("思政科", "80%", "80%说的是哪一项？", "6 中小学近视防控专项行动", "7 加强中小学班主任队伍建设"),
            ("思政科", "6", "回执 1 号（体卫艺语科）", "6 中小学近视防控专项行动：80%"),
            ("思政科", "第7项30%", "回执 2 号（思政科）"),
        ],
    )


async def test_general_words_need_the_unit_they_are_said_of(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "教师工作科", "规划建设科")
    await also_contact_of(house, house.contact("教师工作科"), "规划建设科")
    await converse(
        house,
        [
            ("教师工作科", "本月无", "您替几个单位报送，请写明是哪个单位的，例如：代教师工作科报：……"),
            ("教师工作科", "代规划建设科报：本月无", "回执 1 号（规划建设科）", "4月月度进展已报齐。"),
        ],
    )
