"""Changes of a plan after it was loaded: each is kept, and the plan in force is the file with all of them applied."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class ChangeRow(Base):
    """One change; `target` is item:<id>, duty:<id>, quota:<id> or plan, `action` and `data` as in domain.changes."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_plan_target", "plan", "target", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    target: Mapped[str]
    action: Mapped[str]
    data: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
