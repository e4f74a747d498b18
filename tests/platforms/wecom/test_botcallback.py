"""The smart bot told things by callback: sealed JSON in, answers by the reply address or at once."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs
from yarl import URL

from bot.messages.message import Button, Message, say
from bot.platforms.base import GroupConfig
from bot.platforms.wecom.crypto import Seal
from tests.doubles.wecom_bot import SmartBotDouble
from tests.platforms.wecom.conftest import PAYLOADS, quiet_host
from tests.platforms.wecom.listening import CHAT, Listening, listening
from tests.platforms.wecom.test_smartbot import PRESSED, SAID

TOLD: dict[str, Any] = PAYLOADS["bot_callback"]
KEYS: dict[str, str] = PAYLOADS["bot_keys"]
TABLE = {"id": KEYS["bot_id"], "token": KEYS["token"], "aes_key": KEYS["encoding_aes_key"]}


@pytest.fixture
async def bot(talk: SmartBotDouble) -> AsyncIterator[Listening]:
    """A bot that is told by callback only; `url` is its address."""
    found = listening(talk, (GroupConfig("main", "工作群", {}),), bot=TABLE)
    app = web.Application()
    found.wecom.mount(app, quiet_host(found.receive, notes=found.notes))
    async with TestServer(app) as server:
        found.url = str(server.make_url("/callback/wecom/bot"))
        yield found
    await found.stop()


async def post(bot: Listening, body: Any, query: dict[str, str]) -> tuple[int, str]:
    async with aiohttp.request("POST", bot.url, params=query, data=body) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize("name", SAID)
async def test_recorded_message_is_taken_in(bot: Listening, name: str) -> None:
    assert await post(bot, _json(TOLD[name]["body"]), TOLD[name]["query"]) == (200, "")

    kind, content, text, quoted, files = SAID[name]
    event = bot.events[0]
    assert (event.chat_kind, event.content, event.text, event.quoted) == (kind, content, text, quoted)
    assert [file.kind for file in event.files] == files
    assert event.message_id == TOLD[name]["plaintext_json"]["msgid"]
    assert "req_id" not in event.route


@pytest.mark.parametrize("name", PRESSED)
async def test_recorded_press_is_answered_with_a_changed_card(bot: Listening, name: str) -> None:
    delivery = await bot.double.call_back(bot.url, TOLD[name]["plaintext_json"])

    answer = bot.double.opened(delivery)
    pressed = TOLD[name]["plaintext_json"]["event"]["template_card_event"]
    assert bot.events[0].text == PRESSED[name]
    assert answer["response_type"] == PAYLOADS["bot_replies"]["update_template_card"]["plaintext_json"]["response_type"]
    assert answer["template_card"]["task_id"] == pressed["task_id"]


async def test_recorded_entry_is_greeted(bot: Listening) -> None:
    delivery = await bot.double.call_back(bot.url, TOLD["event_enter_chat"]["plaintext_json"])

    assert (
        bot.double.opened(delivery)["msgtype"] == PAYLOADS["bot_replies"]["welcome_text"]["plaintext_json"]["msgtype"]
    )


async def test_recorded_question_after_a_stream_is_told_that_it_is_at_its_end(bot: Listening) -> None:
    delivery = await bot.double.call_back(bot.url, TOLD["stream_refresh"]["plaintext_json"])

    stream = bot.double.opened(delivery)["stream"]
    assert (stream["id"], stream["finish"]) == ("stream-2026-11-02-0001", True)


async def test_recorded_feedback_gets_an_empty_answer(bot: Listening) -> None:
    delivery = await bot.double.call_back(bot.url, TOLD["event_feedback"]["plaintext_json"])

    assert (delivery.ok, delivery.body, bot.events) == (True, "", [])


async def test_recorded_verification_is_answered_with_plaintext(bot: Listening) -> None:
    recorded = PAYLOADS["bot_url_verification"]
    query = dict(recorded["query_decoded"])
    async with aiohttp.request("GET", URL(bot.url).with_query(query)) as answer:
        assert await answer.text() == recorded["expected_response_body"]


@pytest.mark.parametrize("name", [name for name in PAYLOADS["bot_replies"] if name != "empty"])
def test_recorded_reply_opens_with_our_seal(name: str) -> None:
    sealed, plain = (PAYLOADS["bot_replies"][name][part] for part in ("response_body", "plaintext_json"))
    seal = Seal(KEYS["token"], KEYS["encoding_aes_key"], "")

    assert seal.is_signed(sealed["msgsignature"], str(sealed["timestamp"]), sealed["nonce"], sealed["encrypt"])
    assert plain["msgtype" if "msgtype" in plain else "response_type"] in seal.decrypt(sealed["encrypt"]).decode()


async def test_answer_goes_once_by_the_reply_address(bot: Listening) -> None:
    body = bot.double.message(CHAT, "chenjing", "text", {"content": "@小报 榜"})
    await bot.double.call_back(bot.url, body)
    card = Message("十月月报", say("请选一个").blocks, buttons=(Button("我已交", "已交"),))

    routes = bot.routes(card, CHAT, event=bot.events[0])
    assert [[r.channel for r in part] for part in routes] == [["bot_url", "bot_url"]]
    assert await bot.send(card, CHAT, event=bot.events[0]) == ["bot_url"]
    assert [(one.by, one.kind) for one in bot.double.arrived] == [("url", "template_card")]


async def test_recorded_words_are_taken_by_the_reply_address(bot: Listening) -> None:
    for name in ("markdown", "template_card"):
        body = bot.double.message(CHAT, "chenjing", "text", {"content": "@小报 榜"})
        answer = await bot.wecom._api.post_to(body["response_url"], PAYLOADS["bot_response_url"][name]["body"])
        assert answer["errcode"] == PAYLOADS["bot_response_url"][name]["response"]["errcode"]

    assert [one.kind for one in bot.double.arrived] == ["markdown", "template_card"]


async def test_operator_is_told_the_code_at_the_start(talk: SmartBotDouble) -> None:
    found = listening(talk, (GroupConfig("main", "工作群", {}),), bot=TABLE)
    app = web.Application()
    found.wecom.mount(app, quiet_host())
    with capture_logs() as logs:
        async with TestServer(app):
            pass
    await found.stop()

    (told,) = [line for line in logs if line["action"] == "wecom.unpaired"]
    assert told["code"] == found.wecom._chats.code_of("main")
    assert "工作群" in told["event"]


async def test_code_said_in_a_group_pairs_it(bot: Listening) -> None:
    said = f"@小报 配对 {bot.wecom._chats.code_of('main')}"
    delivery = await bot.double.call_back(bot.url, bot.double.message(CHAT, "chenjing", "text", {"content": said}))

    assert "工作群" in bot.double.opened(delivery)["stream"]["content"]
    assert bot.wecom.group_of_chat(CHAT) == "main"


async def test_failed_commit_asks_for_the_message_again(bot: Listening) -> None:
    bot.faults = 1
    body = bot.double.message("", "chenjing", "text", {"content": "已交"})
    with capture_logs():
        delivery = await bot.double.call_back(bot.url, body)

    assert delivery.statuses == [500]
    assert "database" not in delivery.body


@pytest.mark.parametrize("plain", [[], "text", 1, {"msgtype": "text"}, {"from": {"userid": "a"}, "msgtype": 1}])
async def test_sealed_json_that_is_no_message_is_refused(bot: Listening, plain: Any) -> None:
    assert (await bot.double.call_back(bot.url, plain)).statuses == [400]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"encrypt": 1}', '{"encrypt": ""}', b"\xff\xfe", "<xml/>", "[" * 200_000]
)
async def test_body_that_is_no_envelope_is_refused(bot: Listening, body: Any) -> None:
    assert (await post(bot, body, TOLD["text_group"]["query"]))[0] == 400


async def test_forged_or_too_long_callback_is_refused(bot: Listening) -> None:
    body = bot.double.message("", "chenjing", "text", {"content": "已交"})

    assert (await bot.double.call_back(bot.url, body, forge=True)).statuses == [403]
    assert (await post(bot, BytesIO(b"x" * (1024**2 + 1)), {}))[0] == 413
    assert bot.events == []


async def test_callback_of_another_bot_is_refused(bot: Listening) -> None:
    sealed = Seal(KEYS["token"], KEYS["encoding_aes_key"], "wwother").encrypt(b"{}")

    delivery = await bot.double.post_sealed(bot.url, {"encrypt": sealed})
    assert delivery.statuses == [400]


async def test_unconfigured_bot_says_which_setting_is_missing(talk: SmartBotDouble) -> None:
    found = listening(talk, bot=None)
    app = web.Application()
    found.wecom.mount(app, quiet_host())
    async with TestServer(app) as server:
        delivery = await talk.call_back(str(server.make_url("/callback/wecom/bot")), {})
    await found.stop()

    assert delivery.statuses == [404]
    assert "platforms.wecom.bot" in delivery.body


def _json(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)
