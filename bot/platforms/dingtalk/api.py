"""Calls of both generations of the server API: authorised, judged, counted (dossier 4.1)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from bot.platforms.base import RetryLater
from bot.platforms.dingtalk.budget import Budget
from bot.platforms.dingtalk.refusals import UNKNOWN, Answer, code_of, counts, meaning_of, to_error
from bot.platforms.dingtalk.settings import Settings
from bot.platforms.dingtalk.tokens import TokenKeeper
from bot.platforms.dingtalk.uploading import upload_in_thread
from bot.platforms.dingtalk.wire import Wire

TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - a header name
UNKNOWN_RETRIES = 2
REMEMBERED = 1000


class Judge:
    """Raises what a refusal means; one that nobody knows is tried again twice."""

    def __init__(self) -> None:
        self._puzzled: dict[str, int] = {}

    def judge(self, answer: Answer, key: str) -> dict[str, Any]:
        """Return the body of an accepted answer; `key` tells the message. Raises a `SendError`."""
        refusal = meaning_of(answer)
        if refusal is UNKNOWN and self._puzzled.get(key, 0) < UNKNOWN_RETRIES:
            if len(self._puzzled) > REMEMBERED:
                self._puzzled.clear()
            self._puzzled[key] = self._puzzled.get(key, 0) + 1
            raise RetryLater(code_of(answer), refusal.text)
        self._puzzled.pop(key, None)
        if refusal is not None:
            raise to_error(refusal, answer)
        return answer.data or {}


class Api:
    """The server API with the app's token, which is renewed once when it is refused."""

    def __init__(self, settings: Settings, wire: Wire, tokens: TokenKeeper, budget: Budget) -> None:
        self._settings, self._wire, self._tokens, self._budget = settings, wire, tokens, budget
        self.judge = Judge()

    async def token(self) -> str:
        """Return a token that should be valid. Raises a `SendError`."""
        return await self._tokens.get()

    async def new(
        self, path: str, body: Mapping[str, Any] | None, feature: str, *, method: str = "POST", key: str = ""
    ) -> dict[str, Any]:
        """Call the new generation (api_base) and return the body. Raises a `SendError`."""
        url = self._settings.api_base + path
        answer = await self._twice(lambda token: self._wire.call(method, url, body, {TOKEN_HEADER: token}))
        if counts(answer):
            self._budget.spend("calls", feature)
        return self.judge.judge(answer, key or path)

    async def old(self, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """Call the old generation (oapi_base) and return the body; the address book is not in the quota. Raises a
        `SendError`."""
        url = f"{self._settings.oapi_base}{path}?access_token="
        answer = await self._twice(lambda token: self._wire.post(url + quote(token, safe=""), body or {}))
        return self.judge.judge(answer, path)

    async def upload(self, kind: str, name: str, content: bytes) -> str:
        """Upload a file and return its media id. Raises a `SendError`."""
        answer = await self._twice(
            lambda token: asyncio.to_thread(upload_in_thread, self._settings, token, kind, name, content)
        )
        self._budget.spend("calls", "upload")
        media = self.judge.judge(answer, name).get("media_id")
        if not isinstance(media, str):
            raise RetryLater("media", "钉钉没有给出 media_id")
        return media

    async def _twice(self, call: Callable[[str], Awaitable[Answer]]) -> Answer:
        token = await self._tokens.get()
        answer = await call(token)
        refusal = meaning_of(answer)
        if refusal is not None and refusal.meaning == "token":
            answer = await call(await self._tokens.renew(token))
        return answer
