"""Files out: read where they lie, and given to each channel in its own way (docs 99110, 90253, 101463)."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.platforms.base import Permanent
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.application import Application, accepted
from bot.platforms.wecom.connection import LongConnection
from bot.platforms.wecom.errors import bot_error_of

MIB = 1024**2
LARGEST = 20 * MIB
LARGEST_PICTURE = 2 * MIB  # a larger one goes as a file
SMALLEST = 6
CHUNK = 512 * 1024


def read_file(path: Path) -> bytes:
    """Return a file's content; raises Permanent when WeCom would not take it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Permanent("file", f"要发的文件读不出来（{type(error).__name__}）") from None
    if not SMALLEST <= len(content) <= LARGEST:
        raise Permanent("file", "文件是空的，或超过 20 MB，企业微信不收")
    return content


async def to_webhook(api: Api, key: str, kind: str, name: str, data: bytes) -> dict[str, Any]:
    """Return what a webhook's message says of a file; a picture stands in the message itself."""
    if kind == "image":
        return {"base64": base64.b64encode(data).decode(), "md5": _md5(data)}
    answer = accepted(await api.upload("/cgi-bin/webhook/upload_media", {"key": key, "type": kind}, name, data))
    return {"media_id": str(answer.get("media_id", ""))}


async def to_app(application: Application, kind: str, name: str, data: bytes) -> dict[str, Any]:
    """Upload for the app and its groups."""
    return {"media_id": await application.upload(kind, name, data)}


async def to_bot(connection: LongConnection, kind: str, name: str, data: bytes) -> dict[str, Any]:
    """Upload over the long connection, in pieces of half a mebibyte."""
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    start = {
        "type": kind,
        "filename": name,
        "total_size": len(data),
        "total_chunks": len(chunks),
        "md5": _md5(data),
    }
    upload = (await _step(connection, "init", start)).get("upload_id")
    for number, chunk in enumerate(chunks):
        encoded = base64.b64encode(chunk).decode()
        await _step(connection, "chunk", {"upload_id": upload, "chunk_index": number, "base64_data": encoded})
    return {"media_id": str((await _step(connection, "finish", {"upload_id": upload})).get("media_id", ""))}


async def _step(connection: LongConnection, step: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = await connection.call(f"aibot_upload_media_{step}", body)
    if answer["errcode"]:
        raise bot_error_of(answer["errcode"])
    found = answer.get("body")
    return found if isinstance(found, dict) else {}


def _md5(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()  # noqa: S324 - the platform's checksum
