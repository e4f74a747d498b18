"""The office returns, excuses, asks why, and reports for others."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows


async def test_a_returned_check_in_no_longer_counts_and_its_contact_is_told_why(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await converse(
        house,
        [
            ("思政科", "第7项80%", "回执 1 号（思政科）", "4月月度进展已报齐"),
            ("office1", "退回 1", "请写回执号和原因"),
            ("思政科", "/return 1 试试", "只有办公室可以用"),
            (
                "office1",
                "退回 1 数字与上月不符，请核对。",
                "已退回回执 1 号（思政科），已私下告诉思政科·",
                "恢复为 未报",
            ),
            ("office1", "退回1号：再退一次", "已经退回过了"),
            ("office1", "退回 9 没有的", "没有回执 9 号"),
        ],
    )
    told = [one.text for one in await house.until("2023-04-24T10:10") if one.to == house.contact("思政科")]

    assert "原因：数字与上月不符，请核对。" in told[0] and "请改好再报一次（4月月度进展）" in told[0]
    assert await rows(house.bot.db, "SELECT returned FROM checkins") == [("数字与上月不符，请核对。",)]
    assert "思政科" in await ask(house, "office1", "未报")


async def test_an_excused_unit_owes_nothing_and_can_be_asked_again(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await converse(
        house,
        [
            ("office1", "豁免 思政科 4月", "思政科的4月月度进展免报", "豁免 思政科 4月 取消"),
            ("office1", "未报", "督导科"),
            ("office1", "豁免 思政科 4月月度进展 取消", "思政科的4月月度进展恢复为要报"),
            ("office1", "豁免 思政科 13月", "没有“13月”这一期"),
            ("office1", "/excuse 天上科", "没有叫“天上科”的单位"),
            ("office1", "豁免 思政科 7月", "7月月度进展"),
            ("思政科", "第7项80%", "回执 1 号"),
            ("office1", "豁免 思政科 4月月度进展", "已经报了，不用豁免"),
        ],
    )
    told = [one.text for one in await house.until("2023-04-24T10:10") if one.to == house.contact("思政科")]

    assert "免报，不用报了" in told[0]


async def test_every_value_tells_the_words_it_came_from(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科", leaders=["L3"])
    await converse(
        house,
        [
            ("思政科", "第7项八成了，津贴还没落实", "回执 1 号"),
            ("office1", "依据 1", "回执 1 号：思政科", "原话：第7项八成了", "80%，依据“八成"),
            ("思政科", "/why 第7项", "80%，依据“八成"),
            ("leader3", "为什么第7项是80%", "80%，依据“八成"),
            ("督导科", "依据 1", "不是您单位的"),
            ("督导科", "依据 第7项", "还没有登记，或者不是您单位的项目"),
            ("office1", "/why", "请写回执号，或项目编号加“项”"),
            ("思政科", "撤回", "已撤回回执 1 号"),
            ("office1", "依据 1号", "已撤回，不计入"),
        ],
    )


async def test_a_report_for_another_unit_is_recorded_under_it(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await converse(
        house,
        [
            ("office1", "/for 思政科 第7项50%", "回执 1 号（思政科）"),
            ("office1", "代报 思政科 第7项60%，正在征求意见", "回执 2 号（思政科）", "60%"),
            ("office1", "/for", "请写单位和内容"),
            ("office1", "/for 思政科", "请接着写内容"),
            ("office1", "/for 天上科 50%", "没有叫“天上科”的单位"),
            ("office1", "退回 2 请本单位自己报", "已私下告诉思政科·"),
        ],
    )
