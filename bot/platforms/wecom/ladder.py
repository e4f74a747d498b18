"""Which ways a message may take: the bot, the group's webhook, the app; a card, then markdown, then text.

A rung is a channel the configuration has for a target. A message is cut so that every rung can carry every piece: when
a channel is gone, the next takes over in the middle of a message.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.messages.message import Enclosure, Lines, Message, Table
from bot.platforms.base import Limit, NoRoute, Parcel, Part, Route, Target
from bot.platforms.wecom.cards import buttons_alone, card_payload, task_of
from bot.platforms.wecom.chats import Chats
from bot.platforms.wecom.drawing import (
    BOT_BYTES,
    Payload,
    appchat_payload,
    bot_payload,
    is_userid,
    limit_of,
    mobiles,
    plain,
    ringing_payload,
    size,
    stream_payload,
    text_payload,
    userids,
    webhook_payload,
)
from bot.platforms.wecom.pieces import pieces
from bot.platforms.wecom.settings import Settings

BOT_REPLY, BOT_URL, BOT_PUSH, WEBHOOK, APP, APPCHAT = "bot_reply", "bot_url", "bot_push", "webhook", "app", "appchat"
BOT_CHANNELS = frozenset({BOT_REPLY, BOT_URL, BOT_PUSH})
SHOWN = {
    BOT_REPLY: "智能机器人回答",
    BOT_URL: "智能机器人回答（回复地址）",
    BOT_PUSH: "智能机器人推送",
    WEBHOOK: "群消息推送",
    APP: "自建应用",
    APPCHAT: "应用群",
}
PICTURES = (".jpg", ".jpeg", ".png")
MINUTE = 60.0
WEBHOOK_LIMIT = Limit(20, MINUTE)  # per robot; beyond it 45009 (doc 99110)
MEMBER_LIMIT = Limit(30, MINUTE)  # per member; beyond it dropped without a word (doc 90236)
CHAT_LIMIT = Limit(30, MINUTE)  # per chat of the smart bot, answers and pushes together (doc 101463)
APPCHAT_LIMIT = Limit(200, MINUTE)  # per member of such a group (doc 90248)

Draw = Callable[[Message, str], Payload]


@dataclass(frozen=True)
class Channels:
    """What the configuration has for one group."""

    name: str
    webhook_key: str = ""
    appchat: str = ""


@dataclass(frozen=True)
class Rung:
    """One way to a target. `draws` from rich to plain; `once`: it carries the first piece only."""

    channel: str
    bucket: str
    limit: Limit
    body: Mapping[str, Any]
    draws: tuple[Draw, ...]
    cards: bool = False
    rings: bool = False
    once: bool = False

    def fits(self, message: Message) -> bool:
        """Whether the way it is drawn first keeps the limit."""
        return self.takes(self.draws[0](message, ""))

    def takes(self, payload: Payload) -> bool:
        """Whether a drawn message keeps the channel's limit."""
        return size(payload) <= (BOT_BYTES if self.channel in BOT_CHANNELS else limit_of(payload))


class Ladder:
    """The rungs of one configuration."""

    def __init__(self, settings: Settings, groups: Mapping[str, Channels], chats: Chats) -> None:
        self._settings, self._groups, self._chats = settings, groups, chats

    def parts(self, parcel: Parcel) -> tuple[Part, ...]:
        """Draw a message for all its rungs. Raises NoRoute naming the missing setting."""
        rungs = self._rungs(parcel)
        found = [piece for one in _prepared(parcel.message, rungs) for piece in pieces(one, _fits_all(rungs))]
        if all(rung.once for rung in rungs):
            found = found[:1]
        words = (
            Part(tuple(_routes(rungs, piece, task_of(parcel.key, number), first=number == 0)))
            for number, piece in enumerate(found)
        )
        files = (Part(tuple(_file_routes(rungs, file))) for file in parcel.message.files)
        return (*words, *(part for part in files if part.routes))

    def shown(self, group: str) -> dict[str, str]:
        """Say for `doctor` which ways a group's messages take, by kind."""
        answering = Parcel(
            "", Target("group", group), Message(), {"chat": "x", "kind": "group", "req_id": "x", "url": "x"}
        )
        asking = Parcel("", Target("group", group), Message())
        kinds = {"回答": (answering, False), "榜和通知": (asking, False), "要 @ 人的提醒": (asking, True)}
        return {kind: self._shown(*how) for kind, how in kinds.items()}

    def _shown(self, parcel: Parcel, rings: bool) -> str:
        try:
            rungs = _ringing_first(self._group_rungs(parcel)) if rings else self._group_rungs(parcel)
        except NoRoute:
            rungs = []
        return " → ".join(dict.fromkeys([*(SHOWN[rung.channel] for rung in rungs), "填报链接"]))

    def _rungs(self, parcel: Parcel) -> list[Rung]:
        if parcel.target.kind != "group":
            return self._private_rungs(parcel)
        rungs = self._group_rungs(parcel)
        return _ringing_first(rungs) if _rings(parcel.message) and not parcel.route else rungs

    def _group_rungs(self, parcel: Parcel) -> list[Rung]:
        group = parcel.target.id
        channels = self._groups.get(group, Channels(group))
        chat = str(parcel.route.get("chat") or "") or self._chats.chat_of(group) or ""
        found = [*self._answers(parcel), *self._pushes(chat, group=True)]
        if channels.webhook_key:
            body = {"group": group}
            draws: tuple[Draw, ...] = (_drawn(webhook_payload), _drawn(ringing_payload))
            found.append(Rung(WEBHOOK, bucket_of(channels.webhook_key), WEBHOOK_LIMIT, body, draws, rings=True))
        if channels.appchat and self._settings.app:
            bucket = f"wecom:appchat:{channels.appchat}"
            body = {"chat": channels.appchat}
            found.append(Rung(APPCHAT, bucket, APPCHAT_LIMIT, body, (_drawn(appchat_payload),), rings=True))
        if not found:
            raise NoRoute(
                f"群 {group} 没有可用的企业微信通道：请在 [[groups]] 里给它填写 webhook，或在群里 @ 智能机器人发配对码"
            )
        return found

    def _private_rungs(self, parcel: Parcel) -> list[Rung]:
        person = parcel.target.id
        if not is_userid(person):
            raise NoRoute("这个人登记的企业微信账号不对：应当是通讯录里的一个账号（字母、数字、_-@.）")
        app = self._app_rung(person)
        pushes = self._pushes(person, group=False)
        # The app reaches everybody; the bot only those who have spoken to it.
        unasked = [*pushes, *app] if self._chats.has_spoken(person) else [*app, *pushes]
        found = [*self._answers(parcel), *unasked]
        if not found:
            raise NoRoute(
                "企业微信没有可用的私聊通道："
                "请填写 [platforms.wecom.app] 的 agent_id 和 secret，或 [platforms.wecom.bot] 的 secret"
            )
        return found

    def _app_rung(self, person: str) -> list[Rung]:
        app = self._settings.app
        if app is None:
            return []
        bucket = f"wecom:member:{person.casefold()}"
        # A card that calls back needs a callback address, else 43012.
        return [Rung(APP, bucket, MEMBER_LIMIT, {"to": person}, (_drawn(text_payload),), cards=app.receives)]

    def _answers(self, parcel: Parcel) -> Iterator[Rung]:
        """List the ways that the event itself offers; a group's words are no way for private ones."""
        route, chat = parcel.route, str(parcel.route.get("chat", ""))
        if not self._settings.bot or (route.get("kind") == "group") != (parcel.target.kind == "group"):
            return
        bucket = chat_bucket(chat)
        if route.get("req_id"):
            body = {name: route.get(name, "") for name in ("conn", "req_id", "chat")}
            yield Rung(BOT_REPLY, bucket, CHAT_LIMIT, body, (stream_payload, _drawn(bot_payload)), cards=True)
        if route.get("url"):
            body = {name: route.get(name, "") for name in ("url", "until")}
            yield Rung(BOT_URL, bucket, CHAT_LIMIT, body, (_drawn(bot_payload),), cards=True, once=True)

    def _pushes(self, chat: str, *, group: bool) -> list[Rung]:
        bot = self._settings.bot
        if not bot or not bot.connects or not chat:
            return []
        body = {"chat": chat, "chat_type": 2 if group else 1}
        # Cards are documented for pushes into single chats only (dossier 4.7).
        return [Rung(BOT_PUSH, chat_bucket(chat), CHAT_LIMIT, body, (_drawn(bot_payload),), cards=not group)]


def bucket_of(webhook_key: str) -> str:
    """Return the bucket of a robot: routes are stored, so it is told apart by a digest, never by the key itself."""
    return f"wecom:webhook:{_digest(webhook_key)}"


def chat_bucket(chat: str) -> str:
    """Return the bucket of a chat of the smart bot."""
    return f"wecom:bot:{_digest(chat)}"


def _prepared(message: Message, rungs: Sequence[Rung]) -> list[Message]:
    """Return the messages that say it all: no channel rings beside a table, and a card holds few words."""
    found = [message]
    if message.buttons:
        carded = any(rung.cards for rung in rungs)
        if carded and card_payload(message, "x") is None:
            # Shortcuts for words that stand in the text anyway are not worth a second message.
            spoken = all(button.says in plain(message) for button in message.buttons)
            lasting = not spoken and any(rung.cards and not rung.once for rung in rungs)
            found = [replace(message, buttons=()), *([buttons_alone(message)] if lasting else [])]
    has_table = any(isinstance(block, Table) for block in message.blocks)
    if has_table and _rings(message) and any(rung.rings for rung in rungs):
        what = f"请关注上面的“{message.title}”：" if message.title else "请关注上面的消息："
        call = Message("", (Lines((what.replace("\n", " "),)),), message.mentions)
        found = [replace(found[0], mentions=()), call, *found[1:]]
    return found


def _rings(message: Message) -> bool:
    return bool(userids(message) or mobiles(message))


def _ringing_first(rungs: Sequence[Rung]) -> list[Rung]:
    return sorted(rungs, key=lambda rung: not rung.rings)


def _fits_all(rungs: Sequence[Rung]) -> Callable[[Message], bool]:
    return lambda message: all(rung.fits(message) for rung in rungs)


def _routes(rungs: Sequence[Rung], piece: Message, task: str, *, first: bool) -> Iterator[Route]:
    for rung in rungs:
        if rung.once and not first and len(rungs) > 1:
            continue
        card = card_payload(piece, task) if rung.cards else None
        drawn = [draw(piece, task) for draw in rung.draws]
        distinct = [payload for number, payload in enumerate(drawn) if payload not in drawn[:number]]
        for payload in [*([card] if card else []), *filter(rung.takes, distinct)]:
            yield Route(rung.channel, rung.bucket, rung.limit, {**rung.body, "payload": payload})


def _file_routes(rungs: Sequence[Rung], file: Enclosure) -> Iterator[Route]:
    """List the ways a file may take; where there is none it is left out, and the words say where else it is."""
    kind = "image" if file.name.lower().endswith(PICTURES) else "file"
    for rung in rungs:
        if rung.channel != BOT_URL:  # a reply address takes words and cards only
            payload = {"msgtype": kind, kind: {"name": file.name, "path": file.path}}
            yield Route(rung.channel, rung.bucket, rung.limit, {**rung.body, "payload": payload})


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _drawn(draw: Callable[[Message], Payload]) -> Draw:
    return lambda message, task: draw(message)
