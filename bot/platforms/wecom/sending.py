"""Sending one payload: into a group by its webhook, or to a person by the app's message/send."""

from collections.abc import Mapping
from typing import Any

from bot.platforms.base import ChannelGone, Route
from bot.platforms.wecom.api import Answer, Api
from bot.platforms.wecom.errors import TOKEN_CODES, error_of, unreachable
from bot.platforms.wecom.settings import App, Settings
from bot.platforms.wecom.tokens import Tokens

WEBHOOK = "webhook"
APP = "app"


class Sender:
    """Sends routes. Routes are stored, so they name a group or a person; keys and tokens are looked up here."""

    def __init__(self, settings: Settings, webhooks: Mapping[str, str]) -> None:
        self._api = Api(settings)
        self._webhooks = webhooks
        self._app: tuple[App, Tokens] | None = None
        if settings.app:
            secret = settings.app.secret.get_secret_value()
            self._app = (settings.app, Tokens(self._api, settings.corp_id, secret))

    async def send(self, route: Route) -> str:
        """Send once; return the msgid, '' for a webhook, which gives none. Raises a SendError."""
        if route.channel == WEBHOOK:
            return await self._to_group(route.body["group"], route.body["payload"])
        if route.channel == APP:
            return await self._to_person(route.body["payload"])
        raise ChannelGone("channel", "这种通道已不再支持")

    async def close(self) -> None:
        """Release the connections."""
        await self._api.close()

    async def _to_group(self, group: str, payload: dict[str, Any]) -> str:
        key = self._webhooks.get(group)
        if not key:
            raise ChannelGone("webhook", "这个群的 webhook 已从配置中删去")
        _accepted(await self._api.post("/cgi-bin/webhook/send", {"key": key}, payload))
        return ""

    async def _to_person(self, payload: dict[str, Any]) -> str:
        if not self._app:
            raise ChannelGone("app", "自建应用已从配置中删去（platforms.wecom.app）")
        app, tokens = self._app
        # enable_duplicate_check stays off. It drops a request with identical JSON for up to 4 h and still answers
        # "ok" (doc 90236): somebody who asks twice and rightly gets the same answer would get silence. Making the JSON
        # differ by outbox key would lean on what WeCom compares, and whether a request it refused (busy, IP) counts as
        # seen; neither is documented. A double after a crash between answer and settle is the lesser evil.
        body = {**payload, "agentid": app.agent_id}
        answer = _accepted(await self._with_token(tokens, body))
        for state in ("invaliduser", "unlicenseduser"):
            if _names(answer, state, payload["touser"]):
                raise unreachable(state)
        return str(answer.get("msgid", ""))

    async def _with_token(self, tokens: Tokens, body: dict[str, Any]) -> Answer:
        token = await tokens.get()
        answer = await self._api.post("/cgi-bin/message/send", {"access_token": token}, body)
        if answer["errcode"] in TOKEN_CODES:
            token = await tokens.get(failed=token)
            answer = await self._api.post("/cgi-bin/message/send", {"access_token": token}, body)
        return answer


def _accepted(answer: Answer) -> Answer:
    """Return an answer with errcode 0; raises the SendError of any other."""
    if answer["errcode"]:
        raise error_of(answer["errcode"], str(answer.get("errmsg", "")))
    return answer


def _names(answer: Answer, state: str, touser: str) -> bool:
    """Tell whether a |-joined list names a receiver; WeCom answers in lower case whatever it was sent (doc 90236)."""
    named = str(answer.get(state) or "").casefold().split("|")
    return any(userid in named for userid in touser.casefold().split("|"))
