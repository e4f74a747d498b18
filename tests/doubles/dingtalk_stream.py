"""DingTalk's Stream gateway on loopback: single-use tickets, frames, acknowledgements, and everything that breaks.

What is not acknowledged with 200 is sent again. A connection can be cut without a word, fall silent, or be announced
to end; a message waits while nobody is connected.
"""

import asyncio
import contextlib
import json
import time
import uuid
from collections import deque
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

MESSAGES = "/v1.0/im/bot/messages/get"
CARDS = "/v1.0/card/instances/callback"
WANTED = [
    {"type": "EVENT", "topic": "*"},
    {"type": "CALLBACK", "topic": MESSAGES},
    {"type": "CALLBACK", "topic": CARDS},
]


@dataclass(eq=False)
class Socket:
    """One connection: `muted` it answers pings and carries nothing; `cut` it does nothing at all any more."""

    ws: web.WebSocketResponse
    since: float
    transport: asyncio.Transport | None = None
    muted: bool = False
    cut: bool = False
    ending: bool = False

    @property
    def usable(self) -> bool:
        return not self.ending and not self.ws.closed


@dataclass
class Sending:
    """A frame under way: how often it was sent, and its acknowledgement."""

    frame: dict[str, Any]
    tries: int = 0
    ack: dict[str, Any] | None = None
    acked: asyncio.Event = field(default_factory=asyncio.Event)


class StreamDouble:
    """The gateway. `again_s` passes until an unacknowledged frame comes again, `closing_s` between the announcement of
    an end and the end (10 s in life)."""

    def __init__(self, app_key: str, app_secret: str, recorded: Mapping[str, Any]) -> None:
        self.app_key, self.app_secret, self.recorded = app_key, app_secret, recorded
        self.ticket_life_s, self.again_s, self.closing_s, self.ack_s = 90.0, 60.0, 0.2, 3.0
        self.sockets: list[Socket] = []
        self.opened: list[float] = []
        self.opens: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.faults: deque[tuple[int, dict[str, Any]]] = deque()
        self.sendings: dict[str, Sending] = {}
        self.late: list[str] = []
        self.base_url = ""
        self._tickets: dict[str, float] = {}
        self._up = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def mount(self, app: web.Application) -> None:
        """Add the gateway's two addresses."""
        app.router.add_post("/v1.0/gateway/connections/open", self._open)
        app.router.add_get("/connect", self._connect)

    async def stop(self) -> None:
        """Stop sending, and drop every connection."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in self.sockets:
            if socket.transport is not None:
                socket.transport.abort()

    def live(self) -> list[Socket]:
        """Return the connections a frame may go to."""
        return [socket for socket in self.sockets if socket.usable]

    async def connected(self, count: int = 1, within_s: float = 10) -> None:
        """Wait until `count` connections were opened in all."""
        async with asyncio.timeout(within_s):
            while len(self.opened) < count:
                self._up.clear()
                await self._up.wait()

    def push(self, topic: str, data: Mapping[str, Any], kind: str = "CALLBACK", **headers: str) -> Sending:
        """Send a frame until it is acknowledged."""
        frame = deepcopy(self.recorded["bot_message"]["frame"])
        frame |= {"type": kind, "data": json.dumps(data, ensure_ascii=False)}
        frame["headers"] |= {"topic": topic, "messageId": uuid.uuid4().hex, **headers}
        return self.push_frame(frame)

    def push_frame(self, frame: dict[str, Any]) -> Sending:
        """Send a frame as it is until it is acknowledged."""
        sending = Sending(frame)
        self.sendings[frame.get("headers", {}).get("messageId", "")] = sending
        task = asyncio.create_task(self._deliver(sending))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return sending

    async def acked(self, sending: Sending, within_s: float = 10) -> dict[str, Any]:
        """Return a frame's acknowledgement, its data parsed."""
        await asyncio.wait_for(sending.acked.wait(), within_s)
        assert sending.ack is not None
        return sending.ack | {"data": json.loads(sending.ack["data"])}

    async def announce_end(self, socket: Socket) -> None:
        """Say that a connection ends, and end it a little later."""
        socket.ending = True
        await socket.ws.send_json(self.recorded["system_disconnect"]["frame"])
        await asyncio.sleep(self.closing_s)
        if not socket.cut and socket.transport is not None:
            socket.transport.close()

    def cut(self, socket: Socket) -> None:
        """Let a connection do nothing any more, without telling the other end; the gateway notices a little later."""
        socket.cut = True
        asyncio.get_running_loop().call_later(self.again_s, setattr, socket, "ending", True)
        if socket.transport is not None:
            socket.transport.pause_reading()

    async def _open(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.opens.append(body)
        if self.faults:
            status, answer = self.faults.popleft()
            return web.json_response(answer, status=status)
        if (body.get("clientId"), body.get("clientSecret")) != (self.app_key, self.app_secret):
            refused = self.recorded["open_error_bad_secret"]
            return web.json_response(refused["body"], status=refused["status"])
        if [one for one in WANTED if one not in body.get("subscriptions", [])]:
            return web.json_response({"code": "subscriptions", "message": "?"}, status=400)
        ticket = str(uuid.uuid4())
        self._tickets[ticket] = time.monotonic() + self.ticket_life_s
        return web.json_response({"endpoint": self.base_url.replace("http", "ws", 1) + "/connect", "ticket": ticket})

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        # Taken out: a ticket opens one connection.
        if time.monotonic() >= self._tickets.pop(request.query.get("ticket", ""), 0.0):
            self.refused.append("ticket")
            return web.Response(status=401)
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        transport = request.transport
        socket = Socket(ws, time.monotonic(), transport if isinstance(transport, asyncio.Transport) else None)
        self.sockets.append(socket)
        self.opened.append(socket.since)
        self._up.set()
        with contextlib.suppress(ConnectionResetError):
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        self.sockets.remove(socket)
        return ws

    def _heard(self, ack: dict[str, Any]) -> None:
        sending = self.sendings.get(ack["headers"]["messageId"])
        assert isinstance(ack["data"], str), "data is JSON in a string"
        assert ack["headers"]["contentType"] == "application/json"
        if sending is not None and sending.ack is None:
            sending.ack = ack
            sending.acked.set()

    async def _deliver(self, sending: Sending) -> None:
        while True:
            live = self.live()
            if not live:
                self._up.clear()
                await self._up.wait()
                continue
            socket = live[sending.tries % len(live)]
            sending.tries += 1
            if not socket.muted and not socket.cut:
                with contextlib.suppress(ConnectionResetError, RuntimeError):
                    await socket.ws.send_json(sending.frame)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(sending.acked.wait(), min(self.ack_s, self.again_s))
            if sending.ack is None:
                self.late.append(sending.frame["headers"]["messageId"])
                await asyncio.sleep(max(0.0, self.again_s - self.ack_s))
            if sending.ack is not None and _final(sending.ack):
                return
            if sending.ack is not None:
                sending.ack, sending.acked = None, asyncio.Event()
                await asyncio.sleep(self.again_s)


def _final(ack: dict[str, Any]) -> bool:
    """Return whether a frame need not come again."""
    return ack["code"] in (200, 400, 404) and json.loads(ack["data"]).get("status") != "LATER"
