"""A receipt can be corrected by its number."""

from tests.conftest import Open
from tests.core.houses import begin, converse


async def test_a_receipt_is_edited_by_its_number(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "组织科", "思政科")
    await converse(
        house,
        [
            ("组织科", "第9项80%", "回执 1 号"),
            ("组织科", "第10项60%，第11项30%", "回执 2 号"),
            ("组织科", "回执1号改为90%", "9 党组织领导下的校长负责制：90%"),
            ("组织科", "回执 2 号应为50%", "回执 2 号里不止一项"),
            ("思政科", "回执1号改为10%", "不是您单位的"),
        ],
    )
