"""/rank: the table, and every number of it explained."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows


async def test_every_number_of_the_table_is_explained(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-24T10:00", "组织科", "督导科", "职成教科", "教师工作科")
    await converse(
        house,
        [
            ("组织科", "9. 100%；10. 85%；11. 未启动；12. 20%；13. 六成", "3月月度进展已报齐"),
            ("职成教科", "第4项80%", "已登记"),
            ("督导科", "第4项60%，第2项30%", "已登记"),
        ],
    )
    await house.until("2023-03-27T09:05")
    table = await ask(house, "office1", "/rank")
    explained = await ask(house, "office1", "排名 组织科")

    assert table.splitlines()[:4] == [
        "【3月完成率排名】",
        "1  职成教科  60%  1/2",
        "2  组织科  53%  1/2",
        "3  督导科  45%  1/2",
    ]
    assert "没有牵头项目的单位只看按时报送：教师工作科 0/2" in table
    assert "完成率 =（100 + 85 + 0 + 20 + 60）÷ 5 = 53%，第 2 名。" in explained
    assert "按时报送 1/2（到期的" in explained
    await converse(
        house,
        [
            ("督导科", "/rank 督导科", "完成率 =（30 + 60）÷ 2 = 45%", "由几个单位共同牵头，取各单位所报的较低值"),
            ("office1", "/rank 教师工作科", "没有牵头的项目，不进完成率排名，只看按时报送。"),
            ("office1", "/rank 天上", "没有叫“天上”的报送单位。可选：督导科、职成教科、组织科、教师工作科"),
        ],
    )
    assert await rows(house.bot.db, "SELECT count(*) FROM checkins") == [(3,)]
