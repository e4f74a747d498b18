"""A month's calls and messages are counted by feature; the office is told in time, and what is scarce is spared."""

from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.messages.message import say
from bot.platforms.base import SendError
from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.budget import forecast
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk import conftest
from tests.platforms.dingtalk.conftest import CONVERSATION, GROUP, MEMBER, PRIVATE, routes

HELLO = say("请报")


async def deliver(bot, message, target, key="k1"):
    """Deliver, and wait until it is counted."""
    try:
        await conftest.deliver(bot, message, target, key)
    finally:
        await bot._budget.settled()


@pytest.fixture
async def bot(double, groups, ears):
    made = adapter(double.settings(monthly_calls=10, monthly_messages=10), groups)
    made.mount(web.Application(), ears.host())
    yield made
    await made.close()


async def test_each_call_is_counted_once_by_feature(bot, double, ears, connected):
    await deliver(bot, HELLO, PRIVATE)
    await deliver(bot, HELLO, GROUP)
    await double.stream.acked(double.said_by_stream(MEMBER, "已交"))
    await bot._budget.settled()

    # The token, the opening of Stream and the address book are free (dossier 4.13).
    assert ears.spent == {("calls", "private"): 1, ("messages", "webhook"): 1, ("messages", "stream"): 1}


@pytest.mark.parametrize(
    ("fault", "counted"),
    [
        (Fault(403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}), 0),
        (Fault(reset=True), 0),
        (Fault(400, {"code": "invalidParameter.msgKey.invalid"}), 1),
    ],
)
async def test_what_throttling_refused_is_not_counted(fault, counted, bot, double, ears):
    double.fail("private", fault)

    with pytest.raises(SendError):
        await deliver(bot, HELLO, PRIVATE)
    assert ears.spent["calls", "private"] == counted


async def test_office_is_told_at_seventy_and_ninety_percent(bot, ears):
    seen = []
    for number in range(10):
        await deliver(bot, HELLO, PRIVATE, f"k{number}")
        seen.append(len(ears.told))

    assert seen == [0, 0, 0, 0, 0, 0, 1, 1, 2, 2]
    first, second = ears.told.values()
    assert "接口调用次数已用 7，额度 10（70%）" in first.as_text()
    assert "额度已用 90%" in second.title
    assert "到月底约" in second.as_text()


async def test_scarce_messages_are_spared_for_calls(bot, ears):
    for number in range(9):
        await deliver(bot, HELLO, GROUP, f"k{number}")

    assert [route.channel for route in routes(bot, HELLO, GROUP)[0]] == ["group", "webhook"]


async def test_scarce_calls_are_spared_for_messages(bot, ears, double):
    route = {"session": double.new_session(MEMBER), "until": "2999-01-01T00:00:00+00:00", "chat": "private"}
    for number in range(9):
        await deliver(bot, HELLO, PRIVATE, f"k{number}")

    assert [route.channel for route in routes(bot, HELLO, PRIVATE, **route)[0]] == ["session", "private"]


async def test_counting_never_stops_a_message(bot, ears, double, monkeypatch):
    async def broken(*_):
        raise RuntimeError("database is gone")

    monkeypatch.setattr(bot._budget, "host", type("Host", (), {"spend": staticmethod(broken)})())
    await deliver(bot, HELLO, PRIVATE)

    assert len(double.messages) == 1


async def test_month_that_is_over_leads_to_another_channel(bot, double):
    double.fail("webhook", Fault(body={"errcode": 90030, "errmsg": "webhook over limit"}))
    (found,) = routes(bot, HELLO, GROUP)

    with pytest.raises(SendError, match="额度"):
        await bot.send(found[0], "k")
    await bot.send(found[1], "k")
    assert (double.messages[0].channel, double.messages[0].to) == ("group", CONVERSATION)


@pytest.mark.parametrize(
    ("spent", "now", "expected"),
    [
        (100, datetime(2026, 11, 11, tzinfo=UTC), 300),
        (100, datetime(2026, 2, 15, tzinfo=UTC), 200),
        (7, datetime(2026, 11, 1, 9, tzinfo=UTC), 210),
    ],
)
def test_forecast_goes_by_the_pace_so_far(spent, now, expected):
    assert forecast(spent, now) == expected
