"""Calling WeCom over HTTP: answers with an errcode, uploads, downloads. Nothing raised here contains an address."""

import io
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.platforms.wecom.errors import unanswered
from bot.platforms.wecom.settings import Settings

Answer = dict[str, Any]


class Api:
    """A client session made in the running loop when first needed; also the socket of the smart bot."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.api_base
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout_s)
        self._proxy = settings.proxy.get_secret_value() if settings.proxy else None
        self._ssl = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else True
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """GET; the answer has an int `errcode`. Raises RetryLater when there is none."""
        return await self._call("GET", self._base + path, params=query)

    async def post(self, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> Answer:
        """POST JSON; the answer has an int `errcode`. Raises RetryLater when there is none."""
        return await self._call("POST", self._base + path, params=query, json=body)

    async def post_to(self, address: str, body: Mapping[str, Any]) -> Answer:
        """POST JSON to a whole address that came in a message; whether it is allowed was asked before."""
        return await self._call("POST", address, json=body)

    async def upload(self, path: str, query: Mapping[str, str], name: str, data: bytes) -> Answer:
        """POST a file as the form field `media` (docs 90253, 99110)."""
        # The documentation wants the plain name in UTF-8 and `filelength` in the part's disposition; aiohttp's form
        # writes neither, so the part is written by hand.
        boundary = "drumbeat-media"
        while boundary.encode() in data:
            boundary += "-"
        shown = "".join(char for char in name if char not in '"\r\n\\')
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{shown}"; filelength={len(data)}'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return await self._call("POST", self._base + path, params=query, data=io.BytesIO(body), headers=headers)

    @asynccontextmanager
    async def opened(
        self, address: str, query: Mapping[str, str] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Open a download, by a whole address or a path of the API. Raises RetryLater when it cannot be read."""
        failure = ""
        url = address if "://" in address else self._base + address
        try:
            async with self._begin("GET", url, params=query) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = type(error).__name__
        if failure:
            raise unanswered(failure)

    async def connect(self, address: str) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket. Raises RetryLater when it cannot be reached."""
        failure = ""
        try:
            return await self._open().ws_connect(
                address,
                proxy=self._proxy,
                ssl=self._ssl,
                max_msg_size=1024**2,
                timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = type(error).__name__
        raise unanswered(failure)

    async def close(self) -> None:
        """Release the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        return self._session

    def _begin(self, method: str, url: str, **options: Any) -> Any:
        # A redirect would carry the key in the query to another host.
        return self._open().request(method, url, allow_redirects=False, proxy=self._proxy, ssl=self._ssl, **options)

    async def _call(self, method: str, url: str, **options: Any) -> Answer:
        failure, status, content = "", 0, b""
        try:
            async with self._begin(method, url, **options) as response:
                status, content = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = type(error).__name__
        if failure:
            # Raised out here: aiohttp's exception prints the URL with its key and must not hang on ours as context.
            raise unanswered(failure)
        return _answer(status, content)


def _answer(status: int, content: bytes) -> Answer:
    """Read the errcode whatever the HTTP status says (doc 90313)."""
    try:
        answer = json.loads(content)
        return {**answer, "errcode": int(answer["errcode"])}
    except (ValueError, TypeError, KeyError):
        pass
    raise unanswered(f"http{status}")
