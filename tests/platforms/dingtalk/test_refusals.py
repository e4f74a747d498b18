import pytest

from bot.platforms.base import ChannelGone, Permanent, RetryLater
from bot.platforms.dingtalk.refusals import Answer, code_of, meaning_of, to_error
from tests.platforms.dingtalk.conftest import PAYLOADS


def error_of(status, body):
    answer = Answer(status, body)
    refusal = meaning_of(answer)
    assert refusal is not None
    return to_error(refusal, answer)


WEBHOOK = {
    "系统繁忙": (RetryLater, None),
    "缺少参数 json": (Permanent, "缺陷"),
    "access_token不存在": (ChannelGone, "webhook"),
    "机器人已停用": (ChannelGone, "启用"),
    "群已被解散": (ChannelGone, "解散"),
    "发送速度太快而限流": (RetryLater, 600),
    "keywords not in content": (Permanent, "加签"),
    "sign not match": (Permanent, "SEC"),
    "invalid timestamp": (Permanent, "时钟"),
    "ip 203.0.113.5 not in whitelist": (Permanent, "（203.0.113.5）"),
    "含有不安全的外链": (Permanent, "安全检查"),
    "send too fast, exceed 20 times per minute": (RetryLater, 600),
    "sending too many messages per minute": (RetryLater, 600),
    "token is not exist": (ChannelGone, "webhook"),
    "message too long, exceed 20000 bytes": (Permanent, "长度"),
    "webhook over limit": (ChannelGone, "额度"),
}


# One has words too general to be told by.
FORMS = [
    (body, form)
    for body in PAYLOADS["webhook_errors"]
    for form in ("number", "text", "unknown code")
    if (body["errcode"], form) != (40035, "unknown code")
]


@pytest.mark.parametrize(("body", "form"), FORMS)
def test_webhook_refusal_is_understood(body, form):
    kind, told = WEBHOOK[body["errmsg"]]
    code = {"number": body["errcode"], "text": str(body["errcode"]), "unknown code": 999999}[form]
    error = error_of(200, body | {"errcode": code})

    assert type(error) is kind
    assert error.after_s == told if isinstance(error, RetryLater) else told in error.text


API = {
    "api_missing_scope": (Permanent, "qyapi_robot_sendmsg"),
    "api_bad_credentials": (Permanent, "app_secret"),
    "api_app_qps": (RetryLater, 1),
    "api_global_qps": (RetryLater, 1),
    "api_monthly_quota": (ChannelGone, "额度"),
    "api_ip_not_whitelisted": (Permanent, "出口 IP"),
    "robot_too_fast": (RetryLater, 60),
    "robot_group_disbanded": (ChannelGone, "解散"),
    "robot_query_key_expired": (Permanent, "24 小时"),
    "card_not_exist": (ChannelGone, "卡片"),
    "oapi_app_qps": (RetryLater, 1),
    "oapi_global_qps": (RetryLater, 1),
    "oapi_monthly_quota": (ChannelGone, "额度"),
    "oapi_user_not_found": (Permanent, "名册"),
    "ip_ban_5_minutes": (RetryLater, 300),
}


@pytest.mark.parametrize("name", API)
def test_api_refusal_is_understood(name):
    kind, told = API[name]
    error = error_of(**PAYLOADS["errors"][name])

    assert type(error) is kind
    assert error.after_s == told if isinstance(error, RetryLater) else told in error.text


@pytest.mark.parametrize("name", ["api_bad_token", "oapi_bad_token", "oapi_old_bad_token"])
def test_invalid_token_is_understood(name):
    refusal = meaning_of(Answer(**{"data": PAYLOADS["errors"][name]["body"], "status": 400}))

    assert refusal is not None
    assert refusal.meaning == "token"


@pytest.mark.parametrize("body", [{"errcode": 0}, {"errcode": "0"}, {"processQueryKey": "q"}, {}])
def test_success_is_success(body):
    assert meaning_of(Answer(200, body)) is None


@pytest.mark.parametrize(("status", "after_s"), [(500, None), (502, None), (429, 60), (200, 300)])
def test_answer_without_json_is_tried_again(status, after_s):
    error = error_of(status, None)

    assert isinstance(error, RetryLater)
    assert error.after_s == after_s


def test_minute_limit_waits_a_minute():
    error = error_of(403, {"code": "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", "message": ""})

    assert isinstance(error, RetryLater)
    assert (error.after_s, error.whole_bucket) == (60, True)


def test_code_is_fit_for_the_log():
    assert code_of(Answer(400, {"code": "bad\n\x1b[31m code" + "x" * 99})) == "bad31mcode" + "x" * 50
