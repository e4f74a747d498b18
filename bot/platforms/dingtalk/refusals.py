"""What DingTalk's errors mean for a message: send later, by another channel, never, or with a new token.

Codes for one condition differ between pages and what is seen (dossier 1.7, 4.3, 4.13), so a refusal is told by its
code, else by its beginning, else by words of its text.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from bot.platforms.base import ChannelGone, Permanent, RetryLater, SendError

Meaning = Literal["later", "gone", "never", "token", "unknown"]

PENALTY_S = 600.0  # a throttled webhook stays so for ten minutes (slug custom-robots-send-group-messages)
BAN_S = 300.0  # a banned address must not call anything for five (slug call-frequency-limit)
CONSOLE = "开发者后台（open-dev.dingtalk.com）"
ROBOT_SETTINGS = "群设置 → 机器人"


@dataclass(frozen=True)
class Answer:
    """What came back: HTTP status and the JSON object, None when it was none; `date` is the platform's time."""

    status: int
    data: dict[str, Any] | None
    date: str = ""


@dataclass(frozen=True)
class Refusal:
    """What an error means, and what the operator is told."""

    meaning: Meaning
    text: str
    after_s: float | None = None
    whole_bucket: bool = False


BUSY = Refusal("later", "钉钉繁忙")
FAST_WEBHOOK = Refusal("later", "群机器人发得太快，被限流 10 分钟", PENALTY_S, whole_bucket=True)
FAST_ROBOT = Refusal("later", "机器人发得太快", 60.0, whole_bucket=True)
SECOND = Refusal("later", "接口调用太快", 1.0, whole_bucket=True)
BANNED = Refusal("later", "本机 IP 被钉钉临时封禁，5 分钟后再试", BAN_S, whole_bucket=True)
TOKEN = Refusal("token", "access_token 失效")
NO_WEBHOOK = Refusal(
    "gone", f"群机器人的 access_token 不存在：请从{ROBOT_SETTINGS}复制 Webhook 地址，填入该群的 webhook"
)
NO_SESSION = Refusal("gone", "会话地址已失效，请对方再 @ 一次机器人")
DISABLED = Refusal("gone", f"群机器人已停用：请在{ROBOT_SETTINGS}里启用它")
REMOVED = Refusal("gone", f"群机器人已不在群里：请在{ROBOT_SETTINGS}里重新添加，并更新该群的 webhook")
DISBANDED = Refusal("gone", "群已解散：请在配置里删掉该群或换成新群的 webhook")
WEBHOOK_QUOTA = Refusal("gone", f"本月 Webhook 额度已用完：请在{CONSOLE}的“资源用量”购买或等下月，期间不会再发")
API_QUOTA = Refusal("gone", f"本组织本月 API 调用额度已用完：请在{CONSOLE}的“资源用量”购买或等下月")
TOO_LONG = Refusal("never", "消息超过钉钉的长度上限：请缩短内容")
UNSAFE = Refusal("never", "内容被钉钉的安全检查拒绝：请修改其中的链接或措辞后重发")
KEYWORD = Refusal("never", f"群机器人设了关键词而消息里没有：请在{ROBOT_SETTINGS} → 安全设置里改用“加签”")
SIGN = Refusal("never", f"群机器人加签不符：请从{ROBOT_SETTINGS} → 安全设置重新复制 SEC 开头的密钥，填入该群的 secret")
CLOCK = Refusal("never", "时间戳无效：本机时钟与钉钉相差超过 1 小时，请校准时钟（NTP）")
ROBOT_IP = Refusal("never", f"本机出口 IP 不在群机器人的白名单：请在{ROBOT_SETTINGS} → 安全设置里加上")
APP_IP = Refusal("never", f"本机出口 IP 不在应用的白名单：请在{CONSOLE} → 应用 → 安全设置 → 服务器出口 IP 里加上")
SCOPE = Refusal("never", f"应用没有所需的权限：请在{CONSOLE} → 应用 → 权限管理里开通")
NO_PERSON = Refusal("never", "钉钉里没有这个人（userid 不存在、已离职或不在机器人可见范围）：请核对名册")
NO_PRIVATE = Refusal("never", f"机器人不能单聊：请在{CONSOLE} → 应用 → 机器人里启用并发布")
ROBOT_CODE = Refusal("never", f"robot_code 不对：请从{CONSOLE} → 应用 → 机器人复制，填入 platforms.dingtalk.robot_code")
OURS = Refusal("never", "钉钉不认这种消息格式；这是程序的缺陷，请带上错误码反馈")
CREDENTIALS = Refusal("never", f"app_key 或 app_secret 不对：请从{CONSOLE} → 凭证与基础信息重新复制")
NO_GROUP = Refusal(
    "gone", "机器人不在这个群里，或 conversation_id 不对：请把企业机器人加进群，再核对该群的 conversation_id"
)
MUTED = Refusal("gone", "机器人在群里被禁言：请群主在群设置里解除")
NO_CARD = Refusal(
    "gone", f"卡片发不出去：请在{CONSOLE} → 卡片平台核对模板已发布，card_template_id 一致，并开通 Card.Instance.Write"
)
TOO_OLD = Refusal("never", "超过 24 小时，钉钉不让撤回了")
NO_FILE = Refusal("never", "文件的下载码过期了，请对方重新发一次")
UNKNOWN = Refusal("unknown", "钉钉返回了没见过的错误")

CODES = {
    **dict.fromkeys(("-1", "system.error", "ServiceUnavailable"), BUSY),
    **dict.fromkeys(("130101", "410100", "660026"), FAST_WEBHOOK),
    **dict.fromkeys(("send.too.fast", "send.byToken.tooFast", "too.many.people", "too.many.group"), FAST_ROBOT),
    **dict.fromkeys(("90018", "90002"), SECOND),
    "1111": BANNED,
    **dict.fromkeys(("InvalidAuthentication", "40001", "40014", "42001", "33001"), TOKEN),
    **dict.fromkeys(("400101", "300005"), NO_WEBHOOK),
    "300001": NO_SESSION,
    **dict.fromkeys(("400102", "bot.stopped"), DISABLED),
    "400106": REMOVED,
    **dict.fromkeys(("400013", "group.disbanded"), DISBANDED),
    "90030": WEBHOOK_QUOTA,
    **dict.fromkeys(("90020", "Forbidden.AccessDenied.ApiCountLimitForOrg"), API_QUOTA),
    **dict.fromkeys(("460101", "101002", "invalidParameter.msgParam.tooLong"), TOO_LONG),
    **dict.fromkeys(("430101", "430102", "430103", "430104", "contain.unsafe.url"), UNSAFE),
    **dict.fromkeys(("60020", "ip.not.match", "Forbidden.AccessDenied.IpNotInWhiteList"), APP_IP),
    **dict.fromkeys(("60011", "Forbidden.AccessDenied.AccessTokenPermissionDenied"), SCOPE),
    **dict.fromkeys(("staffId.notExisted", "60121"), NO_PERSON),
    **dict.fromkeys(("chatbotId.notAllow.sendOTO", "robot.oto.notExist"), NO_PRIVATE),
    "invalidParameter.robotCode.notExsit": ROBOT_CODE,
    **dict.fromkeys(("40035", "43002", "43004", "400105"), OURS),
    **dict.fromkeys(("invalidClientIdOrSecret", "40096", "invalid.client", "authFailed"), CREDENTIALS),
    **dict.fromkeys(("unauthorized.client", "unsupported.grant.type"), CREDENTIALS),
    **dict.fromkeys(("processQueryKey.expireTime", "robot.processQueryKey.expired"), TOO_OLD),
    "invalidParameter.robotCode.downloadCode": NO_FILE,
    **dict.fromkeys(("invalid.openConversationId", "conversation.org.notMatch", "resource.unavailable"), NO_GROUP),
    **dict.fromkeys(("bot.forbidden.sendMessage",), MUTED),
    **dict.fromkeys(("unauthorized", "auth.error"), SCOPE),
    "unknown.send.result": BUSY,
    "template.stopped": NO_CARD,
    "50004": SCOPE,
}
# Throttling of the new API is a 403, not a 429 (slug how-to-process-api-throttling-…).
BEGINNINGS = (
    ("Forbidden.AccessDenied.Qpm", FAST_ROBOT),
    ("Forbidden.AccessDenied.Q", SECOND),
    ("contain.notAllowed.", UNSAFE),
    ("param.card", NO_CARD),
    ("param.template", NO_CARD),
    ("invalidParameter.", OURS),
)
WORDS = (
    ("keywords not in content", KEYWORD),
    ("sign not match", SIGN),
    ("invalid timestamp", CLOCK),
    ("not in whitelist", ROBOT_IP),
    ("too long", TOO_LONG),
    ("too fast", FAST_WEBHOOK),
    ("too many messages", FAST_WEBHOOK),
    ("限流", FAST_WEBHOOK),
    ("over limit", WEBHOOK_QUOTA),
    ("session 不存在", NO_SESSION),
    ("token is not exist", NO_WEBHOOK),
    ("不合法的access_token", TOKEN),
    ("access_token不存在", NO_WEBHOOK),
    ("解散", DISBANDED),
    ("停用", DISABLED),
    ("繁忙", BUSY),
    ("不安全", UNSAFE),
)


def code_of(answer: Answer) -> str:
    """Return the error's code, fit for the log; '' means success. The HTTP status of a failure is often 200."""
    return re.sub(r"[^\w.\-]", "", _code(answer))[:60]


def _code(answer: Answer) -> str:
    data = answer.data
    if data is None:
        return f"http_{answer.status}"
    if "errcode" in data:  # a number in the table of the page, a string in its sample
        code = str(data["errcode"])
        code = str(data.get("sub_code") or code) if code == "88" else code
        return "" if code == "0" else code
    if "punish" in data:
        return "1111"
    if answer.status >= 300 or "code" in data:
        return str(data.get("code") or f"http_{answer.status}")
    return ""


def counts(answer: Answer) -> bool:
    """Return whether a call is charged to the month: not what throttling refused (slug …-billing-model)."""
    refusal = meaning_of(answer)
    return refusal is None or refusal.meaning not in ("later", "token")


def meaning_of(answer: Answer) -> Refusal | None:
    """Return what an answer means, None for success."""
    code = code_of(answer)
    if not code:
        return None
    data = answer.data or {}
    said = f"{data.get('errmsg', '')}{data.get('message', '')}"
    by_beginning = (refusal for beginning, refusal in BEGINNINGS if code.startswith(beginning))
    by_word = (refusal for word, refusal in WORDS if word in said)
    return CODES.get(code) or next(by_beginning, None) or next(by_word, None) or _by_status(answer)


def to_error(refusal: Refusal, answer: Answer) -> SendError:
    """Make the exception. It holds our own words, never the platform's: those may repeat an address or a text."""
    code, text = code_of(answer), refusal.text + _detail(answer)
    if refusal.meaning == "later":
        return RetryLater(code, text, refusal.after_s, whole_bucket=refusal.whole_bucket)
    if refusal.meaning == "gone":
        return ChannelGone(code, text)
    if refusal.meaning == "token":
        # It was renewed just now and is refused again; the next try renews it anew.
        return RetryLater(code, text, BAN_S)
    return Permanent(code, text, text)


def _by_status(answer: Answer) -> Refusal:
    if answer.status >= 500:
        return BUSY
    if answer.status == 429:
        return FAST_ROBOT
    if answer.data is None and answer.status == 200:
        return BANNED  # the ban may be an HTML page
    return UNKNOWN


def _detail(answer: Answer) -> str:
    """Return the missing permission or the address to be allowed: facts the operator types in."""
    data = answer.data or {}
    denied = data.get("accessdenieddetail")
    scopes = denied.get("requiredScopes") if isinstance(denied, dict) else None
    if isinstance(scopes, list):
        return f"（{'、'.join(re.sub(r'[^A-Za-z0-9_.]', '', str(scope))[:60] for scope in scopes[:5])}）"
    address = re.search(r"\bip (\d{1,3}(?:\.\d{1,3}){3})\b", str(data.get("errmsg", "")))
    return f"（{address[1]}）" if address else ""
