"""HTTP and WebSocket towards DingTalk: one client, with the proxy and the trust of the settings."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
from yarl import URL

from bot.platforms.base import RetryLater
from bot.platforms.dingtalk.refusals import Answer
from bot.platforms.dingtalk.settings import Settings

TROUBLE = (aiohttp.ClientError, TimeoutError, OSError)
HEARTBEAT_S = 20.0  # a WebSocket ping; without a pong in half of that the connection is dead
LARGEST_FRAME = 8 << 20  # what is over 1 MiB is refused by whoever reads it, not by cutting the line
CHUNK = 64 * 1024


class Wire:
    """One HTTP session, made when it is first used (it belongs to the running loop)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tls: ssl.SSLContext | bool = settings.tls()
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        """Post JSON and return the answer whatever it says. Raises `RetryLater` when there is none."""
        return await self.call("POST", url, body, headers)

    async def call(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send JSON (None: nothing) and return the answer whatever it says. Raises `RetryLater` when there is none."""
        failed = ""
        try:
            return await self._call(method, URL(url), body, headers or {})
        except TROUBLE as error:
            failed = type(error).__name__
        raise unreachable(failed)

    async def _call(self, method: str, url: URL, body: Mapping[str, Any] | None, headers: Mapping[str, str]) -> Answer:
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        async with self._open().request(
            method, url, data=sent, headers={**kind, **headers}, allow_redirects=False, **self._way()
        ) as response:
            return Answer(response.status, _object(await response.read()), response.headers.get("Date", ""))

    async def connect(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """Open a WebSocket. Raises `RetryLater`."""
        failed = ""
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                socket: aiohttp.ClientWebSocketResponse = await self._open().ws_connect(
                    URL(url), heartbeat=HEARTBEAT_S, max_msg_size=LARGEST_FRAME, **self._way()
                )
                return socket
        except TROUBLE as error:
            failed = type(error).__name__
        raise unreachable(failed)

    async def read(self, url: str) -> AsyncIterator[bytes]:
        """Yield what stands at an address, piece by piece; raises `RetryLater`."""
        failed = ""
        try:
            async with self._open().get(URL(url, encoded=True), allow_redirects=False, **self._way()) as response:
                if response.status == 200:
                    async for chunk in response.content.iter_chunked(CHUNK):
                        yield chunk
                    return
                failed = f"HTTP {response.status}"
        except TROUBLE as error:
            failed = type(error).__name__
        raise unreachable(failed)

    def _way(self) -> dict[str, Any]:
        return {"proxy": self._settings.proxy.get_secret_value() or None, "ssl": self._tls}

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=self._settings.timeout_s)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def unreachable(failed: str) -> RetryLater:
    """Say that there was no answer; to be raised outside of `except`, without a chain: the library's errors may hold
    the address, and that holds the token."""
    return RetryLater("network", f"连不上钉钉或没有等到回答（{failed}）")


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
