"""What WeCom's error codes mean for a send (doc 90313): wait, another channel, or tell the office where to click."""

import re
from dataclasses import dataclass

from bot.platforms.base import ChannelGone, Permanent, RetryLater, SendError

# The token is missing, invalid or expired: WeCom may end it early, so fetch it anew and repeat once (doc 91039).
TOKEN_CODES = frozenset({40014, 41001, 42001})

# gettoken refuses the credentials: asking again changes nothing, and a busy caller is blocked (doc 91039).
CREDENTIAL_CODES = frozenset({40001, 40013, 40091, 41002, 41004, 48006})

LIMIT_S = 60.0  # a limit by the minute blocks for a minute (doc 90312)
CALLER_IP = re.compile(r"from ip: ([0-9A-Fa-f.:]+)", re.ASCII)


@dataclass(frozen=True)
class Later:
    """Try again; `after_s` None leaves it to the back-off."""

    text: str
    after_s: float | None = None
    whole_bucket: bool = False

    def error(self, code: str) -> SendError:
        return RetryLater(code, self.text, self.after_s, whole_bucket=self.whole_bucket)


@dataclass(frozen=True)
class Gone:
    """The group's channel is broken; another may do. The text carries the advice: ChannelGone has no place for it."""

    text: str

    def error(self, code: str) -> SendError:
        return ChannelGone(code, self.text)


@dataclass(frozen=True)
class Never:
    """Will not succeed before somebody changes something."""

    text: str
    advice: str = ""

    def error(self, code: str) -> SendError:
        return Permanent(code, self.text, self.advice)


NEW_WEBHOOK = "请在群设置“消息推送”里重新添加，把新的 Webhook 地址填入该群的 webhook"
APP_PAGE = "管理后台 → 应用管理 → 自建 → 该应用"
SECRET = Never("应用的 Secret 不对", f"请到{APP_PAGE}重新查看 Secret，填入 platforms.wecom.app.secret 后重启")
NO_RIGHT = Never("应用没有调用这个接口的权限", f"请到{APP_PAGE}检查可见范围和接口权限")
NOT_REACHABLE = Never(
    "收不到：此人不在企业通讯录或应用的可见范围内", f"请核对此人的账号，或到{APP_PAGE} → 可见范围把此人加进去"
)
TOO_LONG = Never("消息内容超出企业微信的长度或格式限制", "这是程序的问题，请把时间和错误码告诉维护者")
EMPTY = Never("消息内容为空", "这是程序的问题，请把时间和错误码告诉维护者")

MEANINGS: dict[int, Later | Gone | Never] = {
    -1: Later("企业微信系统繁忙"),
    45009: Later("发送过于频繁", LIMIT_S, whole_bucket=True),
    45033: Later("同时调用过多", LIMIT_S, whole_bucket=True),
    40014: Later("新取得的 access_token 仍被拒绝"),
    41001: Later("缺少 access_token"),
    42001: Later("新取得的 access_token 已过期"),
    40001: SECRET,
    40091: SECRET,
    41004: SECRET,
    40013: Never("企业ID 不对", "请到管理后台 → 我的企业 → 企业信息复制企业ID，填入 platforms.wecom.corp_id 后重启"),
    41002: Never("缺少企业ID", "请填写 platforms.wecom.corp_id 后重启"),
    40056: Never("应用的 AgentId 不对", f"请到{APP_PAGE}复制 AgentId，填入 platforms.wecom.app.agent_id 后重启"),
    43012: Never("应用没有设置回调地址", f"请到{APP_PAGE} → 接收消息 → 设置API接收填写回调地址"),
    48001: NO_RIGHT,
    48002: NO_RIGHT,
    48006: NO_RIGHT,
    48009: NO_RIGHT,
    301002: NO_RIGHT,
    50003: Never("应用已停用", f"请到{APP_PAGE}重新启用"),
    301042: Never("应用被限制调用", f"请到{APP_PAGE}查看限制的原因"),
    60020: Never("本机的公网 IP 不在企业可信IP 内", f"请到{APP_PAGE} → 企业可信IP，加入本机的公网 IP"),
    40003: NOT_REACHABLE,
    40031: NOT_REACHABLE,
    60011: NOT_REACHABLE,
    60111: NOT_REACHABLE,
    81013: NOT_REACHABLE,
    82001: NOT_REACHABLE,
    82002: NOT_REACHABLE,
    82003: NOT_REACHABLE,
    82004: NOT_REACHABLE,
    40007: TOO_LONG,
    40008: TOO_LONG,
    40032: TOO_LONG,
    40058: TOO_LONG,
    40063: EMPTY,
    44004: EMPTY,
    45001: TOO_LONG,
    45002: TOO_LONG,
    42052: Never("消息发出已超过 24 小时，不能再撤回", "过了 24 小时的消息只能由发的人在群里说明"),
    45003: TOO_LONG,
    60140: Never("卡片已经更新过，或超过 72 小时", "不用处理：下一张卡片会照常"),
    86001: Gone("应用群的编号不对：请核对该群的 appchat_id"),
    86003: Gone("应用群不存在：请核对该群的 appchat_id"),
    86008: Gone("应用群不是这个应用建的，发不进去：请删去该群的 appchat_id"),
    86216: Gone("应用群已解散：请删去该群的 appchat_id"),
    90308: Gone("应用不能往这个群发：应用的可见范围应当是全公司"),
    93000: Gone(f"群机器人的 key 无效，或机器人已被移出群：{NEW_WEBHOOK}"),
    93001: Gone("这个群不允许消息推送：请在群设置里允许，或换一个群"),
    93004: Gone("群机器人已被停用：请在群设置“消息推送”里重新启用"),
    93006: Gone(f"群的编号不对：{NEW_WEBHOOK}"),
    93008: Gone(f"群机器人不在群里：{NEW_WEBHOOK}"),
    93017: EMPTY,
    93018: TOO_LONG,
    93019: Gone(f"群机器人的编号不对：{NEW_WEBHOOK}"),
}

# What a richer form may be refused for while a plainer one is taken: a card without a callback address, a faulty field
# of it (42014 to 42051), a table.
FORM_CODES = frozenset({40008, 40058, 40063, 43012, 45002, *range(42014, 42052)})

# The smart bot (dossier 4.7). What is not here ends the channel for this message: the next rung is tried.
BOT_MEANINGS: dict[int, Later] = {
    -1: MEANINGS[-1],  # type: ignore[dict-item]
    45009: MEANINGS[45009],  # type: ignore[dict-item]
    45033: MEANINGS[45033],  # type: ignore[dict-item]
    846609: Later("长连接刚刚断开，正在重连", 3.0),
}
BOT_CREDENTIALS = 853000
BOT_NOT_SUBSCRIBED = 846609
BOT_NOT_IN_GROUPS = 600039


def bot_error_of(errcode: int) -> SendError:
    """Return the error for an answer to the smart bot's words."""
    later = BOT_MEANINGS.get(errcode)
    if later:
        return later.error(str(errcode))
    return ChannelGone(str(errcode), f"智能机器人没能发出（{errcode}）：请有人先在这个会话里 @ 它说句话")


def error_of(errcode: int, errmsg: str = "") -> SendError:
    """Return the error for an answer; `errmsg` is never shown, only the caller's IP is taken from it for 60020."""
    meaning = MEANINGS.get(errcode) or Never("企业微信拒绝了这条消息", f"请在企业微信的错误码页面查询 {errcode} 的含义")
    ip = CALLER_IP.search(errmsg)
    if errcode == 60020 and isinstance(meaning, Never) and ip:
        # WeCom says which address it saw: exactly the value to enter.
        meaning = Never(meaning.text, f"{meaning.advice}：{ip.group(1)}")
    return meaning.error(str(errcode))


def unanswered(failure: str) -> SendError:
    """Return the error for a call without a usable answer; `failure` is a kind (`http502`, `ClientOSError`)."""
    if "Proxy" in failure:
        return RetryLater(failure, "代理连不上：请检查 platforms.wecom.proxy")
    if "Certificate" in failure or "SSL" in failure:
        return RetryLater(failure, "对方的证书不被信任：请检查 platforms.wecom.ca_file")
    return RetryLater(failure, "没有得到企业微信的回答", LIMIT_S if failure == "http429" else None)


def unreachable(person_state: str) -> SendError:
    """Return the error for a person named in `invaliduser` or `unlicenseduser` although the errcode is 0."""
    if person_state == "unlicenseduser":
        return Permanent(
            person_state, "收不到：此人的账号没有接口许可", "请到管理后台 → 应用管理 → 接口许可给此人激活账号"
        )
    return NOT_REACHABLE.error(person_state)
