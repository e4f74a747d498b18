"""The roster: persons, their accounts, the posts they hold."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class Member(Base):
    """A person of the roster."""

    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str | None] = mapped_column(unique=True)
    current_plan: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Identity(Base):
    """A member's id on one platform; one person on two platforms is one member."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("platform", "external_id"), UniqueConstraint("member_id", "platform"))
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    platform: Mapped[str]
    external_id: Mapped[str]


class Holder(Base):
    """Who holds a post of a plan, and since when. `post` is office, contact:<unit>, leader:<key> or staff:<unit>.

    `grade` is the kind of cadre a quota speaks of.
    """

    __tablename__ = "holders"
    __table_args__ = (Index("ix_holders_plan_post", "plan", "post"), Index("ix_holders_member_id", "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    post: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    grade: Mapped[str] = mapped_column(default="")


class BindCode(Base):
    """A one-time code by which somebody unknown becomes a member; only its digest is kept."""

    __tablename__ = "bind_codes"
    digest: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
