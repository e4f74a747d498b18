"""Taking back: which record is meant, and a register's line with the slot it filled."""

from bot.dispatch import Call
from bot.errors import UserError
from bot.messages import checkins as wording
from bot.messages.message import Message
from bot.storage import checkins, registers
from bot.storage.engine import Tx
from bot.storage.tables import Checkin, RegisterEntry
from bot.stories.registers import settle_slots


async def take_back_entry(call: Call, tx: Tx, entry: RegisterEntry) -> Message:
    """Take back a line of a register; the slot it filled is owed again."""
    if entry.unit not in call.standpoint.units and entry.member_id != call.member.id and not call.standpoint.is_office:
        raise UserError(wording.not_yours(entry.number))
    if entry.retracted_at is not None:
        raise UserError(wording.already_undone(entry.number))
    await registers.retract(tx, entry, call.member.id, call.now)
    register = call.plan.find_register(entry.register)
    if register is not None:
        await settle_slots(tx, call.world, call.plan, register, entry, call.now)
    return wording.undone(f" {entry.number} 号（{register.name if register else '台账'}）", (), ())


async def undoable(call: Call, tx: Tx) -> Checkin:
    """Return the check-in meant; raises `UserError` when there is none or it is another unit's."""
    if call.args.isdigit():
        number = int(call.args)
        found = await checkins.find(tx, call.plan.key, number)
        own = found is not None and (found.unit in call.standpoint.units or found.member_id == call.member.id)
        if found is not None and not own and not call.standpoint.is_office:
            raise UserError(wording.not_yours(number))
        if found is not None and found.retracted_at is not None:
            raise UserError(wording.already_undone(number))
    else:
        found = await checkins.latest(tx, call.plan.key, call.standpoint.units, call.member.id)
    if found is None:
        raise UserError(wording.nothing_to_undo())
    return found
