"""A paused plan is silent at once; what it missed follows the rule for standstills."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse
from tests.theatre import contact


async def test_a_paused_plan_sends_nothing_and_says_so(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-23T10:00", "思政科", "督导科")
    await converse(
        house,
        [
            ("思政科", "/pause", "只有办公室可以用"),
            ("office1", "恢复", "计划没有暂停"),
            ("office1", "暂停", "已暂停", "恢复请发：恢复", "72 小时"),
        ],
    )
    silent = await house.until("2023-04-26T12:00")
    answered = await ask(house, "思政科", "第7项80%")
    resumed = await ask(house, "office1", "暂停")
    heard = await house.until("2023-04-26T18:00")

    assert silent == []
    assert "回执 1 号" in answered
    assert "已恢复发提醒" in resumed
    assert any(one.to == contact(house.plan, "督导科") and "补发" in one.text for one in heard)
    assert not any(one.to == contact(house.plan, "思政科") and "月度进展" in one.text for one in heard)


async def test_what_was_waiting_is_kept_and_goes_out_late(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T20:00", "思政科")
    await ask(house, "office1", "催报")
    stopped = await ask(house, "office1", "/pause")
    silent = await house.until("2023-04-24T10:00")
    await ask(house, "office1", "/resume")
    heard = await house.until("2023-04-24T11:00")

    assert "私聊 1 条" in stopped
    assert not any(one.to == house.contact("思政科") for one in silent)
    assert any("月度进展" in one.text and one.to == house.contact("思政科") for one in heard)


async def test_older_than_the_catch_up_window_is_told_to_the_office_instead(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-23T10:00", "思政科")
    await ask(house, "office1", "暂停")
    await house.until("2023-05-08T10:00")
    await ask(house, "office1", "恢复")
    heard = await house.until("2023-05-08T10:30")

    assert any(one.to == "office1" and "4月25日" in one.text for one in heard)
    assert not any(one.to == house.contact("思政科") and "今天截止" in one.text for one in heard)
