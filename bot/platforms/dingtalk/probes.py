"""What `doctor` looks at: everything an operator can have set wrong, without a message to anybody.

A webhook is asked with a type of message that is none: token and signature are judged before it. The robot writes to
an account nobody has.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from bot.clock import wall_now
from bot.platforms.base import Finding, SendError
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.budget import SHOWN, Budget
from bot.platforms.dingtalk.cards import delivery
from bot.platforms.dingtalk.frames import SUBSCRIPTIONS
from bot.platforms.dingtalk.refusals import CONSOLE, NO_PERSON, OURS, Answer, meaning_of, to_error
from bot.platforms.dingtalk.settings import Group, Settings
from bot.platforms.dingtalk.signing import sign
from bot.platforms.dingtalk.wire import Wire

NOBODY = "drumbeat-doctor-nobody"
NONE = "drumbeat-doctor"
SKEW_WARN_S = 300.0
WARN_PERCENT = 70

Look = Callable[[], Awaitable[str]]


class Probes:
    """All probes of one configuration; each returns what it saw, or raises a `SendError` that says what to do."""

    def __init__(self, settings: Settings, groups: Mapping[str, Group], wire: Wire, api: Api, budget: Budget) -> None:
        self._settings, self._groups, self._wire, self._api, self._budget = settings, groups, wire, api, budget
        self._believed = False

    async def all(self) -> AsyncIterator[Finding]:
        """Yield what is found, in the order in which faults are put right."""
        if not self._groups:
            yield Finding(
                "钉钉：群", False, "没有配置群", "在 config.toml 里给每个工作群写一节 [[groups]]，platform 写 dingtalk"
            )
        if self._settings.app_key:
            yield await self._network()
            found = await self._seen("钉钉：应用凭证", self._token)
            yield found
            self._believed = found.ok
            if found.ok:
                async for one in self._app():
                    yield one
        else:
            fix = f"要听人说话和私聊：{CONSOLE}建企业内部应用，把 Client ID 和 Client Secret 填入 app_key、app_secret"
            yield Finding("钉钉：应用凭证", not self._needs_app(), "没有填，只能往群里发", fix)
        for group in self._groups.values():
            async for one in self._group(group):
                yield one
        async for one in self._quotas():
            yield one

    def _needs_app(self) -> bool:
        return any(group.webhook is None for group in self._groups.values())

    async def _app(self) -> AsyncIterator[Finding]:
        yield await self._seen("钉钉：机器人私聊", self._private)
        if self._settings.streams:
            yield await self._seen("钉钉：Stream", self._stream)
        yield await self._seen("钉钉：通讯录", self._book)
        if self._settings.has_cards:
            yield await self._seen("钉钉：互动卡片", self._card)

    async def _group(self, group: Group) -> AsyncIterator[Finding]:
        name = f"钉钉：群“{group.name}”"
        if group.webhook is not None:
            yield await self._seen(f"{name}的 webhook", lambda: self._webhook(group))
        elif not group.conversation_id:
            fix = "群设置 → 机器人 → 添加机器人，复制 Webhook 地址，填入这个群的 webhook；加签的密钥填入 secret"
            yield Finding(name, False, "webhook 和 conversation_id 都没有填，发不进去", fix)
        if group.conversation_id and self._believed:
            yield await self._seen(f"{name}里的企业机器人", lambda: self._inside(group))

    async def _seen(self, name: str, look: Look) -> Finding:
        try:
            return Finding(name, True, await look())
        except SendError as error:
            return _fault(name, error)

    async def _network(self) -> Finding:
        """Look at the way to DingTalk, and at the clock on the way."""
        try:
            answer = await self._wire.call("GET", self._settings.api_base + "/", None)
        except SendError as error:
            fix = "看本机能不能上外网；要走代理就填 proxy，单位有自己的根证书就填 ca_file，再核对 api_base"
            return Finding("钉钉：网络和时钟", False, error.text, fix)
        skew_s = _skew_s(answer, wall_now())
        if abs(skew_s) > SKEW_WARN_S:
            said = f"本机时钟与钉钉相差 {round(abs(skew_s) / 60)} 分钟，超过 1 小时签名就会被拒"
            return Finding("钉钉：网络和时钟", False, said, "打开自动校时：timedatectl set-ntp true，或联系机房校准")
        return Finding("钉钉：网络和时钟", True, "连得上，时钟一致")

    async def _token(self) -> str:
        await self._api.token()
        return "能取到 access_token"

    async def _private(self) -> str:
        message = {"msgKey": "sampleText", "msgParam": '{"content": "自检"}'}
        body = {"robotCode": self._settings.robot, "userIds": [NOBODY], **message}
        try:
            await self._api.new("/v1.0/robot/oToMessages/batchSend", body, "doctor")
        except SendError as error:
            if error.text != NO_PERSON.text:
                raise
        return "可以私聊（没有发给任何人）"

    async def _stream(self) -> str:
        body = {
            "clientId": self._settings.app_key,
            "clientSecret": self._settings.app_secret.get_secret_value(),
            "subscriptions": list(SUBSCRIPTIONS),
            "ua": NONE,
        }
        answer = await self._wire.post(f"{self._settings.api_base}/v1.0/gateway/connections/open", body)
        if refusal := meaning_of(answer):
            raise to_error(refusal, answer)
        return "能拿到连接的票据"

    async def _book(self) -> str:
        await self._api.old("/topapi/v2/department/listsub", {"dept_id": 1})
        return "能查通讯录，没绑定的人会自动认出来"

    async def _card(self) -> str:
        shown = {"outTrackId": f"{NONE}-{int(wall_now().timestamp())}", "summary": "自检", "at": {}}
        body = delivery(shown | {"params": {"title": "自检"}}, {"user": NOBODY}, self._settings.robot)
        how = {"callbackType": "STREAM", "cardTemplateId": self._settings.card_template_id}
        await self._api.new("/v1.0/card/instances/createAndDeliver", body | how, "doctor")
        return "模板能用（没有发给任何人）"

    async def _inside(self, group: Group) -> str:
        body = {"openConversationId": group.conversation_id}
        found = (await self._api.new("/v1.0/robot/groups/robots/query", body, "doctor")).get("chatbotInstanceVOList")
        robots = [one.get("robotCode") for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        if self._settings.robot not in robots:
            raise SendError("absent", "企业机器人不在这个群里：请打开群设置 → 机器人 → 添加机器人，选企业机器人")
        return "在群里，听得见 @ 它的话"

    async def _webhook(self, group: Group) -> str:
        webhook = group.webhook
        if webhook is None:
            return ""
        address = webhook.address
        if webhook.secret:
            timestamp = str(int(wall_now().timestamp() * 1000))
            address += "&" + urlencode({"timestamp": timestamp, "sign": sign(webhook.secret, timestamp)})
        answer = await self._wire.post(address, {"msgtype": NONE})
        refusal = meaning_of(answer)
        if refusal is not None and refusal is not OURS:
            raise to_error(refusal, answer)
        return "地址和加签都对（没有发消息）"

    async def _quotas(self) -> AsyncIterator[Finding]:
        await self._budget.load()
        for meter, what in SHOWN.items():
            spent, limit = self._budget.shown(meter)
            percent = spent * 100 // limit
            fix = f"{CONSOLE}的“资源用量”看全组织的用量，购买或等下月；额度变了就改 monthly_{meter}"
            said = f"本月用了 {spent}，额度 {limit}（{percent}%）"
            yield Finding(f"钉钉：{what}", percent < WARN_PERCENT, said, "" if percent < WARN_PERCENT else fix)


def _fault(name: str, error: SendError) -> Finding:
    """Return the finding of an error, whose text says what is wrong, and after 请 what to do."""
    said, _, fix = error.text.partition("：请")
    return Finding(name, False, f"{said}（{error.code}）", fix or "过几分钟再运行一次 doctor；还是这样就反馈给维护者")


def _skew_s(answer: Answer, now: datetime) -> float:
    try:
        return (now - parsedate_to_datetime(answer.date)).total_seconds()
    except (TypeError, ValueError):
        return 0.0
