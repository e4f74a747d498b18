"""Every recorded call goes out through our client as recorded: method, address, place of the token, body; and its
answer, with a field nobody knows, is read. What the product does with them is tested beside it, by feature."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import web

from bot.platforms.base import SendError
from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.callbacks import NOTHING_TO_SAY
from bot.platforms.dingtalk.refusals import code_of, counts, meaning_of
from bot.platforms.dingtalk.signing import sign
from tests.platforms.dingtalk.conftest import PAYLOADS

API = {name: call for name, call in PAYLOADS["server_api"].items() if "request" in call}
TOKENS = {"token_new", "token_corp", "token_old"}
TOKEN = "exampleaccesstoken00000000000000"
UPLOADED = {"media_upload"}  # multipart, by the SDK: test_files

# The field of each answer that matters to whoever calls, and its value.
MATTERS = {
    "token_new": ("accessToken", TOKEN),
    "token_corp": ("access_token", TOKEN),
    "token_old": ("access_token", TOKEN),
    "oto_batch_send_text": ("processQueryKey", "exampleProcessQueryKeyOto=="),
    "oto_batch_send_partly_refused": ("invalidStaffIdList", ["010203040506079999"]),
    "group_send_markdown": ("processQueryKey", "exampleProcessQueryKeyGroup=="),
    "oto_read_status": ("sendStatus", "SUCCESS"),
    "group_read_query": ("readUserIds", ["010203040506070801"]),
    "oto_recall": ("successResult", ["exampleProcessQueryKeyOto=="]),
    "group_recall": ("successResult", ["exampleProcessQueryKeyGroup=="]),
    "chat_to_open_conversation": ("openConversationId", "cidExampleGroupAAAAAAAAA=="),
    "work_notification_send": ("task_id", 256271667526),
    "todo_done": ("result", True),
    "todo_executor_status": ("result", True),
    "todo_delete": ("result", True),
    "card_update": ("success", True),
    "card_create_and_deliver_group": ("success", True),
    "card_create_and_deliver_single": ("success", True),
    "card_callback_register": ("success", True),
    "ding_send": ("openDingId", "exampleOpenDingId=="),
    "todo_create": ("id", "taskexample0000000000000001"),
}
SHAPES = {
    "message_file_download": "downloadUrl",
    "group_robots_query": "chatbotInstanceVOList",
    "chat_get": "chat_info",
    "todo_org_query": "todoCards",
    "work_notification_progress": "progress",
    "work_notification_result": "send_result",
    "work_notification_recall": "errmsg",
}


class Recorder:
    """Answers one call, and keeps it."""

    def __init__(self, answer):
        self.answer, self.seen = answer, []

    async def take(self, request):
        raw = await request.read()
        body = json.loads(raw) if raw else None
        self.seen.append((request.method, request.raw_path, dict(request.headers), body))
        return web.json_response(self.answer["body"] | {"fieldNobodyKnows": [1]}, status=self.answer["status"])


@pytest.fixture
async def serve():
    runners = []

    async def start(answer):
        recorder = Recorder(answer)
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", recorder.take)
        runner = web.AppRunner(app, access_log=None)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return recorder, "http://{}:{}".format(*runner.addresses[0])

    yield start
    for runner in runners:
        await runner.cleanup()


async def call(name, base):
    """Make a recorded call with our client and return the body of the answer."""
    request = API[name]["request"]
    parts = urlsplit(request["url"])
    bot = adapter({"api_base": base, "oapi_base": base, "app_key": "k", "app_secret": "s"}, [])
    bot._api._tokens._token, bot._api._tokens._until = TOKEN, 1e12
    query = "&".join(pair for pair in parts.query.split("&") if pair and not pair.startswith("access_token="))
    path = parts.path + (f"?{query}" if query else "")
    try:
        if name in TOKENS or (request["method"] == "GET" and "oapi" in parts.netloc):
            token = f"&access_token={TOKEN}" if name not in TOKENS else ""
            return (await bot._wire.call(request["method"], base + path + token, request.get("body"))).data
        if "oapi" in parts.netloc:
            return await bot._api.old(path, request.get("body"))
        return await bot._api.new(path, request.get("body"), name, method=request["method"])
    finally:
        await bot.close()


@pytest.mark.parametrize("name", [name for name in API if name not in UPLOADED])
async def test_recorded_call_goes_out_and_its_answer_is_read(name, serve):
    recorder, base = await serve(API[name]["response"])
    answer = await call(name, base)

    (method, path, headers, body), recorded = recorder.seen[0], API[name]["request"]
    wanted = urlsplit(recorded["url"])
    assert (method, urlsplit(path).path, body) == (recorded["method"], wanted.path, recorded.get("body"))
    assert sorted(parse_qsl(urlsplit(path).query)) == sorted(parse_qsl(wanted.query))
    sent = {header.lower(): value for header, value in headers.items()}
    assert sent.get("x-acs-dingtalk-access-token") == recorded["headers"].get("x-acs-dingtalk-access-token")
    field, value = MATTERS.get(name, (SHAPES.get(name, "result"), None))
    assert answer[field] == value if value is not None else answer[field]
    assert answer["fieldNobodyKnows"] == [1]


def test_every_recorded_call_is_spoken_for():
    named = {*MATTERS, *SHAPES} - {*API}

    assert named == set()
    rest = {*API} - {*MATTERS, *SHAPES} - UPLOADED
    assert all("result" in API[name]["response"]["body"] for name in rest)


async def test_task_that_exists_is_an_error(serve):
    recorder, base = await serve(PAYLOADS["server_api"]["todo_create_duplicate"]["response"])

    with pytest.raises(SendError, match="paramError"):
        await call("todo_create", base)
    assert len(recorder.seen) == 1


@pytest.mark.parametrize("kind", [kind for kind in PAYLOADS["webhook"]["bodies"] if kind != "empty_callback_answer"])
async def test_recorded_webhook_body_is_accepted_by_the_double(kind, bot, double):
    """The double takes what the platform takes, so that it may judge what we send."""
    body = PAYLOADS["webhook"]["bodies"][kind]
    answer = await bot._wire.post(double.webhook_url("open"), body)

    assert (answer.data, code_of(answer)) == (PAYLOADS["webhook"]["response_ok"], "")
    shown = body[body["msgtype"]]
    assert double.messages[0].text == (shown.get("content") or shown.get("text") or "")


def test_nothing_to_say_is_said_as_recorded():
    assert PAYLOADS["webhook"]["bodies"]["empty_callback_answer"] == NOTHING_TO_SAY


def test_recorded_webhook_address_is_signed_as_ours():
    query = dict(parse_qsl(urlsplit(PAYLOADS["webhook"]["url"]).query))

    assert query["sign"] == sign(PAYLOADS["keys"]["webhook_secret"], query["timestamp"])


@pytest.mark.parametrize("name", ["response_ok", "response_ok_string_errcode"])
async def test_recorded_success_is_one(name, bot, double, serve):
    recorder, base = await serve({"status": 200, "body": PAYLOADS["webhook"][name]})
    answer = await bot._wire.post(base, PAYLOADS["webhook"]["bodies"]["text"])

    assert (meaning_of(answer), counts(answer)) == (None, True)
    assert recorder.seen[0][3]["msgUuid"] == "report-2026-10-remind-1"


async def test_recorded_session_answer_is_sent_and_its_end_is_understood(bot, double):
    body = PAYLOADS["session"]["body"]
    answer = await bot._wire.post(double.new_session("cid1"), body)
    double.expire()
    late = await bot._wire.post(double.new_session("cid1").replace("session=", "session=x"), body)

    assert answer.data == PAYLOADS["session"]["response_ok"]
    assert double.messages[0].mentions == tuple(body["at"]["atUserIds"])
    assert late.data == PAYLOADS["session"]["response_expired"]["body"]
    assert meaning_of(late).meaning == "gone"
