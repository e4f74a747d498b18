"""On trial the office sees everything first; into a new group the first post asks, where that is set."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.conftest import Open
from tests.core.houses import ask, begin, rows
from tests.theatre import GROUP, Heard, Theatre


async def open_(theatre: Open, start: str, *units: str, **policy: Any) -> Theatre:
    """Open a house under another policy, what was due at its opening forgotten."""
    house = await begin(theatre, start, *units)
    house.bot.world.policy = replace(house.bot.world.policy, **policy)
    return house


def to_office(heard: Sequence[Heard]) -> list[str]:
    return [one.text for one in heard if one.to == "office1" and "请您决定" in one.text]


def number(question: str) -> str:
    found = re.search(r"同意请回：同意 (\d+)", question)
    assert found
    return found[1]


async def test_on_trial_the_office_sees_texts_and_receivers_before_anybody_else(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-23T10:00", "思政科", "督导科", mode="trial")
    heard = await house.until("2023-04-24T10:00")
    (question,) = to_office(heard)

    assert {one.to for one in heard} == {"office1"}
    assert "2 条消息等您放行" in question
    assert "思政科·" in question and "督导科·" in question and "月度进展" in question
    assert "已放行 2 条，现在发出" in await ask(house, "office1", f"同意 {number(question)}")

    released = await house.until("2023-04-24T10:05")
    shown = re.sub(r"\s", "", question)
    assert {one.to for one in released} == {house.contact("思政科"), house.contact("督导科")}
    assert all(re.sub(r"\s", "", line) in shown for one in released for line in one.text.split("\n"))


async def test_answers_go_out_as_usual_on_trial(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-24T11:00", "思政科", mode="trial")

    assert "回执 1 号" in "".join(one.text for one in await house.say(house.contact("思政科"), "第7项80%"))


async def test_what_is_refused_is_dropped_with_the_reason(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-23T10:00", "思政科", mode="trial")
    (question,) = to_office(await house.until("2023-04-24T10:00"))
    said = await ask(house, "office1", f"不同意 {number(question)} 名单没核")
    later = await house.until("2023-04-24T18:00")

    assert "这 1 条不发了" in said
    assert not any(one.to == house.contact("思政科") for one in later)
    assert ("dropped", "办公室没有放行：名单没核") in await rows(house.bot.db, "SELECT state, reason FROM outbox")


async def test_who_reports_while_the_office_thinks_gets_no_reminder_any_more(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-23T10:00", "思政科", "督导科", mode="trial")
    (question,) = to_office(await house.until("2023-04-24T10:00"))
    await house.say(house.contact("思政科"), "第7项80%")
    await ask(house, "office1", f"同意 {number(question)}")
    released = await house.until("2023-04-24T10:05")

    assert [one.to for one in released] == [house.contact("督导科")]


async def test_released_too_late_it_is_not_sent_and_the_office_hears_of_it(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-23T10:00", "思政科", mode="trial")
    (question,) = to_office(await house.until("2023-04-24T10:00"))
    await house.until("2023-05-04T10:00")
    await ask(house, "office1", f"同意 {number(question)}")
    heard = await house.until("2023-05-04T10:10")

    assert not any(one.to == house.contact("思政科") for one in heard)
    assert any("过了补发期限" in one.text for one in heard if one.to == "office1")


async def test_released_in_the_evening_it_goes_out_in_the_morning(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-23T10:00", "思政科", mode="trial")
    (question,) = to_office(await house.until("2023-04-24T21:00"))
    said = await ask(house, "office1", f"同意 {number(question)}")

    assert "4月25日 08:30 起发出" in said
    assert not any(one.to == house.contact("思政科") for one in await house.until("2023-04-25T08:00"))
    assert any(one.to == house.contact("思政科") for one in await house.until("2023-04-25T08:35"))


async def test_the_first_post_into_a_new_group_asks_and_the_next_does_not(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-24T18:00", "思政科", first_post="ask")
    heard = await house.until("2023-04-25T12:00")
    (question,) = to_office(heard)
    before = [one for one in heard if one.to == GROUP]
    await ask(house, "office1", f"同意 {number(question)}")
    posted = [one for one in await house.until("2023-04-25T12:05") if one.to == GROUP]
    month = await house.until("2023-05-31T12:00")

    assert "群“争优行动工作群”" in question
    assert before == [] and len(posted) == 1
    assert any(one.to == GROUP for one in month) and not any("等您放行" in text for text in to_office(month))


async def test_a_known_group_is_posted_to_without_a_question(theatre: Open) -> None:
    house = await open_(theatre, "2023-04-24T18:00", "思政科")
    await house.until("2023-04-25T18:00")
    house.bot.world.policy = replace(house.bot.world.policy, first_post="ask")
    month = await house.until("2023-05-31T12:00")

    assert any(one.to == GROUP for one in month) and not any("等您放行" in text for text in to_office(month))
