"""A message as DingTalk shows it: text or markdown, split to the platform's sizes."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from bot.messages.message import Block, Bullets, Lines, Mention, Message, Table, clip, harmless, width

TITLE_COLUMNS = 100
MENTIONS = 50  # at most, in one message (slug custom-bot-to-send-group-chat-messages)
PHONE_COLUMNS = 40  # what fits beside each other on a phone

# Bytes of text in one message. msgParam may have 15 000 (slug the-robot-sends-a-group-message), a webhook's whole body
# 20 000 (dossier 1.6); a message must fit whichever way it goes. The rest is room for title, fifty mentions and JSON.
TEXT_BYTES = 13_000
WORST_CHAR = 6  # bytes of one character in JSON

# In markdown a break needs two blanks on both sides (slug faq-robot).
BREAK = "  \n  "

# Members' words must not become markup: backslash escapes are not documented, so look-alikes stand in. A number
# with a dot would be renumbered by the client, which falsifies item numbers and shared ranks.
PLAIN = (
    (re.compile(r"^ +"), lambda found: "　" * max(1, len(found[0]) // 2)),
    (re.compile(r"^[-=_* ]{3,}$"), lambda found: "——"),
    (re.compile(r"^#+"), lambda found: "＃" * len(found[0])),
    (re.compile(r"^>"), lambda found: "＞"),
    (re.compile(r"^[-+*] +"), lambda found: "· "),
    (re.compile(r"^(\d+[.)]) +"), lambda found: found[1]),
    (re.compile(r"\*"), lambda found: "＊"),
    (re.compile(r"`"), lambda found: "｀"),
    (re.compile(r"\](?=[(\[:])"), lambda found: "］"),
    (re.compile(r"<(?=[A-Za-z/!])"), lambda found: "＜"),
)


@dataclass(frozen=True)
class Page:
    """One platform message before it is put into a channel's form."""

    title: str
    text: str
    markdown: bool
    user_ids: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def unrung(self) -> "Page":
        """Return the page for a channel that cannot ring anybody: the people stand in it by name."""
        text = self.text
        for called, name in zip((*self.user_ids, *self.mobiles), self.names, strict=True):
            text = re.sub(rf"@{re.escape(called)}(?![\w])", name.replace("\\", ""), text)
        return replace(self, text=text, user_ids=(), mobiles=(), names=())


@dataclass(frozen=True)
class Line:
    """One line as it is sent, and whether it is a list's."""

    text: str
    bullet: bool = False
    block: int = 0


def pages(message: Message, *, group: bool) -> tuple[Page, ...]:
    """Draw a message; people are mentioned in groups only."""
    markdown = bool(message.title) or any(not isinstance(block, Lines) for block in message.blocks)
    lines = [line for index, block in enumerate(message.blocks) for line in _lines(block, index, markdown)]
    bodies = list(_packed(lines, TEXT_BYTES)) or [[]]
    rung = list(_batches(message.mentions)) if group else []
    count = max(len(bodies), len(rung))
    drawn = zip_longest(bodies, rung, fillvalue=())
    return tuple(
        _page(message.title, body, called, f"（{number}/{count}）" if count > 1 else "", markdown)
        for number, (body, called) in enumerate(drawn, 1)
    )


def webhook_body(page: Page, uuid: str) -> dict[str, Any]:
    """Return the JSON of a webhook message; everybody at once (isAtAll) is never rung.

    `uuid` makes a repeat harmless (msgUuid, slug custom-robots-send-group-messages).
    """
    shown: dict[str, Any] = (
        {"msgtype": "markdown", "markdown": {"title": page.title, "text": page.text}}
        if page.markdown
        else {"msgtype": "text", "text": {"content": page.text}}
    )
    at = {"atUserIds": list(page.user_ids), "atMobiles": list(page.mobiles), "isAtAll": False}
    return {**shown, "at": at, "msgUuid": uuid}


def template(page: Page) -> dict[str, str]:
    """Return `msgKey` and `msgParam` of the server API (slug robot-message-type)."""
    if page.markdown:
        return {"msgKey": "sampleMarkdown", "msgParam": _json({"title": page.title, "text": page.text})}
    return {"msgKey": "sampleText", "msgParam": _json({"content": page.text})}


def _page(title: str, body: Iterable[Line], rung: Iterable[Mention], mark: str, markdown: bool) -> Page:
    lines = list(body)
    head = harmless(clip(" ".join(title.split()), TITLE_COLUMNS)) + mark
    text = harmless(_text(lines, markdown))
    mentions = list(rung)
    by_id = [mention for mention in mentions if mention.external_id]
    by_mobile = [mention for mention in mentions if mention.mobile and not mention.external_id]
    shown = (f"#### {plain(head)}" if head and markdown else head, text, " ".join(map(_call, mentions)))
    named = head if title else clip((lines[0].text if lines else text).replace("**", ""), TITLE_COLUMNS // 2)
    return Page(
        title=harmless(named) or "消息",
        text=("\n\n" if markdown else "\n").join(piece for piece in shown if piece.strip()),
        markdown=markdown,
        user_ids=tuple(mention.external_id for mention in by_id),
        mobiles=tuple(mention.mobile for mention in by_mobile),
        names=tuple(harmless(mention.name) for mention in (*by_id, *by_mobile)),
    )


def _call(mention: Mention) -> str:
    # The id must stand in the text too, or the member is rung without seeing why (slug custom-robots-send-…).
    called = mention.external_id or mention.mobile
    return f"@{called}" if called else harmless(mention.name)


def _batches(mentions: tuple[Mention, ...]) -> Iterator[tuple[Mention, ...]]:
    found = tuple({mention.external_id or mention.mobile or mention.name: mention for mention in mentions}.values())
    for start in range(0, len(found), MENTIONS):
        yield found[start : start + MENTIONS]


def _lines(block: Block, index: int, markdown: bool) -> Iterator[Line]:
    shown = plain if markdown else str
    if isinstance(block, Table):
        for row in _rows(block):
            yield Line(row, block=index)
    elif isinstance(block, Bullets):
        for text in block.lines:
            yield from (Line(shown(piece), True, index) for piece in _cut(" ".join(text.split("\n"))))
    else:
        for text in "\n".join(block.lines).split("\n"):
            yield from (Line(shown(piece), block=index) for piece in _cut(text))


def _rows(table: Table) -> Iterator[str]:
    """Yield a table's rows as lines with aligned columns: phones do not draw tables (dossier 1.5)."""
    head = (table.head,) if any(table.head) else ()
    rows = [tuple(plain(cell.replace("\n", " ")) for cell in row) for row in (*head, *table.rows)]
    columns = [max(width(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    aligned = sum(columns) <= PHONE_COLUMNS
    for number, row in enumerate(rows):
        cells = _padded(row, columns, table.align) if aligned else [cell for cell in row if cell]
        line = "　".join(cells).rstrip()
        yield f"**{line.strip()}**" if head and number == 0 else line


def _padded(row: tuple[str, ...], columns: list[int], align: tuple[str, ...]) -> list[str]:
    """Fill cells with blanks that markdown keeps: the width of a Chinese character, half of it, or a digit's."""
    cells = []
    for index, cell in enumerate(row):
        missing = columns[index] - width(cell)
        if index < len(align) and align[index] == "right":
            cells.append("\u2007" * missing + cell)
        else:
            cells.append(cell + "　" * (missing // 2) + "\u2002" * (missing % 2))
    return cells


def plain(text: str) -> str:
    """Return text in which nothing is markdown."""
    for pattern, stand_in in PLAIN:
        text = pattern.sub(stand_in, text)
    return text


def _text(lines: list[Line], markdown: bool) -> str:
    if not markdown:
        return "\n".join(line.text for line in lines)
    text = ""
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None:
            same = before.block == line.block
            text += ("\n" if line.bullet else BREAK) if same else "\n\n"
        text += f"- {line.text}" if line.bullet else line.text
    return text


def _packed(lines: list[Line], limit: int) -> Iterator[list[Line]]:
    """Fill messages line by line up to `limit` bytes."""
    packed: list[Line] = []
    size = 0
    for line in lines:
        cost = len(_json(line.text).encode()) + len(_json(BREAK))
        if packed and size + cost > limit:
            yield packed
            packed, size = [], 0
        packed.append(line)
        size += cost
    if packed:
        yield packed


def _cut(line: str) -> Iterator[str]:
    """Cut a line that alone would not fit."""
    longest = (TEXT_BYTES - 100) // WORST_CHAR
    for start in range(0, max(1, len(line)), longest):
        yield line[start : start + longest]


def _json(value: object) -> str:
    # Chinese is written as it is: as \uXXXX it would take twice the bytes of the limit.
    return json.dumps(value, ensure_ascii=False)
