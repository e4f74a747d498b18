"""Nothing that was said or changed is lost: /history tells all of it to those it concerns."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse


async def test_an_items_history_holds_every_word_and_every_change(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科", leaders=["L3"])
    await converse(
        house,
        [
            ("思政科", "第7项40%", "回执 1 号"),
            ("思政科", "改为50%", "回执 2 号"),
            ("office1", "退回 2 数字与上月不符", "已退回"),
            ("office1", "延期 第7项 到5月10日，文件还在会签", "期限已改"),
            ("office1", "设定 第7项 改名 班主任队伍", "已设定"),
        ],
    )
    await house.until("2023-04-27T10:00")
    await ask(house, "思政科", "第7项60%")
    said = await ask(house, "office1", "历史 第7项")

    for part in (
        "2023年4月24日 10:00　回执 1 号（思政科，思政科·",
        "“第7项40%”：40%",
        "50%（已退回）",
        "期限：未设定 → 5月10日，原因：文件还在会签（办公室·office1）",
        "名称：加强中小学班主任队伍建设 → 班主任队伍",
        "60%（迟报）",
    ):
        assert part in said
    assert said == await ask(house, "leader3", "/history 7") == await ask(house, "思政科", "历史 第7项")
    assert "回执" not in await ask(house, "督导科", "历史 第7项")
    assert "名称：" in await ask(house, "督导科", "历史")


async def test_a_units_history_and_a_number(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await converse(
        house,
        [
            ("思政科", "第7项40%", "回执 1 号"),
            ("office1", "历史 思政科", "任联络员", "回执 1 号", "7 加强中小学班主任队伍建设 40%"),
            ("督导科", "历史 思政科", "只给本单位、分管领导和办公室看"),
            ("督导科", "历史 1号", "没有 1 号，或者不是您单位的"),
            ("思政科", "撤回 1", "已撤回"),
            ("思政科", "历史 1号", "40%（已撤回）", "撤回"),
            ("思政科", "/history 天上", "历史 第7项、历史 组织科、历史 12号"),
        ],
    )
