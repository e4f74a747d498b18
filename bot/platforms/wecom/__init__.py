"""WeCom (企业微信): a smart bot, the webhook of a group, a self-built app. Each is optional."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from yarl import URL

from bot.errors import ConfigError
from bot.events import File
from bot.platforms.base import Adapter, Connection, Finding, GroupConfig, Host, Parcel, Part, Route, SendError, Sent
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.application import Application
from bot.platforms.wecom.botcallback import BotCallback
from bot.platforms.wecom.botevents import Reader
from bot.platforms.wecom.callback import AppCallback
from bot.platforms.wecom.chats import Chats
from bot.platforms.wecom.connection import LongConnection, Pulse
from bot.platforms.wecom.crypto import Seal
from bot.platforms.wecom.directory import Directory
from bot.platforms.wecom.ladder import APP, Channels, Ladder
from bot.platforms.wecom.media import Media
from bot.platforms.wecom.probes import Probes
from bot.platforms.wecom.sending import Sender
from bot.platforms.wecom.settings import Callback, GroupKeys, Settings, read, webhook_key
from bot.platforms.wecom.smartbot import Ears, SmartBot

__all__ = ["Settings", "adapter"]

log = structlog.get_logger()

FOLLOW_S = 60.0


def adapter(settings: Mapping[str, Any], groups: Sequence[GroupConfig]) -> Adapter:
    """Return the platform as configured; raises ConfigError naming the key that is wrong."""
    return WeCom(read(Settings, settings, "platforms.wecom"), groups)


class WeCom(Adapter):
    """One company's WeCom."""

    name = "wecom"
    requires_loopback = False

    def __init__(self, settings: Settings, groups: Sequence[GroupConfig], pulse: Pulse | None = None) -> None:
        self._settings = settings
        self._groups: dict[str, Channels] = {}
        configured: dict[str, str] = {}
        for group in groups:
            self._add(group, configured)
        bot = settings.bot
        secret = (bot.secret.get_secret_value() or bot.token.get_secret_value()) if bot else ""
        self._chats = Chats(configured, {group.id: group.name for group in groups}, secret)
        self._api = Api(settings)
        self._application = Application(self._api, settings, settings.app) if settings.app else None
        self._media = Media(self._api, settings, self._application)
        self._ladder = Ladder(settings, self._groups, self._chats)
        self._bot = self._ears = self._connection = None
        if bot:
            reader = Reader(bot.name, settings.may_visit)
            self._bot = SmartBot(reader, self._chats, self._media, self._application)
        if bot and self._bot and bot.connects:
            credentials = {"bot_id": bot.id, "secret": bot.secret.get_secret_value()}
            self._connection = LongConnection(self._api, settings.ws_url, credentials, pulse or Pulse())
            self._ears = Ears(self._bot, self._connection, self._chats)
        self._sender = Sender(self._api, settings, self._groups, self._application, self._bot, self._connection)
        self._host: Host | None = None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this configuration may call; a rehearsal allows loopback only."""
        addresses = [self._settings.api_base, *([self._settings.ws_url] if self._connection else [])]
        return frozenset(URL(address).host or "" for address in addresses)

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message for every way it may take. Raises NoRoute naming the missing setting."""
        return self._ladder.parts(parcel)

    async def send(self, route: Route, key: str) -> str:
        """Send one route once; WeCom has no idempotency key, so `key` is not used. Raises a SendError."""
        return await self._sender.send(route)

    def group_of_chat(self, chat: str) -> str | None:
        """Return our group for a chat id of the smart bot, configured or paired; webhooks have none."""
        return self._chats.group_of(chat)

    def mount(self, app: web.Application, host: Host) -> None:
        """Add the callback addresses of app and bot."""
        self._host = host
        app_seal = self._seal(self._settings.app, self._settings.corp_id)
        AppCallback(app_seal, host, self._media, self._application).mount(app)
        BotCallback(self._seal(self._settings.bot, ""), host, self._bot).mount(app)
        app.cleanup_ctx.append(self._following)

    def connections(self) -> Sequence[Connection]:
        """Return the smart bot's long connection, if it has a secret, and the look at the app's address book."""
        held = []
        if self._ears is not None and self._settings.bot is not None:
            held.append(Connection(f"wecom:bot:{self._settings.bot.id}", self._listen))
        if self._application is not None and self._host is not None:
            held.append(Connection("wecom:directory", Directory(self._application, self._host).run))
        return held

    def fetch(self, file: File, most: int) -> AsyncIterator[bytes]:
        """Yield the content of a file somebody sent."""
        return self._media.fetch(file, most)

    async def recall(self, sent: Sequence[Sent]) -> int:
        """Take back the app's messages of the last 24 hours; webhook and bot know no recall. Raises a SendError."""
        gone = 0
        for one in sent:
            if one.route.channel != APP or not one.platform_id:
                continue
            try:
                gone += await self._sender.recall(one.platform_id)
            except SendError:
                if not gone:
                    raise
        return gone

    async def probes(self) -> Sequence[Finding]:
        """Look at everything an operator can have set wrong."""
        return await Probes(self._api, self._settings, self._groups, self._chats, self._ladder, self._application).all()

    async def close(self) -> None:
        """Release connections."""
        await self._api.close()

    async def _listen(self) -> None:
        assert self._ears is not None and self._host is not None
        await self._ears.run(self._host)

    async def _following(self, app: web.Application) -> AsyncIterator[None]:
        """Keep knowing what another process noted: it may hold the connection."""
        assert self._host is not None
        notes = self._host.notes
        await self._chats.load(notes)
        for group, code in self._chats.unpaired() if self._bot else ():
            # The operator types it into the group; it tells nobody anything else.
            log.warning(
                f"群“{group}”还没有配对：请在群里 @ 机器人，发：配对 {code}", action="wecom.unpaired", code=code
            )

        async def follow() -> None:
            while True:
                await asyncio.sleep(FOLLOW_S)
                try:
                    await self._chats.load(notes)
                except Exception:
                    log.exception("notes not read", action="wecom.notes_unread")

        task = asyncio.create_task(follow())
        yield
        task.cancel()

    @staticmethod
    def _seal(own: Callback | None, receive_id: str) -> Seal | None:
        if own is None or not own.receives:
            return None
        return Seal(own.token.get_secret_value(), own.aes_key.get_secret_value(), receive_id)

    def _add(self, group: GroupConfig, configured: dict[str, str]) -> None:
        where = f"groups.{group.id}"
        keys = read(GroupKeys, group.keys, where)
        self._groups[group.id] = Channels(group.name, webhook_key(self._settings, keys, where), keys.appchat_id)
        if keys.bot_chatid in configured:
            raise ConfigError(f"{where}.bot_chatid：与群 {configured[keys.bot_chatid]} 的相同，每个群应当不同")
        if keys.bot_chatid:
            configured[keys.bot_chatid] = group.id
