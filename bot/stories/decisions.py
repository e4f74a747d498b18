"""Asking for a decision: a question with a number goes to the holders of a post, who answer 同意 12 or 不同意 12 原因.

What happens then is registered by kind in `handlers/`, with `@router.decides(kind)`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages import decisions as wording
from bot.storage import decisions
from bot.storage.engine import Tx
from bot.storage.tables import Decision
from bot.stories.recipients import OFFICE, notice, tell


@dataclass(frozen=True)
class Question:
    """What is to be decided: who deals with the answer (`kind`), one line for lists (`summary`), more lines for the
    message, what the kind needs (`payload`, JSON), who asks, and whose decision it is."""

    kind: str
    summary: str
    lines: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    asked_by: int | None = None
    post: Post = OFFICE


async def ask_for_decision(tx: Tx, world: World, plan: Plan, question: Question, now: datetime) -> int:
    """Keep a question and send it to everybody who holds the post; return its number."""
    number = await decisions.put(
        tx,
        Decision(
            plan=plan.key,
            kind=question.kind,
            post=str(question.post),
            summary=question.summary,
            payload=question.payload,
            asked_by=question.asked_by,
            asked_at=now,
        ),
    )
    message = wording.asked(number, question.summary, question.lines)
    await tell(tx, world, plan, question.post, f"decision:{number}", notice(plan, now, message))
    return number
