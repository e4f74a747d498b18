"""The smart bot's double keeps WeCom's rules: what it lets through, the real one would too."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.wecom_bot import CHUNK, SmartBotDouble
from tests.platforms.wecom.conftest import PAYLOADS

CHAT = "wrk1"
ACKS: dict[str, Any] = PAYLOADS["bot_connection"]["server_to_client"]
Body = dict[str, Any]


class Caller:
    """A bare client: one frame out, its acknowledgement in; what else comes is kept."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: list[Body] = []

    async def call(self, command: str, body: Body | None = None, req_id: str = "r1") -> Body:
        frame = {"cmd": command, "headers": {"req_id": req_id}} | ({"body": body} if body is not None else {})
        await self.socket.send_str(json.dumps(frame))
        while True:
            found: Body = json.loads((await self.socket.receive(timeout=5)).data)
            if "cmd" not in found:
                assert found["headers"]["req_id"] == req_id
                return found
            self.told.append(found)

    async def subscribe(self, double: SmartBotDouble, **changed: str) -> int:
        body = {"bot_id": double.bot_id, "secret": double.bot_secret} | changed
        return int((await self.call("aibot_subscribe", body))["errcode"])


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def caller(talk: SmartBotDouble, client: aiohttp.ClientSession) -> Caller:
    found = Caller(await client.ws_connect(talk.ws_url))
    assert await found.subscribe(talk) == 0
    return found


def markdown(size: int = 1) -> Body:
    return {"msgtype": "markdown", "markdown": {"content": "x" * size}}


def to(chat: str, kind: int = 1) -> Body:
    return {"chatid": chat, "chat_type": kind}


async def test_wrong_secret_is_refused_in_recorded_words(talk: SmartBotDouble, client: aiohttp.ClientSession) -> None:
    caller = Caller(await client.ws_connect(talk.ws_url))
    answer = await caller.call("aibot_subscribe", {"bot_id": talk.bot_id, "secret": "wrong"})

    recorded = ACKS["ack_bad_credentials"]
    assert (answer["errcode"], answer["errmsg"]) == (recorded["errcode"], recorded["errmsg"])


async def test_nothing_works_before_the_subscription(talk: SmartBotDouble, client: aiohttp.ClientSession) -> None:
    answer = await Caller(await client.ws_connect(talk.ws_url)).call("aibot_send_msg", to(CHAT) | markdown())

    recorded = ACKS["ack_not_subscribed"]
    assert (answer["errcode"], answer["errmsg"]) == (recorded["errcode"], recorded["errmsg"])


async def test_newer_connection_takes_the_bot_and_the_older_is_told(
    talk: SmartBotDouble, caller: Caller, client: aiohttp.ClientSession
) -> None:
    newer = Caller(await client.ws_connect(talk.ws_url))
    await newer.subscribe(talk)

    assert (await caller.call("ping"))["errcode"] == 846609
    recorded = ACKS["event_disconnected"]["body"]["event"]
    assert [frame["body"]["event"] for frame in caller.told] == [recorded]
    assert (await newer.call("ping"))["errcode"] == ACKS["pong"]["errcode"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (markdown(20480), 0),
        (markdown(20481), 45002),
        ({"msgtype": "markdown", "markdown": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "x"}}, 40008),
        ({"msgtype": "file", "file": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "template_card", "template_card": {"card_type": "button_interaction"}}, 42014),
        ({"msgtype": "template_card", "template_card": {"card_type": "text_notice"}}, 42014),
    ],
)
async def test_rules_of_content_are_kept(talk: SmartBotDouble, caller: Caller, body: Body, code: int) -> None:
    talk.spoken.add("chenjing")

    assert (await caller.call("aibot_send_msg", to("chenjing") | body))["errcode"] == code


async def test_no_card_is_pushed_into_a_group(talk: SmartBotDouble, caller: Caller) -> None:
    talk.spoken.add(CHAT)
    card = PAYLOADS["bot_connection"]["client_to_server"]["send_template_card_single"]["body"]

    assert (await caller.call("aibot_send_msg", card | to(CHAT, 2)))["errcode"] == 40008


async def test_chat_that_has_not_spoken_is_not_pushed_to(caller: Caller) -> None:
    assert (await caller.call("aibot_send_msg", to(CHAT) | markdown()))["errcode"] != 0


async def test_thirty_first_message_of_a_minute_is_refused(talk: SmartBotDouble, caller: Caller) -> None:
    talk.spoken.add(CHAT)
    codes = [(await caller.call("aibot_send_msg", to(CHAT) | markdown()))["errcode"] for _ in range(31)]

    assert codes == [0] * 30 + [45009]


async def test_request_id_belongs_to_its_connection_and_kind(
    talk: SmartBotDouble, caller: Caller, client: aiohttp.ClientSession
) -> None:
    await talk.speak(CHAT, "chenjing", "@小报 好")
    await talk.tell(talk.press(CHAT, "chenjing", "k", "t"))
    await caller.call("ping")
    said, pressed = [frame["headers"]["req_id"] for frame in caller.told]
    recorded = ACKS["ack_invalid_req_id"]

    assert (await caller.call("aibot_respond_msg", markdown(), said))["errcode"] == 0
    assert (await caller.call("aibot_respond_msg", markdown(), pressed))["errmsg"] == recorded["errmsg"]
    newer = Caller(await client.ws_connect(talk.ws_url))
    await newer.subscribe(talk)
    assert (await newer.call("aibot_respond_msg", markdown(), said))["errcode"] == recorded["errcode"]


async def test_card_is_changed_within_five_seconds_and_once(talk: SmartBotDouble, caller: Caller) -> None:
    body = PAYLOADS["bot_connection"]["client_to_server"]["respond_update_card"]["body"]
    now = [0.0]
    talk.clock = lambda: now[0]
    for _ in range(2):
        await talk.tell(talk.press(CHAT, "chenjing", "k", "t"))
    await caller.call("ping")
    early, late = [frame["headers"]["req_id"] for frame in caller.told]
    codes = [(await caller.call("aibot_respond_update_msg", body, early))["errcode"] for _ in range(2)]
    now[0] = 5.1
    codes.append((await caller.call("aibot_respond_update_msg", body, late))["errcode"])

    assert codes == [0, 846605, 846605]


async def test_upload_takes_half_a_mebibyte_at_a_time(talk: SmartBotDouble, caller: Caller) -> None:
    start = {"type": "file", "filename": "x", "total_size": 1, "total_chunks": 1, "md5": ""}
    upload = (await caller.call("aibot_upload_media_init", start))["body"]["upload_id"]
    encoded = base64.b64encode(b"x" * (CHUNK + 1)).decode()
    chunk = {"upload_id": upload, "chunk_index": 0, "base64_data": encoded}

    assert (await caller.call("aibot_upload_media_chunk", chunk))["errcode"] == 40058


async def test_reply_address_takes_one_answer_within_an_hour(talk: SmartBotDouble) -> None:
    now = [0.0]
    talk.clock = lambda: now[0]
    first, late = talk.reply_url(CHAT), talk.reply_url(CHAT)
    codes = []
    for url in (first, first, late):
        async with aiohttp.request("POST", url, json=markdown()) as answer:
            codes.append((await answer.json())["errcode"])
        now[0] = 3601.0

    assert codes == [0, 60140, 60140]


async def test_silent_connection_says_nothing_more(talk: SmartBotDouble, caller: Caller) -> None:
    talk.go_silent()

    with pytest.raises(TimeoutError):
        await caller.socket.send_str(json.dumps({"cmd": "ping", "headers": {"req_id": "r"}}))
        await caller.socket.receive(timeout=0.1)
    assert await talk.speak(CHAT, "chenjing", "@小报 好")
    assert (talk.delivered, len(talk.missed)) == ([], 1)
