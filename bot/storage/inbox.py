"""The inbox: every message that came in, exactly once."""

from sqlalchemy import bindparam, update

from bot.events import Event
from bot.storage.engine import Tx
from bot.storage.prepared import Prepared, insert_new
from bot.storage.tables import Inbox

USUAL = "reply"

_put = Prepared(
    insert_new(
        Inbox, "platform", "message_id", "chat", "sender", "text", "received_at", "outcome", returning=(Inbox.id,)
    )
)
_settle = Prepared(update(Inbox).where(Inbox.id == bindparam("inbox_id")).values(outcome=bindparam("became")))


async def put_new(tx: Tx, event: Event) -> int | None:
    """Record a message; None when this platform delivered it before. Its outcome is `USUAL` until it is settled."""
    found = await _put(
        tx,
        platform=event.platform,
        message_id=event.message_id,
        chat=event.chat,
        sender=event.sender,
        text=event.text,
        received_at=event.at,
        outcome=USUAL,
    )
    return found[0][0] if found else None


async def settle(tx: Tx, inbox_id: int, outcome: str) -> None:
    """Note what became of a message."""
    if outcome != USUAL:
        await _settle(tx, inbox_id=inbox_id, became=outcome)
