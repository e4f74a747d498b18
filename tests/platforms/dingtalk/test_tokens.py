import asyncio

import pytest

from bot.messages.message import say
from bot.platforms.base import RetryLater
from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.settings import read_settings
from bot.platforms.dingtalk.tokens import Credentials, TokenKeeper
from bot.platforms.dingtalk.wire import Wire
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import PAYLOADS, PRIVATE, deliver


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
async def keeper(double, now):
    settings = read_settings(double.settings())
    wire = Wire(settings)
    clock = lambda: now[0]  # noqa: E731
    yield TokenKeeper(wire, settings, Credentials(clock), clock)
    await wire.close()


async def test_eight_sends_at_once_ask_for_one_token(bot, double):
    await asyncio.gather(*(deliver(bot, say("请报"), PRIVATE, f"k{n}") for n in range(8)))

    assert (double.calls["token"], len(double.messages)) == (1, 8)


async def test_eight_refused_sends_renew_the_token_once(bot, double):
    await deliver(bot, say("请报"), PRIVATE)
    double.expire()
    await asyncio.gather(*(deliver(bot, say("请报"), PRIVATE, f"k{n}") for n in range(8)))

    assert (double.calls["token"], len(double.messages)) == (2, 9)


async def test_token_refused_twice_is_not_asked_for_again(bot, double):
    double.fail("private", *[Fault(400, PAYLOADS["errors"]["api_bad_token"]["body"])] * 2)

    with pytest.raises(RetryLater, match="InvalidAuthentication"):
        await deliver(bot, say("请报"), PRIVATE)
    assert (double.calls["token"], double.calls["private"]) == (2, 2)


@pytest.mark.parametrize(("later_s", "calls"), [(6899, 1), (6901, 2)])
async def test_token_is_renewed_before_it_ends(later_s, calls, keeper, double, now):
    await keeper.get()
    now[0] = later_s
    await keeper.get()

    assert double.calls["token"] == calls


async def test_wrong_secret_is_tried_at_most_five_times_an_hour(keeper, double, now):
    double.lock_out()
    for minute in range(60):
        now[0] = minute * 60.0
        with pytest.raises(RetryLater, match="app_secret"):
            await keeper.get()

    assert double.calls["token"] == 5


async def test_wrong_secret_is_not_repeated_in_the_error(double):
    bot = adapter(double.settings(app_secret="wrong-secret-0001"), [])

    with pytest.raises(RetryLater) as caught:
        await deliver(bot, say("请报"), PRIVATE)
    await bot.close()
    assert "wrong-secret-0001" not in repr(caught.value)
    assert caught.value.whole_bucket


@pytest.mark.parametrize("body", [{}, {"accessToken": 5, "expireIn": 7200}, {"accessToken": "t", "expireIn": "x"}])
async def test_answer_without_a_token_is_tried_later(body, keeper, double):
    double.fail("token", Fault(body=body))

    with pytest.raises(RetryLater):
        await keeper.get()


async def test_busy_token_address_is_tried_later(keeper, double):
    double.fail("token", Fault(status=500, body={}))

    with pytest.raises(RetryLater):
        await keeper.get()
    assert await keeper.get()
