"""Calling WeCom's API: an answer with an errcode, or RetryLater. Nothing raised here contains an address."""

import json
import ssl
from typing import Any

import aiohttp

from bot.platforms.wecom.errors import unanswered
from bot.platforms.wecom.settings import Settings

Answer = dict[str, Any]


class Api:
    """A client session made in the running loop when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.api_base
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout_s)
        self._proxy = settings.proxy.get_secret_value() if settings.proxy else None
        self._ssl = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else True
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, query: dict[str, str]) -> Answer:
        """GET; the answer has an int `errcode`. Raises RetryLater when there is none."""
        return await self._call("GET", path, query, None)

    async def post(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        """POST JSON; the answer has an int `errcode`. Raises RetryLater when there is none."""
        return await self._call("POST", path, query, body)

    async def close(self) -> None:
        """Release the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def _call(self, method: str, path: str, query: dict[str, str], body: dict[str, Any] | None) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        failure, status, content = "", 0, b""
        try:
            # A redirect would carry the key in the query to another host.
            async with self._session.request(
                method,
                self._base + path,
                params=query,
                json=body,
                allow_redirects=False,
                proxy=self._proxy,
                ssl=self._ssl,
            ) as response:
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
