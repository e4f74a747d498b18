"""Reporting for another unit: said so, and recorded for that unit."""

from tests.conftest import Open
from tests.core.houses import begin, converse


async def test_a_joint_item_needs_the_unit_it_is_reported_for(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "督导科", "职成教科")
    await converse(
        house,
        [
            ("office1", "第4项50%", "由督导科、职成教科共同牵头，请写明代哪个单位报，例如：代督导科报第4项50%。"),
            ("office1", "代督导科报第4项50%", "回执 1 号（督导科）", "4 职业学校办学条件达标：50%"),
        ],
    )


async def test_a_colleague_reports_for_a_unit_and_may_take_it_back(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "督导科", "职成教科")
    await converse(
        house,
        [
            ("督导科", "代职成教科报：第4项60%", "回执 1 号（职成教科）", "4月月度进展已报齐。"),
            ("督导科", "进度 4", "督导科：还没有数据", "职成教科：60%"),
            ("督导科", "撤回 1", "已撤回回执 1 号。", "需要重报：4月月度进展"),
        ],
    )


async def test_who_has_no_account_is_to_be_called(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "督导科")
    await converse(
        house,
        [
            ("office1", "移交 督导科 甲乙", "督导科联络员已换成甲乙", "绑定 "),
            ("office1", "催报", "没有联络员或还没绑定账号，请您电话联系：督导科"),
        ],
    )


async def test_the_office_reports_for_one_unit_at_a_time(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "思政科", "体卫艺语科")
    await converse(
        house,
        [
            ("office1", "第7项50%，第6项70%", "请按单位分开发，一条说一个单位的。"),
            ("思政科", "我的", "还没有数据"),
        ],
    )
