"""DingTalk as a platform: which channels a message may take, and sending it by one of them."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from yarl import URL

from bot.clock import monotonic, wall_now
from bot.platforms.base import Adapter, ChannelGone, Host, Limit, NoRoute, Parcel, Part, Permanent, RetryLater, Route
from bot.platforms.dingtalk.callbacks import PATH, Callbacks
from bot.platforms.dingtalk.drawing import Page, pages, template, webhook_body
from bot.platforms.dingtalk.inbound import NAME, OUTSIDER
from bot.platforms.dingtalk.refusals import NO_PERSON, UNKNOWN, Answer, code_of, meaning_of, to_error
from bot.platforms.dingtalk.settings import Group, Settings, short
from bot.platforms.dingtalk.signing import sign
from bot.platforms.dingtalk.wire import TokenKeeper, Wire

WEBHOOK_LIMIT = Limit(20, 60)  # per robot (slug custom-robots-send-group-messages)
APP_LIMIT = Limit(20, 1)  # the free edition's calls per second (dossier 4.13)
SESSION_MARGIN = timedelta(seconds=60)
FLOW_CONTROL_S = 60.0
UNKNOWN_RETRIES = 2
UUIDS = uuid.UUID("6f0dbe1c-4d0b-5e0a-9d3e-2b7f5a0c1d41")
TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - a header name


class DingTalk(Adapter):
    """The adapter. Bodies of routes are stored: they name the group, `send` looks up its address and secret."""

    name = NAME
    requires_loopback = False

    def __init__(self, settings: Settings, groups: Sequence[Group]) -> None:
        self._settings = settings
        self._groups = {group.id: group for group in groups}
        self._by_chat = {group.conversation_id: group.id for group in groups if group.conversation_id}
        self._wire = Wire(settings)
        self._tokens = TokenKeeper(self._wire, settings, monotonic)
        self._puzzled: dict[str, int] = {}

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this configuration may call; a rehearsal allows loopback only."""
        webhooks = (group.webhook.address for group in self._groups.values() if group.webhook)
        bases = (self._settings.oapi_base, self._settings.api_base, *webhooks)
        extra = (URL(f"http://{host}").host or host for host in self._settings.session_hosts)
        return frozenset((*(URL(base).host or "" for base in bases), *extra))

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message; raises `NoRoute` when the configuration has no channel for the target."""
        group = parcel.target.kind == "group"
        drawn = pages(parcel.message, group=group)
        parts = tuple(
            Part(tuple(self._routes(parcel, page, str(uuid.uuid5(UUIDS, f"{parcel.key}/{number}")), now)))
            for number, page in enumerate(drawn)
        )
        if not all(part.routes for part in parts):
            raise NoRoute(self._missing(parcel))
        return parts

    def _routes(self, parcel: Parcel, page: Page, msg_uuid: str, now: datetime) -> Iterator[Route]:
        target = parcel.target
        if self._may_answer(parcel, now):
            address = str(parcel.route["session"])
            body = {"session": address, "until": parcel.route["until"], "message": webhook_body(page, msg_uuid)}
            yield Route("session", f"dingtalk:session:{short(address)}", WEBHOOK_LIMIT, body)
        group = self._groups.get(target.id)
        if target.kind == "group":
            if group and group.webhook:
                body = {"group": group.id, "message": webhook_body(page, msg_uuid)}
                yield Route("webhook", group.webhook.bucket, WEBHOOK_LIMIT, body)
        elif self._settings.can_write_privately and target.id and not target.id.startswith(OUTSIDER):
            yield Route("private", "dingtalk:app", APP_LIMIT, {"user": target.id, **template(page)})

    def _may_answer(self, parcel: Parcel, now: datetime) -> bool:
        """Return whether the session of the event may carry this: it is fresh, and not a group's for private words."""
        route = parcel.route
        if not route.get("session") or not route.get("until"):
            return False
        private = parcel.target.kind != "group" and bool(parcel.target.id)
        if private and route.get("chat") == "group":
            return False
        return datetime.fromisoformat(str(route["until"])) - SESSION_MARGIN > now

    def _missing(self, parcel: Parcel) -> str:
        target = parcel.target
        if target.kind == "group":
            group = self._groups.get(target.id)
            name = group.name if group else target.id or "未配置的群"
            fix = "请在它的 [[groups]] 里写 webhook（群设置 → 机器人 → Webhook 地址）和 secret"
            return f"钉钉群“{name}”没有发送通道：{fix}"
        if not target.id or target.id.startswith(OUTSIDER):
            return "对方没有本组织的钉钉 userid（外部人员，或机器人还没有发布），只能在其发言后 90 分钟内回复"
        return "钉钉私聊没有发送通道：请在 [platforms.dingtalk] 里写 app_key 和 app_secret"

    async def send(self, route: Route, key: str) -> str:
        """Send one route once; return the message's id where the platform gives one. Raises a `SendError`."""
        if route.channel == "session":
            return await self._send_session(route.body, key)
        if route.channel == "webhook":
            return await self._send_webhook(route.body, key)
        if route.channel == "private":
            return await self._send_private(route.body, key)
        raise ChannelGone("channel", f"没有“{route.channel}”这个通道")

    async def _send_session(self, body: Mapping[str, Any], key: str) -> str:
        if wall_now() >= datetime.fromisoformat(body["until"]):
            raise ChannelGone("expired", "会话地址已过期")
        # Asked again: the row may have been stored under other settings.
        if not self._settings.session_allowed(body["session"]):
            raise ChannelGone("host", "会话地址的主机不在 oapi_base 或 session_hosts 里")
        self._judge(await self._wire.post(body["session"], body["message"]), key)
        return ""

    async def _send_webhook(self, body: Mapping[str, Any], key: str) -> str:
        group = self._groups.get(body["group"])
        if group is None or group.webhook is None:
            raise ChannelGone("config", f"配置里已没有群 {body['group']} 的 webhook")
        address = group.webhook.address
        if group.webhook.secret:
            timestamp = str(int(wall_now().timestamp() * 1000))
            address += "&" + urlencode({"timestamp": timestamp, "sign": sign(group.webhook.secret, timestamp)})
        self._judge(await self._wire.post(address, body["message"]), key)
        return ""

    async def _send_private(self, body: Mapping[str, Any], key: str) -> str:
        token = await self._tokens.get()
        answer = await self._batch_send(body, token)
        refusal = meaning_of(answer)
        if refusal is not None and refusal.meaning == "token":
            answer = await self._batch_send(body, await self._tokens.renew(token))
        self._judge(answer, key)
        return _delivered(body["user"], answer.data or {})

    async def _batch_send(self, body: Mapping[str, Any], token: str) -> Answer:
        message = {
            "robotCode": self._settings.robot,
            "userIds": [body["user"]],
            "msgKey": body["msgKey"],
            "msgParam": body["msgParam"],
        }
        url = f"{self._settings.api_base}/v1.0/robot/oToMessages/batchSend"
        return await self._wire.post(url, message, {TOKEN_HEADER: token})

    def _judge(self, answer: Answer, key: str) -> None:
        """Raise what a refusal means; one that nobody knows is tried again twice."""
        refusal = meaning_of(answer)
        if refusal is UNKNOWN and self._puzzled.get(key, 0) < UNKNOWN_RETRIES:
            if len(self._puzzled) > 1000:
                self._puzzled.clear()
            self._puzzled[key] = self._puzzled.get(key, 0) + 1
            raise RetryLater(code_of(answer), refusal.text)
        self._puzzled.pop(key, None)
        if refusal is not None:
            raise to_error(refusal, answer)

    def group_of_chat(self, chat: str) -> str | None:
        """Return our group id for a conversation id, or None."""
        return self._by_chat.get(chat)

    def mount(self, app: web.Application, host: Host) -> None:
        """Add the callback address."""
        app.router.add_post(PATH, Callbacks(self._settings, host).take)

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()


def _delivered(user: str, data: Mapping[str, Any]) -> str:
    """Return the query key; raises when the person is listed as not reached, in spite of the 200."""
    if user in _listed(data.get("invalidStaffIdList")):
        raise Permanent("invalidStaffIdList", NO_PERSON.text)
    if user in _listed(data.get("flowControlledStaffIdList")):
        raise RetryLater("flowControlledStaffIdList", "这个人此刻收得太多，钉钉要求稍后再发", FLOW_CONTROL_S)
    key = data.get("processQueryKey")
    return key if isinstance(key, str) else ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
