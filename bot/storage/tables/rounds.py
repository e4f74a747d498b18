"""What the clock did: rounds, occasions, asks."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class RoundRow(Base):
    """One duty in one period."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("plan", "duty", "period"), Index("ix_rounds_plan_due_on", "plan", "due_on"))
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    duty: Mapped[str]
    period: Mapped[str]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    on_time_until: Mapped[datetime]


class RoundUnit(Base):
    """What one unit owes in one round: empty, handed in (with when) or excused."""

    __tablename__ = "round_units"
    __table_args__ = (Index("ix_round_units_unit_round_id", "unit", "round_id"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    handed_in_at: Mapped[datetime | None]
    excused_at: Mapped[datetime | None]


class Choice(Base):
    """An item the office picked for a round that is about some items only, such as a quarterly dispatch."""

    __tablename__ = "choices"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)


class OccasionRow(Base):
    """A sending the clock has dealt with, so that it is never dealt with twice."""

    __tablename__ = "occasions"
    plan: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    outcome: Mapped[str]


class Ask(Base):
    """One unit asked in one round by one step; it travels in an outgoing message."""

    __tablename__ = "asks"
    __table_args__ = (UniqueConstraint("round_id", "unit", "step"), Index("ix_asks_outbox_id", "outbox_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    unit: Mapped[str]
    step: Mapped[str]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(default="")
