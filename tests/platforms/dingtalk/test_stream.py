"""Stream: messages come in by a socket that is opened again however it ends, and nothing is lost or done twice."""

import asyncio
import json
import time
from copy import deepcopy

import pytest

from bot.connections import Connections, LocalLeases
from bot.platforms.dingtalk import adapter, stream, wire
from tests.doubles.dingtalk_stream import CARDS, MESSAGES
from tests.platforms.dingtalk.conftest import CONVERSATION, MEMBER, PAYLOADS

STREAM = PAYLOADS["stream"]


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """Make the waits of a bad day short."""
    monkeypatch.setattr(stream, "SHORTEST_WAIT_S", 0.02)
    monkeypatch.setattr(stream, "STEADY_S", 0.0)


async def test_connection_is_opened_as_documented(connected, double):
    wanted = STREAM["open_request"]["body"]
    (asked,) = double.stream.opens

    assert (asked["clientId"], asked["clientSecret"]) == (wanted["clientId"], wanted["clientSecret"])
    assert asked["subscriptions"] == wanted["subscriptions"]
    assert asked["ua"]


async def test_recorded_message_is_taken_in_and_acknowledged(connected, double, ears):
    sent = double.stream.push_frame(deepcopy(STREAM["bot_message"]["frame"]))

    ack = await double.stream.acked(sent)
    assert ack | {"data": json.dumps(ack["data"], separators=(",", ":"))} == STREAM["bot_message"]["ack"]
    (event,) = ears.events
    assert (event.text, event.chat, event.sender) == ("已交 10月月报", CONVERSATION, MEMBER)


@pytest.mark.parametrize("name", ["event_chat_add_member", "event_robot_msg_read", "event_todo_task_update"])
async def test_recorded_event_is_acknowledged(name, connected, double, ears):
    ack = await double.stream.acked(double.stream.push_frame(deepcopy(STREAM[name]["frame"])))

    assert ack | {"data": json.dumps(ack["data"], separators=(",", ":"))} == STREAM[name]["ack"]
    assert ears.events == []


async def test_recorded_press_of_a_foreign_card_changes_nothing(connected, double, ears):
    ack = await double.stream.acked(double.stream.push_frame(deepcopy(STREAM["card_callback"]["frame"])))

    assert (ack["code"], ack["data"], ears.events) == (200, {"response": {}}, [])


async def test_ping_is_answered_with_the_same(connected, double):
    ack = await double.stream.acked(double.stream.push_frame(deepcopy(STREAM["system_ping"]["frame"])))

    assert ack | {"data": json.dumps(ack["data"], separators=(",", ":"))} == STREAM["system_ping"]["ack"]


async def test_unknown_topic_is_said_to_be_unknown(connected, double):
    ack = await double.stream.acked(double.stream.push("/v1.0/im/bot/messages/delegate", {}))

    assert (ack["code"], ack["message"], ack["data"]) == (404, "topic not exist", {"response": None})


async def test_message_that_was_not_stored_comes_again(connected, double, ears):
    double.stream.again_s = 0.1
    ears.broken = True
    sent = double.said_by_stream(MEMBER, "已交", CONVERSATION)
    assert (await double.stream.acked(sent))["code"] == STREAM["ack_internal_error"]["code"]

    ears.broken = False
    await _until(lambda: ears.events)
    assert [event.text for event in ears.events] == ["已交"]


async def test_event_that_was_not_stored_is_asked_for_later(bot, double, ears, connected):
    async def gone(platform, accounts):
        raise RuntimeError("database is gone")

    ears.roster.names = gone
    sent = double.stream.push("*", {"userId": [MEMBER]}, "EVENT", eventType="user_leave_org", eventId="e1")

    assert (await double.stream.acked(sent))["data"]["status"] == "LATER"


async def test_ping_does_not_wait_for_a_slow_message(connected, double, ears):
    ears.slow_s = 0.5
    slow = double.said_by_stream(MEMBER, "已交")
    ping = double.stream.push_frame(deepcopy(STREAM["system_ping"]["frame"]))

    await double.stream.acked(ping)
    assert slow.ack is None
    await double.stream.acked(slow)


@pytest.mark.parametrize(
    "raw",
    ["", "{", "[]", "{}", '{"headers": 5}', '{"headers": {"messageId": 7}}', "[" * 100_000, "x" * (1 << 20) + "y"],
)
async def test_unreadable_frame_stops_nothing(raw, connected, double, ears):
    await double.stream.live()[0].ws.send_str(raw)

    await double.stream.acked(double.said_by_stream(MEMBER, "已交"))
    assert len(ears.events) == 1
    assert len(double.stream.opened) == 1


@pytest.mark.parametrize(
    ("topic", "data"),
    [(MESSAGES, {}), (MESSAGES, {"msgId": 7}), (CARDS, {"type": "x"}), (CARDS, {"type": "actionCallback"})],
)
async def test_frame_of_wrong_types_is_refused(topic, data, connected, double, ears):
    assert (await double.stream.acked(double.stream.push(topic, data)))["code"] == 400
    assert ears.events == []


async def test_frame_with_the_other_spelling_of_headers_is_read(connected, double, ears):
    frame = deepcopy(STREAM["event_chat_add_member"]["frame"])
    other = frame | {"header": frame["headers"], "unknown": [1]}
    sent = double.stream.push_frame(frame)
    sent.frame = {key: value for key, value in other.items() if key not in ("headers", "specVersion")} | {}
    await double.stream.live()[0].ws.send_json(sent.frame)

    assert (await double.stream.acked(sent))["code"] == 200


async def test_successor_is_open_before_an_announced_end(connected, double, ears):
    old = double.stream.live()[0]
    ending = asyncio.create_task(double.stream.announce_end(old))
    await double.stream.connected(2)

    assert not old.ws.closed
    await double.stream.acked(double.said_by_stream(MEMBER, "已交"))
    await ending
    assert len(ears.events) == 1
    await _until(lambda: len(double.stream.sockets) == 1)


async def test_message_on_the_old_connection_is_taken_until_it_closes(connected, double, ears):
    old = double.stream.live()[0]
    double.stream.closing_s = 5
    ending = asyncio.create_task(double.stream.announce_end(old))
    await double.stream.connected(2)
    sent = double.stream.push_frame(deepcopy(STREAM["bot_message"]["frame"]))
    await old.ws.send_json(sent.frame)

    await double.stream.acked(sent)
    await _until(lambda: ears.events)
    ending.cancel()


async def test_closed_connection_is_opened_again(connected, double, ears):
    double.stream.live()[0].transport.close()
    await double.stream.connected(2)

    await double.stream.acked(double.said_by_stream(MEMBER, "已交"))
    assert len(ears.events) == 1


async def test_line_cut_without_a_word_is_noticed_by_the_heartbeat(monkeypatch, double, bot, ears):
    monkeypatch.setattr(wire, "HEARTBEAT_S", 0.2)
    held = await _hold(bot, ears, double)
    double.stream.again_s = 0.3
    double.stream.cut(double.stream.live()[0])
    cut_at = time.monotonic()
    sent = double.said_by_stream(MEMBER, "已交")
    await double.stream.connected(2)

    assert double.stream.opened[1] - cut_at < 1.5
    await double.stream.acked(sent)
    assert len(ears.events) == 1
    await held.stop()


async def test_connection_that_only_answers_pings_is_given_up(monkeypatch, double, bot, ears):
    monkeypatch.setattr(wire, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(stream, "QUIET_S", 0.5)
    monkeypatch.setattr(stream, "DRAIN_S", 0.1)
    held = await _hold(bot, ears, double)
    double.stream.again_s = 0.2
    double.stream.live()[0].muted = True
    sent = double.said_by_stream(MEMBER, "已交")
    await double.stream.connected(2)

    await double.stream.acked(sent)
    assert len(ears.events) == 1
    await held.stop()


async def test_expired_ticket_is_replaced(double, bot, ears):
    double.stream.ticket_life_s = -1
    bot.mount(_app(), ears.host())
    held = Connections([bot], LocalLeases().hold)
    held.start()
    await _until(lambda: double.stream.refused)
    double.stream.ticket_life_s = 90
    await double.stream.connected()

    tickets = len(double.stream.opens)
    assert tickets >= 2
    await held.stop()


async def test_repeat_after_a_minute_is_known(connected, double, ears):
    body = double.said(MEMBER, "已交")
    first, again = double.stream.push(MESSAGES, body), double.stream.push(MESSAGES, body)

    assert [(await double.stream.acked(sent))["code"] for sent in (first, again)] == [200, 200]
    assert len(ears.events) == 1


async def test_wrong_secret_opens_nothing_for_a_while(double, ears):
    bot = adapter(double.settings(app_secret="wrong"), [])
    bot.mount(_app(), ears.host())
    held = Connections([bot], LocalLeases().hold)
    held.start()
    await _until(lambda: double.stream.opens)
    await asyncio.sleep(0.3)
    await held.stop()
    await bot.close()

    # The address book and Stream share what they learned: one call finds out for all.
    assert len(double.stream.opens) + double.calls["token"] == 1


async def test_trouble_of_the_gateway_is_waited_out(double, bot, ears):
    double.stream.faults.extend([(500, {}), (403, PAYLOADS["errors"]["robot_too_fast"]["body"] | {"code": "-1"})])
    held = await _hold(bot, ears, double)

    assert len(double.stream.opens) == 3
    await held.stop()


@pytest.mark.parametrize("answer", [{}, {"endpoint": 5, "ticket": "t"}, {"endpoint": "ftp://a", "ticket": "t"}])
async def test_answer_without_an_address_is_waited_out(answer, double, bot, ears):
    double.stream.faults.append((200, answer))
    held = await _hold(bot, ears, double)

    assert len(double.stream.opens) == 2
    await held.stop()


async def test_stop_finishes_what_is_in_hand_and_closes(connected, double, ears):
    ears.slow_s = 0.3
    sent = double.said_by_stream(MEMBER, "已交")
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    await connected.stop()

    assert time.monotonic() - begun < 2
    assert len(ears.events) == 1
    assert sent.ack is not None
    await _until(lambda: not double.stream.sockets)


async def test_http_mode_holds_no_connection(double, ears):
    bot = adapter(double.settings(mode="http"), [])
    bot.mount(_app(), ears.host())

    assert [held.name for held in bot.connections()] == ["dingtalk:directory"]


async def test_log_holds_no_ticket_and_no_words(connected, double, ears, capsys):
    ears.broken = True
    double.stream.again_s = 0.1
    await double.stream.acked(double.said_by_stream(MEMBER, "机密的话"))
    await double.stream.live()[0].ws.send_str("机密的话")
    await asyncio.sleep(0.1)
    shown = capsys.readouterr().out

    assert "dingtalk.callback.failed" in shown
    assert "机密" not in shown
    assert "ticket" not in shown


async def test_quiet_connection_outlives_the_time_a_call_may_take(double, ears):
    bot = adapter(double.settings(timeout_s=0.3), [])
    held = await _hold(bot, ears, double)
    await asyncio.sleep(1)

    await double.stream.acked(double.said_by_stream(MEMBER, "已交"))
    assert len(double.stream.opened) == 1
    await held.stop()
    await bot.close()


def _app():
    from aiohttp import web

    return web.Application()


async def _hold(bot, ears, double):
    bot.mount(_app(), ears.host())
    held = Connections([bot], LocalLeases().hold)
    held.start()
    await double.stream.connected()
    return held


async def _until(true, within_s=5):
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)
