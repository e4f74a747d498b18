"""Plans served and who leads their items."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class PlanRow(Base):
    """A served plan; `last_receipt` is the number given last, `paused_at`: the office
    stopped its messages."""

    __tablename__ = "plans"
    key: Mapped[str] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime]
    last_receipt: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]


class Owner(Base):
    """Who leads which item; one row per item and unit, written when a plan is loaded.

    `opening` is the percent the item stood at when its plan was brought in, `opening_on` the day of that figure.
    """

    __tablename__ = "owners"
    plan: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    list_key: Mapped[str]
    opening: Mapped[float | None]
    opening_on: Mapped[date | None]
