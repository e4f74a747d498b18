"""Drawing one message in WeCom's dialects. Limits count bytes (docs 99110, 90236, 101031).

text         plain lines; rings people by lists of userids or mobile numbers
markdown     headings, bold, quote; no lists, no tables
markdown_v2  lists and tables; rings nobody, so a table and those it rings are two messages
stream       the smart bot's own words: as markdown_v2, longer; rings nobody
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.messages.message import Block, Bullets, Lines, Mention, Message, Table, harmless

TEXT_BYTES = 2048
MARKDOWN_BYTES = 4096
BOT_BYTES = 20480

# As inline mentions and in lists "@all" and "all" would ring the whole group.
USERID = re.compile(r"(?!all$)[A-Z0-9][A-Z0-9_\-@.]{0,63}", re.IGNORECASE | re.ASCII)
MOBILE = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
TAG = re.compile(r"<(?=[A-Za-z/!@])")  # <a href>, <font>, <@userid>
LEADING = str.maketrans("#>", "＃＞")  # heading, quote
ANYWHERE = str.maketrans("*`", "＊｀")  # emphasis, code

Payload = dict[str, Any]


def webhook_payload(message: Message) -> Payload:
    """Draw a message for a group's webhook; one that rings is text, for text alone rings by userid and by number."""
    if userids(message) or mobiles(message):
        return ringing_payload(message)
    if any(isinstance(block, Table) for block in message.blocks):
        return _payload("markdown_v2", _markdown_v2(message))
    only_lines = not message.title and all(isinstance(block, Lines) for block in message.blocks)
    return text_payload(message) if only_lines else _payload("markdown", _markdown(message))


def text_payload(message: Message) -> Payload:
    """Draw a message as text: in private always, for markdown is not shown in the WeChat plug-in (doc 90236)."""
    return _payload("text", plain(message))


def appchat_payload(message: Message) -> Payload:
    """Draw a message for a group that the app made: text, which rings by userid only (doc 90248)."""
    drawn = text_payload(message)
    if userids(message):
        drawn["text"]["mentioned_list"] = userids(message)
    return drawn


def bot_payload(message: Message) -> Payload:
    """Draw a message for the smart bot; whom it cannot ring it names."""
    names = [mention.name for mention in message.mentions if mention.name]
    lines = [*_markdown_v2(message).split("\n"), *(["", _literal("、".join(names))] if names else [])]
    return _payload("markdown", "\n".join(lines).strip("\n"))


def stream_payload(message: Message, stream_id: str) -> Payload:
    """Draw the smart bot's answer as a stream that is finished with its first frame."""
    content = bot_payload(message)["markdown"]["content"]
    return {"msgtype": "stream", "stream": {"id": stream_id, "finish": True, "content": content}}


def size(payload: Payload) -> int:
    """Return the bytes of a payload's content."""
    return len(str(payload[payload["msgtype"]].get("content", "")).encode())


def limit_of(payload: Payload) -> int:
    """Return the most bytes a webhook, the app or an app's group takes of this kind."""
    return TEXT_BYTES if payload["msgtype"] == "text" else MARKDOWN_BYTES


def plain(message: Message) -> str:
    """Return the message as text in which nothing is a link, a tag or a mention."""
    return TAG.sub("＜", message.as_text())


def is_userid(text: str) -> bool:
    """Tell whether this reaches one person: not everybody (@all), not several (a|b)."""
    return USERID.fullmatch(text) is not None


def userids(message: Message) -> list[str]:
    """List whom a message rings by userid, each once."""
    return _once(mention.external_id for mention in message.mentions if is_userid(mention.external_id))


def mobiles(message: Message) -> list[str]:
    """List whom a message can ring by mobile number only."""
    return _once(mention.mobile for mention in message.mentions if _needs_mobile(mention))


def _payload(kind: str, content: str) -> Payload:
    return {"msgtype": kind, kind: {"content": content}}


def ringing_payload(message: Message) -> Payload:
    """Draw a message as text that rings people by userid and by mobile number."""
    drawn = text_payload(message)
    rung = {"mentioned_list": userids(message), "mentioned_mobile_list": mobiles(message)}
    drawn["text"] |= {field: ids for field, ids in rung.items() if ids}
    return drawn


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _needs_mobile(mention: Mention) -> bool:
    return not is_userid(mention.external_id) and MOBILE.fullmatch(mention.mobile) is not None


def _markdown(message: Message) -> str:
    rows = [f"### {_one_line(message.title)}"] if message.title else []
    for block in message.blocks:
        rows += _lines(block, "· ")
    return "\n".join(rows)


def _markdown_v2(message: Message) -> str:
    """Blank lines everywhere: markdown_v2 runs lines that follow each other directly into one paragraph."""
    rows = [f"### {_one_line(message.title)}", ""] if message.title else []
    for block in message.blocks:
        if isinstance(block, Table):
            rows += [*_table(block), ""]
        elif isinstance(block, Bullets):
            rows += [*_lines(block, "- "), ""]
        else:
            rows += [row for line in _lines(block, "") for row in (line, "")]
    return "\n".join(rows).strip("\n")


def _lines(block: Block, dot: str) -> list[str]:
    texts = block.as_lines() if isinstance(block, Table) else block.lines
    dot = dot if isinstance(block, Bullets) else ""
    return [dot + _literal(line) for text in texts for line in text.split("\n")]


def _table(table: Table) -> list[str]:
    sides = [*table.align, *["left"] * len(table.head)]
    rule = "| " + " | ".join("---:" if side == "right" else ":---" for side in sides[: len(table.head)]) + " |"
    return [_cells(table.head), rule, *map(_cells, table.rows)]


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_one_line(cell).replace("|", "｜") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return _literal(text.replace("\n", " "))


def _literal(text: str) -> str:
    """Return text that markdown shows as it is: no tag, mention, heading, emphasis or disguised link."""
    text = TAG.sub("＜", harmless(text)).replace("](", "］(").translate(ANYWHERE)
    return text[:1].translate(LEADING) + text[1:]
