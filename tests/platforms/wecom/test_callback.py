"""Callbacks of the self-built app, over HTTP."""

import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs
from yarl import URL

from bot.platforms.base import Adapter
from tests.doubles.wecom import WeComDouble
from tests.platforms.wecom.conftest import NOW, PAYLOADS, Office, quiet_host

INBOUND: dict[str, Any] = PAYLOADS["inbound"]
MESSAGES = {
    "text": ("text", "十月月报已发，请查收"),
    "image": ("image", ""),
    "voice": ("voice", ""),
    "video": ("file", ""),
    "location": ("other", "广州市海珠区某路1号"),
    "link": ("other", "十月月报（在线文档） https://doc.weixin.qq.com/doc/fixture"),
    "file_UNDOCUMENTED": ("file", "十月月报.xlsx"),
}
ENTITY = '<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><FromUserName>x</FromUserName><MsgType>&a;</MsgType></xml>'


async def post(url: str, body: str | bytes | BytesIO, query: dict[str, str] | None = None) -> tuple[int, str]:
    async with aiohttp.request("POST", url, params=query, data=body) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize("name", MESSAGES)
async def test_recorded_message_is_taken_in(office: Office, name: str) -> None:
    content, text = MESSAGES[name]

    assert await post(office.url, INBOUND[name]["body"], INBOUND[name]["query"]) == (200, "")
    event = office.events[0]
    assert (event.content, event.text, event.sender, event.chat) == (content, text, "chenjing", "chenjing")
    assert event.message_id in INBOUND[name]["plaintext_xml"]
    assert (event.platform, event.chat_kind, event.at, event.route) == ("wecom", "private", NOW, {})


@pytest.mark.parametrize("name", [name for name in INBOUND if name.startswith("event_") and "_card_" not in name])
async def test_recorded_event_is_acknowledged_and_logged(office: Office, name: str) -> None:
    with capture_logs() as logs:
        answer = await post(office.url, INBOUND[name]["body"], INBOUND[name]["query"])

    assert answer == (200, "")
    assert office.events == []
    assert logs[0]["action"] == "wecom.event_acknowledged"
    assert f"<Event><![CDATA[{logs[0]['kind']}]]>" in INBOUND[name]["plaintext_xml"]


async def test_recorded_verification_is_answered_with_plaintext(office: Office) -> None:
    recorded = PAYLOADS["url_verification"]
    async with aiohttp.request("GET", URL(f"{office.url}?{recorded['raw_query_string']}", encoded=True)) as answer:
        assert await answer.read() == recorded["expected_response_body"].encode()


async def test_plus_in_echostr_stays_a_plus(office: Office) -> None:
    recorded = PAYLOADS["url_verification"]
    assert "+" in recorded["query_decoded"]["echostr"]
    query = "&".join(f"{name}={value}" for name, value in recorded["query_decoded"].items())
    async with aiohttp.request("GET", URL(f"{office.url}?{query}", encoded=True)) as answer:
        assert await answer.text() == recorded["expected_response_body"]


async def test_address_can_be_saved_in_the_console(office: Office, double: WeComDouble) -> None:
    assert (await double.verify_url(office.url)).ok
    assert (await double.verify_url(office.url, forge=True)).statuses == [403]


async def test_userid_is_casefolded(office: Office, double: WeComDouble) -> None:
    await double.say(office.url, "ChenJing", "已交")

    assert (office.events[0].sender, office.events[0].chat) == ("chenjing", "chenjing")


async def test_repeats_keep_their_message_id(office: Office, double: WeComDouble) -> None:
    await double.say(office.url, "chenjing", "已交", "42", repeat=3)

    assert [event.message_id for event in office.events] == ["42"] * 3


async def test_old_timestamp_is_no_reason_to_refuse(office: Office) -> None:
    old = {**INBOUND["text"]["query"]}
    assert old["timestamp"] == "1793581200"

    assert (await post(office.url, INBOUND["text"]["body"], old))[0] == 200


async def test_message_of_unknown_type_is_taken_as_other(office: Office, double: WeComDouble) -> None:
    await double.deliver(office.url, double.xml("chenjing", "hologram", "<Depth>3</Depth><MsgId>7</MsgId>"))

    assert (office.events[0].content, office.events[0].message_id) == ("other", "7")


async def test_message_without_id_is_told_by_sender_and_second(office: Office, double: WeComDouble) -> None:
    fields = "<TaskId>t1</TaskId><EventKey>k</EventKey>"
    xml = double.xml("ChenJing", "text", fields)
    created = xml.partition("<CreateTime>")[2].partition("<")[0]
    await double.deliver(office.url, xml)

    assert office.events[0].message_id == f"chenjing:{created}:t1:k"


async def test_failed_commit_makes_wecom_try_three_times(office: Office, double: WeComDouble) -> None:
    office.fails = True

    delivered = await double.say(office.url, "chenjing", "已交")

    assert delivered.statuses == [500, 500, 500]
    assert "database" not in delivered.body


@pytest.mark.parametrize(
    ("options", "status", "word"),
    [
        ({"forge": True}, 403, "签名"),
        ({"break_pad": True}, 400, "EncodingAESKey"),
        ({"receive_id": "wwother"}, 400, "corp_id"),
    ],
)
async def test_spoiled_callback_is_refused(
    office: Office, double: WeComDouble, options: dict[str, Any], status: int, word: str
) -> None:
    delivered = await double.say(office.url, "chenjing", "已交", **options)

    assert (delivered.statuses[0], office.events) == (status, [])
    assert word in delivered.body


@pytest.mark.parametrize(
    "plaintext", [ENTITY, "{}", "", "<xml></xml>", "<json/>", "<xml><MsgType>text</MsgType></xml>"]
)
async def test_sealed_text_that_is_no_message_is_refused(office: Office, double: WeComDouble, plaintext: str) -> None:
    delivered = await double.deliver(office.url, plaintext)

    assert (delivered.statuses[0], office.events) == (400, [])


@pytest.mark.parametrize(
    "body",
    [ENTITY, b"\xff\xfe\x00", "{}", "", "<xml/>", "<xml><Encrypt><a/></Encrypt></xml>", "<a>" * 90_000,
     '<?xml version="1.0" encoding="utf-99"?><xml/>'],
)  # fmt: skip
async def test_body_that_is_no_envelope_is_refused(office: Office, body: str | bytes) -> None:
    status, answer = await post(office.url, body, INBOUND["text"]["query"])

    assert status == 400
    assert set(json.loads(answer)) == {"error", "fix"}


async def test_body_over_a_mebibyte_is_refused(office: Office) -> None:
    assert (await post(office.url, BytesIO(b"x" * (1024**2 + 1))))[0] == 413


@pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce"])
async def test_callback_without_signed_values_is_refused(office: Office, missing: str) -> None:
    query = {name: value for name, value in INBOUND["text"]["query"].items() if name != missing}

    assert (await post(office.url, INBOUND["text"]["body"], query))[0] == 403


async def test_unconfigured_app_says_which_setting_is_missing(double: WeComDouble, configured: Any) -> None:
    app = web.Application()
    unset: Adapter = configured(double, app=None)
    unset.mount(app, quiet_host())
    async with TestServer(app) as server:
        answer = await double.verify_url(str(server.make_url("/callback/wecom/app")))

    assert answer.statuses == [404]
    assert "platforms.wecom.app" in answer.body
