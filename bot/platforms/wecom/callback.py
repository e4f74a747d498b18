"""The callback address of the self-built app: verify, open, take in, answer (docs 90930, 90238)."""

import json
from urllib.parse import unquote

import structlog
from aiohttp import web

from bot.events import Event
from bot.platforms.base import Host
from bot.platforms.wecom.crypto import CryptoError, Seal
from bot.platforms.wecom.events import XmlError, parse, read

log = structlog.get_logger()

PATH = "/callback/wecom/app"
ALERTS = frozenset({"inactive_alert", "close_inactive_agent", "low_active_alert", "low_active"})
RIGHT = {
    "padding": "请核对 EncodingAESKey 与后台一致",
    "length": "请核对 EncodingAESKey 与后台一致",
    "receive id": "请核对 platforms.wecom.corp_id 与后台的企业ID 一致",
    "base64": "应当是 base64 密文",
    "block size": "密文长度应当是 16 的倍数",
}


class Refused(Exception):
    """A request that is not taken in, with what is wrong and what would be right."""

    def __init__(self, status: int, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.status = status
        self.wrong = wrong
        self.right = right


class AppCallback:
    """Takes callbacks; `seal` is None while the app has no token and key."""

    def __init__(self, seal: Seal | None, host: Host) -> None:
        self._seal = seal
        self._host = host

    def mount(self, app: web.Application) -> None:
        """Add GET (verification) and POST (messages, events) to the application."""
        app.router.add_get(PATH, self.verify, allow_head=False)
        app.router.add_post(PATH, self.take)

    async def verify(self, request: web.Request) -> web.Response:
        """Answer WeCom's check of the address, made while the administrator saves it, with the plaintext alone."""
        try:
            return web.Response(body=self._open(request, _query(request).get("echostr", "")), content_type="text/plain")
        except Refused as refused:
            return _refusal(refused)

    async def take(self, request: web.Request) -> web.Response:
        """Take one message or event. 200 says that it is committed; 500 makes WeCom send it again (3 times in all)."""
        try:
            found = read(self._open(request, await _sealed(request)), self._host.now())
        except XmlError as error:
            return _refusal(Refused(400, f"解密后的内容不对：{error}", "应当是企业微信的消息 XML，不含 DTD 或实体"))
        except Refused as refused:
            return _refusal(refused)
        if isinstance(found, Event):
            return await self._receive(found)
        level = log.warning if found.kind in ALERTS else log.info  # unused apps are switched off (doc 90240)
        level("event acknowledged", action="wecom.event_acknowledged", kind=found.kind)
        return web.Response()

    async def _receive(self, event: Event) -> web.Response:
        try:
            await self._host.receive(event)
        except Exception as error:  # whatever failed, it is not recorded, so WeCom must send it again
            log.error("not taken in", action="wecom.receive_failed", error=type(error).__name__)
            return _refusal(Refused(500, "没有收下", "请稍后重发"))
        return web.Response()

    def _open(self, request: web.Request, encrypted: str) -> bytes:
        """Check the signature over the text as received, then decrypt. WeCom's timestamp is signed but not compared
        with the clock: repeats are caught by message id. Raises Refused."""
        if self._seal is None:
            raise Refused(404, "没有配置自建应用的回调", "请填写 platforms.wecom.app 的 token 和 aes_key")
        query = _query(request)
        values = [query.get(name, "") for name in ("msg_signature", "timestamp", "nonce")]
        if not self._seal.is_signed(values[0], values[1], values[2], encrypted):
            raise Refused(403, "签名不对", "请核对 platforms.wecom.app.token 与后台的 Token 一致")
        try:
            return self._seal.decrypt(encrypted)
        except CryptoError as error:
            raise Refused(400, f"解密失败：{error}", RIGHT[str(error)]) from None


async def _sealed(request: web.Request) -> str:
    """Return the Encrypt element of the body, as received. Raises Refused."""
    try:
        encrypted = parse(await request.read()).findtext("Encrypt")
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "内容太大", "应当不超过 1 MiB") from None
    except XmlError as error:
        raise Refused(400, f"内容不是 XML：{error}", "应当是含 Encrypt 的 XML，不含 DTD 或实体") from None
    if not encrypted:
        raise Refused(400, "缺少 Encrypt", "应当是含 Encrypt 的 XML")
    return encrypted


def _query(request: web.Request) -> dict[str, str]:
    """Decode the query exactly once; unlike in a form a literal + stays a +, for echostr is base64 (doc 90930)."""
    pairs = (pair.partition("=") for pair in request.rel_url.raw_query_string.split("&"))
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _refusal(refused: Refused) -> web.Response:
    log.warning("callback refused", action="wecom.callback_refused", status=refused.status, reason=refused.wrong)
    body = json.dumps({"error": refused.wrong, "fix": refused.right}, ensure_ascii=False)
    return web.Response(status=refused.status, text=body, content_type="application/json")
