"""The mobile form: what was typed so far, and which links are spent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Draft(Base):
    """What one person has typed for one unit and some rounds (their ids, joined by a comma) and not handed in."""

    __tablename__ = "drafts"
    plan: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    rounds: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class SpentLink(Base):
    """A link by which a form was handed in, with what its sender was told; it can be opened and not used again."""

    __tablename__ = "spent_links"
    mark: Mapped[str] = mapped_column(primary_key=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id", ondelete="CASCADE"))
    receipt: Mapped[dict[str, Any]]
    spent_at: Mapped[datetime]
