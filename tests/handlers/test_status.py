"""Looking things up: by number, alias and title; the plan, an item, a unit; what I owe; who is missing."""

import pytest

from bot.domain.members import Post
from bot.storage import members
from tests.conftest import Open
from tests.core.houses import ask, begin, converse
from tests.theatre import Theatre

START = "2023-03-24T10:00"


async def test_a_joint_item_shows_both_figures_and_marks_the_difference(theatre: Open) -> None:
    house = await begin(theatre, START, "督导科", "职成教科", leaders=("L2", "L6"))
    await ask(house, "职成教科", "第4项80%\n进展：完成摸底。问题：无。下一步：整改。")
    receipt = await ask(house, "督导科", "第4项60%")
    shown = await ask(house, "office1", "/status 4")

    assert "4 职业学校办学条件达标：职成教科报的是 80%，两个数都留着，排名取低的。" in receipt
    assert shown.splitlines() == [
        "【4 职业学校办学条件达标】",
        "牵头：督导科、职成教科",
        "分管：副组长（教育督导）、副组长（分管职教、高教）",
        "· 督导科：60%（3月24日 10:00报）",
        "· 职成教科：80%（3月24日 10:00报）",
        "· 工作进展：完成摸底",
        "· 存在问题：无",
        "· 下一步工作计划：整改",
        "注意：各单位数据不一致（60% 与 80%），排名暂取低的。",
    ]


async def test_the_overview_counts_items_and_names_who_is_missing(theatre: Open) -> None:
    house = await begin(theatre, START, "思政科", "财务科")
    await ask(house, "财务科", "第14项已完成，第15项50%")

    assert (await ask(house, "office1", "/status")).splitlines() == [
        "【深学争优、敢为争先、实干争效行动】",
        "3 项：完成 1 项，推进中 1 项，还没有数据 1 项；平均 50.0%。",
        "3月月度进展：已报 1/2，未报：思政科",
        "3月工作专报：已报 0/2，未报：思政科、财务科",
        "未设定：月度任务没有牵头单位 40 个；单位组没有写单位 2 个；报送没有定多久一次 2 个。要看全部请发：进度 未设定",
        "看某一项请发：进度 4；看某单位请发：进度 单位名。",
    ]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("7", "【7 加强中小学班主任队伍建设】"),
        ("第7项", "【7 加强中小学班主任队伍建设】"),
        ("S07", "【7 加强中小学班主任队伍建设】"),
        ("班主任", "【7 加强中小学班主任队伍建设】"),
        ("幼小衔接攻尖行动", "【8 幼小衔接攻坚行动】"),
        ("中小学近视防控", "【6 中小学近视防控专项行动】"),
        ("组织科", "【组织科】"),
        ("思想政治工作科", "【思政科】"),
        ("近视", "您要看哪一项？请发编号或更完整的名称："),
        ("99", "没有叫“99”的项目或单位。请发项目编号（如：进度 4）或单位名（如：进度 组织科）。"),
        ("天上的云", "没有叫“天上的云”的项目或单位。"),
    ],
)
async def test_things_are_found_by_number_alias_and_title(house: Theatre, wanted: str, shown: str) -> None:
    assert (await ask(house, "office1", f"/status {wanted}")).startswith(shown)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_unit_shows_its_items_and_what_it_owes(house: Theatre) -> None:
    assert (await ask(house, "leader1", "进度 财务科")).splitlines() == [
        "【财务科】",
        "· 14 学校人员经费总量包干：还没有数据",
        "· 15 进一步发挥教育基金会慈善公益功能：还没有数据",
        "还差 3月月度进展：14 学校人员经费总量包干、15 进一步发挥教育基金会慈善公益功能",
        "还差 3月工作专报的：工作进展、存在问题、下一步工作计划",
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_roles_see_what_is_theirs(house: Theatre) -> None:
    await converse(
        house,
        [
            ("思政科", "我的", "【思政科】", "7 加强中小学班主任队伍建设", "还差 3月月度进展"),
            ("leader6", "/mine", "【分管项目】\n· 4 职业学校办学条件达标：还没有数据\n· 17 建设泉州高水平大学"),
            ("office1", "我的", "您没有牵头或分管的项目。要看全局请发：进度。"),
            ("office1", "/missing", "【未报名单】", "要私下提醒这些单位，请发：催报。"),
            ("leader1", "未报", "【未报名单】", "3月月度进展"),
            ("思政科", "未报", "“未报”只有办公室、领导可以用。您能用的命令请发：帮助。需要权限请联系局办公室。"),
            ("思政科", "/remind", "“/remind”只有办公室可以用。"),
            ("leader1", "/undo", "“/undo”只有联络员、办公室可以用。"),
            ("思政科", "/nonsense", "没有“/nonsense”这个命令。看看能用哪些，请发：帮助"),
        ],
    )


async def test_a_contact_of_two_units_sees_and_reports_for_both(theatre: Open) -> None:
    house = await begin(theatre, START, "思政科", "职成教科")
    async with house.bot.db.begin() as tx:
        both = await members.find_by_identity(tx, "sandbox", house.contact("思政科"))
        await members.give_post(tx, house.plan.key, Post("contact", "职成教科"), both.id, house.bot.clock.now())
    mine = await ask(house, "思政科", "我的")

    assert "【职成教科】" in mine and "【思政科】" in mine
    await converse(house, [("思政科", "第7项30%", "（思政科）")])


async def test_missing_says_when_everybody_has_reported(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "思政科")
    await converse(
        house,
        [
            ("office1", "未报", "4月月度进展：已报 0/1，未报：思政科"),
            ("思政科", "第7项30%", "4月月度进展已报齐。"),
            ("office1", "未报", "4月月度进展：已报 1/1，全部报齐", "全部报齐，不用催了。"),
            ("office1", "催报", "没有未报的单位，不用催。"),
        ],
    )
