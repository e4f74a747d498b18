"""WeCom as a real local server: the group webhook and the app API with their rules; callbacks next door.

What it enforces is stated in the protocol dossier (docs 99110, 90236, 91039, 90238); where WeCom would silently
swallow or garble something, the double refuses it or keeps it in a list of its own, so that a test notices.
"""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.wecom_app import AppApi
from tests.doubles.wecom_callbacks import Callbacks
from tests.doubles.wecom_content import CALLING_BACK, HINT, Refusal, app_text, webhook_text

Body = dict[str, Any]

TOKEN_S = 7200.0


@dataclass(frozen=True)
class Sent:
    """One accepted message: `to` is the webhook's key or one userid, `at` is the double's clock in seconds."""

    channel: str
    to: str
    text: str
    mentions: tuple[str, ...]
    at: float
    msgtype: str = "text"


@dataclass
class Fault:
    """What one of the next requests (of one channel: webhook, gettoken, app) meets instead of being served."""

    channel: str = ""
    errcode: int = 0
    status: int = 0
    reset: bool = False
    served: bool = False  # True: the request takes effect, and only its answer is lost


@dataclass
class Window:
    """A sliding window of accepted requests."""

    limit: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def admits(self, now: float) -> bool:
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        if len(self.times) >= self.limit:
            return False
        self.times.append(now)
        return True


class WeComDouble(Callbacks, AppApi):
    """WeCom for tests. `clock` and `window_s` let a test shorten the minute of the limits.

    `sent` was accepted; `dropped`, `duplicates` were answered with "ok" and reached nobody; `refused` holds
    (channel, errcode); `requests` everything that came, (channel, body).
    """

    secret = "fixture-app-secret"

    def __init__(
        self,
        keys: Collection[str] = ("fixture-key-1",),
        members: Collection[str] = ("chenjing", "wangbo", "lixue"),
        clock: Callable[[], float] = time.monotonic,
        window_s: float = 60.0,
    ) -> None:
        self.keys = set(keys)
        self.members = {member.casefold() for member in members}
        self.clock, self.window_s = clock, window_s
        self.sent: list[Sent] = []
        self.dropped: list[Sent] = []
        self.duplicates: list[Sent] = []
        self.refused: list[tuple[str, int]] = []
        self.requests: list[tuple[str, Body]] = []
        self.token_calls = 0
        self.trusted_ip = True
        self.latency_s = 0.0
        self.base_url = ""
        self.set_up_app()
        self._faults: list[Fault] = []
        self._robots: dict[str, Window] = defaultdict(lambda: Window(20, window_s))
        self._inboxes: dict[str, Window] = defaultdict(lambda: Window(30, window_s))
        self._seen: dict[str, float] = {}
        self._tokens: dict[str, float] = {}  # token → end on the double's clock
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback; `base_url` is the value for api_base."""
        app = web.Application(client_max_size=32 * 1024**2)
        app.router.add_post("/cgi-bin/webhook/send", self._answering("webhook", self._webhook))
        app.router.add_get("/cgi-bin/gettoken", self._answering("gettoken", self._gettoken))
        app.router.add_post("/cgi-bin/message/send", self._answering("app", self._message))
        app.router.add_post("/cgi-bin/webhook/upload_media", self.take_media)
        app.router.add_post("/cgi-bin/media/upload", self.take_media)
        app.router.add_get("/cgi-bin/media/get", self.give_media)
        for path, serve in self.app_calls().items():
            app.router.add_route("*", f"/cgi-bin/{path}", self._answering(path, serve))
        self.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def add_routes(self, app: web.Application) -> None:
        """Add what else is served at the same address."""

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    def fail_next(self, times: int = 1, **fault: Any) -> None:
        """Spoil the next requests: errcode=…, status=… (an HTML page) or reset=True; served=True spoils the answer
        only; channel=… waits for a request of that channel."""
        self._faults.extend(Fault(**fault) for _ in range(times))

    def expire_tokens(self) -> None:
        """End every token now, earlier than was promised."""
        self._tokens = dict.fromkeys(self._tokens, self.clock())

    def texts(self, to: str = "") -> list[str]:
        """Return the accepted texts, all or those to one key or userid."""
        return [sent.text for sent in self.sent if to in ("", sent.to)]

    def _answering(
        self, channel: str, serve: Callable[[Mapping[str, str], Body], Body]
    ) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            fault = self._fault(channel)
            body: Body = await request.json() if request.can_read_body else {}
            self.requests.append((channel, body))
            await asyncio.sleep(self.latency_s)
            if fault.errcode:
                return self._refusal(channel, Refusal(fault.errcode))
            response = web.Response(status=fault.status or 502, text="<html>bad gateway</html>")
            if fault.served or not (fault.status or fault.reset):
                response = self._served(channel, serve, request.query, body)
            if fault.reset and request.transport:
                request.transport.abort()
            if fault.status:
                response.set_status(fault.status)
            return response

        return answer

    def _fault(self, channel: str) -> Fault:
        for fault in self._faults:
            if fault.channel in ("", channel):
                self._faults.remove(fault)
                return fault
        return Fault()

    def _served(
        self, channel: str, serve: Callable[[Mapping[str, str], Body], Body], query: Mapping[str, str], body: Body
    ) -> web.Response:
        try:
            return _json({"errcode": 0, "errmsg": "ok", **serve(query, body)})
        except Refusal as refusal:
            return self._refusal(channel, refusal)

    def _refusal(self, channel: str, refusal: Refusal) -> web.Response:
        self.refused.append((channel, refusal.code))
        return _json({"errcode": refusal.code, "errmsg": f"{refusal.text}{HINT}/devtool/query?e={refusal.code}"})

    def _webhook(self, query: Mapping[str, str], body: Body) -> Body:
        key = query.get("key", "")
        if key not in self.keys:
            raise Refusal(93000)
        kind, text, rung = webhook_text(body, self.media)
        if not self._robots[key].admits(self.clock()):
            raise Refusal(45009)
        self.sent.append(Sent("webhook", key, text, rung, self.clock(), kind))
        return {}

    def _gettoken(self, query: Mapping[str, str], _: Body) -> Body:
        self.token_calls += 1
        if query.get("corpid") != self.corp_id:
            raise Refusal(40013)
        if query.get("corpsecret") != self.secret:
            raise Refusal(40001)
        now = self.clock()
        valid = [token for token, end in self._tokens.items() if end > now]
        token = valid[0] if valid else f"accesstoken{len(self._tokens) + 1:06}"
        self._tokens.setdefault(token, now + TOKEN_S)
        return {"access_token": token, "expires_in": int(self._tokens[token] - now)}

    def _message(self, query: Mapping[str, str], body: Body) -> Body:
        self.check_caller(query)
        if body.get("agentid") != self.agent_id:
            raise Refusal(40056)
        kind, text = app_text(body, self.media, self.tasks)
        if kind == "template_card" and body[kind]["card_type"] in CALLING_BACK and not self.callback_configured:
            raise Refusal(43012)
        asked = str(body.get("touser", "")).split("|")
        if len(asked) > 1000:
            raise Refusal(40032)
        known = [user for user in map(str.casefold, asked) if user in self.members]
        if not known:
            raise Refusal(81013)
        repeated = self._is_repeated(body)
        for user in known:
            self._drop_or_keep(Sent("app", user, text, (), self.clock(), kind), repeated)
        unknown = [user.casefold() for user in asked if user.casefold() not in self.members]
        answer = {"invaliduser": "|".join(unknown), "msgid": f"vcT8gGc-{len(self.sent):06}"}
        self.message_ids[answer["msgid"]] = self.clock()
        return answer | (self.response_code() if kind == "template_card" else {})

    def check_caller(self, query: Mapping[str, str]) -> None:
        """Refuse a call without a good token or from a strange address."""
        token = query.get("access_token", "")
        if not token:
            raise Refusal(41001)
        if token not in self._tokens:
            raise Refusal(40014)
        if self._tokens[token] <= self.clock():
            raise Refusal(42001)
        if not self.trusted_ip:
            raise Refusal(60020)

    def _drop_or_keep(self, sent: Sent, repeated: bool) -> None:
        if repeated:
            self.duplicates.append(sent)
        elif self._inboxes[sent.to].admits(sent.at):
            self.sent.append(sent)
        else:
            self.dropped.append(sent)

    def _is_repeated(self, body: Body) -> bool:
        if body.get("enable_duplicate_check") != 1:
            return False
        same, now = json.dumps(body, sort_keys=True), self.clock()
        interval = min(float(body.get("duplicate_check_interval", 1800)), 14400.0)
        last = self._seen.get(same)
        self._seen[same] = now if last is None or now - last >= interval else last
        return last is not None and now - last < interval


def _json(answer: Body) -> web.Response:
    return web.Response(text=json.dumps(answer, ensure_ascii=False), content_type="application/json")
