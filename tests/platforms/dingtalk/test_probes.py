"""`doctor` on DingTalk: each seeded fault is found, and the fix names where to click; nothing is sent to anybody."""

from datetime import timedelta

import pytest

from bot.clock import wall_now
from bot.platforms.base import GroupConfig
from bot.platforms.dingtalk import adapter, probes
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import CONVERSATION, PAYLOADS, SECRET, TOKEN

ERRORS = PAYLOADS["errors"]
GROUPS = [GroupConfig("villages", "各村月报群", {"webhook": TOKEN, "secret": SECRET, "conversation_id": CONVERSATION})]
TEMPLATE = "00000000-0000-4000-8000-00000000c001.schema"


def refused(name):
    return Fault(ERRORS[name]["status"], ERRORS[name]["body"])


def hook(code, said):
    return Fault(200, {"errcode": code, "errmsg": said})


def api(code, status=400, **more):
    return Fault(status, {"code": code, "message": "?", **more})


async def look(double, ears, keys=None, groups=None):
    bot = adapter(double.settings(card_template_id=TEMPLATE, **(keys or {})), GROUPS if groups is None else groups)
    bot._budget.host = ears.host()
    found = await bot.probes()
    await bot.close()
    return found


async def test_nothing_is_wrong_and_nothing_is_sent(double, ears):
    found = await look(double, ears)

    assert [finding for finding in found if not finding.ok] == []
    assert double.messages == []
    assert [finding.name.removeprefix("钉钉：") for finding in found] == [
        "网络和时钟",
        "应用凭证",
        "机器人私聊",
        "Stream",
        "通讯录",
        "互动卡片",
        "群“各村月报群”的 webhook",
        "群“各村月报群”里的企业机器人",
        "接口调用次数",
        "Webhook 和 Stream 消息数",
    ]


# Each seeded fault: (channel of the double, its answer, the probe that finds it, what its fix or finding names).
SEEDED = {
    "wrong secret": ("token", refused("api_bad_credentials"), "应用凭证", "凭证与基础信息"),
    "address not in the app's white list": ("token", refused("api_ip_not_whitelisted"), "应用凭证", "服务器出口 IP"),
    "address banned": ("token", refused("ip_ban_5_minutes"), "应用凭证", "过几分钟"),
    "no permission to send": ("private", refused("api_missing_scope"), "机器人私聊", "权限管理"),
    "wrong robot code": ("private", api("invalidParameter.robotCode.notExsit"), "机器人私聊", "robot_code"),
    "robot not for private talk": ("private", api("chatbotId.notAllow.sendOTO"), "机器人私聊", "启用并发布"),
    "robot not published": ("private", api("robot.oto.notExist"), "机器人私聊", "启用并发布"),
    "robot stopped": ("private", api("bot.stopped"), "机器人私聊", "启用"),
    "month of calls is over": ("private", refused("api_monthly_quota"), "机器人私聊", "资源用量"),
    "no permission for the address book": ("book", hook(60011, "no privilege"), "通讯录", "权限管理"),
    "department out of reach": ("book", hook(50004, "out of scope"), "通讯录", "权限管理"),
    "no such card template": ("card", api("param.templateNotExist"), "互动卡片", "模板已发布"),
    "no permission for cards": (
        "card",
        api("Forbidden.AccessDenied.AccessTokenPermissionDenied", 403),
        "互动卡片",
        "权限管理",
    ),
    "no such webhook": ("webhook", hook(400101, "access_token不存在"), "webhook", "复制 Webhook"),
    "webhook's session is gone": ("webhook", hook(300005, "token is not exist"), "webhook", "复制 Webhook"),
    "wrong sign": ("webhook", hook(310000, "sign not match"), "webhook", "安全设置"),
    "keywords instead of sign": ("webhook", hook(310000, "keywords not in content"), "webhook", "加签"),
    "address not in the robot's white list": (
        "webhook",
        hook(310000, "ip 203.0.113.5 not in whitelist"),
        "webhook",
        "安全设置",
    ),
    "clock an hour off": ("webhook", hook(310000, "invalid timestamp"), "webhook", "校准时钟"),
    "webhook stopped": ("webhook", hook(400102, "机器人已停用"), "webhook", "启用"),
    "webhook's robot left the group": ("webhook", hook(400106, "?"), "webhook", "重新添加"),
    "group disbanded": ("webhook", hook(400013, "群已被解散"), "webhook", "换成新群"),
    "month of messages is over": ("webhook", hook(90030, "webhook over limit"), "webhook", "资源用量"),
    "webhook throttled": ("webhook", hook(130101, "send too fast"), "webhook", "过几分钟"),
    "robot not in the group": ("robots", Fault(200, {"chatbotInstanceVOList": []}), "企业机器人", "添加机器人"),
    "wrong conversation id": ("robots", api("invalid.openConversationId"), "企业机器人", "conversation_id"),
}


@pytest.mark.parametrize("fault", SEEDED)
async def test_seeded_fault_is_found_with_its_fix(fault, double, ears):
    channel, answer, probe, named = SEEDED[fault]
    double.fail(channel, answer)
    found = [finding for finding in await look(double, ears) if not finding.ok]

    assert len(found) == 1
    assert probe in found[0].name
    assert named in found[0].fix + found[0].said
    assert found[0].fix


async def test_gateway_that_refuses_is_found(double, ears):
    double.stream.faults.append((403, ERRORS["api_missing_scope"]["body"]))
    (found,) = [finding for finding in await look(double, ears) if not finding.ok]

    assert (found.name, "权限管理" in found.fix) == ("钉钉：Stream", True)


async def test_no_way_to_the_network_is_found(double, ears):
    found = await look(double, ears, {"api_base": "http://127.0.0.1:9"})

    assert not found[0].ok
    assert "proxy" in found[0].fix


@pytest.mark.parametrize("minutes", [-90, 10])
async def test_clock_that_is_off_is_found(minutes, double, ears, monkeypatch):
    monkeypatch.setattr(probes, "wall_now", lambda: wall_now() + timedelta(minutes=minutes))
    found = (await look(double, ears, groups=[]))[1]

    assert (found.ok, f"{abs(minutes)} 分钟" in found.said, "校时" in found.fix) == (False, True, True)


async def test_quota_that_runs_out_is_found(double, ears):
    for _ in range(8):
        await ears.host().spend("dingtalk", "calls", "private")
    found = [finding for finding in await look(double, ears, {"monthly_calls": 10}) if not finding.ok]

    assert ["资源用量" in finding.fix for finding in found] == [True]
    assert "额度 10" in found[0].said


async def test_group_without_a_channel_is_found(double, ears):
    found = [one for one in await look(double, ears, groups=[GroupConfig("g", "新群", {})]) if not one.ok]

    assert [("新群" in one.name, "添加机器人" in one.fix) for one in found] == [(True, True)]


async def test_no_group_is_found(double, ears):
    found = await look(double, ears, groups=[])

    assert (found[0].ok, "[[groups]]" in found[0].fix) == (False, True)


async def test_a_group_robot_alone_needs_no_app(double, ears):
    bot = adapter({"oapi_base": double.base_url}, [GroupConfig("g", "群", {"webhook": TOKEN, "secret": SECRET})])
    bot._budget.host = ears.host()
    found = await bot.probes()
    await bot.close()

    assert [finding.ok for finding in found] == [True] * 4
    assert "只能往群里发" in found[0].said
