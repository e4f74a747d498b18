"""DingTalk's server API on loopback: private and group messages, recall, cards, files, the address book."""

import json
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.dingtalk_rules import RECIPIENTS, Refuse, recorded, template

QPS = 20
VALUE_BYTES = 1024
RECALL_S = 86_400
UPLOADS = {"file": (20 << 20, ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"))}
UPLOADS["image"] = (20 << 20, ("jpg", "jpeg", "gif", "png", "bmp"))


@dataclass
class Book:
    """The address book: departments by id (name, parent), people by userid."""

    departments: dict[int, tuple[str, int]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, user: str, name: str, department: int, mobile: str = "") -> None:
        """Add a person; without a mobile it is absent, as for an app that may not read it."""
        found: dict[str, Any] = {"userid": user, "name": name, "dept_id_list": [department], "active": True}
        self.people[user] = found | ({"mobile": mobile} if mobile else {})


class ApiDouble:
    """Everything that needs the app's access token. `valid` says whether a token is."""

    def __init__(self, app_key: str, clock: Callable[[], float], show: Callable[..., None]) -> None:
        self.app_key, self.clock, self._show = app_key, clock, show
        self.users, self.flow_controlled, self.disbanded = set[str](), set[str](), set[str]()
        self.tokens: dict[str, float] = {}
        self.token_life_s = 7200
        self.app_secret = ""
        self.groups: set[str] | None = None
        self.cards: dict[str, dict[str, Any]] = {}
        self.registered: list[dict[str, Any]] = []
        self.templates = {"00000000-0000-4000-8000-00000000c001.schema"}
        self.sent: dict[str, tuple[str, float]] = {}
        self.recalled: list[str] = []
        self.files: dict[str, bytes] = {}
        self.media: dict[str, tuple[str, str, bytes]] = {}
        self.book = Book({1: ("全部", 0)})
        self.base_url = ""
        self.bodies: list[tuple[str, dict[str, Any]]] = []
        self._times: deque[float] = deque()

    def mount(self, app: web.Application, at: Callable[[str, Any], Any]) -> None:
        """Add the addresses; `at` names the channel of faults and counts."""
        for method, path, channel, answer in (
            ("POST", "/v1.0/oauth2/accessToken", "token", self._token),
            ("POST", "/v1.0/robot/oToMessages/batchSend", "private", self._batch_send),
            ("POST", "/v1.0/robot/groupMessages/send", "group", self._group_send),
            ("POST", "/v1.0/robot/otoMessages/batchRecall", "recall", self._recall),
            ("POST", "/v1.0/robot/groupMessages/recall", "recall", self._recall),
            ("POST", "/v1.0/robot/messageFiles/download", "download", self._download),
            ("POST", "/v1.0/card/instances/createAndDeliver", "card", self._create_card),
            ("PUT", "/v1.0/card/instances", "card", self._update_card),
            ("POST", "/v1.0/card/callbacks/register", "register", self._register),
            ("POST", "/v1.0/robot/groups/robots/query", "robots", self._robots),
            ("POST", "/media/upload", "upload", self._upload),
            ("POST", "/topapi/v2/department/listsub", "book", self._departments),
            ("POST", "/topapi/v2/user/list", "book", self._people),
            ("POST", "/topapi/v2/user/getbymobile", "book", self._by_mobile),
        ):
            app.router.add_route(method, path, at(channel, answer))
        app.router.add_get("/oss/{code}", self._content)

    def _token(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = json.loads(raw)
        if (body.get("appKey"), body.get("appSecret")) != (self.app_key, self.app_secret):
            raise recorded("api_bad_credentials")
        valid = [token for token, until in self.tokens.items() if until > self.clock()]
        token = valid[0] if valid else f"token{uuid.uuid4().hex}"
        self.tokens[token] = self.clock() + self.token_life_s
        return {"accessToken": token, "expireIn": self.token_life_s}

    def _new(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        """Check the token and the pace of the new generation, and return the body."""
        if self.tokens.get(request.headers.get("x-acs-dingtalk-access-token", ""), 0) <= self.clock():
            raise recorded("api_bad_token")
        self._pace(recorded("api_app_qps"))
        body: dict[str, Any] = json.loads(raw)
        self.bodies.append((request.path, body))
        return body

    def _old(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        if self.tokens.get(request.query.get("access_token", ""), 0) <= self.clock():
            raise recorded("oapi_bad_token")
        self._pace(recorded("oapi_app_qps"))
        return dict(json.loads(raw))

    def _pace(self, refusal: Refuse) -> None:
        now = time.monotonic()
        while self._times and self._times[0] <= now - 1:
            self._times.popleft()
        if len(self._times) >= QPS:
            raise refusal
        self._times.append(now)

    def _robot(self, body: dict[str, Any]) -> None:
        if body.get("robotCode") != self.app_key:
            raise Refuse(400, code="invalidParameter.robotCode.notExsit", message="robotCode不存在")

    def _batch_send(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        self._robot(body)
        users = body.get("userIds")
        if not isinstance(users, list) or not 0 < len(users) <= RECIPIENTS:
            raise Refuse(400, code="invalidParameter.userIds.overMax", message="userIds 超过上限")
        param = template(body)
        held = [user for user in users if user in self.flow_controlled]
        invalid = [user for user in users if user not in self.users]
        for user in users:
            if user not in held and user not in invalid:
                self._show("private", user, _words(param), param.get("title", ""))
        return {"processQueryKey": self._key("oto"), "invalidStaffIdList": invalid, "flowControlledStaffIdList": held}

    def _group_send(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        self._robot(body)
        conversation = body.get("openConversationId")
        if conversation in self.disbanded:
            raise recorded("robot_group_disbanded")
        if self.groups is not None and conversation not in self.groups:
            raise Refuse(400, code="invalid.openConversationId", message="群不存在")
        param = template(body)
        self._show("group", conversation, _words(param), param.get("title", ""))
        return {"processQueryKey": self._key("group")}

    def _key(self, kind: str) -> str:
        key = f"query{uuid.uuid4().hex}=="
        self.sent[key] = (kind, self.clock())
        return key

    def _recall(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        self._robot(body)
        kind = "oto" if "otoMessages" in request.path else "group"
        keys = body["processQueryKeys"]
        if len(keys) > RECIPIENTS or (kind == "group" and not body.get("openConversationId")):
            raise Refuse(400, code="invalidParameter.processQueryKeys", message="参数不合法")
        known = [key for key in keys if self.sent.get(key, ("", 0))[0] == kind]
        if any(self.clock() - self.sent[key][1] > RECALL_S for key in known):
            raise recorded("robot_query_key_expired")
        self.recalled += known
        return {"successResult": known, "failedResult": {key: "?" for key in keys if key not in known}}

    def _create_card(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        if body.get("cardTemplateId") not in self.templates:
            raise Refuse(400, code="param.templateNotExist", message="template not exist")
        if body["outTrackId"] in self.cards:
            raise Refuse(400, code="param.outTrackIdExist", message="outTrackId exists")
        if body["callbackType"] not in ("STREAM", "HTTP") or (body["callbackType"] == "HTTP") != (
            "callbackRouteKey" in body
        ):
            raise Refuse(400, code="param.callbackType", message="callbackType")
        params = body["cardData"]["cardParamMap"]
        if not all(isinstance(value, str) and len(value.encode()) <= VALUE_BYTES for value in params.values()):
            raise Refuse(400, code="param.cardDataTooLong", message="too long")
        kind, to = body["openSpaceId"].removeprefix("dtv1.card//").split(".", 1)
        model = {"IM_GROUP": "imGroup", "IM_ROBOT": "imRobot"}[kind]
        self._robot(body[f"{model}OpenDeliverModel"])
        assert isinstance(body[f"{model}OpenSpaceModel"]["supportForward"], bool)
        fine = to in self.users if kind == "IM_ROBOT" else to not in self.disbanded
        if fine:
            self.cards[body["outTrackId"]] = dict(body) | {"private": {}}
            self._show("card", to, params["text"], params["title"])
        delivered = {"spaceId": to, "spaceType": kind, "success": fine, "carrierId": "c", "errorMsg": ""}
        return {"success": True, "result": {"outTrackId": body["outTrackId"], "deliverResults": [delivered]}}

    def _update_card(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        if body["outTrackId"] not in self.cards:
            raise recorded("card_not_exist")
        self.redraw(body["outTrackId"], body)
        return {"success": True, "result": True}

    def redraw(self, card: str, change: dict[str, Any]) -> None:
        """Change what a card shows; without the by-key flags everything else would be gone."""
        assert change["cardUpdateOptions"]["updatePrivateDataByKey"] is True
        for user, data in change.get("privateData", {}).items():
            self.cards[card]["private"].setdefault(user, {}).update(data["cardParamMap"])

    def _register(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        assert {"callbackRouteKey", "callbackUrl", "apiSecret"} <= body.keys()
        self.registered.append(body)
        return {"success": True, "result": {"callbackUrl": body["callbackUrl"], "apiSecret": body["apiSecret"]}}

    def _robots(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        conversation = self._new(request, raw).get("openConversationId")
        inside = self.groups is None or conversation in self.groups
        robot = {"robotCode": self.app_key, "name": "小鼓", "openRobotType": 2}
        return {"chatbotInstanceVOList": [robot] if inside else []}

    def _download(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._new(request, raw)
        self._robot(body)
        if body.get("downloadCode") not in self.files:
            raise Refuse(400, code="invalidParameter.robotCode.downloadCode", message="downloadCode 无效")
        return {"downloadUrl": f"{self.base_url}/oss/{body['downloadCode']}?Expires=1&Signature=a%2Bb%3D"}

    async def _content(self, request: web.Request) -> web.StreamResponse:
        content = self.files[request.match_info["code"]]
        response = web.StreamResponse()
        await response.prepare(request)
        for start in range(0, len(content), 1 << 16):
            await response.write(content[start : start + (1 << 16)])
        return response

    def _upload(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        if self.tokens.get(request.query.get("access_token", ""), 0) <= self.clock():
            raise recorded("oapi_old_bad_token")
        name, content = _part(request, raw)
        kind = request.query.get("type", "")
        most, endings = UPLOADS[kind]
        if len(content) > most or name.rsplit(".", 1)[-1] not in endings:
            raise Refuse(200, errcode=40004, errmsg="不合法的媒体文件类型")
        media = f"@lAz{uuid.uuid4().hex[:12]}"
        self.media[media] = (kind, name, content)
        return {"errcode": 0, "errmsg": "ok", "media_id": media, "created_at": 1795311005120, "type": kind}

    def _departments(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        parent = self._old(request, raw)["dept_id"]
        known = self.book.departments.items()
        rows = [{"dept_id": number, "name": name, "parent_id": up} for number, (name, up) in known if up == parent]
        return {"errcode": 0, "errmsg": "ok", "result": rows, "request_id": "r"}

    def _people(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = self._old(request, raw)
        assert body["size"] <= 100
        inside = [person for person in self.book.people.values() if body["dept_id"] in person["dept_id_list"]]
        page = inside[body["cursor"] : body["cursor"] + body["size"]]
        more = body["cursor"] + body["size"] < len(inside)
        result = {"has_more": more, "list": page} | ({"next_cursor": body["cursor"] + body["size"]} if more else {})
        return {"errcode": 0, "errmsg": "ok", "result": result, "request_id": "r"}

    def _by_mobile(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        mobile = self._old(request, raw)["mobile"]
        found = [user for user, person in self.book.people.items() if person.get("mobile") == mobile]
        if not found:
            raise recorded("oapi_user_not_found")
        return {"errcode": 0, "errmsg": "ok", "result": {"userid": found[0]}, "request_id": "r"}


def _words(param: dict[str, str]) -> str:
    return param.get("content") or param.get("text") or param.get("fileName") or param.get("photoURL", "")


def _part(request: web.Request, raw: bytes) -> tuple[str, bytes]:
    """Return the file of a multipart body: its name and content."""
    boundary = request.content_type and request.headers["Content-Type"].split("boundary=")[1].encode()
    part = raw.split(b"--" + boundary)[1]
    head, content = part.split(b"\r\n\r\n", 1)
    assert b'name="media"' in head
    told = head.decode()
    if "filename*=" in told:
        from urllib.parse import unquote

        name = unquote(told.split("filename*=utf-8''")[1].split("\r\n")[0])
    else:
        name = told.split('filename="')[1].split('"')[0]
    return name, content.removesuffix(b"\r\n")
