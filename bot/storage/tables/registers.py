"""Register entries, their states over time, random draws, and who has taken part in something anonymous."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class RegisterEntry(Base):
    """One line of a register; `number` is its receipt, from the same row of numbers as the check-ins'.

    `happened_on` places it in time, `due_on` is when its owner must be done. `once_key` holds what makes two entries
    the same one; a replaced or retracted entry gives its key up. `released_at`: the office let it be published.
    """

    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("plan", "number"),
        UniqueConstraint("plan", "register", "once_key"),
        Index("ix_register_entries_plan_register_on", "plan", "register", "happened_on"),
        Index("ix_register_entries_plan_due_on", "plan", "due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    register: Mapped[str]
    number: Mapped[int]
    unit: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    logged_at: Mapped[datetime]
    happened_on: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="")
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(default="")
    once_key: Mapped[str | None]
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draws.id"))
    closed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    retracted_at: Mapped[datetime | None]
    retracted_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))


class EntryState(Base):
    """One step in the life of an entry: who moved it from which state to which, and the words said to it."""

    __tablename__ = "entry_states"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    before: Mapped[str]
    after: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class DrawRow(Base):
    """A random draw with everything that is needed to repeat it: the seed, the pool in order, and who came out."""

    __tablename__ = "draws"
    __table_args__ = (Index("ix_draws_plan_register", "plan", "register", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    register: Mapped[str]
    seed: Mapped[str]
    pool: Mapped[list[Any]]
    drawn: Mapped[list[Any]]
    drawn_at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))


class Ballot(Base):
    """That somebody has taken part in something anonymous: a digest, which leads to no entry."""

    __tablename__ = "ballots"
    digest: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[str]
    register: Mapped[str]
