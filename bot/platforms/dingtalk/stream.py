"""Stream: a WebSocket that DingTalk sends messages, card presses and events through; no public address is needed.

A ticket opens one connection and lives 90 s, so every connection begins with a call of its own (dossier 3.1). When
DingTalk announces the end of one, the next is opened before the old one closes: what comes twice is told by its id.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp
import structlog
from yarl import URL

from bot.clock import monotonic
from bot.platforms.base import RetryLater, SendError
from bot.platforms.dingtalk.frames import SUBSCRIPTIONS, Frame, Unreadable, acknowledge, read_frame
from bot.platforms.dingtalk.settings import Settings
from bot.platforms.dingtalk.tokens import Credentials
from bot.platforms.dingtalk.wire import TROUBLE, Wire

log = structlog.get_logger()

AGENT = "drumbeat-python/1"
SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 15.0
# A connection that is open and silent for so long, without even DingTalk's own ping, is taken for dead (dossier 3.5).
QUIET_S = 180.0
DRAIN_S = 15.0  # DingTalk closes about 10 s after it announced that
FINISH_S = 3.0
STEADY_S = 10.0  # a connection that lasted so long was a good one
AT_ONCE = 64

Take = Callable[[Frame], Awaitable[dict[str, Any] | None]]


class Stream:
    """Holds one connection, for a moment two. `take` handles a frame and returns its acknowledgement, None for none."""

    def __init__(self, wire: Wire, settings: Settings, credentials: Credentials, take: Take) -> None:
        self._wire, self._settings, self._credentials, self._take = wire, settings, credentials, take
        self._links: set[asyncio.Task[None]] = set()
        self.quiet_s, self.drain_s = QUIET_S, DRAIN_S

    async def run(self) -> None:
        """Keep connected until cancelled; what is in hand then is finished first."""
        try:
            while True:
                link = await self._connected()
                task = asyncio.create_task(link.listen())
                self._links.add(task)
                task.add_done_callback(self._links.discard)
                await link.ending.wait()
                if monotonic() - link.since < STEADY_S:
                    await asyncio.sleep(_wait_s(1))
        finally:
            await self._let_go()

    async def _let_go(self) -> None:
        links = tuple(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    async def _connected(self) -> "Link":
        tries = 0
        while True:
            try:
                return await self._open()
            except SendError as error:
                tries += 1
                after_s = error.after_s if isinstance(error, RetryLater) else None
                wait_s = after_s or _wait_s(tries)
                log.warning("no Stream connection", action="dingtalk.stream.failed", code=error.code, wait_s=wait_s)
            await asyncio.sleep(wait_s)

    async def _open(self) -> "Link":
        self._credentials.check()
        body = {
            "clientId": self._settings.app_key,
            "clientSecret": self._settings.app_secret.get_secret_value(),
            "subscriptions": list(SUBSCRIPTIONS),
            "ua": AGENT,
        }
        answer = await self._wire.post(f"{self._settings.api_base}/v1.0/gateway/connections/open", body)
        self._credentials.judge(answer)
        socket = await self._wire.connect(self._address(answer.data or {}))
        log.info("Stream is connected", action="dingtalk.stream.connected")
        return Link(socket, self._take, self.quiet_s, self.drain_s)

    def _address(self, given: dict[str, Any]) -> str:
        """Return the address of the socket; it must be encrypted where the API is."""
        endpoint, ticket = given.get("endpoint"), given.get("ticket")
        safe = ("wss",) if URL(self._settings.api_base).scheme == "https" else ("wss", "ws")
        if not isinstance(endpoint, str) or not isinstance(ticket, str) or URL(endpoint).scheme not in safe:
            raise RetryLater("endpoint", "钉钉没有给出 Stream 的连接地址")
        return f"{endpoint}?{urlencode({'ticket': ticket})}"


class Link:
    """One connection. `ending` is set when a successor is wanted: an end was announced, or it is silent or closed."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, take: Take, quiet_s: float, drain_s: float) -> None:
        self._socket, self._take, self._quiet_s, self._drain_s = socket, take, quiet_s, drain_s
        self._work: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self.ending = asyncio.Event()
        self.since = monotonic()

    async def listen(self) -> None:
        """Take in frames until the connection closes, or for a while after it is ending."""
        try:
            await self._until(self._quiet_s)
            self.ending.set()
            async with asyncio.timeout(self._drain_s):
                await self._until(None)
        except TimeoutError:
            pass
        except Exception as error:
            # Its text could hold what was said.
            log.error("Stream broke", action="dingtalk.stream.broken", error=type(error).__name__)
        finally:
            self.ending.set()
            await self._finish()

    async def _until(self, quiet_s: float | None) -> None:
        """Take in frames until an end is announced, nothing comes for `quiet_s`, or the connection closes."""
        while True:
            try:
                # Not `receive(quiet_s)`: each pong would begin its time anew, and a dead connection may answer pings.
                async with asyncio.timeout(quiet_s):
                    message = await self._socket.receive()
            except TimeoutError:
                log.warning("Stream is silent", action="dingtalk.stream.silent", quiet_s=quiet_s)
                return
            if message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.ERROR):
                return
            if message.type is aiohttp.WSMsgType.TEXT and await self._read(message.data) and quiet_s is not None:
                log.info("Stream is to be closed", action="dingtalk.stream.closing")
                return

    async def _read(self, raw: str) -> bool:
        """Begin to handle one frame; return whether it announces the end."""
        try:
            frame = read_frame(raw)
        except Unreadable as error:
            log.warning("an unreadable frame", action="dingtalk.frame.refused", reason=str(error))
            if error.message_id:
                await self._answer(acknowledge(error.message_id, code=400, message="unreadable"))
            return False
        if (frame.kind, frame.topic) == ("SYSTEM", "disconnect"):
            return True
        # Handled in the order they came, as the database takes them one after the other; DingTalk's ping must not wait.
        await self._room.acquire()
        task = asyncio.create_task(self._handle(frame))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return False

    async def _handle(self, frame: Frame) -> None:
        try:
            answer = await self._take(frame)
            if answer is not None:
                await self._answer(answer)
        finally:
            self._room.release()

    async def _answer(self, answer: dict[str, Any]) -> None:
        # What was taken in and could not be acknowledged comes again, and is known then.
        with contextlib.suppress(*TROUBLE):
            await self._socket.send_json(answer)

    async def _finish(self) -> None:
        if self._work:
            await asyncio.wait(self._work, timeout=FINISH_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._socket.close()


def _wait_s(tries: int) -> float:
    """Return a wait that doubles with the tries, with jitter: many bots must not come back at the same moment."""
    return min(LONGEST_WAIT_S, SHORTEST_WAIT_S * 2.0 ** min(tries - 1, 10)) * random.uniform(0.5, 1)  # noqa: S311
