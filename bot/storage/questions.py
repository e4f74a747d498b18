"""The bot's open questions: one to a person in a chat at a time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from bot.storage.engine import Tx
from bot.storage.prepared import Prepared
from bot.storage.tables import Question

LIFE = timedelta(days=2)

_open = (
    Question.member_id == bindparam("member_id"),
    Question.platform == bindparam("platform"),
    Question.chat == bindparam("chat"),
    Question.settled_at.is_(None),
)
_find_open = Prepared(
    select(Question.payload)
    .where(*_open, Question.asked_at > bindparam("since"))
    .order_by(Question.id.desc())
    .limit(literal_column("1"))
)
_settle = Prepared(update(Question).where(*_open).values(settled_at=bindparam("now")))


async def ask(tx: Tx, question: Question) -> None:
    """Put a question, in place of an older one to the same person in the same chat."""
    await settle(tx, question.member_id, question.platform, question.chat, question.asked_at)
    tx.add(question)


async def find_open(tx: Tx, member_id: int, platform: str, chat: str, now: datetime) -> dict[str, Any] | None:
    """Return the payload of the open question to a person in a chat, while it is fresh."""
    since = now - LIFE
    found = await _find_open(tx, member_id=member_id, platform=platform, chat=chat, since=since)
    return found[0][0] if found else None


async def settle(tx: Tx, member_id: int, platform: str, chat: str, now: datetime) -> None:
    """Close the open questions to a person in a chat."""
    await _settle(tx, member_id=member_id, platform=platform, chat=chat, now=now)
