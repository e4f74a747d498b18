"""The access token of one app: one for all who send, fetched once however many wait (doc 91039)."""

import asyncio
from typing import Any

import structlog

from bot.platforms.wecom.api import Api
from bot.platforms.wecom.errors import CREDENTIAL_CODES, error_of, unanswered

log = structlog.get_logger()

LIFE_S = 7200.0
EARLY_S = 300.0  # fetch anew this long before the end
REFUSED_S = 900.0  # after refused credentials: at most 4 calls an hour


class Tokens:
    """Keeps the current token; `get` is safe to call from many tasks."""

    def __init__(self, api: Api, corp_id: str, secret: str) -> None:
        self._api = api
        self._query = {"corpid": corp_id, "corpsecret": secret}
        self._lock = asyncio.Lock()
        self._token = ""
        self._ends = 0.0
        self._refused: dict[str, Any] = {}
        self._closed_until = 0.0

    async def get(self, failed: str = "") -> str:
        """Return a token other than `failed`, the one that WeCom has just refused. Raises a SendError."""
        async with self._lock:  # whoever waited here finds the token of the first
            now = asyncio.get_running_loop().time()
            if self._token and self._token != failed and now < self._ends:
                return self._token
            if self._refused and now < self._closed_until:
                raise error_of(self._refused["errcode"])
            await self._fetch(now)
            return self._token

    async def _fetch(self, now: float) -> None:
        answer = await self._api.get("/cgi-bin/gettoken", self._query)
        code = answer["errcode"]
        if code in CREDENTIAL_CODES:
            self._refused, self._closed_until = answer, now + REFUSED_S
            log.error("token refused", action="wecom.token_refused", errcode=code)
        if code:
            raise error_of(code, str(answer.get("errmsg", "")))
        if not answer.get("access_token"):
            raise unanswered("no_token")
        told = answer.get("expires_in")
        life = float(told) if isinstance(told, int) and told > 0 else LIFE_S
        self._token = str(answer["access_token"])
        self._ends = now + max(life - EARLY_S, life / 2)
        self._refused = {}
        log.info("token fetched", action="wecom.token_fetched")
