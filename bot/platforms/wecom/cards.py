"""Template cards: a message with buttons, and what a card becomes once it is pressed (docs 90236, 101032).

A button's key is what it says: a press needs no memory, and what the client sends back counts no more than typed words.
"""

import hashlib
from dataclasses import replace
from typing import Any

from bot.messages.message import Lines, Message, Table, joined
from bot.platforms.wecom.drawing import Payload, plain

TITLE_CHARS = 26
TEXT_CHARS = 112
BUTTONS = 6
LABEL_CHARS = 10
KEY_BYTES = 1024
PRESSED = "已收到"


def card_payload(message: Message, task: str) -> Payload | None:
    """Draw a message as a card with its buttons; None when it has none or does not fit. `task`: unique for ever."""
    title, text = message.title, plain(replace(message, title=""))
    first, _, rest = text.partition("\n")
    if not title and len(first) <= TITLE_CHARS:
        title, text = first, rest
    buttons = message.buttons
    fits = (
        1 <= len(buttons) <= BUTTONS
        and len(title) <= TITLE_CHARS
        and len(text) <= TEXT_CHARS
        and not any(isinstance(block, Table) for block in message.blocks)
        and all(len(button.label) <= LABEL_CHARS and len(button.says.encode()) <= KEY_BYTES for button in buttons)
    )
    if not fits:
        return None
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": title or "请选一个"},
        "task_id": task,
        "button_list": [
            {"text": button.label, "style": 1 if number == 0 else 2, "key": button.says}
            for number, button in enumerate(buttons)
        ],
    }
    return {"msgtype": "template_card", "template_card": card | ({"sub_title_text": text} if text else {})}


def buttons_alone(message: Message) -> Message:
    """Return what stands below a message that is too long for a card: its buttons, and the same in words."""
    says = joined((f"“{button.says}”" for button in message.buttons[:BUTTONS]), BUTTONS)
    return Message(message.title[:TITLE_CHARS], (Lines((f"也可以直接回复{says}",)),), buttons=message.buttons[:BUTTONS])


def pressed_card(task: str, card: Payload | None) -> Payload:
    """Return what a card of the smart bot becomes for whoever pressed it: one button that says it was taken in."""
    before = card or {"main_title": {"title": PRESSED}}
    kept: dict[str, Any] = {name: before[name] for name in ("main_title", "sub_title_text") if name in before}
    button = {"text": PRESSED, "style": 4, "key": "已收到"}
    return {"card_type": "button_interaction", **kept, "task_id": task, "button_list": [button]}


def task_of(key: str, number: int) -> str:
    """Return a task id of letters, digits and dashes from an outbox key: the same for every retry."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:24]}-{number}"
