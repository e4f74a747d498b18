"""The same words to several people at once are one call; each is told apart in the answer."""

import asyncio

import pytest

from bot.messages.message import say
from bot.platforms.base import Permanent, RetryLater, Sent, Target
from bot.platforms.dingtalk import adapter
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import routes

PEOPLE = [f"user{n}" for n in range(45)]


@pytest.fixture
async def bot(double):
    double.api.users |= set(PEOPLE)
    made = adapter(double.settings(), [])
    yield made
    await made.close()


async def send(bot, user, words="请报"):
    route = routes(bot, say(words), Target("person", user), f"k{user}{words}")[0][0]
    return Sent(route, await bot.send(route, f"k{user}"))


async def test_forty_five_people_are_three_calls(bot, double):
    sent = await asyncio.gather(*(send(bot, user) for user in PEOPLE))

    assert double.calls["private"] == 3
    assert sorted(shown.to for shown in double.messages) == sorted(PEOPLE)
    assert [len(body["userIds"]) for _, body in double.api.bodies] == [20, 20, 5]
    assert len({one.platform_id for one in sent}) == 3


async def test_other_words_are_another_call(bot, double):
    await asyncio.gather(send(bot, "user1", "甲"), send(bot, "user2", "乙"))

    assert double.calls["private"] == 2


async def test_the_same_words_twice_to_one_person_are_two_messages(bot, double):
    await asyncio.gather(send(bot, "user1"), send(bot, "user1"))

    assert [shown.to for shown in double.messages] == ["user1", "user1"]


async def test_who_is_not_reached_fails_alone(bot, double):
    double.api.flow_controlled = {"user2"}
    found = await asyncio.gather(
        *(send(bot, user) for user in ("user1", "nobody", "user2", "user3")), return_exceptions=True
    )

    assert [type(one) for one in found] == [Sent, Permanent, RetryLater, Sent]
    assert double.calls["private"] == 1


async def test_an_error_of_the_call_is_everybodys(bot, double):
    double.fail("private", Fault(500, {"code": "system.error"}))
    found = await asyncio.gather(*(send(bot, user) for user in PEOPLE[:3]), return_exceptions=True)

    assert [type(one) for one in found] == [RetryLater] * 3


async def test_one_who_gives_up_takes_it_from_nobody(bot, double):
    first, second = (asyncio.ensure_future(send(bot, user)) for user in ("user1", "user2"))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).platform_id
    assert {shown.to for shown in double.messages} >= {"user2"}


async def test_call_for_several_is_taken_back_once(bot, double):
    sent = await asyncio.gather(*(send(bot, user) for user in PEOPLE[:5]))

    assert await bot.recall(sent) == 5
    assert len(double.api.recalled) == 1
