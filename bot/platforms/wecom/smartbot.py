"""The smart bot (智能机器人): what it is told becomes events; presses, greetings and pairing are answered at once."""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from bot.events import Event
from bot.messages.message import say
from bot.platforms.base import Host, SendError
from bot.platforms.wecom.application import Application
from bot.platforms.wecom.botevents import BadBody, Entered, Press, Reader, Speech, Told, Way, is_encrypted
from bot.platforms.wecom.cards import pressed_card
from bot.platforms.wecom.chats import Chats
from bot.platforms.wecom.connection import Ended, Frame, LongConnection
from bot.platforms.wecom.media import Media

log = structlog.get_logger()

WELCOME = "您好，我是鼓点，帮办公室按时收进展。\n直接把进展发给我就行；看自己还要报什么，发：我的；不会用，发：帮助。"
RECEIVE_PAUSES_S = (0.2, 1.0, 3.0, 10.0)
CARDS_KEPT = 500
CONVERT_S = 3.0
DRAIN_S = 10.0
COMMANDS = {"reply": "aibot_respond_msg", "welcome": "aibot_respond_welcome_msg", "update": "aibot_respond_update_msg"}


@dataclass(frozen=True)
class Answer:
    """What is answered at once: `kind` is reply, welcome or update; `body` is the platform's."""

    kind: str
    body: Mapping[str, Any]


class SmartBot:
    """One smart bot, however it is told things."""

    def __init__(self, reader: Reader, chats: Chats, media: Media, application: Application | None) -> None:
        self._reader, self._chats, self._media, self._application = reader, chats, media, application
        self._cards: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._greeted: set[str] = set()
        self.counted: Counter[str] = Counter()

    def remember_card(self, payload: Mapping[str, Any]) -> None:
        """Keep a card that is sent, to show it again when it is pressed; after a restart only its button is shown."""
        card = payload.get("template_card")
        if isinstance(card, Mapping) and card.get("task_id"):
            self._cards[str(card["task_id"])] = card
            while len(self._cards) > CARDS_KEPT:
                self._cards.popitem(last=False)

    def read(self, body: object, now: datetime, way: Way) -> Told:
        """Read a body. Raises BadBody."""
        return self._reader.read(body, now, way)

    async def take(self, told: Told, host: Host) -> Answer | None:
        """Do what was told, and return what is to be answered at once. Raises what `host.receive` raises."""
        if isinstance(told, Speech):
            return await self._said(told.event, host)
        if isinstance(told, Press):
            await host.receive(await self._with_userid(told.event))
            card = pressed_card(told.task, dict(self._cards.get(told.task) or {}) or None)
            return Answer("update", {"response_type": "update_template_card", "template_card": card})
        if isinstance(told, Entered):
            # Once: somebody who is greeted every morning stops reading. Entering is not speaking: it allows no push.
            greeted = told.chat in self._greeted or self._chats.has_spoken(told.chat)
            self._greeted.add(told.chat)
            return None if greeted else Answer("welcome", {"msgtype": "text", "text": {"content": WELCOME}})
        self.counted[told.kind] += 1
        log.info("event acknowledged", action="wecom.event_acknowledged", kind=told.kind)
        return None

    async def _said(self, event: Event, host: Host) -> Answer | None:
        if event.content == "other":
            self.counted["other"] += 1
            log.info("message of an unknown type", action="wecom.unknown_type")
        if event.chat_kind == "group":
            paired = await self._chats.pair(event.chat, event.text)
            if paired:
                log.info("group paired", action="wecom.paired", group=self._chats.group_of(event.chat))
                return Answer("reply", {"msgtype": "markdown", "markdown": {"content": paired}})
        event = await self._media.named(await self._with_userid(event))
        await self._chats.heard(event.chat)
        await host.receive(event)
        return None

    async def _with_userid(self, event: Event) -> Event:
        """Return the event with the plain userid, when there is an app that may look it up."""
        if self._application is None or not is_encrypted(event.sender):
            return event
        try:
            async with asyncio.timeout(CONVERT_S):
                plain = (await self._application.userids([event.sender])).get(event.sender, event.sender)
        except (SendError, TimeoutError) as error:
            log.warning("userid not found", action="wecom.userid_unknown", reason=type(error).__name__)
            return event
        chat = plain if event.chat_kind == "private" else event.chat
        return replace(event, sender=plain, chat=chat)


class Ears:
    """The smart bot on its long connection: one queue, one worker, and a watch over the groups."""

    def __init__(self, bot: SmartBot, connection: LongConnection, chats: Chats) -> None:
        self._bot, self._connection, self._chats = bot, connection, chats
        self._queue: asyncio.Queue[tuple[Frame, str]] = asyncio.Queue()
        self._telling: asyncio.Task[None] | None = None
        self.watch = Watch(connection.pulse.trial_s)

    async def run(self, host: Host) -> None:
        """Hold the connection and work off what comes in, until cancelled."""
        await self._chats.load(host.notes)
        working = asyncio.create_task(self._work(host))
        watching = asyncio.create_task(self._keep_watch())
        try:
            await self._connection.run(self._put, lambda ended: self._changed(ended, host))
        finally:
            with contextlib.suppress(TimeoutError):  # what has come in is taken in before we go
                await asyncio.wait_for(self._queue.join(), DRAIN_S)
            for task in (working, watching):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    def _put(self, frame: Frame, connection: str) -> None:
        body = frame.get("body")
        if isinstance(body, dict) and isinstance(body.get("chatid"), str):
            self.watch.heard(body["chatid"], _now())  # when it comes, not when its turn comes
        self._queue.put_nowait((frame, connection))

    async def _work(self, host: Host) -> None:
        while True:
            frame, connection = await self._queue.get()
            try:
                await self._take(frame, connection, host)
            except BadBody as error:
                log.warning("frame refused", action="wecom.frame_refused", reason=str(error))
            except Exception:
                log.exception("what the smart bot was told is lost", action="wecom.receive_failed")
            finally:
                self._queue.task_done()

    async def _take(self, frame: Frame, connection: str, host: Host) -> None:
        headers = frame.get("headers")
        req_id = headers.get("req_id") if isinstance(headers, dict) else ""
        way = Way(connection, req_id if isinstance(req_id, str) else "")
        told = self._bot.read(frame.get("body"), host.now(), way)
        answer = await self._persist(told, host)
        if answer is None or connection != self._connection.id:
            return
        try:
            await self._connection.call(COMMANDS[answer.kind], answer.body, way.req_id)
        except SendError as error:
            log.warning("not answered at once", action="wecom.answer_failed", code=error.code)

    async def _persist(self, told: Told, host: Host) -> Answer | None:
        """Take it in; nothing comes again on this way, so a database that is busy is asked again."""
        for pause in RECEIVE_PAUSES_S:
            try:
                return await self._bot.take(told, host)
            except Exception:
                log.exception("not recorded, trying again", action="wecom.receive_failed")
                await asyncio.sleep(pause)
        return await self._bot.take(told, host)

    def _changed(self, ended: Ended | None, host: Host) -> None:
        if ended is None:
            self.watch.connected(_now())
        elif ended.why in ("displaced", "refused"):
            advice = DISPLACED if ended.why == "displaced" else REFUSED
            key = f"wecom:bot:{ended.why}:{host.now():%Y-%m-%d}"
            self._telling = asyncio.create_task(_tell(host, key, advice))

    async def _keep_watch(self) -> None:
        while True:
            await asyncio.sleep(self.watch.trial_s / 4)
            silent = self.watch.silent(_now())
            if silent and self._connection.id:
                log.warning("group silent since the reconnect", action="wecom.group_silent", groups=len(silent))
                self._connection.renew()


async def _tell(host: Host, key: str, advice: str) -> None:
    try:
        await host.tell_office(key, say(advice))
    except Exception:
        log.exception("the office is not told", action="wecom.office_untold")


DISPLACED = (
    "企业微信的智能机器人被别处的连接顶掉了，现在群里 @ 它没有回答。"
    "请检查是不是还有一台机器、一个测试程序用着同一个 Bot ID；停掉它，过一会儿会自动接回来。"
)
REFUSED = (
    "企业微信不认智能机器人的 Bot ID 或 Secret。"
    "请打开 工作台 → 智能机器人 → 该机器人 → API 模式 → 长连接，重新获取 Secret，"
    "填入 platforms.wecom.bot.secret 后重启。"
)


class Watch:
    """Judges groups one by one: after some reconnects a session gets private messages while groups fall silent.

    A group that talked in the day before a reconnect is on trial until it talks again. When its time is up the
    connection is made anew, once; each further trial of that group takes twice as long, so a group that is just quiet
    costs little.
    """

    day_s = 86_400.0

    def __init__(self, trial_s: float) -> None:
        self.trial_s = trial_s
        self._heard: dict[str, float] = {}
        self._patience: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def heard(self, chat: str, now: float) -> None:
        """Note that a group talks."""
        self._heard[chat] = now
        self._until.pop(chat, None)
        self._patience.pop(chat, None)

    def connected(self, now: float) -> None:
        """Begin the trials: after the first connection there is nobody to try."""
        for chat, at in self._heard.items():
            if now - at < self.day_s:
                self._until[chat] = now + self._patience.get(chat, self.trial_s)

    def silent(self, now: float) -> list[str]:
        """Return the groups whose time is up; their patience is doubled."""
        found = [chat for chat, until in self._until.items() if until <= now]
        for chat in found:
            del self._until[chat]
            self._patience[chat] = self._patience.get(chat, self.trial_s) * 2
        return found


def _now() -> float:
    return asyncio.get_running_loop().time()
