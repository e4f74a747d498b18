"""WeCom's smart bot as a real local server: the long connection with its rules, callbacks, reply addresses, files.

One connection has the bot: a newer one takes it, and the older is told and closed. A req_id belongs to its connection,
a card's update must come within 5 seconds, a push reaches only a chat that has spoken, each chat takes 30 messages a
minute and 1000 an hour. What is refused is kept in `refused`, what arrived in `arrived`.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.doubles.wecom_content import MEDIA, Body, Refusal, bot_text, card_text
from tests.doubles.wecom_talk import Talk

UPDATE_S = 5.0
CHUNK = 512 * 1024


@dataclass
class Line:
    """One connection: the req_ids it knows, and what is wrong with it."""

    socket: web.WebSocketResponse
    subscribed: bool = False
    known: dict[str, tuple[str, str, float]] = field(default_factory=dict)  # req_id → (kind, chat, told at)
    silent: bool = False
    groups_withheld: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class SmartBotDouble(Talk):
    """WeCom with a smart bot. `lines` are the connections there were, the last is the present one."""

    bot_secret = "fixture-long-connection-secret"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines: list[Line] = []
        self.line: Line | None = None
        self.subscribed_at: list[float] = []
        self.delivered: list[str] = []
        self.missed: list[str] = []
        self.answers: list[tuple[str, int]] = []
        self.spoken: set[str] = set()
        self.subscribe_code = 0
        self.codes: dict[str, int] = {}  # command → errcode of every answer to it
        self._uploads: dict[str, tuple[Body, dict[int, bytes]]] = {}

    @property
    def ws_url(self) -> str:
        """Return the value for ws_url."""
        return self.base_url.replace("http://", "ws://") + "/ws"

    def add_routes(self, app: web.Application) -> None:
        """Add the socket, the reply addresses and the files."""
        super().add_routes(app)
        app.router.add_get("/ws", self._serve)

    # Saying things

    async def speak(self, chat: str, sender: str, text: str, msgid: str = "", **more: Any) -> str:
        """Let somebody say something to the bot, in private when `chat` is ''; return the msgid."""
        body = self.message(chat, sender, "text", {"content": text}, msgid) | more
        await self.tell(body)
        return str(body["msgid"])

    async def tell(self, body: Body, command: str = "") -> bool:
        """Deliver a body on the present connection; False when there is none, or this one withholds it."""
        line, chat = self.line, str(body.get("chatid") or body.get("from", {}).get("userid", ""))
        event = body.get("msgtype") == "event"
        if not event:
            self.spoken.add(chat)
        if line is None or line.silent or line.socket.closed or (line.groups_withheld and body.get("chatid")):
            self.missed.append(str(body["msgid"]))
            return False
        req_id = f"srv-{next(self.ids)}"
        kind = str(body.get("event", {}).get("eventtype", "message")) if event else "message"
        line.known[req_id] = (kind, chat, self.clock())
        named = command or ("aibot_event_callback" if event else "aibot_msg_callback")
        await self._write(line, {"cmd": named, "headers": {"req_id": req_id}, "body": body})
        self.delivered.append(str(body["msgid"]))
        return True

    async def write(self, text: str) -> None:
        """Write anything at all on the present connection."""
        assert self.line is not None
        await self.line.socket.send_str(text)

    async def displace(self) -> None:
        """Let another program take the bot."""
        line, self.line = self.line, None
        assert line is not None
        await self._tell_displaced(line)

    def cut(self) -> None:
        """Reset the present connection."""
        line, self.line = self.line, None
        assert line is not None
        transport = line.socket._req.transport if line.socket._req else None  # type: ignore[union-attr]
        assert transport is not None
        transport.abort()

    async def close_line(self) -> None:
        """Close the present connection properly."""
        line, self.line = self.line, None
        assert line is not None
        await line.socket.close()

    def go_silent(self) -> None:
        """Keep the present connection open and never say a word on it again, not even to a ping."""
        line, self.line = self.line, None
        assert line is not None
        line.silent = True

    async def until(self, check: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something holds."""
        ends = asyncio.get_running_loop().time() + seconds
        while not check():
            assert asyncio.get_running_loop().time() < ends, "it did not come about in time"
            await asyncio.sleep(0.005)

    async def connected(self, number: int = 1, seconds: float = 5.0) -> None:
        """Wait until there were so many subscriptions and the last one stands."""
        await self.until(lambda: len(self.subscribed_at) >= number and self.line is not None, seconds)

    # The long connection

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(socket)
        self.lines.append(line)
        async for message in socket:
            if message.type is WSMsgType.TEXT and not line.silent:
                await self._take(line, json.loads(message.data))
        if self.line is line:
            self.line = None
        return socket

    async def _take(self, line: Line, frame: Body) -> None:
        command, req_id, body = frame["cmd"], frame["headers"]["req_id"], frame.get("body", {})
        self.requests.append((command, body))
        try:
            if command == "aibot_subscribe":
                found = await self._subscribe(line, body)
            elif not line.subscribed or self.line is not line:
                raise Refusal(846609, "aibot websocket not subscribed")
            elif code := self.codes.get(command):
                raise Refusal(code)
            else:
                found = await self._commands()[command](line, req_id, body)
            answer: Body = {"errcode": 0, "errmsg": "ok"} | ({"body": found} if found else {})
        except Refusal as refusal:
            self.refused.append((command, refusal.code))
            answer = {"errcode": refusal.code, "errmsg": refusal.text}
        await self._write(line, {"headers": {"req_id": req_id}, **answer})

    def _commands(self) -> dict[str, Callable[[Line, str, Body], Awaitable[Body]]]:
        return {
            "ping": self._ping,
            "aibot_respond_msg": self._respond,
            "aibot_respond_welcome_msg": self._welcome,
            "aibot_respond_update_msg": self._update,
            "aibot_send_msg": self._push,
            "aibot_upload_media_init": self._upload_init,
            "aibot_upload_media_chunk": self._upload_chunk,
            "aibot_upload_media_finish": self._upload_finish,
        }

    async def _subscribe(self, line: Line, body: Body) -> Body:
        if self.subscribe_code:
            raise Refusal(self.subscribe_code)
        if (body.get("bot_id"), body.get("secret")) != (self.bot_id, self.bot_secret):
            raise Refusal(853000, "invalid bot_id or secret")
        older, self.line = self.line, line
        line.subscribed = True
        self.subscribed_at.append(self.clock())
        if older is not None:
            await self._tell_displaced(older)
        return {}

    async def _tell_displaced(self, line: Line) -> None:
        event = {"msgid": f"DISC{next(self.ids)}", "msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        await self._write(line, {"cmd": "aibot_event_callback", "headers": {"req_id": "srv-disc"}, "body": event})

    async def _write(self, line: Line, frame: Body) -> None:
        if not line.silent and not line.socket.closed:
            await line.socket.send_str(json.dumps(frame, ensure_ascii=False))

    async def _ping(self, line: Line, req_id: str, body: Body) -> Body:
        return {}

    async def _respond(self, line: Line, req_id: str, body: Body) -> Body:
        told = line.known.get(req_id)
        if told is None or told[0] != "message":
            raise Refusal(846605, "invalid req_id")
        kind, text = bot_text(body, ("stream", "markdown", "template_card", *MEDIA), self.media)
        self.admit(told[1])
        self.see(told[1], kind, text, "respond")
        return {}

    async def _welcome(self, line: Line, req_id: str, body: Body) -> Body:
        return self._at_once(line, req_id, "enter_chat", bot_text(body, ("text", "template_card"), ()), "welcome")

    async def _update(self, line: Line, req_id: str, body: Body) -> Body:
        if body.get("response_type") != "update_template_card":
            raise Refusal(93050, "wrong response_type")
        text = card_text(body["template_card"], ("text_notice", "button_interaction"))
        return self._at_once(line, req_id, "template_card_event", ("template_card", text), "update")

    def _at_once(self, line: Line, req_id: str, event: str, shown: tuple[str, str], by: str) -> Body:
        kind, chat, at = line.known.pop(req_id, ("", "", 0.0))
        if kind != event or self.clock() - at > UPDATE_S:
            raise Refusal(846605, "invalid req_id")
        self.see(chat, *shown, by)
        return {}

    async def _push(self, line: Line, req_id: str, body: Body) -> Body:
        chat = str(body.get("chatid", ""))
        if chat not in self.spoken:
            raise Refusal(846602, "chat has not spoken")
        kinds = ("markdown", *MEDIA) if body.get("chat_type") == 2 else ("markdown", "template_card", *MEDIA)
        kind, text = bot_text(body, kinds, self.media)
        self.admit(chat)
        self.see(chat, kind, text, "push")
        return {}

    async def _upload_init(self, line: Line, req_id: str, body: Body) -> Body:
        if body["total_chunks"] > 100 or body["type"] not in MEDIA:
            raise Refusal(40058)
        upload = f"UPLOAD{next(self.ids)}"
        self._uploads[upload] = (body, {})
        return {"upload_id": upload}

    async def _upload_chunk(self, line: Line, req_id: str, body: Body) -> Body:
        content = base64.b64decode(body["base64_data"])
        if len(content) > CHUNK:
            raise Refusal(40058)
        self._uploads[body["upload_id"]][1][body["chunk_index"]] = content
        return {}

    async def _upload_finish(self, line: Line, req_id: str, body: Body) -> Body:
        start, chunks = self._uploads.pop(body["upload_id"])
        content = b"".join(chunks[number] for number in range(start["total_chunks"]))
        if len(content) != start["total_size"]:
            raise Refusal(40058)
        media_id = self.keep_media(start["type"], start["filename"], content)
        return {"type": start["type"], "media_id": media_id, "created_at": "1793581300"}
