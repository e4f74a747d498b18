"""A channel that is gone is not called again for a while, and the office is told what to put right."""

import pytest
from aiohttp import web

from bot.messages.message import say
from bot.platforms.base import ChannelGone
from bot.platforms.dingtalk import gone
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import GROUP, routes

HELLO = say("今天截止")
REMOVED = Fault(body={"errcode": 400106, "errmsg": "机器人不在群里"})


@pytest.fixture
def mounted(bot, ears):
    bot.mount(web.Application(), ears.host())
    return bot


async def refused(bot, key="k"):
    with pytest.raises(ChannelGone) as caught:
        await bot.send(routes(bot, HELLO, GROUP, key)[0][0], key)
    return caught.value


async def test_gone_channel_is_spared_and_the_office_told_once(mounted, double, ears):
    double.fail("webhook", REMOVED)
    first, second = await refused(mounted, "a"), await refused(mounted, "b")

    assert (double.calls["webhook"], first.code, second.code) == (1, "400106", "400106")
    (message,) = ears.told.values()
    assert "各村月报群" in message.as_text()
    assert "重新添加" in message.as_text()


async def test_after_an_hour_it_is_tried_again(mounted, double, monkeypatch):
    double.fail("webhook", REMOVED)
    await refused(mounted)
    now = gone.monotonic()
    monkeypatch.setattr(gone, "monotonic", lambda: now + 3601)
    await mounted.send(routes(mounted, HELLO, GROUP)[0][0], "k")

    assert (double.calls["webhook"], len(double.messages)) == (2, 1)


async def test_other_channels_of_the_group_go_on(mounted, double):
    double.fail("webhook", REMOVED)
    await refused(mounted)
    await mounted.send(routes(mounted, HELLO, GROUP)[0][1], "k")

    assert [shown.channel for shown in double.messages] == ["group"]


async def test_session_that_ended_concerns_nobody(mounted, double, ears):
    route = {"session": double.new_session("cid"), "until": "2999-01-01T00:00:00+00:00", "chat": "group"}
    double.expire()
    with pytest.raises(ChannelGone):
        await mounted.send(routes(mounted, HELLO, GROUP, **route)[0][0], "k")

    assert ears.told == {}
