"""The 25th: privately first, only who is missing, one message a day, and never outside working hours."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import text

from bot.discovery import collect
from bot.domain.members import Post
from bot.scheduler import Scheduler
from bot.storage import members
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows
from tests.theatre import Heard, Theatre


def titles(heard: list[Heard]) -> list[tuple[str, str]]:
    """Return who got which message; what the office alone is asked is told of elsewhere."""
    return sorted((one.to, one.text.splitlines()[0]) for one in heard if one.to != "office1")


async def outcomes(house: Theatre) -> list[tuple[object, ...]]:
    """Return (kind, state, reason) of everything that was not simply sent."""
    query = "SELECT kind, state, reason FROM outbox WHERE state != 'sent' ORDER BY id"
    return await rows(house.bot.db, query)


async def test_a_working_25th_asks_privately_the_day_before_and_in_the_group_on_the_day(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:59", "思政科", "体卫艺语科", "教师工作科")
    monday = await house.until("2023-04-24T17:00")
    await ask(house, "思政科", "第7项30%")
    tuesday = await house.until("2023-04-25T23:59")

    asked = "【4月月度进展，4月25日截止】"
    assert titles(monday) == [("contact1", asked), ("contact2", asked), ("contact3", asked)]
    assert titles(tuesday) == [("main", "【报送提醒】")]
    assert "4月月度进展今天截止。\n已报 1/3，还差 2 个：体卫艺语科、教师工作科" in tuesday[0].text


async def test_a_rest_day_25th_is_asked_for_once_on_friday_and_stays_quiet(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-23T20:00", "思政科", "教师工作科")
    friday = await house.until("2023-03-24T23:59")
    weekend = await house.until("2023-03-27T08:29")

    asked = "【3月月度进展、3月工作专报，3月25日截止】"
    assert titles(friday) == [("contact1", asked), ("contact2", asked), ("main", "【报送提醒】")]
    assert titles(weekend) == []


async def test_who_answers_before_the_nudge_drops_out_with_a_reason(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "体卫艺语科", "思政科")
    at = datetime(2023, 4, 26, 8, 59, tzinfo=house.bot.world.policy.timezone)
    await house.until("2023-04-26T08:59")
    house.bot.clock.set(at.replace(hour=9, minute=0))
    await house.bot.scheduler.run_all()
    await ask(house, "思政科", "第7项30%")

    heard = await house.until("2023-04-26T09:05")
    assert "contact2" not in [one.to for one in heard if "还差您的" in one.text]


async def test_the_day_after_asks_who_is_missing_and_posts_the_table_in_one_message(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "体卫艺语科", "思政科")
    await ask(house, "思政科", "第7项30%")
    heard = [one for one in await house.until("2023-04-26T23:59") if one.to != "office1"]

    assert titles(heard) == [("contact1", "【还差您的4月月度进展】"), ("main", "【4月报送情况】")]
    assert "4月月度进展：已报 1/2，未报：体卫艺语科" in heard[-1].text
    assert "1  思政科  30%  1/1\n2  体卫艺语科  0%*  0/1" in heard[-1].text


async def test_two_duties_of_one_day_make_one_message_for_a_contact_of_two_units(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-24T08:00", "体卫艺语科", "思政科")
    async with house.bot.db.begin() as tx:
        both = await members.find_by_identity(tx, "sandbox", "contact1")
        post = Post("contact", "思政科")
        await members.give_post(tx, house.plan.key, post, both.id, house.bot.clock.now())
    heard = await house.until("2023-03-24T23:59")

    (asked,) = [one.text for one in heard if one.to == "contact1"]
    assert Counter(one.to for one in heard if one.to != "office1") == {"contact1": 1, "main": 1}
    assert "思政科：月度进展、工作专报请在" in asked and "体卫艺语科：月度进展、工作专报请在" in asked


async def test_a_unit_without_a_contact_is_told_to_the_office(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:59", "体卫艺语科", "思政科")
    async with house.bot.db.begin() as tx:
        await tx.execute(text("DELETE FROM holders WHERE post = 'contact:思政科'"))
    heard = await house.until("2023-04-24T09:05")

    assert [one.to for one in heard if "月度进展" in one.text] == ["contact1"]
    assert any(one.to == "office1" and "思政科还没有联络员，这次没法提醒。" in one.text for one in heard)
    assert await rows(house.bot.db, "SELECT unit, reason FROM asks WHERE reason != ''") == [("思政科", "没有联络员")]


async def test_a_contact_without_an_account_fails_with_a_reason_and_the_office_is_told(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:59", "体卫艺语科", "思政科")
    async with house.bot.db.begin() as tx:
        person = Enrolled("吴平", "思政科", Post("contact", "思政科"))
        await enrol(tx, house.plan, person, house.bot.clock.now())
    heard = await house.until("2023-04-24T09:05")

    told = [one.text for one in heard if one.to == "office1"]
    assert [one for one in told if one.startswith("【有消息没发出去】\n· 给吴平：收件人还没有绑定平台账号")]
    assert ("ask", "failed", "收件人还没有绑定平台账号") in await outcomes(house)
    assert "contact1" in [one.to for one in heard]


async def test_down_for_three_hours_over_the_25th_is_made_up_once_and_marked(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T08:55", "思政科")
    moment = datetime(2023, 4, 25, 11, 55, tzinfo=house.bot.world.policy.timezone)
    house.bot.clock.set(moment)
    heard = await house.until("2023-04-25T12:30")
    again = await house.until("2023-04-25T23:59")

    assert titles(heard) == [("main", "【报送提醒（补发）】")]
    assert again == []


async def test_down_until_the_evening_waits_for_the_next_morning(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:55", "思政科")
    house.bot.clock.set(datetime(2023, 4, 24, 20, 0, tzinfo=house.bot.world.policy.timezone))
    evening = await house.until("2023-04-25T08:59")
    morning = await house.until("2023-04-25T09:05")

    assert evening == []
    assert titles(morning) == [("contact1", "【4月月度进展，今天截止（补发）】"), ("main", "【报送提醒】")]


async def test_down_for_four_days_sends_nothing_old_and_tells_the_office_once(theatre: Open) -> None:
    house = await begin(theatre, "2023-09-22T08:55", "思政科")
    house.bot.clock.set(datetime(2023, 9, 28, 10, 0, tzinfo=house.bot.world.policy.timezone))
    heard = await house.until("2023-09-28T12:00")

    (told,) = [one.text for one in heard if one.text.startswith("【错过的提醒】")]
    assert "程序停了超过 72 小时，以下提醒已过补发期，没有发出：" in told
    assert "9月22日 09:00 9月月度进展、9月工作专报（私聊）" in told
    missed = await rows(house.bot.db, "SELECT count(*) FROM occasions WHERE outcome LIKE 'missed%'")
    assert missed == [(told.count("· "),)]


async def test_three_asks_are_the_most_in_one_round(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-18T10:00", "思政科")
    for day in (18, 19, 20):
        await house.until(f"2023-04-{day}T10:01")
        await converse(house, [("office1", "催报", "已安排私下提醒 1 个单位：思政科")])
    await house.until("2023-04-20T12:00")

    assert "contact1" not in [one.to for one in await house.until("2023-04-27T12:00")]


async def test_a_fifth_message_of_a_month_is_left_out_and_the_office_told(theatre: Open) -> None:
    house = await begin(theatre, "2023-12-01T08:00", "思政科")
    heard = await house.until("2023-12-27T12:00")

    asked = [one.text.splitlines()[0] for one in heard if one.to == "contact1"]
    assert asked == [
        "【2023年年度总结，12月20日截止】",
        "【2023年年度总结，12月20日截止】",
        "【还差您的2023年年度总结】",
        "【12月月度进展，12月25日截止】",
    ]
    assert any("思政科本月已收到 4 条提醒（减负上限），催报没有再发。" in one.text for one in heard)
    assert ("ask", "dropped", "本月已到提醒上限") in await outcomes(house)


async def test_december_asks_for_the_annual_summary_and_for_the_month(theatre: Open) -> None:
    house = await begin(theatre, "2023-12-08T08:00", "教师工作科")
    await house.until("2023-12-11T10:00")
    summary = "2023年工作总结：本年度完成教师队伍建设各项任务，开展培训十二期，走访学校三十所。"
    await converse(house, [("教师工作科", summary, "2023年年度总结已报齐。", "还差 12月月度进展")])
    asked = [title for _, title in titles(await house.until("2023-12-22T10:00"))]

    assert asked == ["【12月月度进展，12月25日截止】"]


async def test_ticks_may_repeat_and_meet_without_doubling_anything(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T08:59", "体卫艺语科", "思政科")
    house.bot.clock.set(house.bot.clock.now() + timedelta(minutes=2))
    bot = house.bot
    other = Scheduler(bot.db, collect("schedules", "schedule"), bot.world, bot.clock.now, lambda: None)
    await asyncio.gather(house.bot.scheduler.run_all(), other.run_all())
    await other.run_all()

    assert await rows(house.bot.db, "SELECT kind, count(*) FROM outbox WHERE member_id IN (1, 2) GROUP BY 1") == [
        ("ask", 2)
    ]
    assert await rows(house.bot.db, "SELECT count(*) FROM asks") == [(2,)]


async def test_who_goes_on_leave_after_a_message_was_put_does_not_get_it(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await house.until("2023-04-28T20:00")
    await converse(
        house,
        [
            ("office1", "催报", "思政科"),  # out of hours: it waits for the next working morning
            ("思政科", "请假到5月5日", "没有副联络员"),
        ],
    )
    heard = {one.to for one in await house.until("2023-05-04T12:00")}

    assert house.contact("督导科") in heard and house.contact("思政科") not in heard
    assert await rows(house.bot.db, "SELECT DISTINCT reason FROM outbox WHERE state = 'dropped'") == [("联络员请假",)]
