"""Putting off due dates: a contact asks and the office decides, or it does so at once."""

from collections.abc import Sequence
from datetime import date

from bot.dispatch import Call
from bot.domain.plans import Item
from bot.errors import UserError
from bot.messages import changes as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.stories import changes
from bot.stories.decisions import Question, ask_for_decision

Days = Sequence[tuple[Item, date]]


async def postpone(call: Call, tx: Tx, days: Days, reason: str) -> Message:
    """Move due dates where the office speaks, else ask it. Raises `UserError` for what cannot be asked."""
    for item, day in days:
        if wrong := fault(call, item, day):
            raise UserError(wrong)
    if call.standpoint.is_office:
        lines = await move(call, tx, days, reason)
        units = [unit for item, _ in days for unit in item.units]
        await changes.tell_units(call, tx, units, wording.extended(lines, reason), "extended")
        return wording.extended(lines, reason)
    unit = next(u for u in call.standpoint.units if u in days[0][0].units)
    question = Question(
        kind="extension",
        summary=wording.extension_summary(unit, days),
        lines=(*wording.postponed_lines(days), *((f"原因：{reason}",) if reason else ())),
        payload={"days": {item.id: day.isoformat() for item, day in days}, "reason": reason},
        asked_by=call.member.id,
    )
    await ask_for_decision(tx, call.world, call.plan, question, call.now)
    return wording.extension_asked(call.plan.receiver, days)


def fault(call: Call, item: Item, day: date) -> str:
    """Say why somebody cannot have an item put off to a day; '' when he can."""
    if item.closed:
        return wording.closed(item)
    if not call.standpoint.is_office and not set(item.units) & set(call.standpoint.units):
        return wording.not_yours(item)
    if day < call.today or (item.window is not None and day <= item.window.due_on):
        return wording.not_later(item)
    return ""


async def move(call: Call, tx: Tx, days: Days, reason: str) -> tuple[str, ...]:
    """Give items their new due days; return each with the old and the new one in words."""
    lines = wording.postponed_lines(days)
    await changes.put(call, tx, [changes.put_off(item, day) for item, day in days], reason)
    return lines
