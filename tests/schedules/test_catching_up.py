"""After days of standstill the burden rules still hold: one message a day, worded for the day it is sent."""

from collections import Counter
from datetime import datetime

from tests.conftest import Open
from tests.core.houses import begin
from tests.theatre import Heard


async def after_a_standstill(theatre: Open) -> list[Heard]:
    """Be down from before the private prompt of the 24th until noon of the 26th."""
    house = await begin(theatre, "2023-04-24T08:55", "思政科")
    house.bot.clock.set(datetime(2023, 4, 26, 12, 0, tzinfo=house.bot.world.policy.timezone))
    return await house.until("2023-04-26T17:00")


async def test_a_contact_and_the_group_get_one_message_for_all_that_was_missed(theatre: Open) -> None:
    heard = await after_a_standstill(theatre)

    assert Counter(one.to for one in heard if one.to != "office1") == {"contact1": 1, "main": 1}


async def test_a_contact_is_not_told_to_be_on_time_after_the_due_day(theatre: Open) -> None:
    texts = [one.text for one in await after_a_standstill(theatre) if one.to == "contact1"]

    assert texts
    assert not any("当天报也算按时" in text for text in texts)


async def test_the_group_is_not_told_to_report_today_after_the_due_day(theatre: Open) -> None:
    texts = [one.text for one in await after_a_standstill(theatre) if one.to == "main"]

    assert not any("请尽量今天报" in text for text in texts)


async def test_what_was_due_before_the_plan_was_loaded_is_never_chased(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-01T08:00", "思政科")
    heard = await house.until("2023-03-02T12:00")

    assert not [one.text for one in heard if "2月" in one.text]
