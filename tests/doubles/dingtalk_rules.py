"""What DingTalk enforces on a message: types, sizes, signatures; refusals carry the recorded bodies."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

RECORDED = json.loads((Path(__file__).parents[1] / "platforms/dingtalk/payloads.json").read_text(encoding="utf-8"))

PER_MINUTE = 20
PENALTY_S = 600
BODY_BYTES = 20_000
PARAM_BYTES = 15_000
RECIPIENTS = 20
MENTIONS = 50
SESSION_S = 5400
SKEW_S = 3600
BOT = "$:LWCP_v1:$exampleBotAAAAAAAAAAAAAAAAAAAAAA"

WEBHOOK_TYPES = {"text", "markdown", "link", "actionCard", "feedCard"}
TEMPLATES = {key: set(json.loads(param)) for key, param in RECORDED["server_api"]["msgKey_msgParam"].items()}


class Refuse(Exception):
    """Carries the answer of a refusal."""

    def __init__(self, status: int, **body: Any) -> None:
        super().__init__(str(body))
        self.status, self.body = status, body


def webhook_body(request: web.Request, raw: bytes) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refuse(200, errcode=43004, errmsg="无效的 HTTP HEADER Content-Type")
    if len(raw) > BODY_BYTES:
        raise Refuse(200, errcode=460101, errmsg="message too long, exceed 20000 bytes")
    body = json.loads(raw)
    kind = body.get("msgtype")
    if kind not in WEBHOOK_TYPES:
        raise Refuse(200, errcode=400105, errmsg="不支持的消息类型")
    shown = body.get(kind) or {}
    if not (shown.get("content") or shown.get("text") or shown.get("links")) or (
        kind == "markdown" and not shown.get("title")
    ):
        raise Refuse(200, errcode=40035, errmsg="缺少参数 json")
    return dict(body)


def template(body: Mapping[str, Any]) -> dict[str, str]:
    """Return msgParam, which is JSON in a string, after the checks of its template."""
    raw, wanted = body.get("msgParam"), TEMPLATES.get(str(body.get("msgKey")))
    if wanted is None or not isinstance(raw, str):
        raise Refuse(400, code="invalidParameter.msgKey.invalid", message="msgKey 不合法")
    if len(raw.encode()) > PARAM_BYTES:
        raise Refuse(400, code="invalidParameter.msgParam.tooLong", message="msgParam 过长")
    param: dict[str, str] = json.loads(raw)
    if set(param) != wanted or not all(param.values()):
        raise Refuse(400, code="invalidParameter.msgParam.invalid", message="msgParam 不合法")
    return param


def check_signature(query: Mapping[str, str], secret: str) -> None:
    timestamp = query.get("timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp) / 1000) > SKEW_S:
        raise Refuse(200, errcode=310000, errmsg="invalid timestamp")
    if query.get("sign") != sign(secret, timestamp):
        raise Refuse(200, errcode=310000, errmsg="sign not match")


def sign(secret: str, timestamp: str) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def recorded(name: str) -> Refuse:
    error = RECORDED["errors"][name]
    return Refuse(error["status"], **error["body"])
