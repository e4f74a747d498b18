"""A message as a value: lines, lists and tables that every platform can draw and that always read as plain text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Align = Literal["left", "right"]

# Words by which a platform would ring the whole group, and inline mentions: a member's text must not become one.
LOUD = re.compile(r"@(all|所有人|全体成员|everyone)", re.IGNORECASE)


def harmless(text: str) -> str:
    """Return text in which nothing can ring anybody: the at-signs of @all and <@userid> become full-width."""
    return LOUD.sub(r"＠\1", text).replace("<@", "<＠")


@dataclass(frozen=True)
class Lines:
    """Plain lines, one under the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """A list; the lines stand under each other with a dot."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A small table; a platform without tables shows each row as a line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Align, ...] = ()

    def as_lines(self) -> tuple[str, ...]:
        return tuple("  ".join(cell for cell in row if cell) for row in self.rows)


Block = Lines | Bullets | Table


@dataclass(frozen=True)
class Mention:
    """A person to ring in a group: `member` is our id, the rest is filled in when the message is addressed."""

    member: int
    name: str
    external_id: str = ""
    mobile: str = ""


@dataclass(frozen=True)
class Button:
    """A shortcut under a message: pressing it says `says`. Whoever sees no button types the same words."""

    label: str
    says: str


@dataclass(frozen=True)
class Enclosure:
    """A file that goes along with a message: its shown name and where it is stored."""

    name: str
    path: str


@dataclass(frozen=True)
class Message:
    """One message: a short title (may be empty), blocks, who is rung by it in a group, shortcuts for an answer, files.

    A platform that cannot send a file leaves it out, so the words must say where else it is.
    """

    title: str = ""
    blocks: tuple[Block, ...] = ()
    mentions: tuple[Mention, ...] = field(default=())
    buttons: tuple[Button, ...] = ()
    files: tuple[Enclosure, ...] = ()

    def as_text(self) -> str:
        """Return the message as plain text; it says everything the drawn one does."""
        parts = [f"【{self.title}】"] if self.title else []
        for block in self.blocks:
            if isinstance(block, Table):
                parts += block.as_lines()
            else:
                dot = "· " if isinstance(block, Bullets) else ""
                parts += [f"{dot}{line}" for line in block.lines]
        return harmless("\n".join(parts))


def say(*lines: str, title: str = "") -> Message:
    """Make a message of plain lines; empty lines are left out."""
    return Message(title, (Lines(tuple(line for line in lines if line)),))


def stacked(*messages: Message) -> Message:
    """Put several messages under each other in one, with the first one's title and everybody's buttons."""
    return Message(
        messages[0].title,
        tuple(block for message in messages for block in message.blocks),
        tuple(dict.fromkeys(mention for message in messages for mention in message.mentions)),
        tuple(dict.fromkeys(button for message in messages for button in message.buttons)),
    )


def width(text: str) -> int:
    """Return how many columns a text takes when Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def clip(text: str, columns: int) -> str:
    """Shorten a text to a number of columns, with … where something was cut."""
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > columns - 1:
            break
        kept += char
    return kept + "…"


def to_json(message: Message) -> dict[str, Any]:
    """Write a message as JSON, for the outbox."""
    kinds = {Lines: "lines", Bullets: "bullets", Table: "table"}
    return {
        "title": message.title,
        "blocks": [{"kind": kinds[type(block)], **block.__dict__} for block in message.blocks],
        "mentions": [mention.__dict__ for mention in message.mentions],
        "buttons": [button.__dict__ for button in message.buttons],
        "files": [file.__dict__ for file in message.files],
    }


def from_json(data: dict[str, Any]) -> Message:
    """Read a message back from JSON."""
    return Message(
        data["title"],
        tuple(_block(dict(block)) for block in data["blocks"]),
        tuple(Mention(**mention) for mention in data["mentions"]),
        tuple(Button(**button) for button in data.get("buttons", [])),
        tuple(Enclosure(**file) for file in data.get("files", [])),
    )


def _block(data: dict[str, Any]) -> Block:
    kind = data.pop("kind")
    if kind == "table":
        return Table(tuple(data["head"]), tuple(tuple(row) for row in data["rows"]), tuple(data["align"]))
    return (Lines if kind == "lines" else Bullets)(tuple(data["lines"]))


def joined(words: Iterable[str], limit: int = 0) -> str:
    """Join words with 、; beyond `limit` the rest is counted: 甲、乙等 5 个."""
    found = list(words)
    if limit and len(found) > limit:
        return f"{'、'.join(found[:limit])}等 {len(found)} 个"
    return "、".join(found)
