"""What platforms keep for themselves between runs."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Note(Base):
    """One thing a platform remembers, by a name of its own: which chat is which group, who has spoken to the bot."""

    __tablename__ = "notes"
    platform: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    noted_at: Mapped[datetime]
