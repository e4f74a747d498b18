"""Releasing: the office says whether what it was shown goes out."""

from bot.dispatch import Call, Router
from bot.messages import releasing as wording
from bot.messages.message import Message
from bot.storage import outbox, reviews
from bot.storage.engine import Tx
from bot.storage.tables import Decision

router = Router("releasing")


@router.decides("release")
async def release(call: Call, tx: Tx, decision: Decision) -> Message:
    """Let the messages go, in working hours; or drop them with the reason."""
    rows = await reviews.waiting(tx, decision.payload["rows"])
    if decision.verdict == "approved":
        start = call.world.policy.next_working_moment(call.now, call.world.workdays)
        await reviews.release(tx, rows, start)
        return wording.released(len(rows), None if start <= call.now else call.world.policy.local(start))
    for row in rows:
        await outbox.settle(tx, row.id, "dropped", call.now, wording.refusal(decision.reason))
    return wording.refused(len(rows))
