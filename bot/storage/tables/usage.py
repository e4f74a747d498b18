"""What the platforms were asked, for their monthly quotas."""

from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Usage(Base):
    """One count: a platform's meter (calls, messages) in a month (YYYY-MM), told apart by feature."""

    __tablename__ = "usage"
    platform: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(primary_key=True)
    feature: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
