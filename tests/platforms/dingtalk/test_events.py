from urllib.parse import urlencode

import pytest

from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.signing import Envelope
from tests.platforms.dingtalk.conftest import PAYLOADS

KEYS = PAYLOADS["keys"]
EVENTS = PAYLOADS["events"]


@pytest.fixture
async def subscribed(double, serve):
    keys = {name: KEYS[name] for name in ("event_token", "event_aes_key", "card_api_secret")}
    return await serve(adapter(double.settings(**keys), []))


def signed(callback, event, **query):
    return f"{callback}?{urlencode(event['query'] | query)}"


@pytest.mark.parametrize("name", EVENTS)
async def test_event_is_acknowledged_in_an_envelope(name, double, subscribed, ears):
    reply = await double.post_raw(signed(subscribed, EVENTS[name]), EVENTS[name]["body"], {})

    assert (reply.status, ears.events) == (200, [])
    envelope = Envelope(KEYS["event_token"], KEYS["event_aes_key"], KEYS["app_key"])
    query = {"signature": reply.body["msg_signature"], "timestamp": reply.body["timeStamp"]}
    assert envelope.open(query | {"nonce": reply.body["nonce"]}, reply.body["encrypt"]) == "success"


async def test_forged_event_is_refused(double, subscribed):
    event = EVENTS["check_url"]
    forged = signed(subscribed, event, signature="0" * 40, msg_signature="0" * 40)
    reply = await double.post_raw(forged, event["body"], {})

    assert reply.status == 403
    assert "event_token" in reply.body["error"]


@pytest.mark.parametrize("body", [{"encrypt": 5}, {}, [], b"{"])
async def test_event_of_wrong_types_is_refused(body, double, subscribed):
    assert (await double.post_raw(signed(subscribed, EVENTS["check_url"]), body, {})).status == 400


async def test_unsigned_event_is_refused(double, subscribed):
    assert (await double.post_raw(subscribed, EVENTS["check_url"]["body"], {})).status == 403


async def test_event_without_keys_is_refused(double, callback):
    reply = await double.post_raw(signed(callback, EVENTS["check_url"]), EVENTS["check_url"]["body"], {})

    assert reply.status == 403
    assert "event_aes_key" in reply.body["error"]


async def test_card_press_is_acknowledged(double, subscribed, ears):
    reply = await double.post_raw(subscribed, PAYLOADS["card"]["body"], PAYLOADS["card"]["headers"])

    assert (reply.status, reply.body, ears.events) == (200, {}, [])


async def test_card_press_signed_as_a_robot_message_is_acknowledged(double, callback):
    assert (await double.post(callback, PAYLOADS["card"]["body"])).status == 200


async def test_forged_card_press_is_refused(double, subscribed):
    headers = PAYLOADS["card"]["headers"] | {"x-ddpaas-signature": "forged"}

    assert (await double.post_raw(subscribed, PAYLOADS["card"]["body"], headers)).status == 403
