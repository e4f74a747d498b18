"""Files both ways: fetched by the code in a message, and uploaded so that a message can name them (dossier 4.7)."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from bot.errors import UserError
from bot.events import File
from bot.messages.message import Enclosure
from bot.platforms.base import Permanent
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.settings import Settings
from bot.platforms.dingtalk.wire import Wire

MIB = 1024 * 1024
LARGEST_UPLOAD = 20 * MIB
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp")
DOCUMENTS = (".xlsx", ".pdf", ".zip", ".rar", ".doc", ".docx")


async def fetch(settings: Settings, api: Api, wire: Wire, file: File, most: int) -> AsyncIterator[bytes]:
    """Yield a file's content; raises `UserError` for a foreign host and beyond `most` bytes, else a `SendError`."""
    asked = {"downloadCode": file.ref.get("code", ""), "robotCode": settings.robot}
    url = (await api.new("/v1.0/robot/messageFiles/download", asked, "download")).get("downloadUrl")
    if not isinstance(url, str) or not settings.download_allowed(url):
        raise UserError(f"“{file.name}”的下载地址不在允许的主机里，没有下载。请管理员看 download_hosts 的说明")
    got = 0
    async for chunk in wire.read(url):
        got += len(chunk)
        if got > most:
            raise UserError(f"“{file.name}”超过 {most // MIB} MB，没有收下。请压缩或拆开再发")
        yield chunk


def sendable(file: Enclosure) -> bool:
    """Return whether DingTalk takes a file of this kind."""
    return file.name.lower().endswith(PICTURES + DOCUMENTS)


async def upload(api: Api, file: dict[str, str]) -> dict[str, str]:
    """Upload a stored file and return msgKey and msgParam that name it. Raises a `SendError`."""
    name, path = file["name"], Path(file["path"])
    picture = name.lower().endswith(PICTURES)
    content = await asyncio.to_thread(_read, path)
    media = await api.upload("image" if picture else "file", name, content)
    if picture:
        return {"msgKey": "sampleImageMsg", "msgParam": json.dumps({"photoURL": media})}
    param = {"mediaId": media, "fileName": name, "fileType": name.rsplit(".", 1)[-1].lower()}
    return {"msgKey": "sampleFile", "msgParam": json.dumps(param, ensure_ascii=False)}


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Permanent("file", f"要发的文件读不出来（{type(error).__name__}）") from None
    if len(content) > LARGEST_UPLOAD:
        raise Permanent("file", "文件超过 20 MB，钉钉不收")
    return content
