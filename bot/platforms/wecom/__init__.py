"""WeCom (企业微信): the webhook of a group, and a self-built app for private messages. Each is optional."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web
from yarl import URL

from bot.errors import ConfigError
from bot.platforms.base import Adapter, GroupConfig, Host, Limit, NoRoute, Parcel, Part, Route
from bot.platforms.wecom.callback import AppCallback
from bot.platforms.wecom.crypto import Seal
from bot.platforms.wecom.drawing import Payload, group_payloads, is_userid, private_payloads
from bot.platforms.wecom.sending import APP, WEBHOOK, Sender
from bot.platforms.wecom.settings import GroupKeys, Settings, read, webhook_key

__all__ = ["Settings", "adapter"]

WEBHOOK_LIMIT = Limit(20, 60.0)  # per robot; beyond it 45009 (doc 99110)
MEMBER_LIMIT = Limit(30, 60.0)  # per member; beyond it dropped without a word (doc 90236)


def adapter(settings: Mapping[str, Any], groups: Sequence[GroupConfig]) -> Adapter:
    """Return the platform as configured; raises ConfigError naming the key that is wrong."""
    return WeCom(read(Settings, settings, "platforms.wecom"), groups)


class WeCom(Adapter):
    """One company's WeCom."""

    name = "wecom"
    requires_loopback = False

    def __init__(self, settings: Settings, groups: Sequence[GroupConfig]) -> None:
        self._settings = settings
        self._webhooks: dict[str, str] = {}
        self._chats: dict[str, str] = {}
        for group in groups:
            self._add(group)
        self._sender = Sender(settings, self._webhooks)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this configuration may call; a rehearsal allows loopback only."""
        return frozenset({URL(self._settings.api_base).host or ""})

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message as pages for a group's webhook or a person. Raises NoRoute naming the missing setting."""
        target = parcel.target
        if target.kind == "group":
            return self._group_parts(target.id, group_payloads(parcel.message))
        if not self._settings.app:
            raise NoRoute("企业微信没有可用的私聊通道：请填写 [platforms.wecom.app] 的 agent_id 和 secret")
        if not is_userid(target.id):
            raise NoRoute("这个人登记的企业微信账号不对：应当是通讯录里的一个账号（字母、数字、_-@.）")
        bucket = f"wecom:member:{target.id.casefold()}"
        drawn = [{**payload, "touser": target.id} for payload in private_payloads(parcel.message)]
        return tuple(Part((Route(APP, bucket, MEMBER_LIMIT, {"payload": payload}),)) for payload in drawn)

    async def send(self, route: Route, key: str) -> str:
        """Send one route once; WeCom has no idempotency key, so `key` is not used. Raises a SendError."""
        return await self._sender.send(route)

    def group_of_chat(self, chat: str) -> str | None:
        """Return our group for a chat id of the smart bot; webhooks have none."""
        return self._chats.get(chat)

    def mount(self, app: web.Application, host: Host) -> None:
        """Add the app's callback address."""
        own = self._settings.app
        seal = None
        if own and own.receives:
            seal = Seal(own.token.get_secret_value(), own.aes_key.get_secret_value(), self._settings.corp_id)
        AppCallback(seal, host).mount(app)

    async def close(self) -> None:
        """Release connections."""
        await self._sender.close()

    def _add(self, group: GroupConfig) -> None:
        where = f"groups.{group.id}"
        keys = read(GroupKeys, group.keys, where)
        key = webhook_key(self._settings, keys, where)
        if key:
            self._webhooks[group.id] = key
        if keys.bot_chatid in self._chats:
            raise ConfigError(f"{where}.bot_chatid：与群 {self._chats[keys.bot_chatid]} 的相同，每个群应当不同")
        if keys.bot_chatid:
            self._chats[keys.bot_chatid] = group.id

    def _group_parts(self, group: str, payloads: Sequence[Payload]) -> tuple[Part, ...]:
        key = self._webhooks.get(group)
        if not key:
            raise NoRoute(f"群 {group} 没有可用的企业微信通道：请在 [[groups]] 里给它填写 webhook")
        # Routes are stored: the bucket tells robots apart by a digest, never by the key itself.
        bucket = f"wecom:webhook:{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        bodies = [{"group": group, "payload": payload} for payload in payloads]
        return tuple(Part((Route(WEBHOOK, bucket, WEBHOOK_LIMIT, body),)) for body in bodies)
