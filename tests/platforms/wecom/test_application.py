"""What the self-built app can do beside sending text: cards, recall, media, ids, groups of its own."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.messages.message import Button, Enclosure, Message, Table, say
from bot.platforms.base import ChannelGone, GroupConfig, Permanent, RetryLater, Route, Sent
from bot.platforms.wecom import WeCom, adapter
from tests.doubles.wecom import WeComDouble
from tests.doubles.wecom_app import OPEN_ID
from tests.platforms.wecom.conftest import KEY, NOW, PAYLOADS, Office, parcel, settings_for

MIB = 1024**2
API: dict[str, Any] = PAYLOADS["server_api"]
CHOICE = Message("十月月报", say("请选一个").blocks, buttons=(Button("我已交", "已交"), Button("延期", "延期 3 天")))


def sent_routes(wecom: Any, message: Message, to: str = "chenjing", kind: str = "person") -> tuple[Route, ...]:
    return tuple(route for part in wecom.parts(parcel(message, kind, to), NOW) for route in part.routes)


# Cards


async def test_buttons_become_a_card_with_text_behind_it(wecom: WeCom, double: WeComDouble) -> None:
    card, text = sent_routes(wecom, CHOICE)
    await wecom.send(card, "key")

    assert double.sent[0].text == "十月月报\n请选一个\n[我已交]\n[延期]"
    assert text.body["payload"] == {"msgtype": "text", "text": {"content": "【十月月报】\n请选一个"}}


async def test_card_of_an_app_without_callback_is_not_tried(double: WeComDouble, configured: Any) -> None:
    app = {"agent_id": double.agent_id, "secret": double.secret}
    routes = sent_routes(configured(double, app=app), CHOICE)

    assert [route.body["payload"]["msgtype"] for route in routes] == ["text"]


@pytest.mark.parametrize("code", [43012, 42014, 42049, 40058])
async def test_refused_card_gives_way_to_text(wecom: WeCom, double: WeComDouble, code: int) -> None:
    card, _ = sent_routes(wecom, CHOICE)
    double.fail_next(channel="app", errcode=code)

    with pytest.raises(ChannelGone):
        await wecom.send(card, "key")


async def test_same_message_sent_again_is_another_card(wecom: WeCom, double: WeComDouble) -> None:
    tasks = [
        wecom.parts(parcel(CHOICE, "person", "chenjing", key), NOW)[0]
        .routes[0]
        .body["payload"]["template_card"]["task_id"]
        for key in ("ask:1", "ask:1", "ask:2")
    ]

    assert tasks[0] == tasks[1] != tasks[2]


async def test_long_message_keeps_its_buttons_in_a_card_below(wecom: WeCom, double: WeComDouble) -> None:
    long = Message("十月月报", (*say(*["进展正常，按计划推进"] * 20).blocks,), buttons=CHOICE.buttons)
    for part in wecom.parts(parcel(long, "person", "chenjing"), NOW):
        await wecom.send(part.routes[0], "key")

    assert [sent.msgtype for sent in double.sent] == ["text", "template_card"]
    assert "“已交”、“延期 3 天”" in double.sent[1].text


@pytest.mark.parametrize(
    "message",
    [
        Message("题", (Table(("单位",), (("一部",),)),), buttons=CHOICE.buttons),
        Message("题", say("短").blocks, buttons=CHOICE.buttons * 4),
        Message("题", say("短").blocks, buttons=(Button("说得太长的一个按钮标签", "好"),)),
    ],
)
async def test_what_a_card_cannot_hold_goes_as_text(wecom: WeCom, double: WeComDouble, message: Message) -> None:
    first = wecom.parts(parcel(message, "person", "chenjing"), NOW)[0].routes[0]
    await wecom.send(first, "key")

    assert double.sent[0].msgtype == "text"


@pytest.mark.parametrize("name", [name for name in PAYLOADS["inbound"] if "_card_" in name])
async def test_recorded_press_says_its_words_and_greys_the_card_out(
    office: Office, double: WeComDouble, name: str
) -> None:
    recorded = PAYLOADS["inbound"][name]
    code = recorded["plaintext_xml"].partition("<ResponseCode><![CDATA[")[2].partition("]")[0]
    key = recorded["plaintext_xml"].partition("<EventKey><![CDATA[")[2].partition("]")[0]
    double.response_codes[code] = double.clock()
    await double.deliver(office.url, recorded["plaintext_xml"])
    await _until(lambda: bool(double.updated))

    assert (office.events[0].content, office.events[0].text) == ("press", key)
    assert double.updated[0] == {
        "userids": ["chenjing"],
        "agentid": double.agent_id,
        "response_code": code,
        "button": {"replace_name": "已收到"},
    }


async def test_press_whose_card_cannot_be_changed_counts_all_the_same(office: Office, double: WeComDouble) -> None:
    with capture_logs() as logs:
        await double.deliver(office.url, PAYLOADS["inbound"]["event_template_card_button"]["plaintext_xml"])
        await _until(lambda: any(line["action"] == "wecom.card_not_updated" for line in logs))

    assert len(office.events) == 1
    assert [line["code"] for line in logs if line["action"] == "wecom.card_not_updated"] == ["60140"]


async def test_press_repeated_by_the_network_is_one_id(office: Office, double: WeComDouble) -> None:
    await double.deliver(office.url, PAYLOADS["inbound"]["event_template_card_button"]["plaintext_xml"], repeat=2)

    assert len({event.message_id for event in office.events}) == 1
    assert len(office.events) == 2


# Recall


async def test_messages_of_the_last_day_are_taken_back(wecom: WeCom, double: WeComDouble) -> None:
    route = sent_routes(wecom, say("发错了"))[0]
    sent = [Sent(route, await wecom.send(route, "key")) for _ in range(2)]
    old = Sent(route, "vcT8gGc-older-than-a-day")
    webhook = Sent(sent_routes(wecom, say("群里"), "office", "group")[0], "")

    assert await wecom.recall([*sent, old, webhook]) == 2
    assert double.recalled == [one.platform_id for one in sent]


async def test_recall_that_is_refused_is_told(wecom: WeCom, double: WeComDouble) -> None:
    route = sent_routes(wecom, say("发错了"))[0]
    sent = Sent(route, await wecom.send(route, "key"))
    double.fail_next(channel="message/recall", errcode=-1)

    with pytest.raises(RetryLater):
        await wecom.recall([sent])


# Files out


@pytest.mark.parametrize(
    ("name", "size", "kind"), [("榜.png", 100, "image"), ("榜.xlsx", 100, "file"), ("大.png", 2 * MIB + 1, "file")]
)
async def test_file_goes_out_by_every_channel(
    double: WeComDouble, tmp_path: Path, name: str, size: int, kind: str
) -> None:
    groups = [GroupConfig("office", "月报群", {"webhook": KEY, "appchat_id": "yuebao2026"})]
    wecom = adapter(settings_for(double), groups)
    double.chats["yuebao2026"] = {}
    (tmp_path / "stored").write_bytes(b"x" * size)
    message = replace(say("附上榜"), files=(Enclosure(name, str(tmp_path / "stored")),))
    routes = [sent_routes(wecom, message)[-1], *sent_routes(wecom, message, "office", "group")[-2:]]
    for route in routes:
        await wecom.send(route, "key")
    await wecom.close()

    assert [route.channel for route in routes] == ["app", "webhook", "appchat"]
    assert [sent.msgtype for sent in double.sent] == [kind, kind]
    assert [body["msgtype"] for body in double.chat_messages] == [kind]
    uploads = 2 if kind == "image" else 3  # the webhook takes pictures in the message itself
    assert [(shown, len(content)) for _, shown, content in double.media.values()] == [(name, size)] * uploads


@pytest.mark.parametrize("content", [None, b"12345"])
async def test_file_that_cannot_go_is_told(wecom: WeCom, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "stored").write_bytes(content)
    message = replace(say("附上榜"), files=(Enclosure("榜.xlsx", str(tmp_path / "stored")),))

    with pytest.raises(Permanent, match="文件"):
        await wecom.send(sent_routes(wecom, message)[-1], "key")


# Ids


async def test_recorded_ids_are_turned_and_asked_for_once(wecom: WeCom, double: WeComDouble) -> None:
    application = wecom._application
    assert application is not None
    asked = API["openuserid_to_userid"]["request"]["open_userid_list"]

    assert await application.userids(asked) == {OPEN_ID: "chenjing"}
    assert await application.userids([OPEN_ID]) == {OPEN_ID: "chenjing"}
    assert [body for channel, body in double.requests if channel == "batch/openuserid_to_userid"] == [
        {"open_userid_list": asked}
    ]


async def test_many_ids_are_asked_for_a_thousand_at_a_time(wecom: WeCom, double: WeComDouble) -> None:
    application = wecom._application
    assert application is not None
    await application.userids([f"wo{number:040}" for number in range(2001)])

    sizes = [len(body["open_userid_list"]) for channel, body in double.requests if "openuserid" in channel]
    assert sizes == [1000, 1000, 1]


# The app's own groups


async def test_group_of_the_app_is_spoken_to_when_there_is_nothing_else(double: WeComDouble) -> None:
    wecom = adapter(settings_for(double), [GroupConfig("office", "月报群", {"appchat_id": "yuebao2026"})])
    double.chats["yuebao2026"] = {}
    (route,) = sent_routes(wecom, say("请报"), "office", "group")
    await wecom.send(route, "key")
    await wecom.close()

    assert double.chat_messages[0]["text"]["content"] == "请报"


@pytest.mark.parametrize(("chat", "name"), [("notours", "not_own_chat"), ("gone", "no_chat")])
async def test_foreign_group_of_the_app_is_gone(double: WeComDouble, chat: str, name: str) -> None:
    wecom = adapter(settings_for(double), [GroupConfig("office", "月报群", {"appchat_id": chat})])
    (route,) = sent_routes(wecom, say("请报"), "office", "group")
    with pytest.raises(ChannelGone) as caught:
        await wecom.send(route, "key")
    await wecom.close()

    assert caught.value.code == str(API["appchat_send"]["responses"][name]["errcode"])


# Everything recorded of the API


POSTS = {
    "message_update_template_card": "invaliduser",
    "appchat_create": "chatid",
    "appchat_update": "errmsg",
    "appchat_send": "errmsg",
    "user_list_id": "dept_user",
    "user_getuserid": "userid",
    "openuserid_to_userid": "invalid_open_userid_list",
    "journal_get_record_list": "journaluuid_list",
    "wedoc_get_form_statistic": "unfill_user_cnt",
}


@pytest.mark.parametrize("name", POSTS)
async def test_recorded_call_is_accepted(wecom: WeCom, double: WeComDouble, name: str) -> None:
    recorded = API[name]
    double.media["MEDIAID"] = ("file", "x", b"")
    double.chats["yuebao2026"] = {}
    path = recorded["url"].partition("/cgi-bin/")[2].partition("?")[0]
    bodies = [recorded["request"]] if "request" in recorded else list(recorded["requests"].values())
    for body in bodies:
        double.response_codes["fixtureResponseCodeButton"] = double.clock()
        answer = await wecom._application.post(path, body)  # type: ignore[union-attr]

        assert answer["errcode"] == 0
        assert POSTS[name] in answer
        assert double.requests[-1] == (path, body)


GETS = {
    "user_simplelist": ("userlist", {"department_id": "1"}),
    "user_list": ("userlist", {"department_id": "12"}),
    "user_get": ("name", {"userid": "chenjing"}),
    "department_list": ("department", {"id": "1"}),
    "getcallbackip": ("ip_list", {}),
}


@pytest.mark.parametrize("name", GETS)
async def test_recorded_question_is_answered(wecom: WeCom, name: str) -> None:
    field, query = GETS[name]
    path = API[name]["url"].partition("/cgi-bin/")[2].partition("?")[0]
    answer = await wecom._application.get(path, **query)  # type: ignore[union-attr]

    assert answer["errcode"] == API[name]["response"]["errcode"]
    assert type(answer[field]) is type(API[name]["response"][field])


def test_every_recorded_call_has_its_test() -> None:
    elsewhere = {"gettoken", "message_recall", "media_upload", "media_get"}

    assert set(API) == set(POSTS) | set(GETS) | elsewhere


async def test_recorded_upload_is_accepted(wecom: WeCom, double: WeComDouble) -> None:
    recorded = API["media_upload"]
    media_id = await wecom._application.upload("file", recorded["multipart"]["filename"], b"content")  # type: ignore[union-attr]

    assert double.media[media_id] == ("file", "十月及时率榜.xlsx", b"content")


# Tokens


async def test_eight_sends_at_expiry_make_one_refresh(wecom: WeCom, double: WeComDouble) -> None:
    route = sent_routes(wecom, say("早"))[0]
    await wecom.send(route, "key")
    double.expire_tokens()

    await asyncio.gather(*(wecom.send(route, "key") for _ in range(8)))

    assert (len(double.sent), double.token_calls) == (9, 2)


async def test_wrong_secret_makes_at_most_five_calls_an_hour(
    double: WeComDouble, configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wecom = configured(double, app=settings_for(double)["app"] | {"secret": "wrong"})
    route = sent_routes(wecom, say("早"))[0]
    loop = asyncio.get_running_loop()
    real, ahead = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: real() + ahead)
    with capture_logs():
        for _ in range(60):  # every minute of an hour
            with pytest.raises(Permanent):
                await wecom.send(route, "key")
            ahead += 60.0

    assert double.token_calls <= 5


async def test_member_gets_at_most_a_thousand_an_hour(wecom: WeCom, double: WeComDouble) -> None:
    route = sent_routes(wecom, say("早"))[0]
    sent = wecom._sender._hours[route.bucket]
    sent.extend([asyncio.get_running_loop().time()] * 1000)

    with pytest.raises(RetryLater) as caught:
        await wecom.send(route, "key")
    assert caught.value.after_s == pytest.approx(3600, abs=5)
    assert double.sent == []


async def _until(check: Any) -> None:
    async with asyncio.timeout(5):
        while not check():  # noqa: ASYNC110 - waits for a task that nobody can be told of
            await asyncio.sleep(0.005)
