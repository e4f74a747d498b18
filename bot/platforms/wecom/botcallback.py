"""The callback address of the smart bot: the other way to be told things (docs 100719, 101031).

Answers go by the message's reply address; what must be answered at once stands in the response.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web

from bot.clock import wall_now
from bot.platforms.base import Host
from bot.platforms.wecom.botevents import BadBody, Other, Told, Way
from bot.platforms.wecom.crypto import Seal
from bot.platforms.wecom.sealed import Door, Refused, content_of, query_of, refusal
from bot.platforms.wecom.smartbot import SmartBot

log = structlog.get_logger()

PATH = "/callback/wecom/bot"


class BotCallback:
    """Takes callbacks; `seal` is None while the bot has no token and key."""

    def __init__(self, seal: Seal | None, host: Host, bot: SmartBot | None) -> None:
        self._door = Door(seal, "platforms.wecom.bot", "智能机器人")
        self._seal, self._host, self._bot = seal, host, bot

    def mount(self, app: web.Application) -> None:
        """Add GET (verification) and POST (messages, events) to the application."""
        app.router.add_get(PATH, self._door.verify, allow_head=False)
        app.router.add_post(PATH, self.take)

    async def take(self, request: web.Request) -> web.Response:
        """Take one message or event. 200 says that it is committed; 500 makes WeCom send it again."""
        try:
            body = _json(self._door.open(request, await _sealed(request)), "解密后的内容")
            told = _read(self._bot, body, self._host)
        except Refused as refused:
            return refusal(refused)
        if self._bot is None or self._seal is None:  # the door was shut then
            return web.Response(status=404)
        try:
            answer = await self._bot.take(told, self._host)
        except Exception as error:  # whatever failed, it is not recorded, so WeCom must send it again
            log.exception("not received", action="wecom.receive_failed", error=type(error).__name__)
            return refusal(Refused(500, "没有收下", "请稍后重发"))
        if isinstance(told, Other) and told.stream:
            # Nothing is ever left unfinished here; whoever asks after a stream is told that it is at its end.
            return self._sealed_answer(request, _stream(told.stream, ""))
        if answer is None:
            return web.Response()
        body = answer.body
        if answer.kind == "reply":  # the response takes no bare markdown, only a stream or a card
            body = _stream(secrets.token_hex(8), str(answer.body["markdown"]["content"]))
        return self._sealed_answer(request, body)

    def _sealed_answer(self, request: web.Request, body: Mapping[str, Any]) -> web.Response:
        assert self._seal is not None
        timestamp, nonce = int(wall_now().timestamp()), query_of(request).get("nonce", "")
        encrypted = self._seal.encrypt(json.dumps(body, ensure_ascii=False).encode())
        signature = self._seal.sign(str(timestamp), nonce, encrypted)
        sealed = {"encrypt": encrypted, "msgsignature": signature, "timestamp": timestamp, "nonce": nonce}
        return web.json_response(sealed)


def _read(bot: SmartBot | None, body: object, host: Host) -> Told:
    if bot is None:
        raise Refused(404, "没有配置智能机器人", "请填写 platforms.wecom.bot")
    try:
        return bot.read(body, host.now(), Way())
    except BadBody as error:
        raise Refused(400, f"解密后的内容不对：{error}", "应当是企业微信的消息 JSON") from None


async def _sealed(request: web.Request) -> str:
    """Return the encrypt member of the body, as received. Raises Refused."""
    found = _json(await content_of(request), "内容")
    encrypted = found.get("encrypt") if isinstance(found, dict) else None
    if not isinstance(encrypted, str) or not encrypted:
        raise Refused(400, "缺少 encrypt", "应当是含 encrypt 的 JSON")
    return encrypted


def _json(content: bytes, what: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Refused(400, f"{what}不是 JSON", "应当是 UTF-8 的 JSON") from None


def _stream(stream: str, content: str) -> dict[str, Any]:
    return {"msgtype": "stream", "stream": {"id": stream, "finish": True, "content": content}}
