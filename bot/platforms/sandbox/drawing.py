"""Drawing a message for the page, as DingTalk and WeCom would: nothing in it can ring anybody or run as a script."""

import re
from typing import Any

from bot.messages.message import Bullets, Message, Table, harmless
from bot.pages import render
from bot.platforms.sandbox.transcript import Entry

BOT_NAMES = ("小鼓", "鼓点")
LINK = re.compile(r"https?://[^\s<>\"'，。；）】]+")


def shown(entry: Entry) -> dict[str, Any]:
    """Return a message as the API gives it."""
    message = entry.drawn()
    return {
        "id": entry.id,
        "chat": entry.chat,
        "kind": entry.kind,
        "text": message.as_text(),
        "html": draw(message),
        "title": entry.title,
        "from_bot": entry.from_bot,
        "sender": entry.sender,
        "sender_name": entry.sender_name,
        "at": entry.at,
        "mentions": entry.mentions,
    }


def draw(message: Message) -> str:
    """Return a message as HTML; who is rung but not named in the text stands in a last line."""
    names = [mention.name for mention in message.mentions]
    whole = message.as_text()
    return render(
        "sandbox/message.html",
        title=harmless(message.title),
        blocks=[_block(block, names) for block in message.blocks],
        buttons=message.buttons,
        rung=[name for name in dict.fromkeys(names) if f"@{name}" not in whole],
    )


def pieces(text: str, names: list[str]) -> list[tuple[str, str]]:
    """Split a text into ("text" | "mention" | "link", words); only people who are really rung are mentions."""
    known = sorted({*names, *BOT_NAMES} - {""}, key=len, reverse=True)
    pattern = re.compile(f"({LINK.pattern})|(@(?:{'|'.join(map(re.escape, known))}))")
    found: list[tuple[str, str]] = []
    start = 0
    text = harmless(text)
    for match in pattern.finditer(text):
        found.append(("text", text[start : match.start()]))
        found.append(("link" if match[1] else "mention", match[0]))
        start = match.end()
    found.append(("text", text[start:]))
    return [piece for piece in found if piece[1]]


def _block(block: Any, names: list[str]) -> dict[str, Any]:
    if isinstance(block, Table):
        sides = [*block.align, *("left" for _ in block.head[len(block.align) :])]
        return {"kind": "table", "head": block.head, "rows": [_row(row, sides) for row in block.rows], "sides": sides}
    kind = "bullets" if isinstance(block, Bullets) else "lines"
    return {"kind": kind, "lines": [pieces(line, names) for line in block.lines]}


def _row(row: tuple[str, ...], sides: list[str]) -> list[tuple[str, str]]:
    return [(harmless(cell), sides[n] if n < len(sides) else "left") for n, cell in enumerate(row)]
