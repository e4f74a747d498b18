"""A leader's order becomes a tracked entry: the office confirms it, the owner is told, and it stays open until done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dispatch import Call
from bot.domain.instructions import GOING, KEY, WAITING
from bot.domain.registers import Register
from bot.messages import instructions as wording
from bot.messages.message import Message
from bot.storage import registers
from bot.storage.engine import Tx
from bot.storage.tables import EntryState, RegisterEntry
from bot.stories import ledgers
from bot.stories.changes import tell_units
from bot.stories.decisions import Question, ask_for_decision


@dataclass(frozen=True)
class Order:
    """What was ordered: the words, the leader's key, the item's id and the owner where they are plain, the due date."""

    what: str
    leader: str
    item: str = ""
    unit: str = ""
    due: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        found: Mapping[str, Any] = {
            "what": self.what,
            "item": self.item,
            "unit": self.unit,
            "due": self.due.isoformat() if self.due is not None else "",
            "leader": self.leader,
        }
        return {key: value for key, value in found.items() if value}


def register_of(call: Call) -> Register:
    register = call.plan.find_register(KEY)
    assert register is not None
    return register


async def give(call: Call, tx: Tx, order: Order) -> Message:
    """Keep an order. A leader's waits for the office's confirmation; the office's own goes out at once."""
    register = register_of(call)
    entry = await registers.log(
        tx,
        registers.Logged(
            plan=call.plan.key,
            register=KEY,
            unit=order.unit or call.plan.receiver,
            at=call.now,
            happened_on=call.today,
            values=order.values,
            text=call.args,
            member_id=call.member.id,
            inbox_id=call.inbox_id,
            due_on=order.due,
            state=WAITING,
        ),
    )
    line = ledgers.line_of(call, register, entry)
    if call.standpoint.is_office:
        return await start(call, tx, entry)
    question = Question(
        kind="instruction",
        summary=wording.summary(order.leader, order.what),
        lines=(line.text, *wording.open_points(order.unit, order.due)),
        payload={"entry": entry.number},
        asked_by=call.member.id,
    )
    await ask_for_decision(tx, call.world, call.plan, question, call.now)
    return wording.taken(entry.number, call.plan.receiver, order.due, call.world.workdays)


async def start(call: Call, tx: Tx, entry: RegisterEntry) -> Message:
    """Let an order be worked on, and tell its owner."""
    register = register_of(call)
    step = EntryState(at=call.now, member_id=call.member.id, note="")
    await registers.move(tx, entry, GOING, step, closed=False)
    line = ledgers.line_of(call, register, entry)
    told = wording.to_owner(line.text, entry.number)
    reached = await tell_units(call, tx, [entry.unit], told, f"instruction:{entry.number}")
    return wording.started(line.text, entry.unit, reached=bool(reached))
