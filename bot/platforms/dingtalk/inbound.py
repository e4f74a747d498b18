"""What DingTalk posts when somebody speaks to the robot, and how it becomes an event."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.events import ChatKind, ContentKind, Event, File, FileKind

NAME = "dingtalk"
OUTSIDER = "ext:"
FAR_MS = 10**14  # beyond what a date can hold
CLOCKS_AGREE = timedelta(minutes=1)

MEDIA: dict[str, ContentKind] = {"picture": "image", "file": "file", "video": "file"}
FILES: dict[str, tuple[FileKind, str]] = {
    "picture": ("image", "图片.jpg"),
    "audio": ("voice", "语音.amr"),
    "video": ("video", "视频.mp4"),
    "file": ("file", "文件"),
}
LONGEST_NAME = 200


class Wire(BaseModel):
    """A JSON object of the platform: unknown fields are left alone, known ones must have their type."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", hide_input_in_errors=True)


class Text(Wire):
    """`text`; the quoted message is not documented (dossier 2.3), so anything is tolerated there."""

    content: str = ""
    replied_msg: Any = None


class Run(Wire):
    """One piece of a rich text: words, or a picture."""

    text: str | None = None
    download_code: str | None = None


class Content(Wire):
    """`content` of everything that is not text."""

    recognition: str | None = None
    download_code: str | None = None
    file_name: str | None = None
    rich_text: list[Run] | None = None


class RobotMessage(Wire):
    """The body of a robot callback (slug receive-message); `conversation_type` "1" is private, "2" a group."""

    msg_id: str = Field(min_length=1, max_length=255)
    msgtype: str
    conversation_id: str = Field(min_length=1, max_length=255)
    conversation_type: Literal["1", "2"]
    sender_id: str | None = Field(default=None, max_length=250)
    sender_staff_id: str | None = Field(default=None, max_length=255)
    text: Text | None = None
    content: Content | str | None = None
    session_webhook: str | None = None
    session_webhook_expired_time: int | None = Field(default=None, ge=0, lt=FAR_MS)
    error_code: int | str | None = None

    @property
    def sender(self) -> str:
        """The member's userid; outsiders, and everybody before the robot is published, have none."""
        return self.sender_staff_id or f"{OUTSIDER}{self.sender_id or ''}"

    @property
    def chat_kind(self) -> ChatKind:
        """Where it was said."""
        return "group" if self.conversation_type == "2" else "private"

    @property
    def lost_to_quota(self) -> bool:
        """Whether the words were withheld because the month's messages are used up (slug robot-message-type)."""
        return self.error_code is not None and self.text is None and self.content is None

    def said(self) -> tuple[ContentKind, str]:
        """Return the kind of content and its words."""
        if self.msgtype == "text":
            return "text", self._plain()
        content = self.content if isinstance(self.content, Content) else Content()
        if self.msgtype == "richText":
            words = _joined(content.rich_text or [])
            return ("text" if words else "image"), words
        if self.msgtype == "audio":
            return "voice", _clean(content.recognition or "")
        if self.msgtype in MEDIA:
            return MEDIA[self.msgtype], _clean(content.file_name or "")
        return "other", ""

    def files(self) -> tuple[File, ...]:
        """Return what was sent along; each is fetched by a code that ends soon."""
        content = self.content if isinstance(self.content, Content) else Content()
        kind, name = FILES.get(self.msgtype, ("image", "图片.jpg"))
        shown = _file_name(content.file_name or "") or name
        codes = [(shown, content.download_code), *(("图片.jpg", run.download_code) for run in content.rich_text or [])]
        return tuple(File(title, kind, ref={"code": code}) for title, code in codes if code)

    def quoted(self) -> str:
        """Return the words of the message this one answers."""
        return _quoted(self.text.replied_msg) if self.text is not None else ""

    def _plain(self) -> str:
        # Two pages of the documentation show two shapes; both are read (dossier 2.4).
        if self.text is None:
            return _clean(self.content) if isinstance(self.content, str) else ""
        return _clean(self.text.content)


def to_event(message: RobotMessage, now: datetime, wall: datetime, allowed: Callable[[str], bool]) -> Event:
    """Make the event; `allowed` says whether a session webhook may be kept for the answer."""
    kind, text = message.said()
    group = message.chat_kind == "group"
    return Event(
        platform=NAME,
        message_id=message.msg_id,
        chat=message.conversation_id if group else message.sender,
        chat_kind=message.chat_kind,
        sender=message.sender,
        text=text,
        at=now,
        content=kind,
        route=_route(message, now, wall, allowed),
        files=message.files(),
        quoted=message.quoted(),
    )


def _route(message: RobotMessage, now: datetime, wall: datetime, allowed: Callable[[str], bool]) -> dict[str, Any]:
    address, expires_ms = message.session_webhook, message.session_webhook_expired_time
    if not address or expires_ms is None or not allowed(address):
        return {}
    expires = datetime.fromtimestamp(expires_ms / 1000, UTC)
    # In a rehearsal the bot's clock is not the platform's, and `until` is read against the bot's. It may come out too
    # late: a session used too late costs one refused call, one given up too early costs the answer.
    ahead = now - wall
    until = expires + ahead if ahead > CLOCKS_AGREE else expires
    return {"session": address, "until": until.isoformat(), "chat": message.chat_kind}


def _joined(runs: list[Run]) -> str:
    """Join the words of a rich text; where a picture stands, a line ends."""
    text = "".join("\n" if run.text is None else run.text for run in runs)
    return "\n".join(line.strip() for line in _clean(text).splitlines() if line.strip())


def _quoted(replied: Any) -> str:
    content = replied.get("content") if isinstance(replied, dict) else None
    words = content.get("text") if isinstance(content, dict) else content
    return _clean(words) if isinstance(words, str) else ""


def _file_name(name: str) -> str:
    """Return a name that is no path."""
    return re.sub(r"[\\/:\x00-\x1f]", "_", name).strip()[-LONGEST_NAME:]


def _clean(text: str) -> str:
    """Strip the blank where the mention stood, and the NUL that no database stores."""
    return text.replace("\0", "").strip()
