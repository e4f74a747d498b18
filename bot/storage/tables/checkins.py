"""What units handed in, and the last word on every item."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Checkin(Base):
    """What a unit handed in; `number` is its receipt. One the office returned is retracted, with its reason."""

    __tablename__ = "checkins"
    __table_args__ = (UniqueConstraint("plan", "number"), Index("ix_checkins_plan_unit", "plan", "unit", "id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    number: Mapped[int]
    unit: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    received_at: Mapped[datetime]
    text: Mapped[str]
    retracted_at: Mapped[datetime | None]
    retracted_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    returned: Mapped[str] = mapped_column(default="")


class CheckinRound(Base):
    """Which rounds a check-in counts to, and the sections it brought for each."""

    __tablename__ = "checkin_rounds"
    __table_args__ = (Index("ix_checkin_rounds_round_id", "round_id"),)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id", ondelete="CASCADE"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Entry(Base):
    """What a check-in says of one item (`item` empty: of the unit as a whole); taken back, it no longer counts.

    `detail` holds what kinds of items add: stage, parts (the boxes ticked), held_on, count.
    """

    __tablename__ = "entries"
    __table_args__ = (Index("ix_entries_plan_item_unit", "plan", "item", "unit", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id", ondelete="CASCADE"), index=True)
    plan: Mapped[str]
    item: Mapped[str]
    unit: Mapped[str]
    percent: Mapped[float | None]
    percent_low: Mapped[float | None]
    percent_high: Mapped[float | None]
    status: Mapped[str | None]
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expected_on: Mapped[date | None]
    because: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    retracted_at: Mapped[datetime | None]


class Progress(Base):
    """The last word on an item by one of its units; kept beside the entries so that tables need no window query.

    Without an entry it is the opening figure of the plan file: nobody has said anything since.
    """

    __tablename__ = "progress"
    plan: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    percent: Mapped[float | None]
    status: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime]


class Figure(Base):
    """A number that is not progress, with its unit and as-of date; `figure` is the plan's key where it knows it."""

    __tablename__ = "figures"
    __table_args__ = (Index("ix_figures_plan_figure_unit", "plan", "figure", "unit", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id", ondelete="CASCADE"), index=True)
    plan: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    figure: Mapped[str] = mapped_column(default="")
    item: Mapped[str]
    name: Mapped[str]
    value: Mapped[float]
    unit_word: Mapped[str]
    mode: Mapped[str] = mapped_column(default="")
    approx: Mapped[bool] = mapped_column(default=False)
    as_of: Mapped[date]
