"""The app's credentials and its access token."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.clock import monotonic
from bot.platforms.base import RetryLater
from bot.platforms.dingtalk.refusals import CREDENTIALS, Answer, code_of, meaning_of, to_error
from bot.platforms.dingtalk.settings import Settings
from bot.platforms.dingtalk.wire import Wire

log = structlog.get_logger()

MARGIN_S = 300.0
# A wrong secret is asked for again after this, that is at most five times an hour.
WRONG_SECRET_S = 720.0


class Credentials:
    """Whether the app's key and secret are believed; whoever shows them to DingTalk asks here first."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._refused_until = 0.0

    def check(self) -> None:
        """Raise `RetryLater` while they were refused a short time ago."""
        wait_s = self._refused_until - self._clock()
        if wait_s > 0:
            raise RetryLater("credentials", CREDENTIALS.text, wait_s, whole_bucket=True)

    def judge(self, answer: Answer) -> None:
        """Raise what a refusal means, a `SendError`; a wrong secret stops every further showing for a while."""
        refusal = meaning_of(answer)
        if refusal is CREDENTIALS:
            self._refused_until = self._clock() + WRONG_SECRET_S
            log.error("the app's key or secret is refused", action="dingtalk.token.refused", code=code_of(answer))
            self.check()
        if refusal is not None:
            raise to_error(refusal, answer)


class TokenKeeper:
    """The app's access token: asked for once at a time, kept until shortly before it ends (dossier 4.2)."""

    def __init__(
        self, wire: Wire, settings: Settings, credentials: Credentials, clock: Callable[[], float] = monotonic
    ) -> None:
        self._wire, self._settings, self._credentials, self._clock = wire, settings, credentials, clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

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
        self._credentials.check()
        self._token = ""
        body = {"appKey": self._settings.app_key, "appSecret": self._settings.app_secret.get_secret_value()}
        answer = await self._wire.post(f"{self._settings.api_base}/v1.0/oauth2/accessToken", body)
        self._credentials.judge(answer)
        self._keep(answer.data or {})

    def _keep(self, data: Mapping[str, Any]) -> None:
        token, life_s = data.get("accessToken"), data.get("expireIn")
        if not isinstance(token, str) or not token or not isinstance(life_s, int | float):
            raise RetryLater("token", "钉钉没有给出 access_token")
        self._token = token
        self._until = self._clock() + max(life_s - MARGIN_S, life_s / 2)
        log.info("a new access token", action="dingtalk.token.renewed", life_s=life_s)
