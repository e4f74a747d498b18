"""The inbox: every message that came in, exactly once."""

from sqlalchemy import update

from bot.events import Event
from bot.storage.engine import Tx, insert_new
from bot.storage.tables import Inbox


async def put_new(tx: Tx, event: Event) -> int | None:
    """Record a message; None when this platform delivered it before."""
    values = {
        "platform": event.platform,
        "message_id": event.message_id,
        "chat": event.chat,
        "sender": event.sender,
        "text": event.text,
        "received_at": event.at,
        "outcome": "",
    }
    statement = insert_new(tx, Inbox).values(values).returning(Inbox.id)
    return (await tx.execute(statement)).scalar_one_or_none()


async def settle(tx: Tx, inbox_id: int, outcome: str) -> None:
    """Note what became of a message."""
    await tx.execute(update(Inbox).where(Inbox.id == inbox_id).values(outcome=outcome))
