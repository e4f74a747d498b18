"""Reading what the smart bot is told, by long connection or callback: the same JSON (docs 100719, 101027)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog

from bot.clock import wall_now
from bot.events import ContentKind, Event, File, FileKind

log = structlog.get_logger()

REPLY_LIFE = timedelta(minutes=59)  # a reply address lives an hour (doc 101138)
CONTENT: dict[str, ContentKind] = {
    "text": "text",
    "mixed": "text",
    "voice": "voice",
    "image": "image",
    "file": "file",
    "video": "file",
}
FILES = ("image", "file", "video")
# A mention ends with a blank, which may be a full-width one or U+2005.
BLANK = "[\\s\u2005\u3000]"


class BadBody(Exception):
    """Not what WeCom sends; the text is a short reason without any content."""


@dataclass(frozen=True)
class Speech:
    """Something somebody said or pressed."""

    event: Event


@dataclass(frozen=True)
class Press:
    """A pressed card: what was said by it, and the card's task id."""

    event: Event
    task: str


@dataclass(frozen=True)
class Entered:
    """Somebody opened the chat with the bot."""

    chat: str


@dataclass(frozen=True)
class Other:
    """Anything else: acknowledged and counted. `stream`: the id of a stream that is asked after."""

    kind: str
    stream: str = ""


Told = Speech | Press | Entered | Other


@dataclass(frozen=True)
class Way:
    """How what came in can be answered: the connection and its req_id, or nothing but the reply address."""

    conn: str = ""
    req_id: str = ""


@dataclass(frozen=True)
class Reader:
    """Reads bodies of one bot, known to people by `name`; `may_visit` judges addresses that come in them."""

    name: str
    may_visit: Callable[[str], bool]

    def read(self, body: object, now: datetime, way: Way) -> Told:
        """Return what a body says. Raises BadBody when types are wrong or the sender is missing."""
        if not isinstance(body, dict):
            raise BadBody("not an object")
        kind = _text(body, "msgtype")
        if kind == "event":
            return self._event(body, now, way)
        if kind == "stream":
            return Other(kind, _text(_object(body, "stream"), "id"))
        return Speech(self._made(body, now, way, self._said(body, kind), CONTENT.get(kind, "other")))

    def _event(self, body: Mapping[str, Any], now: datetime, way: Way) -> Told:
        event = _object(body, "event")
        kind = _text(event, "eventtype")
        if kind == "enter_chat":
            return Entered(_sender(body))
        if kind != "template_card_event":
            return Other(kind or "event")
        pressed = _object(event, "template_card_event")
        # The table of the documentation writes eventkey, its examples and live data event_key: both are taken.
        key = _text(pressed, "event_key") or _text(pressed, "eventkey")
        return Press(self._made(body, now, way, key, "press"), _text(pressed, "task_id") or _text(pressed, "taskid"))

    def _made(self, body: Mapping[str, Any], now: datetime, way: Way, said: str, content: ContentKind) -> Event:
        sender, chat = _sender(body), _text(body, "chatid")
        group = bool(chat) and _text(body, "chattype") != "single"
        quote = _object(body, "quote") if body.get("quote") else {}
        return Event(
            platform="wecom",
            message_id=_text(body, "msgid") or _composite(body, sender),
            chat=chat if group else sender,
            chat_kind="group" if group else "private",
            sender=sender,
            text=self._bare(said) if group else said,
            at=now,
            content=content,
            route=self._route(body, way, chat if group else sender, group),
            files=(*_files(body), *_files(quote)),
            quoted=self._said(quote, _text(quote, "msgtype")) if quote else "",
        )

    def _route(self, body: Mapping[str, Any], way: Way, chat: str, group: bool) -> dict[str, Any]:
        route: dict[str, Any] = {"chat": chat, "kind": "group" if group else "private"}
        if way.req_id:
            route |= {"conn": way.conn, "req_id": way.req_id}
        address = _text(body, "response_url")
        if address and not self.may_visit(address):
            log.warning("reply address refused", action="wecom.address_refused")
        elif address:
            route |= {"url": address, "until": (wall_now() + REPLY_LIFE).isoformat()}
        return route

    @staticmethod
    def _said(body: Mapping[str, Any], kind: str) -> str:
        """Return the words of a message or a quote."""
        if kind == "mixed":
            texts = [
                _text(_object(item, "text"), "content") for item in _items(body) if _text(item, "msgtype") == "text"
            ]
            return " ".join(filter(None, texts))
        if kind in ("text", "voice"):
            return _text(_object(body, kind), "content").strip()
        return ""

    def _bare(self, text: str) -> str:
        # The text keeps "@name" literally, anywhere; a name may hold blanks, so the configured one is looked for.
        # Before an address's @ stands a letter.
        name = re.escape(self.name) if self.name else r"[^\s\u2005\u3000]+"
        return re.sub(f"{BLANK}*(?<![A-Za-z0-9._-])@{name}(?:{BLANK}+|$)", " ", text, count=1).strip()


def _files(body: Mapping[str, Any]) -> Iterator[File]:
    kind = _text(body, "msgtype")
    if kind == "mixed":
        for item in _items(body):
            yield from _files(item)
    elif kind in FILES:
        found = _object(body, kind)
        ref = {"url": _text(found, "url")} | ({"aeskey": key} if (key := _text(found, "aeskey")) else {})
        yield File("", cast(FileKind, kind), 0, ref)


def _items(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = _object(body, "mixed").get("msg_item")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadBody("mixed.msg_item is no list of objects")
    return items


def _sender(body: Mapping[str, Any]) -> str:
    sender = _text(_object(body, "from"), "userid")
    if not sender:
        raise BadBody("from.userid is missing")
    # WeCom does not tell userids apart by case and answers in lower case; an encrypted id keeps its own.
    return sender if is_encrypted(sender) else sender.casefold()


def is_encrypted(userid: str) -> bool:
    """Tell whether this is an open_userid, which a bot not made by a super administrator gets."""
    return userid.startswith(("wo", "wm")) and len(userid) >= 32


def _composite(body: Mapping[str, Any], sender: str) -> str:
    pressed = _object(_object(body, "event"), "template_card_event") if "event" in body else {}
    rest = (str(body.get("create_time", "")), str(pressed.get("task_id", "")), str(pressed.get("event_key", "")))
    return ":".join(filter(None, ("bot", sender, *rest)))


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name, {})
    if not isinstance(found, dict):
        raise BadBody(f"{name} is no object")
    return found


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str):
        raise BadBody(f"{name} is no text")
    return found
