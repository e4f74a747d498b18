"""The double keeps WeCom's rules: what it lets through, the real one would too."""

from typing import Any

import aiohttp
import pytest

from tests.doubles.wecom import WeComDouble
from tests.platforms.wecom.conftest import KEY, PAYLOADS, Office

Body = dict[str, Any]


async def call(double: WeComDouble, path: str, query: dict[str, str], body: Body | None = None) -> Body:
    method = "GET" if body is None else "POST"
    async with aiohttp.request(method, f"{double.base_url}/cgi-bin/{path}", params=query, json=body) as answer:
        found: Body = await answer.json()
        return found


async def post_webhook(double: WeComDouble, kind: str = "text", key: str = KEY, **content: Any) -> int:
    answer = await call(double, "webhook/send", {"key": key}, {"msgtype": kind, kind: {"content": "早"} | content})
    return int(answer["errcode"])


async def send_text(double: WeComDouble, text: str = "早", touser: str = "chenjing", **more: Any) -> Body:
    credentials = {"corpid": double.corp_id, "corpsecret": double.secret}
    token = (await call(double, "gettoken", credentials))["access_token"]
    body = {"touser": touser, "msgtype": "text", "agentid": double.agent_id, "text": {"content": text}} | more
    return await call(double, "message/send", {"access_token": token}, body)


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", {"content": "x" * 2049}, 40058),
        ("markdown", {"content": "汉" * 1366}, 40058),
        ("markdown_v2", {"content": "x" * 4096}, 0),
        ("markdown", {"mentioned_list": ["chenjing"]}, 40058),
        ("markdown_v2", {"content": "<@chenjing> 早"}, 40058),
        ("text", {"content": ""}, 44004),
        ("carrier_pigeon", {}, 40008),
    ],
)
async def test_webhook_rules_are_kept(double: WeComDouble, kind: str, content: Body, code: int) -> None:
    assert await post_webhook(double, kind, **content) == code


async def test_unknown_webhook_is_refused_in_recorded_words(double: WeComDouble) -> None:
    answer = await call(double, "webhook/send", {"key": "other"}, {})

    assert answer == PAYLOADS["group_webhook_responses"]["bad_key_or_removed"]


async def test_twenty_first_message_of_a_minute_is_refused() -> None:
    now = [0.0]
    double = WeComDouble(clock=lambda: now[0])
    await double.start()
    codes = [await post_webhook(double) for _ in range(21)]
    now[0] = 60.0
    codes.append(await post_webhook(double))
    await double.stop()

    assert codes == [0] * 20 + [45009, 0]


async def test_thirty_first_private_message_of_a_minute_is_dropped(double: WeComDouble) -> None:
    answers = [await send_text(double, f"{number}") for number in range(31)]

    assert {answer["errcode"] for answer in answers} == {0}
    assert (len(double.sent), [sent.text for sent in double.dropped]) == (30, ["30"])


async def test_same_request_is_delivered_once_when_checked(double: WeComDouble) -> None:
    for _ in range(2):
        await send_text(double, enable_duplicate_check=1)

    assert (len(double.sent), len(double.duplicates)) == (1, 1)


async def test_overlong_private_text_is_cut(double: WeComDouble) -> None:
    await send_text(double, "汉" * 700)

    assert double.texts() == ["汉" * 682]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agentid": 1}, 40056),
        ({"touser": "ghost"}, 81013),
        ({"touser": "|".join(["a"] * 1001)}, 40032),
        ({"msgtype": "markdown", "markdown": {"content": "x" * 2049}}, 45002),
    ],
)
async def test_private_rules_are_kept(double: WeComDouble, change: Body, code: int) -> None:
    assert (await send_text(double, **change))["errcode"] == code


async def test_unknown_receivers_are_named_in_lower_case(double: WeComDouble) -> None:
    answer = await send_text(double, touser="ChenJing|Ghost")

    assert (answer["errcode"], answer["invaliduser"], len(double.sent)) == (0, "ghost", 1)


async def test_untrusted_ip_is_refused_when_switched_on(double: WeComDouble) -> None:
    double.trusted_ip = False

    assert (await send_text(double))["errcode"] == 60020


@pytest.mark.parametrize(("query", "code"), [({}, 41001), ({"access_token": "made-up"}, 40014)])
async def test_token_is_checked(double: WeComDouble, query: dict[str, str], code: int) -> None:
    assert (await call(double, "message/send", query, {}))["errcode"] == code


async def test_token_stays_the_same_while_valid(double: WeComDouble) -> None:
    credentials = {"corpid": double.corp_id, "corpsecret": double.secret}
    first, second = [await call(double, "gettoken", credentials) for _ in range(2)]
    double.expire_tokens()
    third = await call(double, "gettoken", credentials)

    assert first["access_token"] == second["access_token"] != third["access_token"]


async def test_lost_answer_leaves_the_message_sent(double: WeComDouble) -> None:
    double.fail_next(reset=True, served=True)
    with pytest.raises(aiohttp.ClientError):
        await post_webhook(double)

    assert double.texts(KEY) == ["早"]


async def test_callback_is_repeated_until_it_is_answered(office: Office, double: WeComDouble) -> None:
    assert (await double.say("http://127.0.0.1:1/", "chenjing", "已交")).statuses == [0, 0, 0]
    assert (await double.say(office.url, "chenjing", "已交")).statuses == [200]
