"""What was said and done, in the order it happened: check-ins, entries of registers, and who held which post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.members import Post
from bot.storage.engine import Tx
from bot.storage.tables import Checkin, CheckinRound, Entry, Holder, Member, RegisterEntry, RoundRow


@dataclass(frozen=True)
class Told:
    """One word on an item (or on the unit as a whole) with its check-in, who said it, and whether it came late."""

    checkin: Checkin
    entry: Entry
    by: str
    late: bool


@dataclass(frozen=True)
class Tenure:
    """Somebody's time in a post."""

    name: str
    post: Post
    since: datetime
    until: datetime | None


async def told(tx: Tx, plan: str, *, item: str = "", unit: str = "", checkin_id: int | None = None) -> list[Told]:
    """Return what was said of an item, by a unit, or in a check-in, oldest first; also what was taken back."""
    until = (
        select(func.max(RoundRow.on_time_until))
        .join(CheckinRound, CheckinRound.round_id == RoundRow.id)
        .where(CheckinRound.checkin_id == Checkin.id)
        .correlate(Checkin)
        .scalar_subquery()
    )
    statement = (
        select(Checkin, Entry, Member.name, until)
        .join(Entry, Entry.checkin_id == Checkin.id)
        .join(Member, Member.id == Checkin.member_id)
        .where(Checkin.plan == plan)
        .order_by(Checkin.id, Entry.id)
    )
    if item:
        statement = statement.where(Entry.item == item)
    if unit:
        statement = statement.where(Checkin.unit == unit)
    if checkin_id is not None:
        statement = statement.where(Checkin.id == checkin_id)
    rows = await tx.execute(statement)
    return [Told(c, e, name, due is not None and c.received_at > due) for c, e, name, due in rows]


async def entries(tx: Tx, plan: str, unit: str = "") -> Sequence[RegisterEntry]:
    """Return the entries of a plan's registers, of one unit where it is named, oldest first; also those taken back."""
    statement = select(RegisterEntry).where(RegisterEntry.plan == plan)
    if unit:
        statement = statement.where(RegisterEntry.unit == unit)
    return (await tx.execute(statement.order_by(RegisterEntry.id))).scalars().all()


async def tenures(tx: Tx, plan: str, posts: Sequence[Post]) -> list[Tenure]:
    """Return who held some posts, and from when to when, oldest first."""
    statement = (
        select(Member.name, Holder.post, Holder.since_at, Holder.until_at)
        .join(Member, Member.id == Holder.member_id)
        .where(Holder.plan == plan, Holder.post.in_([str(post) for post in posts]))
        .order_by(Holder.since_at, Holder.id)
    )
    return [Tenure(name, Post.parse(post), since, until) for name, post, since, until in await tx.execute(statement)]
