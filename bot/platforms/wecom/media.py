"""Files that people send: of the smart bot by a short-lived address, encrypted; of the app by a media id."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import unquote

import aiohttp

from bot.errors import UserError
from bot.events import Event, File
from bot.platforms.base import RetryLater, SendError
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.application import Application
from bot.platforms.wecom.crypto import CryptoError, FileOpener
from bot.platforms.wecom.errors import TOKEN_CODES, error_of
from bot.platforms.wecom.settings import Settings

NAMES = {"image": "图片", "file": "文件", "voice": "语音", "video": "视频"}
LOOK_S = 3.0
TRIES = 3
CHUNK = 64 * 1024
PAD = 32
TOO_LARGE = 830002
ERROR_BYTES = 2048


class Media:
    """Fetches files; an address that is not allowed is refused, one that is too long is not read to its end."""

    def __init__(self, api: Api, settings: Settings, application: Application | None) -> None:
        self._api, self._settings, self._application = api, settings, application

    async def named(self, event: Event) -> Event:
        """Return the event with its files' names: they stand in the download's header only (doc 100719)."""
        if not event.files:
            return event
        return replace(event, files=tuple([await self._named(file) for file in event.files]))

    async def fetch(self, file: File, most: int) -> AsyncIterator[bytes]:
        """Yield the content. Raises UserError for a file that is too large or of a foreign host, else a SendError."""
        pieces = self._of_app(file, most) if "media_id" in file.ref else self._of_bot(file, most)
        async for piece in pieces:
            yield piece

    async def _named(self, file: File) -> File:
        plain = replace(file, name=file.name or NAMES[file.kind])
        address = str(file.ref.get("url", ""))
        if file.kind == "image" or not address or not self._settings.may_visit(address):
            return plain
        try:
            async with asyncio.timeout(LOOK_S), self._api.opened(address) as response:
                return replace(file, name=_name(response) or plain.name, size=max(0, response.content_length or 0))
        except (SendError, TimeoutError):
            return plain

    async def _of_bot(self, file: File, most: int) -> AsyncIterator[bytes]:
        address = str(file.ref.get("url", ""))
        if not self._settings.may_visit(address):
            raise UserError(
                "这个文件的地址不在允许的主机里，没有去取。"
                "如果是本单位自己的服务器，请管理员把它写进 platforms.wecom.media_hosts"
            )
        opener = self._opener(file)
        try:
            async for piece in self._download(address, most + PAD):
                yield opener.update(piece)
            yield opener.finish()
        except CryptoError:
            raise RetryLater("decrypt", "文件解不开，请对方再发一次") from None

    def _opener(self, file: File) -> FileOpener:
        bot = self._settings.bot
        key = str(file.ref.get("aeskey") or (bot.aes_key.get_secret_value() if bot else ""))
        try:
            return FileOpener(key)
        except CryptoError:
            raise UserError("这个文件没有带密钥，打不开，请再发一次") from None

    async def _download(self, address: str, most: int) -> AsyncIterator[bytes]:
        for attempt in range(TRIES):
            async with self._api.opened(address) as response:
                if response.status < 500 or attempt + 1 == TRIES:  # 503 is known to pass (dossier 4.3)
                    async for piece in _body(response, most):
                        yield piece
                    return
            await asyncio.sleep(0.2 * 2**attempt)

    async def _of_app(self, file: File, most: int) -> AsyncIterator[bytes]:
        if self._application is None:
            raise UserError("自建应用已从配置中删去，这个文件取不下来")
        token = await self._application.tokens.get()
        for again in (True, False):
            query = {"access_token": token, "media_id": str(file.ref["media_id"])}
            async with self._api.opened("/cgi-bin/media/get", query) as response:
                pieces = _body(response, most)
                first = await anext(pieces, b"")
                code = _errcode(first)
                if not code:
                    yield first
                    async for piece in pieces:
                        yield piece
                    return
            if code == TOO_LARGE:
                raise UserError(_too_large(most))
            if code not in TOKEN_CODES or not again:
                raise error_of(code)
            token = await self._application.tokens.get(failed=token)


def _errcode(content: bytes) -> int:
    """Return the code of an error that came in the place of a file, 0 for a file (doc 90254)."""
    if not content.startswith(b"{") or len(content) > ERROR_BYTES:
        return 0
    try:
        answer = json.loads(content)
    except ValueError:
        return 0
    code = answer.get("errcode") if "errmsg" in answer else 0
    return code if isinstance(code, int) else 0


async def _body(response: aiohttp.ClientResponse, most: int) -> AsyncIterator[bytes]:
    if response.status not in (200, 206):
        raise RetryLater(f"http{response.status}", "文件取不下来（地址 5 分钟内有效），请对方再发一次")
    if (response.content_length or 0) > most:
        raise UserError(_too_large(most))
    read = 0
    async for piece in response.content.iter_chunked(CHUNK):
        read += len(piece)
        if read > most:
            raise UserError(_too_large(most))
        yield piece


def _too_large(most: int) -> str:
    return f"文件太大了，最多 {max(1, most // 1024**2)} MB。请压缩，或分成几个发"


def _name(response: aiohttp.ClientResponse) -> str:
    shown = response.content_disposition.filename if response.content_disposition else ""
    return unquote(shown or "").replace("/", "_").replace("\\", "_").strip()[:120]
