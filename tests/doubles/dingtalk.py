"""DingTalk on loopback: a real HTTP server that enforces what the platform enforces, and speaks like a member.

The wire facts are those of the dossier (webhook 1, callbacks 2, server API 4); refusals carry the recorded bodies.
Limits run on `clock`, which a test may move; signatures and sessions on the real time.
"""

import asyncio
import json
import time
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from aiohttp import web

from tests.doubles.dingtalk_api import ApiDouble
from tests.doubles.dingtalk_rules import (
    BOT,
    MENTIONS,
    PENALTY_S,
    PER_MINUTE,
    RECORDED,
    SESSION_S,
    Refuse,
    check_signature,
    sign,
    webhook_body,
)
from tests.doubles.dingtalk_stream import CARDS, MESSAGES, Sending, StreamDouble


@dataclass(frozen=True)
class Accepted:
    """A message that would be shown: `channel` webhook, session or private; `to` token, conversation or userid."""

    channel: str
    to: str
    text: str
    mentions: tuple[str, ...]
    at: float
    title: str = ""
    at_all: bool = False


@dataclass(frozen=True)
class Fault:
    """A one-off answer instead of the right one: a body, a bare status, a wait before, or a broken connection.

    With `after` the message is accepted first, so that only the answer is lost.
    """

    status: int = 200
    body: Any = None
    delay_s: float = 0.0
    reset: bool = False
    after: bool = False


@dataclass(frozen=True)
class Reply:
    """What the bot answered to a callback."""

    status: int
    body: Any
    seconds: float
    msg_id: str


@dataclass
class _Robot:
    """One webhook's state."""

    secret: str
    sent: deque[float] = field(default_factory=deque)
    throttled_until: float = 0.0
    uuids: set[str] = field(default_factory=set)


class DingTalkDouble:
    """The platform. `webhooks` maps access tokens to their secret ('' for none); `users` are the known userids."""

    def __init__(
        self,
        *,
        webhooks: Mapping[str, str] | None = None,
        users: Iterable[str] = (),
        token_life_s: int = 7200,
        clock: Callable[[], float] = time.time,
    ) -> None:
        keys = RECORDED["keys"]
        self.app_key, self.app_secret = keys["app_key"], keys["app_secret"]
        self.clock = clock
        self.api = ApiDouble(self.app_key, clock, self._shown)
        self.api.users, self.api.token_life_s, self.api.app_secret = set(users), token_life_s, self.app_secret
        self.stream = StreamDouble(self.app_key, self.app_secret, RECORDED["stream"])
        self.messages: list[Accepted] = []
        self.repeats: list[str] = []
        self.refusals: list[tuple[str, str]] = []
        self.calls: Counter[str] = Counter()
        self.latency_s = 0.0
        self._robots = {token: _Robot(secret) for token, secret in (webhooks or {}).items()}
        self._sessions: dict[str, tuple[str, float, _Robot]] = {}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._said: dict[str, dict[str, Any]] = {}
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    async def start(self) -> "DingTalkDouble":
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=32 << 20)
        app.router.add_post("/robot/send", self._at("webhook", self._webhook))
        app.router.add_post("/robot/sendBySession", self._at("session", self._session))
        self.api.mount(app, self._at)
        self.stream.mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = self.api.base_url = self.stream.base_url = "http://{}:{}".format(*self._runner.addresses[0])
        return self

    async def stop(self) -> None:
        """Stop listening."""
        await self.stream.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return `[platforms.dingtalk]` that leads here."""
        bases = {"oapi_base": self.base_url, "api_base": self.base_url}
        return {**bases, "app_key": self.app_key, "app_secret": self.app_secret, "timeout_s": 2, **more}

    def webhook_url(self, token: str) -> str:
        """Return the address a group's settings would show."""
        return f"{self.base_url}/robot/send?access_token={token}"

    def lock_out(self) -> None:
        """Let the app's key and secret be wrong from now on."""
        self.api.app_secret = self.stream.app_secret = "another"

    def fail(self, channel: str, *faults: Fault) -> None:
        """Let the next calls of webhook, session, token or private go wrong, one fault each."""
        self._faults[channel].extend(faults)

    def expire(self) -> None:
        """Let every access token and session webhook given so far be refused."""
        self.api.tokens.clear()
        self._sessions.clear()

    def new_session(self, to: str) -> str:
        """Return a session webhook for a conversation or person."""
        session = uuid.uuid4().hex
        self._sessions[session] = (to, time.time() + SESSION_S, _Robot(""))
        return f"{self.base_url}/robot/sendBySession?session={session}"

    async def say(
        self, callback_url: str, sender: str, text: str, group: str | None = None, msg_id: str | None = None
    ) -> Reply:
        """Say something as a member, in a group (its conversation id) or in private."""
        return await self.post(callback_url, self.said(sender, text, group, msg_id))

    def said_by_stream(self, sender: str, text: str, group: str | None = None) -> Sending:
        """Say something, to be told by Stream."""
        return self.stream.push(MESSAGES, self.said(sender, text, group))

    def pressed(self, card: str, user: str, params: Mapping[str, str]) -> Sending:
        """Press a button of a card, to be told by Stream."""
        content = json.dumps({"cardPrivateData": {"actionIds": ["button"], "params": dict(params)}})
        body = {"type": "actionCallback", "outTrackId": card, "userId": user, "corpId": "c", "content": content}
        return self.stream.push(CARDS, body)

    def said(self, sender: str, text: str, group: str | None = None, msg_id: str | None = None) -> dict[str, Any]:
        """Return what DingTalk tells of something said now."""
        body = deepcopy(RECORDED["robot_messages"]["text_group_http" if group else "text_single"]["body"])
        now_ms = int(time.time() * 1000)
        body |= {"msgId": msg_id or f"msg{uuid.uuid4().hex}", "senderStaffId": sender, "createAt": now_ms}
        body |= {"sessionWebhook": self.new_session(group or sender)}
        body |= {"sessionWebhookExpiredTime": now_ms + SESSION_S * 1000}
        body["text"] = {"content": f" {text}" if group else text}
        body |= {"conversationId": group, "atUsers": [{"dingtalkId": BOT}]} if group else {}
        self._said[body["msgId"]] = body
        return body

    async def redeliver(self, callback_url: str, msg_id: str) -> Reply:
        """Deliver a message said before once more, signed anew."""
        return await self.post(callback_url, self._said[msg_id])

    async def post(self, callback_url: str, body: Any, *, age_s: float = 0, secret: str | None = None) -> Reply:
        """Post any body, signed `age_s` ago, by another `secret` to forge it; bytes go out as they are."""
        timestamp = str(int((time.time() - age_s) * 1000))
        signed = {"timestamp": timestamp, "sign": sign(self.app_secret if secret is None else secret, timestamp)}
        return await self.post_raw(callback_url, body, signed)

    async def post_raw(self, callback_url: str, body: Any, headers: Mapping[str, str]) -> Reply:
        """Post with exactly these headers."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json; charset=utf-8", **headers}
        begun = time.perf_counter()
        async with (
            aiohttp.ClientSession() as client,
            client.post(callback_url, data=BytesIO(raw), headers=sent) as answer,
        ):
            told = await answer.read()
        try:
            shown = json.loads(told)
        except ValueError:
            shown = told.decode(errors="replace")
        msg_id = body.get("msgId", "") if isinstance(body, dict) else ""
        return Reply(answer.status, shown, time.perf_counter() - begun, msg_id)

    def _at(self, channel: str, answer: Callable[[web.Request, bytes], dict[str, Any]]) -> Any:
        async def serve(request: web.Request) -> web.StreamResponse:
            self.calls[channel] += 1
            raw = await request.read()
            await asyncio.sleep(self.latency_s)
            fault = self._faults[channel].popleft() if self._faults[channel] else None
            if fault is not None and not fault.after:
                return await self._broken(request, fault)
            try:
                right = web.json_response(answer(request, raw))
            except Refuse as refuse:
                self.refusals.append((channel, str(refuse.body.get("errcode", refuse.body.get("code")))))
                return web.json_response(refuse.body, status=refuse.status)
            return right if fault is None else await self._broken(request, fault)

        return serve

    async def _broken(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        await asyncio.sleep(fault.delay_s)
        if fault.reset and request.transport is not None:
            request.transport.abort()
        if isinstance(fault.body, str):
            return web.Response(status=fault.status, text=fault.body, content_type="text/html")
        return web.json_response(fault.body, status=fault.status)

    def _webhook(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        token = request.query.get("access_token", "")
        robot = self._robots.get(token)
        if robot is None:
            raise Refuse(200, errcode=400101, errmsg="access_token不存在")
        if robot.secret:
            check_signature(request.query, robot.secret)
        return self._show("webhook", token, robot, request, raw)

    def _session(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        to, until, robot = self._sessions.get(request.query.get("session", ""), ("", 0.0, _Robot("")))
        if time.time() >= until:
            raise Refuse(200, **RECORDED["session_expired"])
        return self._show("session", to, robot, request, raw)

    def _show(self, channel: str, to: str, robot: _Robot, request: web.Request, raw: bytes) -> dict[str, Any]:
        body = webhook_body(request, raw)
        if body.get("msgUuid") in robot.uuids:
            self.repeats.append(body["msgUuid"])
            return {"errcode": 0, "errmsg": "ok"}
        self._throttle(robot)
        robot.uuids |= {body["msgUuid"]} if body.get("msgUuid") else set()
        shown, at = body[body["msgtype"]], body.get("at") or {}
        text = shown.get("content") or shown.get("text") or ""
        asked = (*at.get("atUserIds", ()), *at.get("atMobiles", ()))
        if len(asked) > MENTIONS:
            raise Refuse(200, errcode=40035, errmsg="at 超过 50 人")
        rung = tuple(person for person in asked if f"@{person}" in text)
        title, loud = shown.get("title", ""), bool(at.get("isAtAll"))
        self.messages.append(Accepted(channel, to, text, rung, self.clock(), title, loud))
        return {"errcode": 0, "errmsg": "ok"}

    def _shown(self, channel: str, to: str, text: str, title: str = "") -> None:
        self.messages.append(Accepted(channel, to, text, (), self.clock(), title))

    def _throttle(self, robot: _Robot) -> None:
        now = self.clock()
        if now < robot.throttled_until:
            raise Refuse(200, errcode=410100, errmsg="发送速度太快而限流")
        while robot.sent and robot.sent[0] <= now - 60:
            robot.sent.popleft()
        if len(robot.sent) >= PER_MINUTE:
            robot.throttled_until = now + PENALTY_S
            raise Refuse(200, errcode=130101, errmsg="send too fast, exceed 20 times per minute")
        robot.sent.append(now)
