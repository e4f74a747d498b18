"""Sending one payload by one channel: the smart bot, a group's webhook, the app, a group that the app made."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import wall_now
from bot.platforms.base import ChannelGone, Permanent, RetryLater, Route
from bot.platforms.wecom import ladder
from bot.platforms.wecom.api import Answer, Api
from bot.platforms.wecom.application import Application, accepted
from bot.platforms.wecom.connection import LongConnection
from bot.platforms.wecom.errors import BOT_NOT_IN_GROUPS, BOT_NOT_SUBSCRIBED, FORM_CODES, bot_error_of, unreachable
from bot.platforms.wecom.ladder import Channels
from bot.platforms.wecom.settings import Settings
from bot.platforms.wecom.smartbot import SmartBot
from bot.platforms.wecom.uploading import LARGEST_PICTURE, read_file, to_app, to_bot, to_webhook

HOUR_S = 3600.0
HOURLY = 1000  # to one member or one chat; beyond it dropped without a word (docs 90236, 101463)
SHUT_S = 600.0  # a robot that was removed is not asked again for so long
AWAY_S = 60.0
PLAIN = frozenset({"text", "markdown"})


Upload = Callable[[str, str, bytes], Awaitable[dict[str, Any]]]


class Sender:
    """Sends routes. Routes are stored, so they name a group or a person; keys and tokens are looked up here."""

    def __init__(
        self,
        api: Api,
        settings: Settings,
        groups: Mapping[str, Channels],
        application: Application | None,
        bot: SmartBot | None,
        connection: LongConnection | None,
    ) -> None:
        self._api, self._settings, self._groups = api, settings, groups
        self._application, self._bot, self._connection = application, bot, connection
        self._shut: dict[str, float] = {}
        self._deaf: set[tuple[str, str]] = set()
        self._hours: defaultdict[str, deque[float]] = defaultdict(deque)
        self._by_channel: Mapping[str, Callable[[Mapping[str, Any]], Awaitable[str]]] = {
            ladder.WEBHOOK: self._by_webhook,
            ladder.APP: self._by_app,
            ladder.APPCHAT: self._by_appchat,
            ladder.BOT_REPLY: self._by_reply,
            ladder.BOT_PUSH: self._by_push,
            ladder.BOT_URL: self._by_url,
        }

    async def send(self, route: Route) -> str:
        """Send once; return the msgid where the channel gives one, else ''. Raises a SendError."""
        send = self._by_channel.get(route.channel)
        if send is None:
            raise ChannelGone("channel", "这种通道已不再支持")
        self._check_hour(route)
        try:
            return await send(route.body)
        except Permanent as error:
            if error.code in map(str, FORM_CODES) and route.body["payload"]["msgtype"] not in PLAIN:
                raise ChannelGone(error.code, f"{error.text}，改用文字发") from None
            raise

    async def recall(self, message_id: str) -> bool:
        """Take back a message of the app; False when it is too old. Raises a SendError."""
        return self._application is not None and await self._application.recall(message_id)

    def _check_hour(self, route: Route) -> None:
        """The hour's limit beside the minute's, of which the caller takes care."""
        if route.channel == ladder.WEBHOOK:
            return
        now, sent = asyncio.get_running_loop().time(), self._hours[route.bucket]
        while sent and sent[0] <= now - HOUR_S:
            sent.popleft()
        if len(sent) >= HOURLY:
            raise RetryLater("hourly", "这个人一小时内收得太多", sent[0] + HOUR_S - now, whole_bucket=True)
        sent.append(now)

    async def _by_webhook(self, body: Mapping[str, Any]) -> str:
        group = body["group"]
        key = self._groups[group].webhook_key if group in self._groups else ""
        if not key:
            raise ChannelGone("webhook", "这个群的 webhook 已从配置中删去")
        now = asyncio.get_running_loop().time()
        if self._shut.get(key, 0.0) > now:
            raise ChannelGone("93000", "群机器人的 key 无效，或机器人已被移出群，暂不再试")
        payload = await self._with_media(body["payload"], partial(to_webhook, self._api, key))
        try:
            accepted(await self._api.post("/cgi-bin/webhook/send", {"key": key}, payload))
        except ChannelGone:
            self._shut[key] = now + SHUT_S
            raise
        return ""

    async def _by_app(self, body: Mapping[str, Any]) -> str:
        if self._application is None:
            raise ChannelGone("app", "自建应用已从配置中删去（platforms.wecom.app）")
        person = body["to"]
        payload = await self._with_media(body["payload"], partial(to_app, self._application))
        answer = await self._application.send(person, payload)
        for state in ("invaliduser", "unlicenseduser"):
            if _names(answer, state, person):
                raise unreachable(state)
        return str(answer.get("msgid", ""))

    async def _by_appchat(self, body: Mapping[str, Any]) -> str:
        if self._application is None:
            raise ChannelGone("app", "自建应用已从配置中删去（platforms.wecom.app）")
        payload = await self._with_media(body["payload"], partial(to_app, self._application))
        await self._application.post("appchat/send", {**payload, "chatid": body["chat"]})
        return ""

    async def _by_url(self, body: Mapping[str, Any]) -> str:
        address = str(body.get("url", ""))
        if not body.get("until") or datetime.fromisoformat(body["until"]) <= wall_now():
            raise ChannelGone("expired", "回复地址已过期（一小时）")
        if not self._settings.may_visit(address):  # asked again: the row may have been stored under other settings
            raise ChannelGone("host", "回复地址的主机不在 api_base 或 media_hosts 里")
        self._remember(body["payload"])
        self._judge(await self._api.post_to(address, body["payload"]))
        return ""

    async def _by_reply(self, body: Mapping[str, Any]) -> str:
        connection = self._connected()
        if body["conn"] != connection.id:
            raise ChannelGone("stale", "这条消息来时的长连接已断，改用别的方式回答")
        return await self._by_socket(connection, "aibot_respond_msg", body, {}, str(body["req_id"]))

    async def _by_push(self, body: Mapping[str, Any]) -> str:
        connection = self._connected()
        to = {"chatid": body["chat"], "chat_type": body["chat_type"]}
        return await self._by_socket(connection, "aibot_send_msg", body, to)

    async def _by_socket(
        self, connection: LongConnection, command: str, body: Mapping[str, Any], to: Mapping[str, Any], req_id: str = ""
    ) -> str:
        deaf = (str(body["chat"]), f"{command}:{body['payload']['msgtype']}")
        if deaf in self._deaf:
            raise ChannelGone(str(BOT_NOT_IN_GROUPS), "这个会话收不到机器人这样发的消息")
        payload = await self._with_media(body["payload"], partial(to_bot, connection))
        self._remember(payload)
        answer = await connection.call(command, {**to, **payload}, req_id)
        if answer["errcode"] == BOT_NOT_IN_GROUPS:
            self._deaf.add(deaf)
        if answer["errcode"] == BOT_NOT_SUBSCRIBED:
            connection.renew()
        self._judge(answer)
        return ""

    def _connected(self) -> LongConnection:
        connection = self._connection
        if connection is None:
            raise ChannelGone("bot", "智能机器人的长连接已从配置中删去（platforms.wecom.bot）")
        if connection.id:
            return connection
        # Another process may hold the connection, and an interruption is short: then it is only a matter of seconds.
        if connection.running and connection.away_s > AWAY_S:
            raise ChannelGone("offline", "智能机器人的长连接一直接不上，改用别的方式发")
        raise RetryLater("offline", "智能机器人的长连接断着，正在重连", 1.0)

    def _remember(self, payload: Mapping[str, Any]) -> None:
        if self._bot is not None:
            self._bot.remember_card(payload)

    def _judge(self, answer: Answer) -> None:
        if answer["errcode"]:
            raise bot_error_of(answer["errcode"])

    async def _with_media(self, payload: Mapping[str, Any], upload: Upload) -> dict[str, Any]:
        """Return the payload with its file uploaded: what is stored names the file and where it lies."""
        kind = payload["msgtype"]
        content = payload[kind]
        if "path" not in content:
            return dict(payload)
        data = await asyncio.to_thread(read_file, Path(content["path"]))
        kind = "file" if len(data) > LARGEST_PICTURE else kind
        return {"msgtype": kind, kind: await upload(kind, str(content["name"]), data)}


def _names(answer: Answer, state: str, touser: str) -> bool:
    """Tell whether a |-joined list names a receiver; WeCom answers in lower case whatever it was sent (doc 90236)."""
    named = str(answer.get(state) or "").casefold().split("|")
    return any(userid in named for userid in touser.casefold().split("|"))
