"""The bot's open questions: one to a person in a chat at a time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.storage.engine import Tx
from bot.storage.tables import Question

LIFE = timedelta(days=2)


async def ask(tx: Tx, question: Question) -> None:
    """Put a question, in place of an older one to the same person in the same chat."""
    await settle(tx, question.member_id, question.platform, question.chat, question.asked_at)
    tx.add(question)


async def find_open(tx: Tx, member_id: int, platform: str, chat: str, now: datetime) -> dict[str, Any] | None:
    """Return the payload of the open question to a person in a chat, while it is fresh."""
    statement = select(Question.payload).where(
        Question.member_id == member_id,
        Question.platform == platform,
        Question.chat == chat,
        Question.settled_at.is_(None),
        Question.asked_at > now - LIFE,
    )
    return (await tx.execute(statement.order_by(Question.id.desc()).limit(1))).scalar_one_or_none()


async def settle(tx: Tx, member_id: int, platform: str, chat: str, now: datetime) -> None:
    """Close the open questions to a person in a chat."""
    await tx.execute(
        update(Question)
        .where(
            Question.member_id == member_id,
            Question.platform == platform,
            Question.chat == chat,
            Question.settled_at.is_(None),
        )
        .values(settled_at=now)
    )
