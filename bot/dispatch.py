"""The way in: an event becomes a call of one handler, and everything it does is one transaction.

The unique inbox row, the handler's rows and the reply's outbox row are committed together, so a message that comes
again changes nothing and a receipt that was given is durable.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from bot.domain.evidence import is_cover
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.errors import UserError
from bot.events import FORM, Event, Received
from bot.messages import coming_in
from bot.messages.message import Message, say, stacked, to_json
from bot.metering import Meters
from bot.routing import Call, Command, PassOn, Router, Table
from bot.storage import audit, changes, inbox, members, outbox
from bot.storage.engine import Database, Tx
from bot.storage.members import Speaker

__all__ = ["Call", "Command", "Dispatcher", "PassOn", "Router"]

log = structlog.get_logger()

REPLY_LIFE = timedelta(hours=24)
LONGEST_TEXT = 5000


class Dispatcher:
    """Receives events of all platforms."""

    def __init__(
        self,
        db: Database,
        routers: Sequence[Router],
        world: World,
        now: Callable[[], datetime],
        group_of: Callable[[str, str], str | None],
        woken: Callable[[], None],
    ) -> None:
        self._db, self._world, self._now, self._group_of, self._woken = db, world, now, group_of, woken
        self._table = Table()
        for router in routers:
            self._table.add(router)
        self.meters = Meters()
        self._groups = {group.id: group for group in world.groups}

    async def receive(self, event: Event) -> Received:
        """Take in one event; a repeat changes nothing. Returns after the commit."""
        with self.meters.receiving.time():
            try:
                inbox_id, outcome, answer = await self._db.write(self._take_in, event)
            except Exception as error:
                inbox_id, outcome, answer = await self._db.write(self._excuse, event, error)
        self.meters.received.labels(event.platform, outcome).inc()
        if inbox_id is None:
            return Received(False, outcome)
        self._woken()
        log.info("received", action="received", platform=event.platform, outcome=outcome, inbox=inbox_id)
        return Received(True, outcome, answer)

    async def _take_in(self, tx: Tx, event: Event) -> tuple[int | None, str, str]:
        """Record and answer one message; return its inbox id (None: a repeat), the outcome and the answer.

        A unit of work: when the handler fails, nothing of it stays.
        """
        inbox_id = await inbox.put_new(tx, event)
        if inbox_id is None:
            return None, "repeat", ""
        await changes.refresh(tx, self._world)
        message, outcome = await self._handle(event, tx, inbox_id)
        return await self._settle(tx, event, inbox_id, message, outcome)

    async def _excuse(self, tx: Tx, event: Event, error: Exception) -> tuple[int | None, str, str]:
        """Record a message whose handler failed, so that at least its words are kept, and say why."""
        inbox_id = await inbox.put_new(tx, event)
        if inbox_id is None:
            return None, "repeat", ""
        if isinstance(error, UserError):
            return await self._settle(tx, event, inbox_id, say(str(error)), "refused")
        log.error("handler failed", action="handler_failed", platform=event.platform, inbox=inbox_id, exc_info=error)
        return await self._settle(tx, event, inbox_id, coming_in.failed(inbox_id), "failed")

    async def _settle(
        self, tx: Tx, event: Event, inbox_id: int, message: Message | None, outcome: str
    ) -> tuple[int, str, str]:
        await inbox.settle(tx, inbox_id, outcome)
        member_id = await members.number_of(tx, event.platform, event.sender)
        actor = f"member:{member_id}" if member_id else f"{event.platform}:unknown"
        await audit.put(tx, self._now(), actor, outcome, f"inbox:{inbox_id}", event.text)
        if message is not None and event.chat:
            await outbox.put_reply(tx, _reply_row(event, inbox_id, message, self._group_id(event), self._now()))
        return inbox_id, outcome, message.as_text() if message else ""

    def _group_id(self, event: Event) -> str | None:
        if event.chat_kind != "group":
            return None
        group = self._group_of(event.platform, event.chat)
        if group is None:
            # The operator needs the id to name the group in the configuration.
            log.warning("这个群没有配置", action="chat_unknown", platform=event.platform, chat=event.chat)
        return group

    async def _handle(self, event: Event, tx: Tx, inbox_id: int) -> tuple[Message | None, str]:
        text = event.text.strip()
        if len(text) > LONGEST_TEXT:
            return coming_in.too_long(len(text), LONGEST_TEXT), "refused"
        known = self._table.find(text, self._table.stranger) if not event.form else None
        if known is not None and event.chat_kind == "private":
            answer: tuple[Message, str] = await known[0](event, tx, known[1], self._world, self._now())
            return answer
        speaker = await _speaker_of(tx, event, self._world.policy.today(self._now()))
        if speaker is None:
            return coming_in.unknown(self._receiver(event), event.chat_kind == "private"), "unknown_sender"
        plan = self._plan_of(event, speaker)
        member, standpoint = speaker.member, speaker.standpoints[plan.key]
        group = self._groups.get(self._group_id(event) or "")
        call = Call(event, inbox_id, self._now(), self._world, plan, member, standpoint, text, group=group)
        call = replace(call, commands=tuple(self._table.commands), deciders=self._table.deciders)
        return await self._route(call, tx)

    async def _route(self, call: Call, tx: Tx) -> tuple[Message | None, str]:
        if call.event.form:
            return await self._table.takers["form"](call, tx), "form"
        if any(file.kind != "voice" for file in call.event.files):
            return await self._with_files(call, tx)
        found = self._table.find(call.args, self._table.by_word) or self._table.find_said(call.args)
        if found is None and call.args.startswith(("/", "／")):
            return coming_in.no_such_command(call.args.split()[0]), "refused"
        if found is not None:
            command, args, slash = found
            entitled = bool(command.roles & call.standpoint.roles)
            if not entitled and (slash or not (args or command.says)):
                return coming_in.not_entitled(call.args.split()[0], command.roles, call.plan.receiver), "refused"
            try:
                if entitled:
                    message = await command.handler(replace(call, args=args, slash=slash), tx)
                    return message, f"command:{command.words[0]}"
            except PassOn as passed:
                call = replace(call, args=passed.text or call.args)
        return await self._hear(call, tx)

    async def _with_files(self, call: Call, tx: Tx) -> tuple[Message | None, str]:
        """Answer what was said along with files, then take the files: they belong to what was said."""
        names = [file.name for file in call.event.files]
        said, outcome = None, "files"
        if call.args not in ("", "、".join(names), *names) and not is_cover(call.args):
            said, outcome = await self._route(replace(call, event=replace(call.event, files=())), tx)
        taken = await self._table.takers["files"](call, tx)
        answers = [message for message in (said, taken) if message is not None]
        return (stacked(*answers) if answers else None), outcome

    async def _hear(self, call: Call, tx: Tx) -> tuple[Message | None, str]:
        """Offer words that are no command to each listener, then to the reader of replies."""
        for listener in self._table.listeners:
            try:
                return await listener(call, tx), f"heard:{listener.__name__}"
            except PassOn as passed:
                call = replace(call, args=passed.text or call.args)
        if self._table.reply is None:
            return None, "unhandled"
        return await self._table.reply(call, tx), "reply"

    def _receiver(self, event: Event) -> str:
        group = self._group_id(event)
        plans = self._world.plans_of_group(group) if group else self._world.plans
        return plans[0].receiver if plans else "办公室"

    def _plan_of(self, event: Event, speaker: Speaker) -> Plan:
        """Return the plan meant: the group's, in private the member's only or chosen one. Raises `UserError`."""
        group = self._group_id(event)
        served = [plan.key for plan in (self._world.plans_of_group(group) if group else self._world.plans)]
        own = [key for key in speaker.standpoints if key in served]
        member = speaker.member
        if len(own) == 1:
            return self._world.plan(own[0])
        if not own:
            raise UserError(coming_in.no_post(member.name, self._receiver(event)))
        if member.current_plan in own:
            return self._world.plan(member.current_plan)
        if re.match(r"[/／]?(plan|计划)\b", event.text.strip()):
            return self._world.plan(own[0])
        raise UserError(coming_in.which_plan([self._world.plan(key).name for key in own]))


async def _speaker_of(tx: Tx, event: Event, today: date) -> Speaker | None:
    if event.platform != FORM:
        return await members.find_speaker(tx, event.platform, event.sender, today)
    member, plan = await members.get(tx, int(event.sender)), str(event.form["plan"])
    return Speaker(member, {plan: await members.standpoint(tx, plan, member.id, today)}) if member else None


def _reply_row(event: Event, inbox_id: int, message: Message, group_id: str | None, now: datetime) -> dict[str, Any]:
    return {
        "key": f"reply:{inbox_id}",
        "kind": "reply",
        "platform": event.platform,
        "group_id": (group_id or event.chat) if event.chat_kind == "group" else None,
        "external_id": event.sender if event.chat_kind == "private" else "",
        "route": event.route,
        "message": to_json(message),
        "urgent": outbox.URGENT,
        "not_before": now,
        "expires_at": now + REPLY_LIFE,
    }
