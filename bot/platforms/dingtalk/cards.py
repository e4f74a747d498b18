"""Interactive cards: a message with buttons as a card, and a press of one as the words the button stands for.

The template is built once in the card platform with the variables named here; docs/platforms/dingtalk.md says how.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bot.events import Event
from bot.messages.message import Button, Mention, Message
from bot.platforms.dingtalk.drawing import Page
from bot.platforms.dingtalk.inbound import NAME

MOST_BUTTONS = 4
VALUE_BYTES = 1024  # of one value of a card (slug create-and-deliver-cards)
LONGEST_SAID = 500
BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}


class Malformed(Exception):
    """A body that is believed and cannot be read; the text names the field."""


class _Callback(BaseModel):
    """A card callback (slug event-callback-card); `content` is JSON in a string."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", hide_input_in_errors=True)

    type: str
    out_track_id: str = Field(min_length=1, max_length=200)
    user_id: str = Field(min_length=1, max_length=200)
    content: str = ""


@dataclass(frozen=True)
class Press:
    """One press: which card, who, and the words the button stands for."""

    card: str
    user: str
    says: str

    def event(self, now: datetime) -> Event:
        """Return it as an event; the same button pressed twice by one person is a repeat."""
        digest = hashlib.sha256(self.says.encode()).hexdigest()[:16]
        known = f"press:{self.card}:{self.user}:{digest}"
        return Event(NAME, known[:255], self.user, "private", self.user, self.says, now, "press")


def read_press(body: Mapping[str, Any]) -> Press | None:
    """Read a callback, None for a button that is none of ours. Raises `Malformed`."""
    try:
        callback = _Callback.model_validate(body)
        content = json.loads(callback.content or "{}")
    except ValidationError as error:
        raise Malformed(f"{error.errors(include_url=False, include_input=False)[0]['loc'][0]} 缺少或类型不对") from None
    except (ValueError, RecursionError):
        raise Malformed("content 应为 JSON") from None
    if callback.type != "actionCallback":
        raise Malformed("type 应为 actionCallback")
    private = content.get("cardPrivateData") if isinstance(content, dict) else None
    params = private.get("params") if isinstance(private, dict) else None
    says = params.get("says") if isinstance(params, dict) else None
    if not isinstance(says, str) or not says.strip() or len(says) > LONGEST_SAID:
        return None
    return Press(callback.out_track_id, callback.user_id, says.replace("\0", "").strip())


def answer_to(press: Press) -> dict[str, Any]:
    """Return what the presser's own view of the card shows from now on."""
    return {"cardUpdateOptions": BY_KEY, "userPrivateData": {"cardParamMap": _status(press)}}


def redrawn(press: Press) -> dict[str, Any]:
    """Return the same as the body of an update call (slug interactive-card-update-interface)."""
    return {
        "outTrackId": press.card,
        "privateData": {press.user: {"cardParamMap": _status(press)}},
        "cardUpdateOptions": BY_KEY,
        "userIdType": 1,
    }


def _status(press: Press) -> dict[str, str]:
    return {"status": f"已收到：{press.says[:100]}"}


def card_of(message: Message, page: Page, number: str) -> dict[str, Any] | None:
    """Return the card of a message as JSON, or None where it cannot be one: no buttons, too many, or too long."""
    params = {"title": page.title, "text": page.text, "status": ""}
    for index, button in enumerate(message.buttons, 1):
        params |= _button(index, button)
    fits = all(len(value.encode()) <= VALUE_BYTES for value in params.values())
    if not message.buttons or len(message.buttons) > MOST_BUTTONS or not fits:
        return None
    return {"outTrackId": number, "params": params, "at": _rung(message.mentions), "summary": page.title}


def _button(index: int, button: Button) -> dict[str, str]:
    return {f"button{index}": button.label, f"says{index}": button.says}


def _rung(mentions: tuple[Mention, ...]) -> dict[str, str]:
    return {mention.external_id: mention.name for mention in mentions if mention.external_id}


def delivery(card: Mapping[str, Any], space: Mapping[str, str], robot: str) -> dict[str, Any]:
    """Return the part of createAndDeliver that says what is shown where; `space` holds `group` or `user`."""
    body: dict[str, Any] = {
        "outTrackId": card["outTrackId"],
        "cardData": {"cardParamMap": card["params"]},
        "userIdType": 1,
    }
    shown = {"supportForward": False, "lastMessageI18n": {"ZH_CN": card["summary"]}}
    if "group" in space:
        shown["notification"] = {"alertContent": card["summary"], "notificationOff": False}
        return body | {
            "openSpaceId": f"dtv1.card//IM_GROUP.{space['group']}",
            "imGroupOpenSpaceModel": shown,
            "imGroupOpenDeliverModel": {"robotCode": robot, "atUserIds": card["at"]},
        }
    return body | {
        "openSpaceId": f"dtv1.card//IM_ROBOT.{space['user']}",
        "imRobotOpenSpaceModel": shown,
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": robot},
    }
