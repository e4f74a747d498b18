"""Taking back in words: an item is not mistaken for the receipt of that number."""

from tests.conftest import Open
from tests.core.houses import begin, converse

TEN = [("组织科", f"第10项{percent}%", "回执") for percent in range(10, 90, 10)]


async def test_an_item_is_taken_back_not_the_receipt_of_its_number(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科", "思政科")
    await converse(
        house,
        [
            ("组织科", "第9项80%", "回执 1 号"),
            *TEN,
            ("组织科", "撤回第9项", "9 党组织领导下的校长负责制：恢复为 未报"),
            ("组织科", "进度 10", "组织科：80%"),
            ("组织科", "/undo 第10项", "10 中小学校长职级制：恢复为 70%"),
            ("组织科", "撤回 第7项", "没有可以撤回的登记。"),
        ],
    )


async def test_a_receipt_is_taken_back_by_its_number_in_a_sentence(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科")
    await converse(
        house,
        [
            ("组织科", "第9项80%", "回执 1 号"),
            ("组织科", "第10项30%", "回执 2 号"),
            ("组织科", "请撤回1号", "已撤回回执 1 号。", "9 党组织领导下的校长负责制：恢复为 未报"),
            ("组织科", "撤回刚才那条", "已撤回回执 2 号。", "10 中小学校长职级制：恢复为 未报"),
        ],
    )
