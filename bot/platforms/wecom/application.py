"""The self-built app: its token on every call, and what it can do beside sending (docs 90236, 94867, 94888, 90253)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from bot.platforms.base import Permanent
from bot.platforms.wecom.api import Answer, Api
from bot.platforms.wecom.errors import TOKEN_CODES, error_of
from bot.platforms.wecom.settings import App, Settings
from bot.platforms.wecom.tokens import Tokens

IDS_A_CALL = 1000
EXPIRED = 42052


class Application:
    """One self-built app. Every call raises a `SendError` for an errcode other than 0."""

    def __init__(self, api: Api, settings: Settings, app: App) -> None:
        self._api, self._app = api, app
        self.tokens = Tokens(api, settings.corp_id, app.secret.get_secret_value())
        self._userids: dict[str, str] = {}

    async def get(self, path: str, **query: str) -> Answer:
        """GET /cgi-bin/`path`."""
        return await self._with_token(lambda token: self._api.get(f"/cgi-bin/{path}", {"access_token": token, **query}))

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST JSON to /cgi-bin/`path`."""
        return await self._with_token(lambda token: self._api.post(f"/cgi-bin/{path}", {"access_token": token}, body))

    async def send(self, userid: str, payload: Mapping[str, Any]) -> Answer:
        """Send one message to a person; who is named as not reached is in the answer."""
        # enable_duplicate_check stays off. It drops a request with identical JSON for up to 4 h and still answers
        # "ok" (doc 90236): somebody who asks twice and rightly gets the same answer would get silence. Making the JSON
        # differ by outbox key would lean on what WeCom compares, and whether a request it refused (busy, IP) counts as
        # seen; neither is documented. A double after a crash between answer and settle is the lesser evil.
        return await self.post("message/send", {**payload, "touser": userid, "agentid": self._app.agent_id})

    async def recall(self, message_id: str) -> bool:
        """Take back a message of the last 24 hours; False when it is older (doc 94867)."""
        try:
            await self.post("message/recall", {"msgid": message_id})
        except Permanent as error:
            if error.code != str(EXPIRED):
                raise
            return False
        return True

    async def grey_out(self, userid: str, response_code: str, words: str) -> None:
        """Turn the buttons of a card into one that says it is done; the code is used up by it (doc 94888)."""
        body = {
            "userids": [userid],
            "agentid": self._app.agent_id,
            "response_code": response_code,
            "button": {"replace_name": words},
        }
        await self.post("message/update_template_card", body)

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """Upload image, voice, video or file; the media id lives 3 days (doc 90253)."""
        answer = await self._with_token(
            lambda token: self._api.upload("/cgi-bin/media/upload", {"access_token": token, "type": kind}, name, data)
        )
        return str(answer.get("media_id", ""))

    async def userids(self, open_ids: Iterable[str]) -> dict[str, str]:
        """Return the userids of encrypted ids; one that is plain already, or of nobody in sight, is not among them."""
        wanted = [one for one in dict.fromkeys(open_ids) if one not in self._userids]
        for at in range(0, len(wanted), IDS_A_CALL):
            body = {"open_userid_list": wanted[at : at + IDS_A_CALL]}
            answer = await self.post("batch/openuserid_to_userid", body)
            for pair in answer.get("userid_list") or []:
                self._userids[str(pair["open_userid"])] = str(pair["userid"]).casefold()
        return {one: self._userids[one] for one in open_ids if one in self._userids}

    async def _with_token(self, call: Callable[[str], Awaitable[Answer]]) -> Answer:
        token = await self.tokens.get()
        answer = await call(token)
        if answer["errcode"] in TOKEN_CODES:
            answer = await call(await self.tokens.get(failed=token))
        return accepted(answer)


def accepted(answer: Answer) -> Answer:
    """Return an answer with errcode 0; raises the SendError of any other."""
    if answer["errcode"]:
        raise error_of(answer["errcode"], str(answer.get("errmsg", "")))
    return answer
