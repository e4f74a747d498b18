"""A person says something: it stands in the chat, and the bot hears it as it would on a real platform."""

import re
import uuid
from typing import Any

from bot.errors import UserError
from bot.events import Event, File
from bot.messages.message import Lines, Message, to_json
from bot.platforms.sandbox.chats import LOCAL, Chats
from bot.platforms.sandbox.drawing import BOT_NAMES
from bot.platforms.sandbox.transcript import Entry

CALLED = re.compile(rf"\s*[@＠](?:{'|'.join(BOT_NAMES)})[\s,，:：]*")
LONGEST_ID = 200
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


async def say_in_chat(chats: Chats, body: dict[str, Any]) -> tuple[Entry, str]:
    """Append what was said and let the bot hear it; return the message and what became of it.

    A group message without @小鼓 or a leading / is not heard, as in real groups. Raises `UserError`.
    """
    chat, sender = _id(body, "chat"), _id(body, "sender")
    if chat not in chats.groups and chat != sender:
        raise UserError(f"没有会话“{chat}”：群聊填群的编号，私聊的 chat 与 sender 相同")
    text, files = _text(body, "text"), _files(body)
    if not text.strip() and not files:
        raise UserError("请写点内容再发送")
    message_id = _id(body, "message_id") if body.get("message_id") is not None else uuid.uuid4().hex
    entry = chats.transcript.find(from_bot=False, key=message_id)
    if entry is None:
        name = await _name(chats, sender)
        entry = _append(chats, (chat, sender, name), (text, files), message_id)
    else:
        chats.transcript.repeats += 1
    if entry.kind == "group" and not is_heard(text):
        return entry, "unheard"
    received = await chats.host.receive(_event(chats, entry, text, files, _text(body, "quoted")))
    return entry, received.outcome


def is_heard(text: str) -> bool:
    """Return whether the bot hears this in a group."""
    return bool(CALLED.match(text)) or text.lstrip().startswith("/")


def _append(chats: Chats, who: tuple[str, str, str], what: tuple[str, list[dict[str, str]]], key: str) -> Entry:
    chat, sender, name = who
    text, files = what
    lines = [line for line in text.splitlines() if line.strip()] + [f"［文件］{file['name']}" for file in files]
    return chats.transcript.append(
        chat=chat,
        kind="group" if chat in chats.groups else "private",
        sender=sender,
        sender_name=name,
        from_bot=False,
        message=to_json(Message("", (Lines(tuple(lines)),))),
        at=chats.now().isoformat(timespec="seconds"),
        key=key,
    )


def _event(chats: Chats, entry: Entry, text: str, files: list[dict[str, str]], quoted: str) -> Event:
    spoken = CALLED.sub("", text, count=1) if CALLED.match(text) else text
    route: dict[str, Any] = {"chat": entry.chat, "chat_kind": entry.kind}
    return Event(
        platform=chats.name,
        message_id=entry.key,
        chat=entry.chat,
        chat_kind=entry.kind,
        sender=entry.sender,
        text=spoken.strip() or "、".join(file["name"] for file in files),
        at=chats.host.now().astimezone(LOCAL),
        content="file" if files and not spoken.strip() else "text",
        route=route,
        files=tuple(_file(file) for file in files),
        quoted=quoted,
    )


def _file(file: dict[str, str]) -> File:
    content = file.get("content", "")
    picture = file["name"].lower().endswith(PICTURES)
    return File(file["name"], "image" if picture else "file", len(content) * 3 // 4, {"content": content})


async def _name(chats: Chats, sender: str) -> str:
    people = await chats.host.people()
    return next((person.name for person in people if person.id == sender), sender)


def _id(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise UserError(f"{key} 应是不超过 {LONGEST_ID} 字的文字")
    return _sound(value)


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key, "")
    if not isinstance(value, str):
        raise UserError(f"{key} 应是文字")
    return _sound(value)


def _files(body: dict[str, Any]) -> list[dict[str, str]]:
    """Return files as name and, where given, base64 content; a bare name will do."""
    value = body.get("files") or []
    if not isinstance(value, list):
        raise UserError('files 应是列表，例如 [{"name": "总结.docx"}]')
    found = [{"name": file} if isinstance(file, str) else file for file in value]
    if not all(isinstance(file, dict) and isinstance(file.get("name"), str) and file["name"] for file in found):
        raise UserError('files 的每一项应有 name，例如 [{"name": "总结.docx"}]')
    return [{key: _sound(file[key]) for key in ("name", "content") if isinstance(file.get(key), str)} for file in found]


def _sound(text: str) -> str:
    """Drop what no database and no page can hold: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
