"""The tables. Plans are data, so rows name units, items and duties by the plan's own keys.

Unique constraints decide what happened already: `inbox` for what came in, `occasions` and `asks` for what the clock
did, `outbox.key` for what goes out.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Dialect, ForeignKey, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC. SQLite drops the zone and psycopg converts silently, so neither is trusted."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Common column types of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON(), list[Any]: JSON(), str: Text()}


class PlanRow(Base):
    """A served plan; `last_receipt` is the number given last, `document` the file as loaded."""

    __tablename__ = "plans"
    key: Mapped[str] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime]
    last_receipt: Mapped[int] = mapped_column(default=0)


class Owner(Base):
    """Who leads which item; one row per item and unit, written when a plan is loaded."""

    __tablename__ = "owners"
    plan: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    list_key: Mapped[str]


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
    """Who holds a post of a plan, and since when. `post` is office, contact:<unit> or leader:<key>."""

    __tablename__ = "holders"
    __table_args__ = (Index("ix_holders_plan_post", "plan", "post"), Index("ix_holders_member_id", "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    post: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class BindCode(Base):
    """A one-time code by which somebody unknown becomes a member; only its digest is kept."""

    __tablename__ = "bind_codes"
    digest: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


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


class Checkin(Base):
    """What a unit handed in; `number` is its receipt."""

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


class CheckinRound(Base):
    """Which rounds a check-in counts to, and the sections it brought for each."""

    __tablename__ = "checkin_rounds"
    __table_args__ = (Index("ix_checkin_rounds_round_id", "round_id"),)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id", ondelete="CASCADE"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Entry(Base):
    """What a check-in says of one item (`item` empty: of the unit as a whole); taken back, it no longer counts."""

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
    retracted_at: Mapped[datetime | None]


class Progress(Base):
    """The last word on an item by one of its units; kept beside the entries so that tables need no window query."""

    __tablename__ = "progress"
    plan: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    percent: Mapped[float | None]
    status: Mapped[str | None]
    updated_at: Mapped[datetime]


class Figure(Base):
    """A number that is not progress, with its unit and as-of date."""

    __tablename__ = "figures"
    id: Mapped[int] = mapped_column(primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id", ondelete="CASCADE"), index=True)
    item: Mapped[str]
    name: Mapped[str]
    value: Mapped[float]
    unit_word: Mapped[str]
    mode: Mapped[str] = mapped_column(default="")
    approx: Mapped[bool] = mapped_column(default=False)
    as_of: Mapped[date]


class Question(Base):
    """The bot's open question to one person in one chat; the next message there may answer it."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_member_chat", "member_id", "platform", "chat"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    platform: Mapped[str]
    chat: Mapped[str]
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Inbox(Base):
    """Every message that came in, once; `outcome` says what became of it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "message_id"),
        Index("ix_inbox_platform_sender", "platform", "sender", "received_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    message_id: Mapped[str]
    chat: Mapped[str]
    sender: Mapped[str]
    text: Mapped[str]
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")


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


class Outgoing(Base):
    """The outbox: one message to one group or member. The text is made at the first claim and then frozen.

    `state`: pending, claimed, sent, dropped (on purpose, with `reason`) or failed (with `reason`, told to the office).
    `not_before` is the plan's time; `next_try_at` and `claimed_until` are wall time, like the platforms' limits.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "state", "urgent", "not_before"),
        Index("ix_outbox_member_id", "member_id", "kind", "settled_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    plan: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    platform: Mapped[str]
    group_id: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(default="")
    route: Mapped[dict[str, Any]] = mapped_column(default=dict)
    subject: Mapped[dict[str, Any]] = mapped_column(default=dict)
    message: Mapped[dict[str, Any] | None]
    parts: Mapped[list[Any] | None]
    parts_sent: Mapped[int] = mapped_column(default=0)
    urgent: Mapped[int] = mapped_column(default=1)
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="pending")
    claimed_by: Mapped[str] = mapped_column(default="")
    claimed_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class Attempt(Base):
    """One try of one part; pacing is read from here after a restart. `ended_at` is wall time."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_bucket_ended_at", "bucket", "ended_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    part: Mapped[int]
    channel: Mapped[str]
    bucket: Mapped[str]
    ended_at: Mapped[datetime]
    outcome: Mapped[str]
    platform_id: Mapped[str] = mapped_column(default="")
