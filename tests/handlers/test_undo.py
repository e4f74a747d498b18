"""Taking back: the last record, one by its number, and whose it is."""

from tests.conftest import Open
from tests.core.houses import begin, converse


async def test_a_record_is_taken_back_by_its_unit_once(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-24T10:00", "思政科", "职成教科", "督导科")
    await converse(
        house,
        [
            ("思政科", "第7项50%", "回执 1 号", "3月月度进展已报齐。"),
            ("思政科", "第7项60%", "回执 2 号"),
            ("职成教科", "撤回 2", "回执 2 号不是您单位的，不能撤回。需要时请联系办公室。"),
            ("职成教科", "撤回", "没有可以撤回的登记。"),
            ("思政科", "撤回 99", "没有可以撤回的登记。"),
            ("思政科", "/undo", "已撤回回执 2 号。\n· 7 加强中小学班主任队伍建设：恢复为 50%"),
            ("思政科", "撤回 2", "回执 2 号已经撤回过了。"),
            ("office1", "撤回 1", "已撤回回执 1 号。", "恢复为 未报", "需要重报：3月月度进展"),
            ("思政科", "我的", "还差 3月月度进展：7 加强中小学班主任队伍建设"),
            ("思政科", "第7项55%", "回执 3 号", "3月月度进展已报齐。"),
        ],
    )


async def test_the_office_takes_back_what_it_reported_for_a_unit(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-24T10:00", "思政科", "职成教科")
    await converse(
        house,
        [
            ("思政科", "第7项50%", "回执 1 号（思政科）"),
            ("office1", "第7项60%", "回执 2 号（思政科）"),
            ("思政科", "第7项70%", "回执 3 号（思政科）"),
            ("office1", "撤回", "已撤回回执 2 号。", "恢复为 70%"),
        ],
    )
