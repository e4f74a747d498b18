"""The half of the WeCom double that answers the app beside message/send: recall, cards, media, contacts, groups."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.doubles.wecom_content import Body, Refusal, card_text, worded

DAY_S = 86400.0
CODE_S = 72 * 3600.0
Serve = Callable[[Mapping[str, str], Body], Body]

PEOPLE = {"chenjing": "陈静", "wangbo": "王波", "lixue": "李雪"}
OPEN_ID = "woAJ2GCAAAFixtureOpenUserIdAAA1example"


class AppApi:
    """Serves the calls of one app. `clock`, `check_caller` and `agent_id` are the double's."""

    clock: Callable[[], float]
    agent_id: int
    members: set[str]
    callback_configured = True
    app_closed = False

    def check_caller(self, query: Mapping[str, str]) -> None:
        """Refuse a call without a good token."""
        raise NotImplementedError

    def set_up_app(self) -> None:
        """Begin with nothing sent and nothing uploaded."""
        self._numbers_of_media = itertools.count(1)
        self.media: dict[str, tuple[str, str, bytes]] = {}  # media id → (type, name, content)
        self.tasks: set[str] = set()
        self.message_ids: dict[str, float] = {}
        self.recalled: list[str] = []
        self.updated: list[Body] = []
        self.response_codes: dict[str, float] = {}  # code → when it was given; gone once used
        self.chats: dict[str, Body] = {}
        self.chat_messages: list[Body] = []

    def response_code(self) -> Body:
        """Give a code that changes a card once within 72 hours."""
        code = f"responseCode{len(self.response_codes) + len(self.updated) + 1:04}"
        self.response_codes[code] = self.clock()
        return {"response_code": code}

    def app_calls(self) -> dict[str, Serve]:
        """Return path → what serves it, each behind the token."""
        calls: dict[str, Serve] = {
            "message/recall": self._recall,
            "message/update_template_card": self._update_card,
            "batch/openuserid_to_userid": self._userids,
            "agent/get": self._agent,
            "getcallbackip": lambda query, body: {"ip_list": ["101.226.103.*", "101.226.62.*"]},
            "user/simplelist": self._people_of,
            "user/list": lambda query, body: {"userlist": [self._person(userid) for userid in PEOPLE]},
            "user/get": lambda query, body: self._person(query.get("userid", "")),
            "user/getuserid": self._by_mobile,
            "user/list_id": lambda query, body: {
                "next_cursor": "",
                "dept_user": [{"userid": "chenjing", "department": 12}],
            },
            "department/list": lambda query, body: {
                "department": [
                    {"id": 1, "name": "某集团", "parentid": 0},
                    {"id": 12, "name": "生产二部", "parentid": 1},
                ]
            },
            "oa/journal/get_record_list": lambda query, body: {
                "journaluuid_list": ["41e"],
                "next_cursor": 0,
                "endflag": 1,
            },
            "wedoc/get_form_statistic": self._statistic,
            "appchat/create": self._create_chat,
            "appchat/update": self._update_chat,
            "appchat/send": self._send_to_chat,
        }
        return {path: self._behind_token(serve) for path, serve in calls.items()}

    async def take_media(self, request: web.Request) -> web.Response:
        """Take an upload: one part `media` with its name; more than 5 bytes, at most 20 MB."""
        try:
            self._check_uploader(request)
            part = await (await request.multipart()).next()
            assert part is not None
            content = bytes(await part.read())  # type: ignore[union-attr]
            disposition = part.headers["Content-Disposition"]
            if part.name != "media" or f"filelength={len(content)}" not in disposition:  # type: ignore[union-attr]
                raise Refusal(40058, "media.filelength")
            if not 5 < len(content) <= 20 * 1024**2:
                raise Refusal(40058, "media size")
        except Refusal as refusal:
            return web.json_response({"errcode": refusal.code, "errmsg": refusal.text})
        kind = request.query.get("type", "")
        media_id = self.keep_media(kind, part.filename or "", content)  # type: ignore[union-attr]
        return web.json_response(
            {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media_id, "created_at": "1793581300"}
        )

    def keep_media(self, kind: str, name: str, content: bytes) -> str:
        """Keep a file and return its media id."""
        media_id = f"1G6nrLmr5EC3-{next(self._numbers_of_media):04}"
        self.media[media_id] = (kind, name, content)
        return media_id

    async def give_media(self, request: web.Request) -> web.Response:
        """Give a file, or a JSON error."""
        try:
            self.check_caller(request.query)
            _, name, content = self.media[request.query.get("media_id", "")]
        except Refusal as refusal:
            return web.json_response({"errcode": refusal.code, "errmsg": refusal.text})
        except KeyError:
            return web.json_response({"errcode": 40007, "errmsg": "invalid media_id"})
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, headers=headers, content_type="application/octet-stream")

    def _check_uploader(self, request: web.Request) -> None:
        if "key" not in request.query:
            self.check_caller(request.query)
        elif request.query["key"] not in self.keys:  # type: ignore[attr-defined]
            raise Refusal(93000)

    def _behind_token(self, serve: Serve) -> Serve:
        def behind(query: Mapping[str, str], body: Body) -> Body:
            self.check_caller(query)
            return serve(query, body)

        return behind

    def _recall(self, query: Mapping[str, str], body: Body) -> Body:
        sent_at = self.message_ids.get(body.get("msgid", ""))
        if sent_at is None or self.clock() - sent_at > DAY_S:
            raise Refusal(42052)
        self.recalled.append(body["msgid"])
        return {}

    def _update_card(self, query: Mapping[str, str], body: Body) -> Body:
        given = self.response_codes.pop(body.get("response_code", ""), None)
        if given is None or self.clock() - given > CODE_S:
            raise Refusal(60140)
        if body.get("agentid") != self.agent_id:
            raise Refusal(40056)
        if "template_card" in body:
            # An updated card keeps the task it had.
            card_text({"task_id": "kept", **body["template_card"]}, ("text_notice", "button_interaction"))
        elif not body.get("button", {}).get("replace_name"):
            raise Refusal(40058)
        self.updated.append(body)
        return {"invaliduser": [user.casefold() for user in body["userids"] if user.casefold() not in self.members]}

    def _userids(self, query: Mapping[str, str], body: Body) -> Body:
        asked = body.get("open_userid_list", [])
        if not 1 <= len(asked) <= 1000:
            raise Refusal(40031)
        known = [{"open_userid": one, "userid": "chenjing"} for one in asked if one == OPEN_ID]
        return {"userid_list": known, "invalid_open_userid_list": [one for one in asked if one != OPEN_ID]}

    def _people_of(self, query: Mapping[str, str], body: Body) -> Body:
        listed = PEOPLE if query.get("department_id") == "12" else ["lixue"]
        return {"userlist": [self._person(userid) for userid in listed]}

    def _by_mobile(self, query: Mapping[str, str], body: Body) -> Body:
        if body.get("mobile") != "13800001111":
            raise Refusal(46004)
        return {"userid": "chenjing"}

    def _agent(self, query: Mapping[str, str], body: Body) -> Body:
        if query.get("agentid") != str(self.agent_id):
            raise Refusal(40056)
        return {"agentid": self.agent_id, "name": "月报助手", "close": int(self.app_closed)}

    def _person(self, userid: str) -> Body:
        if userid not in PEOPLE:
            raise Refusal(60111)
        return {"userid": userid, "name": PEOPLE[userid], "department": [12]}

    def _statistic(self, query: Mapping[str, str], body: Body) -> Body:
        submitted = [{"userid": "chenjing", "submit_time": 1793581200, "answer_id": 1, "user_name": "陈静"}]
        counts = {"fill_cnt": 17, "fill_user_cnt": 17, "unfill_user_cnt": 3}
        return counts | ({"submit_users": submitted} if body["req_type"] == 2 else {})

    def _create_chat(self, query: Mapping[str, str], body: Body) -> Body:
        if not 2 <= len(body.get("userlist", [])) <= 2000:
            raise Refusal(40032)
        self.chats[body["chatid"]] = body
        return {"chatid": body["chatid"]}

    def _update_chat(self, query: Mapping[str, str], body: Body) -> Body:
        self._chat(body)["name"] = body["name"]
        return {}

    def _send_to_chat(self, query: Mapping[str, str], body: Body) -> Body:
        self._chat(body)
        kind = body.get("msgtype", "")
        if kind in ("text", "markdown"):
            _, content = worded(body, {"text": 2048, "markdown": 2048})
            if len(content["content"].encode()) > 2048:
                raise Refusal(45002)
        elif kind not in ("image", "file") or body[kind].get("media_id") not in self.media:
            raise Refusal(40008 if kind == "template_card" else 40007)
        self.chat_messages.append(body)
        return {}

    def _chat(self, body: Body) -> dict[str, Any]:
        if body.get("chatid") == "notours":
            raise Refusal(86008)
        if body.get("chatid") not in self.chats:
            raise Refusal(86003)
        return self.chats[body["chatid"]]
