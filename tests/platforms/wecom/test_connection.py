"""The long connection comes back, stands down, and judges groups one by one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.connections import Connections, LocalLeases
from bot.messages.message import say
from bot.platforms.base import ChannelGone, RetryLater
from bot.platforms.wecom.smartbot import Watch
from tests.doubles.wecom_bot import SmartBotDouble
from tests.platforms.wecom.conftest import quiet_host
from tests.platforms.wecom.listening import CHAT, FAST, Listening, listening


@pytest.fixture
async def bot(talk: SmartBotDouble) -> AsyncIterator[Listening]:
    found = await listening(talk).start()
    yield found
    await found.stop()


@pytest.mark.parametrize("fault", ["cut", "close_line", "go_silent"])
async def test_it_comes_back_and_hears_again(bot: Listening, fault: str) -> None:
    broken = getattr(bot.double, fault)()
    if asyncio.iscoroutine(broken):
        await broken
    await bot.connected(2)
    await bot.double.speak("", "chenjing", "还在吗")

    assert (await bot.heard()).text == "还在吗"


async def test_silence_is_found_by_the_next_ping(bot: Listening) -> None:
    begun = asyncio.get_running_loop().time()
    bot.double.go_silent()
    await bot.connected(2)

    assert asyncio.get_running_loop().time() - begun < FAST.ping_s + FAST.answer_s + 3.0


async def test_older_socket_is_closed_before_a_newer_one_is_opened(bot: Listening) -> None:
    bot.wecom._connection.renew()
    await bot.connected(2)

    assert [line.socket.closed for line in bot.double.lines] == [True, False]
    assert not any("disc" in kind for kind, _ in bot.double.refused)


async def test_displaced_bot_stands_down_and_tells_the_office(bot: Listening) -> None:
    with capture_logs() as logs:
        await bot.double.displace()
        await asyncio.sleep(FAST.stand_down_s / 2)
        subscribed = len(bot.double.subscribed_at)
        await bot.connected(2)

    assert subscribed == 1
    assert [line["why"] for line in logs if line["action"] == "wecom.bot_disconnected"] == ["displaced"]
    assert len(bot.told) == 1
    assert "顶掉" in bot.told[0][1]


async def test_each_displacement_is_stood_down_from_for_longer(talk: SmartBotDouble) -> None:
    bot = await listening(talk).start()
    with capture_logs() as logs:
        for number in (2, 3):
            await talk.displace()
            await bot.connected(number)

    waits = [line["wait_s"] for line in logs if line["action"] == "wecom.bot_disconnected"]
    assert waits == [FAST.stand_down_s, FAST.stand_down_s * 2]
    await bot.stop()


async def test_wrong_secret_is_told_and_rarely_tried(talk: SmartBotDouble) -> None:
    wrong = {"id": talk.bot_id, "secret": "wrong"}
    bot = listening(talk, pulse=replace(FAST, refused_s=0.4), bot=wrong)
    bot.begin()
    with capture_logs():
        await asyncio.sleep(1.0)
        await bot.stop()

    assert 2 <= len([code for _, code in talk.refused if code == 853000]) <= 3
    assert "Secret" in bot.told[0][1]
    assert "wrong" not in repr(bot.told)


async def test_subscribing_too_often_is_waited_out(talk: SmartBotDouble) -> None:
    talk.subscribe_code = 45009
    bot = listening(talk)
    bot.begin()
    with capture_logs() as logs:
        await talk.until(lambda: bool(talk.refused))
        talk.subscribe_code = 0
        await bot.connected()

    waits = [line["wait_s"] for line in logs if line["action"] == "wecom.bot_disconnected"]
    assert waits == [FAST.throttled_s]
    await bot.stop()


async def test_server_that_is_away_is_tried_with_growing_pauses(talk: SmartBotDouble) -> None:
    bot = listening(talk, ws_url="ws://127.0.0.1:1/ws")
    bot.begin()
    with capture_logs() as logs:
        await asyncio.sleep(0.6)
        await bot.stop()

    waits = [line["wait_s"] for line in logs if line["action"] == "wecom.bot_disconnected"]
    assert len(waits) >= 3
    assert all(wait <= FAST.latest_s for wait in waits)
    assert waits[0] < waits[-1]


async def test_nothing_can_be_said_while_it_is_away(talk: SmartBotDouble) -> None:
    bot = listening(talk)
    await bot.wecom._chats.heard("chenjing")
    (push,) = bot.routes(say("早"), "chenjing", "person")[0]

    with pytest.raises(RetryLater):
        await bot.wecom.send(push, "key")
    await bot.stop()


async def test_long_absence_lets_another_channel_speak(talk: SmartBotDouble) -> None:
    bot = listening(talk, ws_url="ws://127.0.0.1:1/ws")
    bot.begin()
    await asyncio.sleep(0.05)
    await bot.wecom._chats.heard("chenjing")
    (push,) = bot.routes(say("早"), "chenjing", "person")[0]
    bot.wecom._connection.lost_at -= 120.0

    with pytest.raises(ChannelGone):
        await bot.wecom.send(push, "key")
    await bot.stop()


async def test_group_silent_since_a_reconnect_gets_a_new_connection_though_others_talk(bot: Listening) -> None:
    await bot.double.speak(CHAT, "chenjing", "@小报 一")
    await bot.heard()
    await bot.double.close_line()
    await bot.connected(2)
    assert bot.double.line is not None
    bot.double.line.groups_withheld = True
    with capture_logs() as logs:
        for number in range(100):
            await bot.double.speak("", "wangbo", f"私聊 {number}")
            if len(bot.double.subscribed_at) > 2:
                break
            await asyncio.sleep(0.02)
        await bot.connected(3)
    await bot.double.speak(CHAT, "chenjing", "@小报 二")

    await bot.double.until(lambda: bot.events[-1].text == "二")
    assert "wecom.group_silent" in [line["action"] for line in logs]


def test_each_group_is_judged_by_itself_and_ever_more_patiently() -> None:
    watch = Watch(60.0)
    for chat in ("a", "b", "old"):
        watch.heard(chat, 0.0 if chat != "old" else -90_000.0)
    watch.connected(10.0)
    watch.heard("a", 30.0)

    assert watch.silent(69.0) == []
    assert watch.silent(70.0) == ["b"]
    assert watch.silent(1000.0) == []
    watch.connected(100.0)
    assert watch.silent(161.0) == ["a"]
    assert watch.silent(220.0) == ["b"]


async def test_message_told_twice_keeps_its_id(bot: Listening) -> None:
    for _ in range(2):
        await bot.double.speak("", "chenjing", "第7项80%", msgid="CAIQsame")

    await bot.heard(2)
    assert [event.message_id for event in bot.events] == ["CAIQsame"] * 2


async def test_what_has_come_in_is_taken_in_before_the_bot_goes(bot: Listening) -> None:
    for number in range(200):
        await bot.double.speak("", "chenjing", f"{number}")
    await asyncio.sleep(0.05)
    await bot.stop()

    assert {event.message_id for event in bot.events} == set(bot.double.delivered)


async def test_frames_of_one_request_go_one_after_another(bot: Listening) -> None:
    await bot.double.speak("", "chenjing", "好")
    event = await bot.heard()
    route = bot.routes(say("一"), "chenjing", "person", event)[0][0]

    await asyncio.gather(*(bot.wecom.send(route, "key") for _ in range(5)))

    assert len(bot.double.arrived) == 5


async def test_one_process_holds_the_bot_and_the_next_takes_over(talk: SmartBotDouble) -> None:
    leases = LocalLeases()
    first, second = (Listening(listening(talk).wecom, talk) for _ in range(2))
    for bot in (first, second):
        bot.wecom._host = quiet_host(bot.receive)
    holder, waiting = (Connections([bot.wecom], leases.hold) for bot in (first, second))
    holder.start()
    await talk.connected()
    waiting.start()
    await asyncio.sleep(0.2)
    assert len(talk.subscribed_at) == 1

    await holder.stop()
    await talk.connected(2)
    await talk.speak("", "chenjing", "好")
    await second.heard()
    await waiting.stop()
    for bot in (first, second):
        await bot.wecom.close()
    assert (first.events, len(second.events), len(talk.lines)) == ([], 1, 2)
    assert [code for _, code in talk.refused] == []


async def test_word_that_the_session_is_not_ours_makes_a_new_one(bot: Listening) -> None:
    bot.double.codes["aibot_send_msg"] = 846609
    await bot.double.speak("", "chenjing", "好")
    await bot.heard()
    (push,) = bot.routes(say("早"), "chenjing", "person")[0]
    with pytest.raises(RetryLater):
        await bot.wecom.send(push, "key")
    bot.double.codes.clear()
    await bot.connected(2)
    await bot.wecom.send(push, "key")

    assert bot.double.arrived[-1].text == "早"


@pytest.mark.parametrize(
    ("code", "kind"),
    [(-1, RetryLater), (45009, RetryLater), (600039, ChannelGone), (846608, ChannelGone), (1, ChannelGone)],
)
async def test_refusal_is_classified(bot: Listening, code: int, kind: type[Exception]) -> None:
    bot.double.codes["aibot_send_msg"] = code
    await bot.double.speak("", "chenjing", "好")
    await bot.heard()
    (push,) = bot.routes(say("早"), "chenjing", "person")[0]

    with pytest.raises(kind):
        await bot.wecom.send(push, "key")


async def test_nothing_that_was_on_its_way_is_lost_when_the_bot_itself_closes(bot: Listening) -> None:
    for number in range(3):
        bot.wecom._connection.renew()
        for said in range(40):
            await bot.double.speak("", "chenjing", f"{number}.{said}")
            await asyncio.sleep(0)
        await bot.connected(number + 2)
    await bot.double.speak("", "chenjing", "之后")
    await bot.double.until(lambda: bool(bot.events) and bot.events[-1].text == "之后")

    assert {event.message_id for event in bot.events} == set(bot.double.delivered)
