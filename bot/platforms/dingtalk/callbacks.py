"""POST /callback/dingtalk: one address for robot messages, events and card presses."""

from typing import Any

import structlog
from aiohttp import web
from pydantic_core import from_json

from bot.clock import wall_now
from bot.platforms.dingtalk.cards import Malformed
from bot.platforms.dingtalk.happenings import read_event
from bot.platforms.dingtalk.hearing import Hearing
from bot.platforms.dingtalk.settings import Settings
from bot.platforms.dingtalk.signing import Envelope, Refused, check_card, check_robot

log = structlog.get_logger()

PATH = "/callback/dingtalk"
# Answered at once; what there is to say goes out later (slug receive-message: 2.5 s, or it comes again).
NOTHING_TO_SAY = {"msgtype": "empty"}
UNSIGNED = (
    "没有签名；机器人消息和卡片回调要带 timestamp、sign（或 x-ddpaas-signature）请求头，"
    "事件要带 msg_signature、timestamp、nonce 参数。请只把开发者后台的回调地址指到这里"
)


class Callbacks:
    """The door for HTTP. Nothing is heard before its signature is believed."""

    def __init__(self, settings: Settings, hearing: Hearing) -> None:
        self._hearing = hearing
        self._app_secret = settings.app_secret.get_secret_value()
        self._card_secret = settings.card_api_secret.get_secret_value() or self._app_secret
        token, key = settings.event_token.get_secret_value(), settings.event_aes_key.get_secret_value()
        self._envelope = Envelope(token, key, settings.app_key) if token else None

    async def take(self, request: web.Request) -> web.Response:
        """Answer one callback: 200, 400 unreadable, 403 not believed, 413 too large, 500 not stored (come again)."""
        try:
            return web.json_response(await self._take(request))
        except Refused as refused:
            return _refusal(403, str(refused))
        except Malformed as malformed:
            return _refusal(400, str(malformed))
        except web.HTTPRequestEntityTooLarge:
            return _refusal(413, "请求超过 1 MiB；钉钉的回调没有这么大")
        except Exception as error:
            # Its text could hold what was said, so only the kind is logged; DingTalk delivers again.
            log.error("a callback was not stored", action="dingtalk.callback.failed", error=type(error).__name__)
            return web.json_response({"error": "没有存下来，请稍后重新推送"}, status=500)

    async def _take(self, request: web.Request) -> dict[str, Any]:
        if "sign" in request.headers:
            check_robot(request.headers, self._app_secret, wall_now().timestamp())
            return await self._robot(_object(await request.read()))
        if "x-ddpaas-signature" in request.headers:
            check_card(request.headers, self._card_secret)
            return await self._hearing.pressed(_object(await request.read()))
        if {"signature", "msg_signature"} & request.query.keys():
            return await self._event(request, _object(await request.read()))
        raise Refused(UNSIGNED)

    async def _robot(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("type") == "actionCallback":
            return await self._hearing.pressed(body)
        await self._hearing.robot(body)
        return NOTHING_TO_SAY

    async def _event(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        if self._envelope is None:
            raise Refused("没有配置 platforms.dingtalk 的 event_token 和 event_aes_key，无法验证事件")
        encrypt = body.get("encrypt")
        if not isinstance(encrypt, str):
            raise Malformed("encrypt 应为文字")
        happening = read_event(_object(self._envelope.open(request.query, encrypt).encode()))
        await self._hearing.happened(happening.kind, happening.event_id, happening.data)
        return self._envelope.seal("success")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        data = from_json(raw)  # bounds the depth, unlike the standard library's
    except ValueError:
        raise Malformed("请求体应为 UTF-8 的 JSON") from None
    if not isinstance(data, dict):
        raise Malformed("请求体应为 JSON 对象")
    return data


def _refusal(status: int, reason: str) -> web.Response:
    log.warning("a callback is refused", action="dingtalk.callback.refused", status=status, reason=reason)
    return web.json_response({"error": reason}, status=status)
