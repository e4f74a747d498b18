"""A post changes hands: one command, and history and open items stay with the post."""

import re

from tests.conftest import Open
from tests.core.houses import ask, begin, converse


async def test_a_successor_takes_over_the_post_with_its_history(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    await ask(house, "contact1", "第7项30%")
    answer = await ask(house, "office1", "/handover 思政科 孙敏")
    code = re.search(r"\d{8}", answer)[0]
    await converse(
        house,
        [
            ("new1", f"绑定 {code}", "孙敏，您好，登记成功。", "联络员·思政科"),
            ("new1", "我的", "7 加强中小学班主任队伍建设：30%"),
            ("new1", "撤回", "已撤回回执 1 号。"),
            ("contact1", "第7项50%", "还没有岗位"),
            ("office1", "/handover 天上科 孙敏", "没有叫“天上科”的单位或领导代号"),
        ],
    )
