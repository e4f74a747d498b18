"""`doctor` finds what an operator can have set wrong, and says where to click."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.platforms.base import Finding, GroupConfig
from bot.platforms.wecom import adapter
from tests.doubles.wecom_bot import SmartBotDouble
from tests.platforms.wecom.conftest import KEY, settings_for

Change = Callable[[SmartBotDouble, dict[str, Any], dict[str, Any]], None]


def _set(*path: str, value: Any) -> Change:
    def change(double: SmartBotDouble, settings: dict[str, Any], keys: dict[str, Any]) -> None:
        found: Any = settings
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = value

    return change


def _group(**changed: Any) -> Change:
    def change(double: SmartBotDouble, settings: dict[str, Any], keys: dict[str, Any]) -> None:
        keys.clear()
        keys.update(changed)

    return change


def _untrusted(double: SmartBotDouble, settings: dict[str, Any], keys: dict[str, Any]) -> None:
    double.trusted_ip = False


def _closed(double: SmartBotDouble, settings: dict[str, Any], keys: dict[str, Any]) -> None:
    double.app_closed = True


def _refusing(channel: str, code: int) -> Change:
    def change(double: SmartBotDouble, settings: dict[str, Any], keys: dict[str, Any]) -> None:
        double.fail_next(channel=channel, errcode=code)

    return change


def _mute(double: SmartBotDouble, settings: dict[str, Any], keys: dict[str, Any]) -> None:
    settings["app"] = {name: settings["app"][name] for name in ("agent_id", "secret")}


# fault → what is changed, and a word of the finding and of its fix
FAULTS: dict[str, tuple[Change, str, str]] = {
    "wrong secret": (_set("app", "secret", value="wrong"), "Secret", "platforms.wecom.app.secret"),
    "wrong company": (_set("corp_id", value="wwother"), "企业ID", "platforms.wecom.corp_id"),
    "secret without rights": (_refusing("gettoken", 40091), "Secret", "platforms.wecom.app.secret"),
    "untrusted ip": (_untrusted, "可信IP", "203.0.113.7"),
    "wrong agent id": (_set("app", "agent_id", value=7), "AgentId", "platforms.wecom.app.agent_id"),
    "app switched off": (_closed, "停用", "重新启用"),
    "app without right": (_refusing("getcallbackip", 48002), "权限", "可见范围"),
    "app that hears nothing": (_mute, "收消息", "设置API接收"),
    "app's api away": (_set("api_base", value="http://127.0.0.1:1"), "没有得到", "proxy"),
    "proxy away": (_set("proxy", value="http://127.0.0.1:1"), "代理", "platforms.wecom.proxy"),
    "robot removed": (_group(webhook="removed", bot_chatid="wrk1"), "消息推送", "重新添加"),
    "group without a channel": (_group(), "没有发送通道", "webhook"),
    "group not paired": (_group(webhook=KEY), "配对", "发：配对 "),
    "socket away": (_set("ws_url", value="ws://127.0.0.1:1/ws"), "长连接", "防火墙"),
    "bot without any way": (_set("bot", value={"id": "aib1"}), "智能机器人", "platforms.wecom.bot.secret"),
    "nothing configured": (lambda double, settings, keys: settings.clear(), "一个通道也没有", "[[groups]]"),
}


async def look(double: SmartBotDouble, change: Change | None = None) -> Sequence[Finding]:
    settings = settings_for(double) | {
        "ws_url": double.ws_url,
        "bot": {"id": double.bot_id, "secret": double.bot_secret},
    }
    keys: dict[str, Any] = {"webhook": KEY, "bot_chatid": "wrk1"}
    if change:
        change(double, settings, keys)
    one = adapter(settings, [GroupConfig("office", "月报群", keys)] if settings else [])
    with capture_logs():
        found = await one.probes()
    await one.close()
    return found


async def test_what_is_set_right_is_found_right(talk: SmartBotDouble) -> None:
    found = await look(talk)

    assert [finding for finding in found if not finding.ok] == []
    assert "智能机器人推送 → 群消息推送" in found[-1].said


async def test_nothing_is_posted_and_the_running_bot_is_left_alone(talk: SmartBotDouble) -> None:
    await look(talk)

    assert (talk.sent, talk.arrived, talk.subscribed_at) == ([], [], [])


@pytest.mark.parametrize("fault", FAULTS)
async def test_fault_is_found_with_its_fix(talk: SmartBotDouble, fault: str) -> None:
    change, seen, fix = FAULTS[fault]

    wrong = [finding for finding in await look(talk, change) if not finding.ok]
    assert any(seen in f"{one.name}{one.said}" and fix in one.fix for one in wrong), wrong
    assert "wrong" not in repr(wrong)
    assert talk.secret not in repr(wrong)
