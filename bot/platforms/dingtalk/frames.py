"""The frames of a Stream connection: JSON around JSON, read tolerantly (dossier 3.3), and their acknowledgements."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

MESSAGES = "/v1.0/im/bot/messages/get"
CARDS = "/v1.0/card/instances/callback"
SUBSCRIPTIONS = (
    {"type": "EVENT", "topic": "*"},
    {"type": "CALLBACK", "topic": MESSAGES},
    {"type": "CALLBACK", "topic": CARDS},
)
LARGEST = 1 << 20
NOTHING: Mapping[str, Any] = {"response": None}


class Unreadable(Exception):
    """A frame that is none; `message_id` is '' when not even that could be read."""

    def __init__(self, why: str, message_id: str = "") -> None:
        super().__init__(why)
        self.message_id = message_id


@dataclass(frozen=True)
class Frame:
    """One frame: `kind` SYSTEM, CALLBACK or EVENT; `data` is what the inner JSON holds."""

    kind: str
    topic: str
    message_id: str
    headers: Mapping[str, Any]
    data: Mapping[str, Any]


def read_frame(raw: str) -> Frame:
    """Read one text frame; raises `Unreadable`."""
    if len(raw) > LARGEST:
        raise Unreadable("larger than 1 MiB")
    outer = _object(raw, "")
    # One sample of the documentation writes `header`.
    headers = outer.get("headers") or outer.get("header")
    if not isinstance(headers, dict):
        raise Unreadable("headers missing")
    message_id = headers.get("messageId")
    if not isinstance(message_id, str):
        raise Unreadable("messageId missing")
    data = outer.get("data") or {}
    inner = _object(data, message_id) if isinstance(data, str) else data
    if not isinstance(inner, dict):
        raise Unreadable("data is no object", message_id)
    return Frame(str(outer.get("type", "")), str(headers.get("topic", "")), message_id, headers, inner)


def acknowledge(
    message_id: str, data: Mapping[str, Any] = NOTHING, *, code: int = 200, message: str = "OK"
) -> dict[str, Any]:
    """Return the acknowledgement of a frame."""
    headers = {"contentType": "application/json", "messageId": message_id}
    return {"code": code, "headers": headers, "message": message, "data": json.dumps(data, ensure_ascii=False)}


def _object(raw: str, message_id: str) -> dict[str, Any]:
    try:
        data = from_json(raw)  # bounds the depth, unlike the standard library's
    except ValueError:
        raise Unreadable("no JSON", message_id) from None
    if not isinstance(data, dict):
        raise Unreadable("no JSON object", message_id)
    return data
