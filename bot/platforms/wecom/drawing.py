"""Drawing a message in WeCom's dialects, in pages that keep the limits. Limits count bytes (docs 99110, 90236).

text         plain lines; rings people by lists of userids or mobile numbers
markdown     headings, bold, quote; rings inline by <@userid>; no lists, no tables
markdown_v2  lists and tables; rings nobody, so a table and those it rings are two messages
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages.message import Block, Bullets, Lines, Mention, Message, Table, harmless

TEXT_BYTES = 2048
MARKDOWN_BYTES = 4096
MARK_BYTES = 16  # room for a blank line and "(12/34)"
RUNG_PER_LINE = 20

# As inline mentions and in lists "@all" and "all" would ring the whole group.
USERID = re.compile(r"(?!all$)[A-Z0-9][A-Z0-9_\-@.]{0,63}", re.IGNORECASE | re.ASCII)
MOBILE = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
TAG = re.compile(r"<(?=[A-Za-z/!@])")  # <a href>, <font>, <@userid>
LEADING = str.maketrans("#>", "＃＞")  # heading, quote
ANYWHERE = str.maketrans("*`", "＊｀")  # emphasis, code

Payload = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of a page; `head` is repeated above it when a page begins here."""

    text: str
    head: str = ""


def group_payloads(message: Message) -> list[Payload]:
    """Draw a message for a group's webhook: one payload a page, in the order of sending."""
    userids = _once(mention.external_id for mention in message.mentions if is_userid(mention.external_id))
    mobiles = _once(mention.mobile for mention in message.mentions if _needs_mobile(mention))
    rung = {"mentioned_list": userids, "mentioned_mobile_list": mobiles}
    if any(isinstance(block, Table) for block in message.blocks):
        drawn = _payloads("markdown_v2", pages(_markdown_v2(message), MARKDOWN_BYTES))
        return drawn + (_ringing(_call(message), rung) if userids or mobiles else [])
    if mobiles or _is_plain(message):  # a mobile number rings in text only
        return _ringing(plain(message), rung)
    return _payloads("markdown", pages(_markdown(message, userids), MARKDOWN_BYTES))


def private_payloads(message: Message) -> list[Payload]:
    """Draw a message for one person.

    Always text: markdown is not shown to those who read in the WeChat plug-in, and text over the limit would be cut
    without an error (doc 90236).
    """
    return _payloads("text", pages([Row(line) for line in plain(message).split("\n")], TEXT_BYTES))


def is_userid(text: str) -> bool:
    """Tell whether this reaches one person: not everybody (@all), not several (a|b)."""
    return USERID.fullmatch(text) is not None


def plain(message: Message) -> str:
    """Return the message as text in which nothing is a link, a tag or a mention."""
    return TAG.sub("＜", message.as_text())


def pages(rows: Sequence[Row], limit: int) -> list[str]:
    """Split rows into pages of at most `limit` bytes; more than one page are marked (1/2), (2/2)."""
    whole = _fill(rows, limit)
    if len(whole) <= 1:
        return whole
    parts = _fill(rows, limit - MARK_BYTES)
    return [f"{part}\n\n({number}/{len(parts)})" for number, part in enumerate(parts, 1)]


def _fill(rows: Sequence[Row], room: int) -> list[str]:
    found: list[str] = []
    page = ""
    for row in rows:
        head = row.head if _size(row.head) < room // 2 else ""
        for piece in _cut(row.text, room - _size(head)):
            longer = f"{page}\n{piece}" if page else head + piece
            if _size(longer) > room:
                found.append(page)
                longer = head + piece
            page = longer
    return [part for part in (text.strip("\n") for text in [*found, page]) if part]


def _cut(text: str, room: int) -> Iterable[str]:
    """Cut a line at character borders into pieces of at most `room` bytes."""
    while _size(text) > room:
        piece = text.encode()[:room].decode(errors="ignore")
        yield piece
        text = text[len(piece) :]
    yield text


def _size(text: str) -> int:
    return len(text.encode())


def _payloads(kind: str, contents: Iterable[str]) -> list[Payload]:
    return [{"msgtype": kind, kind: {"content": content}} for content in contents]


def _ringing(text: str, rung: dict[str, list[str]]) -> list[Payload]:
    """Draw text whose last page rings people, so that nobody is rung before all is said."""
    drawn = _payloads("text", pages([Row(line) for line in text.split("\n")], TEXT_BYTES))
    for field, ids in rung.items():
        if drawn and ids:
            drawn[-1]["text"][field] = ids
    return drawn


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _needs_mobile(mention: Mention) -> bool:
    return not is_userid(mention.external_id) and MOBILE.fullmatch(mention.mobile) is not None


def _is_plain(message: Message) -> bool:
    only_lines = not message.title and all(isinstance(block, Lines) for block in message.blocks)
    return only_lines and _size(plain(message)) <= TEXT_BYTES


def _call(message: Message) -> str:
    """Return the line that rings people below a table; WeCom adds the @ names itself."""
    return _literal(f"请关注上面的“{message.title}”：" if message.title else "请关注上面的消息：").replace("\n", " ")


def _markdown(message: Message, userids: Sequence[str]) -> list[Row]:
    rows = [Row(f"### {_one_line(message.title)}")] if message.title else []
    for block in message.blocks:
        rows += [Row(line) for line in _lines(block, "· ")]
    calls = [f"<@{userid}>" for userid in userids]
    return rows + [Row(" ".join(calls[at : at + RUNG_PER_LINE])) for at in range(0, len(calls), RUNG_PER_LINE)]


def _markdown_v2(message: Message) -> list[Row]:
    """Blank lines everywhere: markdown_v2 runs lines that follow each other directly into one paragraph."""
    rows = [Row(f"### {_one_line(message.title)}"), Row("")] if message.title else []
    for block in message.blocks:
        if isinstance(block, Table):
            rows += [*_table(block), Row("")]
        elif isinstance(block, Bullets):
            rows += [*map(Row, _lines(block, "- ")), Row("")]
        else:
            rows += [row for line in _lines(block, "") for row in (Row(line), Row(""))]
    return rows


def _lines(block: Block, dot: str) -> list[str]:
    texts = block.as_lines() if isinstance(block, Table) else block.lines
    dot = dot if isinstance(block, Bullets) else ""
    return [dot + _literal(line) for text in texts for line in text.split("\n")]


def _table(table: Table) -> list[Row]:
    sides = [*table.align, *["left"] * len(table.head)]
    rule = "| " + " | ".join("---:" if side == "right" else ":---" for side in sides[: len(table.head)]) + " |"
    head = f"{_cells(table.head)}\n{rule}\n"
    drawn = [_cells(row) for row in table.rows]
    if not drawn:
        return [Row(head.rstrip("\n"))]
    return [Row(head + drawn[0]), *(Row(line, head) for line in drawn[1:])]


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_one_line(cell).replace("|", "｜") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return _literal(text.replace("\n", " "))


def _literal(text: str) -> str:
    """Return text that markdown shows as it is: no tag, mention, heading, emphasis or disguised link."""
    text = TAG.sub("＜", harmless(text)).replace("](", "］(").translate(ANYWHERE)
    return text[:1].translate(LEADING) + text[1:]
