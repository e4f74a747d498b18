"""Taking back a wave of messages that went out by mistake."""

from bot.dispatch import Call, PassOn, Router
from bot.errors import UserError
from bot.messages import recalls as wording
from bot.messages.message import Message
from bot.storage import recalls
from bot.storage.engine import Tx

router = Router("recalls", "催办")

SURE = "确认"


@router.command("recall", "收回", usage="/recall [确认]", help="收回刚发出的一批消息（24 小时内）", roles=("office",))
async def recall(call: Call, tx: Tx) -> Message:
    """/recall: show the newest wave of the clock's messages; with 确认 they are taken back."""
    if call.args not in ("", SURE):
        if not call.slash:
            raise PassOn
        raise UserError("要收回最近一批消息，请发：收回")
    rows = await recalls.last_wave(tx, call.plan.key, call.now)
    if not rows:
        raise UserError(wording.nothing())
    if not call.args:
        groups = sum(1 for row in rows if row.group_id is not None)
        first = min(row.settled_at for row in rows if row.settled_at is not None)
        return wording.wave(call.world.policy.local(first), len(rows) - groups, groups)
    await recalls.mark(tx, [row.id for row in rows])
    return wording.begun(len(rows))
