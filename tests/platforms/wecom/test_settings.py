"""What may be configured, and how a wrong key is named."""

from typing import Any

import pytest

from bot.errors import ConfigError
from bot.messages.message import say
from bot.platforms.base import GroupConfig, NoRoute
from bot.platforms.wecom import adapter
from tests.platforms.wecom.conftest import NOW, parcel

APP = {"agent_id": 1, "secret": "hush-hush", "token": "T", "aes_key": "a" * 43}
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush-hush"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"app": APP | {"aes_key": "hush-hush"}, "corp_id": "w"}, ["platforms.wecom.app.aes_key", "43"]),
        ({"app": APP | {"aes_key": "密" * 43}, "corp_id": "w"}, ["platforms.wecom.app.aes_key", "43"]),
        ({"app": APP | {"aes_key": ""}, "corp_id": "w"}, ["platforms.wecom.app", "token"]),
        ({"app": APP | {"agent_id": "hush-hush"}, "corp_id": "w"}, ["app.agent_id", "整数"]),
        ({"app": APP | {"secret": ""}, "corp_id": "w"}, ["app.secret", "不能为空"]),
        ({"app": {"secret": "hush-hush"}, "corp_id": "w"}, ["app.agent_id", "缺少"]),
        ({"app": APP}, ["corp_id"]),
        ({"appp": "hush-hush"}, ["platforms.wecom.appp", "不认识"]),
        ({"api_base": "qyapi"}, ["platforms.wecom.api_base", "http"]),
        ({"ws_url": "https://openws"}, ["platforms.wecom.ws_url", "wss://"]),
        ({"bot": {"secret": "hush-hush"}}, ["platforms.wecom.bot.id", "缺少"]),
        ({"bot": {"id": "aib", "aes_key": "hush-hush"}}, ["platforms.wecom.bot.aes_key", "43"]),
        ({"bot": {"id": "aib", "token": "hush-hush"}}, ["platforms.wecom.bot", "aes_key"]),
        ({"media_hosts": "hush-hush"}, ["platforms.wecom.media_hosts"]),
        ({"timeout_s": 0}, ["platforms.wecom.timeout_s", "大于 0"]),
        ({"ca_file": "/nowhere.pem"}, ["platforms.wecom.ca_file"]),
    ],
)
def test_wrong_setting_is_named_without_its_value(settings: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        adapter(settings, [])

    assert all(word in str(caught.value) for word in words)
    assert "hush" not in repr(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            {"webhook": "https://evil.example/cgi-bin/webhook/send?key=hush"},
            ["groups.g.webhook", "qyapi.weixin.qq.com"],
        ),
        ({"webhook": "https://qyapi.weixin.qq.com:8443/?key=hush"}, ["groups.g.webhook"]),
        ({"webhook": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, ["groups.g.webhook", "key="]),
        ({"webhok": "hush"}, ["groups.g.webhok", "不认识"]),
    ],
)
def test_wrong_group_key_is_named_without_its_value(keys: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        adapter({}, [GroupConfig("g", "群", keys)])

    assert all(word in str(caught.value) for word in words)
    assert "hush" not in str(caught.value)


def test_webhook_may_be_an_address_or_its_key() -> None:
    both = [GroupConfig("a", "甲", {"webhook": ADDRESS}), GroupConfig("b", "乙", {"webhook": "hush-hush"})]
    wecom = adapter({}, both)
    routes = [wecom.parts(parcel(say("早"), to=group), NOW)[0].routes[0] for group in "ab"]

    assert routes[0].bucket == routes[1].bucket
    assert "hush" not in repr(routes)


def test_two_groups_cannot_have_one_chat() -> None:
    twice = [GroupConfig(group, group, {"bot_chatid": "wrk1"}) for group in "ab"]

    with pytest.raises(ConfigError, match="bot_chatid"):
        adapter({}, twice)


def test_chat_of_the_smart_bot_is_known_by_its_group() -> None:
    wecom = adapter({}, [GroupConfig("a", "甲", {"bot_chatid": "wrk1"})])

    assert (wecom.group_of_chat("wrk1"), wecom.group_of_chat("")) == ("a", None)


@pytest.mark.parametrize(("kind", "word"), [("group", "webhook"), ("private", r"platforms\.wecom\.app")])
def test_missing_channel_names_the_setting(kind: str, word: str) -> None:
    with pytest.raises(NoRoute, match=word):
        adapter({}, [GroupConfig("office", "群", {})]).parts(parcel(say("早"), kind), NOW)


@pytest.mark.parametrize("userid", ["@all", "all", "a|b", "", "陈静"])
def test_target_that_is_not_one_person_is_refused(userid: str) -> None:
    wecom = adapter({"corp_id": "w", "app": APP}, [])

    with pytest.raises(NoRoute, match="账号"):
        wecom.parts(parcel(say("早"), "private", userid), NOW)
