"""HTTP towards DingTalk, and the access token of the app."""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import structlog
from yarl import URL

from bot.clock import monotonic
from bot.platforms.base import RetryLater
from bot.platforms.dingtalk.refusals import CREDENTIALS, Answer, code_of, meaning_of, to_error
from bot.platforms.dingtalk.settings import Settings

log = structlog.get_logger()

MARGIN_S = 300.0
# A wrong secret is asked for again after this, that is at most five times an hour.
WRONG_SECRET_S = 720.0


class Wire:
    """One HTTP session, made when it is first used (it belongs to the running loop)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tls: ssl.SSLContext | bool = settings.tls()
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        """Post JSON and return the answer whatever it says. Raises `RetryLater` when there is none."""
        failed = ""
        try:
            return await self._post(URL(url), body, headers or {})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failed = type(error).__name__
        # Raised outside, without a chain: the library's errors may hold the address, and that holds the token.
        raise RetryLater("network", f"连不上钉钉或没有等到回答（{failed}）")

    async def _post(self, url: URL, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        sent = json.dumps(body, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/json; charset=utf-8"}
        proxy = self._settings.proxy.get_secret_value() or None
        async with self._open().post(
            url, data=sent, headers={**kind, **headers}, proxy=proxy, ssl=self._tls, allow_redirects=False
        ) as response:
            return Answer(response.status, _object(await response.read()))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=self._settings.timeout_s)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


class TokenKeeper:
    """The app's access token: asked for once at a time, kept until shortly before it ends (dossier 4.2)."""

    def __init__(self, wire: Wire, settings: Settings, clock: Callable[[], float] = monotonic) -> None:
        self._wire, self._settings, self._clock = wire, settings, clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0
        self._refused_until = 0.0

    async def get(self) -> str:
        """Return a token that should be valid. Raises a `SendError`."""
        async with self._lock:
            if not self._token or self._clock() >= self._until:
                await self._ask()
            return self._token

    async def renew(self, stale: str) -> str:
        """Return another token than `stale`, which was refused; whoever comes second gets the first one's."""
        async with self._lock:
            if self._token == stale:
                await self._ask()
            return self._token

    async def _ask(self) -> None:
        wait_s = self._refused_until - self._clock()
        if wait_s > 0:
            raise RetryLater("credentials", CREDENTIALS.text, wait_s, whole_bucket=True)
        self._token = ""
        body = {"appKey": self._settings.app_key, "appSecret": self._settings.app_secret.get_secret_value()}
        answer = await self._wire.post(f"{self._settings.api_base}/v1.0/oauth2/accessToken", body)
        refusal = meaning_of(answer)
        if refusal is CREDENTIALS:
            self._refused_until = self._clock() + WRONG_SECRET_S
            log.error("the app's key or secret is refused", action="dingtalk.token.refused", code=code_of(answer))
            raise RetryLater("credentials", CREDENTIALS.text, WRONG_SECRET_S, whole_bucket=True)
        if refusal is not None:
            raise to_error(refusal, answer)
        self._keep(answer.data or {})

    def _keep(self, data: Mapping[str, Any]) -> None:
        token, life_s = data.get("accessToken"), data.get("expireIn")
        if not isinstance(token, str) or not token or not isinstance(life_s, int | float):
            raise RetryLater("token", "钉钉没有给出 access_token")
        self._token = token
        self._until = self._clock() + max(life_s - MARGIN_S, life_s / 2)
        log.info("a new access token", action="dingtalk.token.renewed", life_s=life_s)


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
