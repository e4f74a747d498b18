"""The callback address of the self-built app: verify, open, take in, answer (docs 90930, 90238)."""

import asyncio

import structlog
from aiohttp import web

from bot.platforms.base import Host, SendError
from bot.platforms.wecom.application import Application
from bot.platforms.wecom.cards import PRESSED
from bot.platforms.wecom.crypto import Seal
from bot.platforms.wecom.events import Notice, Said, XmlError, parse, read
from bot.platforms.wecom.media import Media
from bot.platforms.wecom.sealed import Door, Refused, content_of, refusal

log = structlog.get_logger()

PATH = "/callback/wecom/app"
ALERTS = frozenset({"inactive_alert", "close_inactive_agent", "low_active_alert", "low_active"})


class AppCallback:
    """Takes callbacks; `seal` is None while the app has no token and key."""

    def __init__(self, seal: Seal | None, host: Host, media: Media, application: Application | None) -> None:
        self._door = Door(seal, "platforms.wecom.app", "自建应用")
        self._host, self._media, self._application = host, media, application
        self._greying: set[asyncio.Task[None]] = set()

    def mount(self, app: web.Application) -> None:
        """Add GET (verification) and POST (messages, events) to the application."""
        app.router.add_get(PATH, self._door.verify, allow_head=False)
        app.router.add_post(PATH, self.take)

    async def take(self, request: web.Request) -> web.Response:
        """Take one message or event. 200 says that it is committed; 500 makes WeCom send it again (3 times in all)."""
        try:
            found = read(self._door.open(request, await _sealed(request)), self._host.now())
        except XmlError as error:
            return refusal(Refused(400, f"解密后的内容不对：{error}", "应当是企业微信的消息 XML，不含 DTD 或实体"))
        except Refused as refused:
            return refusal(refused)
        if isinstance(found, Notice):
            level = log.warning if found.kind in ALERTS else log.info  # unused apps are switched off (doc 90240)
            level("event acknowledged", action="wecom.event_acknowledged", kind=found.kind)
            return web.Response()
        return await self._receive(found)

    async def _receive(self, said: Said) -> web.Response:
        if said.event.content == "other":
            log.info("message of an unknown type", action="wecom.unknown_type")
        try:
            await self._host.receive(await self._media.named(said.event))
        except Exception as error:  # whatever failed, it is not recorded, so WeCom must send it again
            log.exception("not received", action="wecom.receive_failed", error=type(error).__name__)
            return refusal(Refused(500, "没有收下", "请稍后重发"))
        if said.response_code and self._application is not None:
            task = asyncio.create_task(self._grey_out(self._application, said.event.sender, said.response_code))
            self._greying.add(task)
            task.add_done_callback(self._greying.discard)
        return web.Response()

    async def _grey_out(self, application: Application, person: str, response_code: str) -> None:
        """Show on the card that the press was taken in; the answer itself follows as a message."""
        try:
            await application.grey_out(person, response_code, PRESSED)
        except SendError as error:
            log.warning("card not updated", action="wecom.card_not_updated", code=error.code)


async def _sealed(request: web.Request) -> str:
    """Return the Encrypt element of the body, as received. Raises Refused."""
    try:
        encrypted = parse(await content_of(request)).findtext("Encrypt")
    except XmlError as error:
        raise Refused(400, f"内容不是 XML：{error}", "应当是含 Encrypt 的 XML，不含 DTD 或实体") from None
    if not encrypted:
        raise Refused(400, "缺少 Encrypt", "应当是含 Encrypt 的 XML")
    return encrypted
