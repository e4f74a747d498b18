"""Pausing: the office stops a plan's messages at once; what was missed follows the catch-up rule when they go on."""

from bot.dispatch import Call, PassOn, Router
from bot.errors import UserError
from bot.messages import pausing as wording
from bot.messages.message import Message
from bot.storage import outbox, plans
from bot.storage.engine import Tx
from bot.stories.recipients import LATE_AFTER, notice, office_of, put

router = Router("pausing", "催办")


@router.command(
    "pause",
    "暂停",
    usage="/pause",
    help="马上停发这个计划的一切提醒，登记和问答照常；再发一次就恢复",
    roles=("office",),
)
async def pause(call: Call, tx: Tx) -> Message:
    """/pause: stop a plan's messages; said again, let them go on."""
    if await plans.paused_at(tx, call.plan.key) is not None:
        return await _resume(call, tx)
    await plans.pause(tx, call.plan.key, call.now)
    held = await outbox.hold(tx, call.plan.key, outbox.PAUSABLE, wording.REASON)
    said = wording.paused(call.plan.name, held[False], held[True], call.world.policy.catch_up_hours)
    await _tell_others(call, tx, said)
    return said


@router.command("resume", "恢复", usage="/resume", help="恢复发提醒", roles=("office",))
async def resume(call: Call, tx: Tx) -> Message:
    """/resume: let a paused plan's messages go on."""
    if call.args:
        raise PassOn(f"恢复 {call.args}")
    if await plans.paused_at(tx, call.plan.key) is None:
        raise UserError(wording.not_paused())
    return await _resume(call, tx)


async def _resume(call: Call, tx: Tx) -> Message:
    await plans.pause(tx, call.plan.key, None)
    start = call.world.policy.next_working_moment(call.now, call.world.workdays)
    released = await outbox.release(tx, call.plan.key, start, call.now - LATE_AFTER)
    said = wording.resumed(call.plan.name, released, call.world.policy.catch_up_hours)
    await _tell_others(call, tx, said)
    return said


async def _tell_others(call: Call, tx: Tx, said: Message) -> None:
    """Tell the other office persons; who gave the order has the answer."""
    others = [member.id for member in await office_of(tx, call.plan) if member.id != call.member.id]
    keys = {member_id: f"pausing:{call.inbox_id}:m{member_id}" for member_id in others}
    await put(tx, call.world, call.plan, keys, notice(call.plan, call.now, said))
