"""The office asks for something of its own in one line, and it is asked for like every other report."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse
from tests.handlers.test_extensions import heard


async def test_a_collection_opens_now_reminds_and_is_answered_in_words(theatre: Open) -> None:
    house = await begin(theatre, "2023-05-08T10:00", "思政科", "督导科")
    opened = await ask(house, "office1", "征集 阶段性总结 5月19日前 各单位 一页以内")
    told = await heard(house, house.contact("思政科"))

    assert "已开始征集“阶段性总结”" in opened and "向 2 个单位：督导科、思政科" in opened
    assert "请在5月19日（周五）前报阶段性总结。一页以内" in told[0] and "阶段性总结：……" in told[0]

    await converse(
        house,
        [
            ("office1", "未报", "阶段性总结"),
            ("思政科", "阶段性总结：活动开展以来出台文件两份，津贴办法还在会签。", "回执 1 号", "阶段性总结已报齐"),
            ("思政科", "第7项80%，正在征求各县区意见，下周汇总以后报局长办公会研究", "回执 2 号"),
        ],
    )
    evening = await house.until("2023-05-22T12:00")

    asked = [one.text for one in evening if one.to == house.contact("督导科")]
    assert any("阶段性总结，5月19日截止" in text and "阶段性总结：……" in text for text in asked)
    assert not any("阶段性总结" in one.text for one in evening if one.to == house.contact("思政科"))
    assert any(one.to == "main" and "阶段性总结" in one.text for one in evening)


async def test_only_the_named_units_are_asked(theatre: Open) -> None:
    house = await begin(theatre, "2023-05-08T10:00", "思政科", "督导科")
    await converse(
        house,
        [
            ("office1", "征集 食堂自查 下周五前 督导科", "向 1 个单位：督导科"),
            ("office1", "/collect 食堂自查", "请写要什么、哪天前"),
            ("office1", "/collect 食堂自查 5月1日前", "已经过去了"),
            ("思政科", "/collect 食堂自查 6月1日前", "只有办公室可以用"),
        ],
    )
    assert not await heard(house, house.contact("思政科"))
