"""The sandbox as a platform: what the bot sends lands in the transcript."""

import binascii
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import structlog
from aiohttp import web

from bot.events import File
from bot.messages.message import from_json, to_json
from bot.platforms.base import Adapter, GroupConfig, Host, Limit, NoRoute, Parcel, Part, Permanent, RetryLater, Route
from bot.platforms.sandbox.chatpage import site
from bot.platforms.sandbox.chats import Chats
from bot.platforms.sandbox.transcript import Transcript

log = structlog.get_logger()

BOT_ID = "drumbeat"
BOT_NAME = "小鼓"
LIMIT = Limit(1000, 1)


class Sandbox(Chats, Adapter):
    """The sandbox's adapter.

    The application must not mount it on an address that others can reach while `requires_loopback` is True.
    """

    requires_loopback = True

    def __init__(self, groups: Sequence[GroupConfig], data: str = "", *, requires_loopback: bool = True) -> None:
        """Read back the transcript under `data`. Raises `ConfigError` when that fails."""
        super().__init__(groups, Transcript(_file_of(data)))
        self.requires_loopback = requires_loopback
        self.enabled = True

    @property
    def hosts(self) -> frozenset[str]:
        """The sandbox calls nobody."""
        return frozenset()

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message as one part; there is no size to keep to. Raises `NoRoute` for an unknown group."""
        target = parcel.target
        if target.kind == "group" and target.id not in self.groups:
            fix = f'请在 [[groups]] 里加上 id = "{target.id}"、platform = "sandbox"'
            raise NoRoute(f"演练环境里没有群“{target.id}”：{fix}")
        chat = str(parcel.route.get("chat") or target.id)
        body = {
            "chat": chat,
            "chat_kind": "group" if chat in self.groups else "private",
            "message": to_json(parcel.message),
        }
        return (Part((Route("sandbox", "sandbox", LIMIT, body),)),)

    async def send(self, route: Route, key: str) -> str:
        """Append one message of the bot; the same key twice appends nothing. Raises `RetryLater`."""
        message = from_json(route.body["message"])
        try:
            entry = self.transcript.append(
                chat=route.body["chat"],
                kind=route.body["chat_kind"],
                sender=BOT_ID,
                sender_name=BOT_NAME,
                from_bot=True,
                message=route.body["message"],
                at=self.now().isoformat(timespec="seconds"),
                key=key,
                title=message.title,
                mentions=[mention.name for mention in message.mentions],
            )
        except OSError as error:
            raise RetryLater("transcript", f"the transcript cannot be written: {type(error).__name__}") from error
        log.info("sent", action="sandbox.sent", chat_kind=entry.kind, entry=entry.id)
        return str(entry.id)

    async def fetch(self, file: File, most: int) -> AsyncIterator[bytes]:
        """Yield what came with the message itself, base64 in `ref`."""
        try:
            content = b64decode(file.ref.get("content", ""), validate=True)
            # A bare name will do: the file is then a line of text.
            yield content or f"演练文件：{file.name}\n".encode()
        except binascii.Error as error:
            raise Permanent("base64", "the content is no base64", "文件内容应是 base64") from error

    def group_of_chat(self, chat: str) -> str | None:
        """Return the chat when it is a configured group; here both have one id."""
        return chat if chat in self.groups else None

    def mount(self, app: web.Application, host: Host) -> None:
        """Add /sandbox/ to the application, unless the sandbox is switched off."""
        self._host = host
        if self.enabled:
            for short in ("/", "/sandbox"):
                app.router.add_get(short, _to_page)
            app.add_subapp("/sandbox/", site(self))

    async def close(self) -> None:
        """Close the transcript's file."""
        self.transcript.close()


async def _to_page(request: web.Request) -> web.Response:
    raise web.HTTPFound("/sandbox/")


def _file_of(data: str) -> Path | None:
    if not data:
        return None
    path = Path(data)
    return path if path.suffix == ".jsonl" else path / "transcript.jsonl"
