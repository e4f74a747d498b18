"""What comes in: one message of one person, the same for every platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

ChatKind = Literal["private", "group"]
ContentKind = Literal["text", "voice", "image", "file", "press", "form", "other"]
FORM = "form"
FileKind = Literal["image", "file", "voice", "video"]


@dataclass(frozen=True)
class File:
    """A file somebody sent: its shown name, size in bytes (0: not told) and what its platform needs to fetch it."""

    name: str
    kind: FileKind = "file"
    size: int = 0
    ref: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One inbound message.

    `message_id` is the platform's own and decides whether the message was seen before. `chat` is the platform's
    conversation id (in private the sender's). `text` is what was said, without the mention of the bot; `route` is
    whatever the platform needs to answer in this conversation, as JSON. `at` is aware. A button's press arrives as the
    words the button stands for (`content` is press). `quoted` is the text of the message this one answers, if any.

    What was handed in on a form page comes as an event of the platform FORM: `sender` is the member's id, `chat` is
    empty because nothing is answered in a chat, `form` holds what the handler needs, as JSON.
    """

    platform: str
    message_id: str
    chat: str
    chat_kind: ChatKind
    sender: str
    text: str
    at: datetime
    content: ContentKind = "text"
    route: dict[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    quoted: str = ""
    form: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """What became of an event: `new` is False for a repeat; `answer` is the text of what was answered."""

    new: bool
    outcome: str
    answer: str = ""


Receive = Callable[[Event], Awaitable[Received]]
