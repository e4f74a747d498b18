"""The smart bot's long connection: subscribe, heartbeat, frames and their acknowledgements (doc 101463).

There is one live connection per bot. A newer one gets the bot and the older is told so: then this one stands down, for
two that both come back at once would take the bot from each other for ever.
"""

import asyncio
import contextlib
import json
import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from bot.platforms.base import RetryLater, SendError
from bot.platforms.wecom.api import Answer, Api
from bot.platforms.wecom.errors import BOT_CREDENTIALS

log = structlog.get_logger()

SUBSCRIBE, PING = "aibot_subscribe", "ping"
TOO_OFTEN = 45009
NORMAL = 1000  # the close code of RFC 6455
GOODBYE_S = 2.0
DISPLACED = "disconnected_event"

Frame = dict[str, Any]


@dataclass(frozen=True)
class Pulse:
    """Seconds between things. `trial_s`: how long a group that used to talk may be silent after a reconnect."""

    ping_s: float = 30.0
    answer_s: float = 10.0
    soonest_s: float = 0.5
    latest_s: float = 12.0
    steady_s: float = 10.0
    throttled_s: float = 300.0
    refused_s: float = 900.0
    stand_down_s: float = 900.0
    longest_stand_down_s: float = 14400.0
    trial_s: float = 1800.0


class Ended(Exception):
    """A connection is over: `why` is lost, silent, throttled, refused, displaced or renewed."""

    def __init__(self, why: str, code: str = "") -> None:
        super().__init__(why)
        self.why, self.code = why, code


class LongConnection:
    """Keeps one connection. `id` names the present one, '' while there is none: what came on another is stale."""

    def __init__(self, api: Api, address: str, credentials: Mapping[str, str], pulse: Pulse) -> None:
        self._api, self._address, self._credentials, self.pulse = api, address, credentials, pulse
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()
        self._over: asyncio.Future[None] | None = None
        self.id = ""
        self.running = False
        self.trouble = ""
        self.lost_at = 0.0

    async def run(self, on_frame: Callable[[Frame, str], None], on_change: Callable[[Ended | None], None]) -> None:
        """Hold the connection until cancelled. `on_frame` gets what comes in with the connection's id; `on_change` is
        told of every end, and with None of every new connection."""
        failures = displaced = 0
        self.running, self.lost_at = True, _now()
        try:
            while True:
                up_for, ended = await self._once(on_frame, on_change)
                failures = 0 if up_for > self.pulse.steady_s else failures + 1
                displaced = displaced + 1 if ended.why == "displaced" else 0
                self.trouble = ended.why
                wait = self._pause(ended.why, failures, displaced)
                level = log.info if ended.why == "renewed" else log.warning
                level("connection over", action="wecom.bot_disconnected", why=ended.why, code=ended.code, wait_s=wait)
                on_change(ended)
                await asyncio.sleep(wait)
        finally:
            self.running = False

    @property
    def away_s(self) -> float:
        """Return for how long there has been no connection."""
        return 0.0 if self.id else _now() - self.lost_at

    def renew(self) -> None:
        """Close this connection and open another: it is not to be trusted."""
        self._end(Ended("renewed"))

    async def call(self, command: str, body: Mapping[str, Any], req_id: str = "") -> Answer:
        """Send a frame and return its acknowledgement, whatever its errcode. Raises RetryLater when there is none."""
        if not self.id:
            raise RetryLater("offline", "智能机器人的长连接断着，正在重连", 2.0)
        return await self._ask(command, body, req_id or _new_id(command))

    async def _once(
        self, on_frame: Callable[[Frame, str], None], on_change: Callable[[Ended | None], None]
    ) -> tuple[float, Ended]:
        """Live through one connection; return how long it was up and how it ended."""
        begun, ended = 0.0, Ended("renewed")  # so it ends when it is cancelled
        try:
            self._socket = await self._api.connect(self._address)
        except SendError as error:
            return 0.0, Ended("lost", error.code)
        connection = uuid.uuid4().hex[:12]
        self._over = asyncio.get_running_loop().create_future()
        reading = asyncio.create_task(self._read(self._socket, connection, on_frame))
        try:
            await self._subscribe()
            begun, self.id, self.trouble = _now(), connection, ""
            log.info("bot connected", action="wecom.bot_connected", connection=connection)
            on_change(None)
            beating = asyncio.create_task(self._beat())
            try:
                await self._over
            finally:
                beating.cancel()
            ended = Ended("lost")
        except Ended as found:
            ended = found
        finally:
            await self._let_go(reading, polite=ended.why == "renewed")
        return _now() - begun if begun else 0.0, ended

    async def _subscribe(self) -> None:
        try:
            answer = await self._ask(SUBSCRIBE, self._credentials, _new_id(SUBSCRIBE))
        except RetryLater as error:
            raise Ended("lost", error.code) from None
        code = answer.get("errcode")
        if code == BOT_CREDENTIALS:
            log.error("bot refused", action="wecom.bot_refused", errcode=code)
            raise Ended("refused", str(code))
        if code:
            raise Ended("throttled" if code == TOO_OFTEN else "lost", str(code))

    async def _beat(self) -> None:
        """Ping; a connection that does not answer is dead, even if nobody closed it."""
        while True:
            await asyncio.sleep(self.pulse.ping_s)
            try:
                await self._ask(PING, {}, _new_id(PING))
            except RetryLater:
                self._end(Ended("silent"))
                return

    async def _ask(self, command: str, body: Mapping[str, Any], req_id: str) -> Answer:
        # Frames of one req_id are answered by that id alone, so they go one after another (dossier 4.7).
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        self._users[req_id] += 1
        try:
            async with turn:
                return await self._exchange(command, body, req_id)
        finally:
            self._users[req_id] -= 1
            if not self._users[req_id]:
                del self._users[req_id], self._turns[req_id]

    async def _exchange(self, command: str, body: Mapping[str, Any], req_id: str) -> Answer:
        socket = self._socket
        if socket is None or socket.closed:
            raise RetryLater("offline", "智能机器人的长连接断着，正在重连", 2.0)
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = waiting
        frame = {"cmd": command, "headers": {"req_id": req_id}} | ({"body": dict(body)} if body else {})
        try:
            await socket.send_str(json.dumps(frame, ensure_ascii=False))
            return await asyncio.wait_for(waiting, self.pulse.answer_s)
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            raise RetryLater("unanswered", "企业微信没有回答，稍后再发") from None
        finally:
            self._waiting.pop(req_id, None)

    async def _read(
        self, socket: aiohttp.ClientWebSocketResponse, connection: str, on_frame: Callable[[Frame, str], None]
    ) -> None:
        async for message in socket:
            frame = _frame(message)
            if frame is None:
                log.warning("frame refused", action="wecom.frame_refused")
                continue
            waiting = self._waiting.get(_req_id(frame))
            if "cmd" not in frame:
                if waiting is not None and not waiting.done():
                    waiting.set_result({**frame, "errcode": _code(frame)})
            elif _is_displaced(frame):
                self._end(Ended("displaced"))
            else:
                on_frame(frame, connection)
        self._end(Ended("lost", str(socket.close_code or "")))

    def _end(self, ended: Ended) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_exception(ended)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError())

    async def _let_go(self, reading: asyncio.Task[None], *, polite: bool) -> None:
        """Close the socket properly before another is opened: the old session must not keep the groups' messages.

        `polite`: it is we who go. What is on its way is read until the other side closes too.
        """
        socket, self._socket = self._socket, None
        self.id, self.lost_at = "", _now()
        self._end(Ended("lost"))
        if self._over is not None and self._over.done() and not self._over.cancelled():
            self._over.exception()  # looked at: nobody may be waiting any more
        if socket is not None:
            if polite and not socket.closed:
                with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                    await socket.send_frame(NORMAL.to_bytes(2, "big"), aiohttp.WSMsgType.CLOSE)
                await asyncio.wait([reading], timeout=GOODBYE_S)
            await socket.close()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading

    def _pause(self, why: str, failures: int, displaced: int) -> float:
        pulse = self.pulse
        if why == "displaced":
            return float(min(pulse.longest_stand_down_s, pulse.stand_down_s * 2 ** (displaced - 1)))
        if why in ("throttled", "refused"):
            return pulse.throttled_s if why == "throttled" else pulse.refused_s
        if why == "renewed":
            return 0.0
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return float(min(pulse.latest_s, pulse.soonest_s * 2 ** max(0, failures - 1))) * jitter


def _frame(message: aiohttp.WSMessage) -> Frame | None:
    if message.type is not aiohttp.WSMsgType.TEXT:
        return None
    try:
        found = json.loads(message.data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _req_id(frame: Frame) -> str:
    headers = frame.get("headers")
    found = headers.get("req_id") if isinstance(headers, dict) else None
    return found if isinstance(found, str) else ""


def _code(frame: Frame) -> int:
    code = frame.get("errcode")
    return code if isinstance(code, int) else -1


def _is_displaced(frame: Frame) -> bool:
    body = frame.get("body")
    event = body.get("event") if isinstance(body, dict) else None
    return isinstance(event, dict) and event.get("eventtype") == DISPLACED


def _new_id(command: str) -> str:
    return f"{command}_{uuid.uuid4().hex}"


def _now() -> float:
    return asyncio.get_running_loop().time()
