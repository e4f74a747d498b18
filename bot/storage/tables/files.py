"""Evidence: files, pictures and links that belong to what a unit reported."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class FileRow(Base):
    """One file somebody sent. Its content lies in the vault under `sha256`, once however often it is sent.

    `kind`: image, file, video or link (then `url`). `state`: waiting (to be fetched by `ref` from its platform), stored
    or failed (with `reason`). It belongs to the check-in `checkin_id`, or to what came in the same message, or to
    `item`. `next_try_at` is wall time.
    """

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_state", "state", "id"),
        Index("ix_files_plan_unit", "plan", "unit"),
        Index("ix_files_inbox_id", "inbox_id"),
        Index("ix_files_checkin_id", "checkin_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    unit: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id", ondelete="CASCADE"))
    checkin_id: Mapped[int | None] = mapped_column(ForeignKey("checkins.id", ondelete="SET NULL"))
    item: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    platform: Mapped[str] = mapped_column(default="")
    ref: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
