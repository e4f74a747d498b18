"""What WeCom takes as a message, by channel: kinds, limits in bytes, fields of cards (docs 99110, 90236, 101031)."""

import base64
import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

Body = dict[str, Any]

HINT = ", hint: [1755605200056773468916791], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com"
MESSAGES = {
    -1: "system error",
    40001: "invalid credential",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40031: "invalid userid list",
    40032: "invalid user list size",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    41001: "access_token missing",
    42001: "access_token expired",
    42014: "template_card.task_id missing or used",
    42052: "msgid expired",
    43012: "callback url not configured",
    44004: "text content is empty",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    86003: "chatid not exist",
    86008: "illegal operation on chat not created by this app",
    93000: "invalid webhook url",
    93018: "image too large",
}
WEBHOOK_BYTES = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
APP_BYTES = {"text": 2048, "markdown": 2048}
BOT_BYTES = {"markdown": 20480, "stream": 20480, "text": 2048}
MEDIA = ("image", "voice", "video", "file")
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
CALLING_BACK = ("button_interaction", "vote_interaction", "multiple_interaction")
NOTICES = ("text_notice", "news_notice")


class Refusal(Exception):
    """An answer with an errcode other than 0."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text or MESSAGES.get(code, "error")


def worded(body: Body, kinds: Mapping[str, int]) -> tuple[str, Body]:
    """Return kind and content of a message of words; refuses other kinds and empty words."""
    kind = body.get("msgtype", "")
    content = body.get(kind)
    if kind not in kinds or not isinstance(content, dict):
        raise Refusal(40008)
    if not content.get("content"):
        raise Refusal(44004)
    return kind, content


def webhook_text(body: Body, media: Collection[str]) -> tuple[str, str, tuple[str, ...]]:
    """Check a webhook's message; return kind, shown text and who is rung."""
    kind = body.get("msgtype", "")
    content = body.get(kind)
    if not isinstance(content, dict):
        raise Refusal(40008)
    if kind == "image":
        return kind, _image(content), ()
    if kind in ("file", "voice"):
        return kind, _media(content, media), ()
    if kind == "news":
        return kind, _news(content), ()
    if kind == "template_card":
        return kind, card_text(content, NOTICES, media), ()
    kind, content = worded(body, WEBHOOK_BYTES)
    text = str(content["content"])
    if len(text.encode()) > WEBHOOK_BYTES[kind]:
        raise Refusal(40058, f"{kind}.content exceed max length {WEBHOOK_BYTES[kind]}. invalid Request Parameter")
    _check_mentions(kind, content)
    return kind, text, mentions(content)


def app_text(body: Body, media: Collection[str], tasks: set[str]) -> tuple[str, str]:
    """Check a message of the app; return kind and shown text, cut as WeCom cuts it, without a word."""
    kind = body.get("msgtype", "")
    content = body.get(kind)
    if not isinstance(content, dict):
        raise Refusal(40008)
    if kind in MEDIA:
        return kind, _media(content, media)
    if kind == "news":
        return kind, _news(content)
    if kind == "textcard":
        if len(content["title"].encode()) > 128 or len(content["description"].encode()) > 512:
            raise Refusal(40058)
        return kind, f"{content['title']}\n{content['description']}\n{content['url']}"
    if kind == "template_card":
        text = card_text(content, (*NOTICES, *CALLING_BACK), media)
        _once(content, tasks)
        return kind, text
    kind, content = worded(body, APP_BYTES)
    text = str(content["content"])
    if kind != "text" and len(text.encode()) > APP_BYTES[kind]:
        raise Refusal(45002)
    return kind, text.encode()[: APP_BYTES[kind]].decode(errors="ignore")


def bot_text(body: Body, kinds: Collection[str], media: Collection[str]) -> tuple[str, str]:
    """Check a message of the smart bot; return kind and shown text."""
    kind = body.get("msgtype", "")
    content = body.get(kind)
    if kind not in kinds or not isinstance(content, dict):
        raise Refusal(40008)
    if kind in MEDIA:
        return kind, _media(content, media)
    if kind == "template_card":
        return kind, card_text(content, (*NOTICES, *CALLING_BACK), media)
    text = content.get("content")
    if not isinstance(text, str) or (not text and kind != "stream"):
        raise Refusal(44004)
    if len(text.encode()) > BOT_BYTES[kind]:
        raise Refusal(45002)
    if kind == "stream" and (not content.get("id") or not isinstance(content.get("finish"), bool)):
        raise Refusal(40058)
    return kind, text


def card_text(card: Body, kinds: Collection[str], media: Collection[str] = ()) -> str:
    """Check a template card; return what it shows."""
    kind = card.get("card_type")
    if kind not in kinds:
        raise Refusal(40058, "template_card.card_type")
    if kind in NOTICES and not card.get("card_action"):
        raise Refusal(42014, "template_card.card_action missing")
    if kind in CALLING_BACK and not TASK_ID.fullmatch(str(card.get("task_id", ""))):
        raise Refusal(42014)
    buttons = card.get("button_list", [])
    rows = card.get("horizontal_content_list", [])
    if (kind == "button_interaction" and not 1 <= len(buttons) <= 6) or len(rows) > 6:
        raise Refusal(42014, "template_card: too many or too few")
    for button in buttons:
        if len(str(button.get("key", "")).encode()) > 1024 or not (button.get("key") or button.get("url")):
            raise Refusal(42014, "template_card.button_list.key")
    title = card.get("main_title", {}).get("title", "")
    shown = [title, card.get("main_title", {}).get("desc", ""), card.get("sub_title_text", "")]
    shown += [f"{row['keyname']} {row.get('value', '')}" for row in rows]
    if any(row.get("type") == 2 and row.get("media_id") not in media for row in rows) and media:
        raise Refusal(40007)
    return "\n".join(filter(None, [*shown, *(f"[{button['text']}]" for button in buttons)]))


def mentions(content: Body) -> tuple[str, ...]:
    """List who is rung by a content."""
    listed = [*content.get("mentioned_list", []), *content.get("mentioned_mobile_list", [])]
    inline = [piece.partition(">")[0] for piece in content["content"].split("<@")[1:]]
    return (*listed, *inline)


def _check_mentions(kind: str, content: Body) -> None:
    # WeCom ignores these or shows them as letters; a bot that sends them means to ring somebody and does not.
    if kind != "text" and ("mentioned_list" in content or "mentioned_mobile_list" in content):
        raise Refusal(40058, f"{kind}.mentioned_list is not a field. invalid Request Parameter")
    if kind == "markdown_v2" and "<@" in content["content"]:
        raise Refusal(40058, "markdown_v2.content has a mention. invalid Request Parameter")


def _image(content: Body) -> str:
    raw = base64.b64decode(content.get("base64", ""))
    if len(raw) > 2 * 1024**2:
        raise Refusal(93018)
    if hashlib.md5(raw).hexdigest() != content.get("md5"):
        raise Refusal(40058, "image.md5")
    return f"[image {len(raw)}]"


def _media(content: Body, media: Collection[str]) -> str:
    if content.get("media_id") not in media:
        raise Refusal(40007)
    return f"[{content['media_id']}]"


def _news(content: Body) -> str:
    articles = content.get("articles", [])
    if not 1 <= len(articles) <= 8 or any(len(one["title"].encode()) > 128 for one in articles):
        raise Refusal(40058)
    return "\n".join(f"{one['title']} {one['url']}" for one in articles)


def _once(card: Body, tasks: set[str]) -> None:
    # A task id is unique for ever, or the card is refused.
    if card["card_type"] in CALLING_BACK:
        if card["task_id"] in tasks:
            raise Refusal(42014)
        tasks.add(card["task_id"])
