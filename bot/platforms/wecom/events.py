"""Reading a decrypted callback of a self-built app (docs 90239, 90240)."""

from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from bot.events import ContentKind, Event, File, FileKind

CONTENT: dict[str, ContentKind] = {
    "text": "text",
    "voice": "voice",
    "image": "image",
    "video": "file",
    "file": "file",  # documented nowhere; field reports conflict, so taken if it comes
}
FILES: dict[str, FileKind] = {"image": "image", "voice": "voice", "video": "video", "file": "file"}
CARD_EVENTS = ("template_card_event", "template_card_menu_event")
SPOKEN = {"text": "Content", "file": "FileName", "location": "Label"}


class XmlError(Exception):
    """Not the XML that WeCom sends; the text is a short reason without any content."""


@dataclass(frozen=True)
class Notice:
    """Something that happened in the client: answered with 200, and nothing follows from it yet."""

    kind: str


@dataclass(frozen=True)
class Said:
    """Something said, or said by pressing a card: then `response_code` lets the card be changed once."""

    event: Event
    response_code: str = ""


def parse(xml: bytes | str) -> Element:
    """Return the root of an XML document; DTDs and entities are refused. Raises XmlError."""
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):  # defusedxml's are ValueErrors; LookupError: unknown encoding
        raise XmlError("not well-formed, or with a DTD") from None
    if root.tag != "xml":
        raise XmlError("root is not <xml>")
    return root


def read(xml: bytes, now: datetime) -> Said | Notice:
    """Return what a callback says. Raises XmlError when sender or type are missing."""
    root = parse(xml)
    kind, sender = _text(root, "MsgType"), _text(root, "FromUserName")
    if not kind or not sender:
        raise XmlError("MsgType or FromUserName is missing")
    if kind == "event" and _text(root, "Event") not in CARD_EVENTS:
        return Notice(_text(root, "Event"))
    pressed = kind == "event"
    # WeCom does not tell userids apart by case and answers in lower case: one person, one id.
    person = sender.casefold()
    event = Event(
        platform="wecom",
        message_id=_text(root, "MsgId") or composite_id(root),
        chat=person,
        chat_kind="private",
        sender=person,
        text=_text(root, "EventKey") if pressed else _spoken(root, kind),
        at=now,
        content="press" if pressed else CONTENT.get(kind, "other"),
        files=_files(root, kind),
    )
    return Said(event, _text(root, "ResponseCode") if pressed else "")


def composite_id(root: Element) -> str:
    """Return the id of something without MsgId: sender and second; of a card also task and key, for two clicks of
    one second are two things (doc 90238)."""
    sender = _text(root, "FromUserName").casefold()
    rest = [_text(root, name) for name in ("CreateTime", "TaskId", "EventKey")]
    return ":".join(part for part in [sender, *rest] if part)


def _files(root: Element, kind: str) -> tuple[File, ...]:
    media = _text(root, "MediaId")
    if kind not in FILES or not media:
        return ()
    return (File(_text(root, "FileName"), FILES[kind], 0, {"media_id": media}),)


def _spoken(root: Element, kind: str) -> str:
    if kind == "link":
        return " ".join(filter(None, (_text(root, "Title"), _text(root, "Url"))))
    return _text(root, SPOKEN[kind]) if kind in SPOKEN else ""


def _text(root: Element, name: str) -> str:
    return root.findtext(name) or ""
