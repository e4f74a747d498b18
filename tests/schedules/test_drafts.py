"""Papers the office drafts itself are asked of it at the interval it sets, with what they may start from."""

from tests.conftest import Open
from tests.core.houses import ask, begin


async def test_the_office_is_reminded_of_its_draft_with_the_items_that_are_not_done(theatre: Open) -> None:
    house = await begin(theatre, "2023-06-26T10:00", "思政科", "财务科")
    await ask(house, "思政科", "第7项已完成")
    await ask(house, "office1", "设定 阶段性工作要点 间隔 每季度")
    heard = [one.text for one in await house.until("2023-06-29T18:00") if one.to == "office1"]
    (asked,) = [text for text in heard if "阶段性工作要点" in text and "可以从没完成的写起" in text]

    assert "14 学校人员经费总量包干" in asked and "7 加强中小学班主任队伍建设" not in asked
    assert "回执" in await ask(house, "office1", "阶段性工作要点：抓好经费包干。")
    later = [one.text for one in await house.until("2023-07-06T18:00") if one.to == "office1"]
    assert not any("阶段性工作要点" in text for text in later)
