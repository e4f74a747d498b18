"""Who is away, and who is asked instead."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Absence(Base):
    """A unit's contact is not asked from one day to another, both inclusive; without a deputy nobody is."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_plan_until_on", "plan", "until_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    unit: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    noted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
