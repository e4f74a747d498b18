"""What running processes share: leases, the pace of sending, and the log of who did what."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Lease(Base):
    """What only one process may do at a time, and until when it said it would; wall time."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until_at: Mapped[datetime]


class Bucket(Base):
    """A pacing bucket that several processes send through; a throttled one is blocked until a moment of wall time."""

    __tablename__ = "buckets"
    bucket: Mapped[str] = mapped_column(primary_key=True)
    blocked_until: Mapped[datetime | None]


class Slot(Base):
    """One send through a bucket: in the air until it has an end. Wall time."""

    __tablename__ = "slots"
    __table_args__ = (Index("ix_slots_bucket_ended_at", "bucket", "ended_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Audit(Base):
    """Who did what: ids and digests only, so that a person's data can be erased and the chain stays whole.

    `place` counts the sealed rows of a day from 1; `seal` is the digest of the row and of the seal before it.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_day_place", "day", "place"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    digest: Mapped[str]
    day: Mapped[str] = mapped_column(default="")
    place: Mapped[int | None]
    seal: Mapped[str] = mapped_column(default="")
