"""What waits for a person's yes or no."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Decision(Base):
    """One question to the holders of a post; `id` is the number it is called by in chat.

    `kind` names who deals with the answer, `payload` is what that needs. `verdict` is empty while it waits, then
    approved or refused.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_plan_post_verdict", "plan", "post", "verdict"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    kind: Mapped[str]
    post: Mapped[str]
    summary: Mapped[str]
    payload: Mapped[dict[str, Any]]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
