"""What came in, what goes out, and what was asked back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Question(Base):
    """The bot's open question to one person in one chat; the next message there may answer it."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_member_chat", "member_id", "platform", "chat"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    platform: Mapped[str]
    chat: Mapped[str]
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Inbox(Base):
    """Every message that came in, once; `outcome` says what became of it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "message_id"),
        Index("ix_inbox_platform_sender", "platform", "sender", "received_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    message_id: Mapped[str]
    chat: Mapped[str]
    sender: Mapped[str]
    text: Mapped[str]
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")


class Outgoing(Base):
    """The outbox: one message to one group or member. The text is made at the first claim and then frozen.

    `state`: pending, claimed, held (its plan is paused), review (the office has to release it), sent, dropped (on
    purpose, with `reason`) or failed (with `reason`, told to the office).
    `not_before` is the plan's time; `next_try_at` and `claimed_until` are wall time, like the platforms' limits.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "state", "urgent", "not_before"),
        Index("ix_outbox_member_id", "member_id", "kind", "settled_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    plan: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    platform: Mapped[str]
    group_id: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(default="")
    route: Mapped[dict[str, Any]] = mapped_column(default=dict)
    subject: Mapped[dict[str, Any]] = mapped_column(default=dict)
    message: Mapped[dict[str, Any] | None]
    parts: Mapped[list[Any] | None]
    parts_sent: Mapped[int] = mapped_column(default=0)
    urgent: Mapped[int] = mapped_column(default=1)
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="pending")
    claimed_by: Mapped[str] = mapped_column(default="")
    claimed_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class Attempt(Base):
    """One try of one part; pacing is read from here after a restart. `ended_at` is wall time."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_bucket_ended_at", "bucket", "ended_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    part: Mapped[int]
    channel: Mapped[str]
    bucket: Mapped[str]
    ended_at: Mapped[datetime]
    outcome: Mapped[str]
    platform_id: Mapped[str] = mapped_column(default="")
