import pytest

from bot.errors import ConfigError
from bot.platforms.base import GroupConfig
from bot.platforms.dingtalk import DingTalk, adapter
from bot.platforms.dingtalk.settings import Settings, read_settings
from tests.platforms.dingtalk.conftest import SECRET, TOKEN


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"app_keys": "x"}, "platforms.dingtalk.app_keys：没有这个键"),
        ({"oapi_base": "oapi.dingtalk.com"}, "platforms.dingtalk.oapi_base：应为 http"),
        ({"app_key": 5}, "platforms.dingtalk.app_key：应为文字"),
        ({"timeout_s": "soon"}, "platforms.dingtalk.timeout_s：应为数字"),
        ({"timeout_s": 0}, "platforms.dingtalk.timeout_s：应大于 0"),
        ({"mode": "push"}, "platforms.dingtalk.mode：应为"),
        ({"stream": "soon"}, "platforms.dingtalk.stream：应为 true"),
        ({"monthly_calls": 0}, "platforms.dingtalk.monthly_calls：应不小于 1"),
        ({"card_callback_url": "bot.example"}, "platforms.dingtalk.card_callback_url：应为外网"),
        ({"session_hosts": "a.example"}, "platforms.dingtalk.session_hosts：应为列表"),
        ({"event_aes_key": "short"}, "platforms.dingtalk.event_aes_key：应为 43 位"),
        ({"event_token": "t"}, "platforms.dingtalk.event_token 和 event_aes_key"),
        ({"app_key": "ding1"}, "platforms.dingtalk.app_secret 没有写"),
        ({"ca_file": "/nowhere.pem"}, "platforms.dingtalk.ca_file：读不出证书"),
        ({"proxy": "proxy:8080"}, "platforms.dingtalk.proxy：应为 http"),
    ],
)
def test_bad_setting_is_named(keys, named):
    with pytest.raises(ConfigError) as caught:
        read_settings(keys)

    assert str(caught.value).startswith(named)


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"webhok": "x"}, "groups[g].webhok：没有这个键"),
        ({"webhook": "https://a.example/robot/send"}, "groups[g].webhook：应为机器人的完整地址"),
        ({"webhook": "bad token"}, "groups[g].webhook：应为机器人的完整地址"),
        ({"secret": "SEC1"}, "groups[g].webhook 没有写"),
    ],
)
def test_bad_group_key_is_named(keys, named):
    with pytest.raises(ConfigError) as caught:
        adapter({}, [GroupConfig("g", "群", keys)])

    assert str(caught.value).startswith(named)


def test_conversation_of_two_groups_is_an_error():
    keys = {"conversation_id": "cid1"}

    with pytest.raises(ConfigError, match="conversation_id"):
        adapter({}, [GroupConfig("a", "甲", keys), GroupConfig("b", "乙", keys)])


def test_error_does_not_repeat_the_secret():
    with pytest.raises(ConfigError) as caught:
        adapter({}, [GroupConfig("g", "群", {"webhook": f"{TOKEN} {SECRET}"})])

    assert SECRET not in repr(caught.value) + repr(caught.value.__cause__)


def test_settings_do_not_print_secrets():
    settings = Settings(app_key="ding1", app_secret="hush-hush", proxy="http://user:hush-hush@proxy:1")

    assert "hush-hush" not in repr(settings) + str(settings.model_dump())


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://oapi.dingtalk.com/robot/sendBySession?session=1", True),
        ("https://more.example:8443/robot/sendBySession?session=1", True),
        ("http://oapi.dingtalk.com/robot/sendBySession?session=1", False),
        ("https://oapi.dingtalk.com:22/robot/sendBySession", False),
        ("https://oapi.dingtalk.com@evil.example/robot", False),
        ("https://oapi.dingtalk.com.evil.example/robot", False),
        ("https://user@oapi.dingtalk.com/robot", False),
        ("http://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_session_webhook_host_must_be_ours(address, allowed):
    assert Settings(session_hosts=["more.example:8443"]).session_allowed(address) is allowed


def test_hosts_are_all_that_can_be_called():
    keys = {"webhook": "http://127.0.0.2:1/robot/send?access_token=t"}
    made = adapter(
        {"oapi_base": "http://127.0.0.1:1", "api_base": "http://localhost:1"}, [GroupConfig("g", "群", keys)]
    )

    assert isinstance(made, DingTalk)
    assert made.hosts == {"127.0.0.1", "localhost", "127.0.0.2"}


def test_no_settings_are_enough_to_start():
    assert adapter({}, []).name == "dingtalk"
