"""Members: the roster, their ids on platforms, the posts they hold, and how they come in."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from bot.domain.members import Post, Standpoint
from bot.storage import absences
from bot.storage.engine import Tx
from bot.storage.prepared import Prepared, object_of
from bot.storage.tables import BindCode, Holder, Identity, Inbox, Member

# Posts that several hold at once.
SHARED = ("office", "staff")
CODE_LIFE = timedelta(days=14)


async def find_by_identity(tx: Tx, platform: str, external_id: str) -> Member | None:
    """Return the member a platform's person id belongs to."""
    statement = select(Member).join(Identity).where(Identity.platform == platform, Identity.external_id == external_id)
    return (await tx.execute(statement)).scalar_one_or_none()


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks: the member, and where he stands in each plan in which he holds a post."""

    member: Member
    standpoints: Mapping[str, Standpoint]


_speaker = Prepared(
    select(*Member.__table__.c, Holder.plan, Holder.post)
    .select_from(Identity)
    .join(Member, Member.id == Identity.member_id)
    .outerjoin(Holder, (Holder.member_id == Member.id) & Holder.until_at.is_(None))
    .where(Identity.platform == bindparam("platform"), Identity.external_id == bindparam("external_id"))
    .order_by(Holder.id)
)


async def find_speaker(tx: Tx, platform: str, external_id: str, day: date) -> Speaker | None:
    """Return whose person id it is, with his posts and the units he stands in for on a day; None when nobody's."""
    rows = await _speaker(tx, platform=platform, external_id=external_id)
    if not rows:
        return None
    member = object_of(Member, rows[0][:-2])
    posts: dict[str, list[Post]] = {}
    for *_, plan, post in rows:
        if plan is not None:
            posts.setdefault(plan, []).append(Post.parse(post))
    for plan, unit in await absences.stood_in_for(tx, member.id, day):
        posts.setdefault(plan, []).append(Post("deputy", unit))
    return Speaker(member, {plan: Standpoint(tuple(held)) for plan, held in posts.items()})


_number_of = Prepared(
    select(Identity.member_id).where(
        Identity.platform == bindparam("platform"), Identity.external_id == bindparam("external_id")
    )
)


async def number_of(tx: Tx, platform: str, external_id: str) -> int | None:
    """Return the number of the member a person id belongs to."""
    found = await _number_of(tx, platform=platform, external_id=external_id)
    return int(found[0][0]) if found else None


async def get(tx: Tx, member_id: int) -> Member | None:
    return await tx.get(Member, member_id)


async def find_in_roster(tx: Tx, name: str, department: str, mobile: str | None) -> Member | None:
    """Return the roster's member by mobile, else by name and department."""
    if mobile:
        found = (await tx.execute(select(Member).where(Member.mobile == mobile))).scalar_one_or_none()
        if found is not None:
            return found
    statement = select(Member).where(Member.name == name, Member.department == department)
    if mobile:
        # A namesake with another mobile is another person.
        statement = statement.where(Member.mobile.is_(None))
    return (await tx.execute(statement)).scalars().first()


async def put(tx: Tx, name: str, department: str, mobile: str | None, now: datetime) -> tuple[Member, bool]:
    """Add a member or bring the roster's one up to date; return it and whether it is new."""
    found = await find_in_roster(tx, name, department, mobile)
    if found is None:
        member = Member(name=name, department=department, mobile=mobile, created_at=now)
        tx.add(member)
        await tx.flush()
        return member, True
    found.name, found.department = name, department
    found.mobile = mobile or found.mobile
    return found, False


async def identify(tx: Tx, member_id: int, platform: str, external_id: str) -> None:
    """Tie a member to a platform's person id, replacing what either was tied to before."""
    await tx.execute(
        delete(Identity).where(
            Identity.platform == platform,
            (Identity.external_id == external_id) | (Identity.member_id == member_id),
        )
    )
    tx.add(Identity(member_id=member_id, platform=platform, external_id=external_id))
    await tx.flush()


async def give_post(tx: Tx, plan: str, post: Post, member_id: int, now: datetime, grade: str = "") -> None:
    """Let a member hold a post from now on. A contact or leader takes over; office and staff may be several."""
    held = select(Holder.id).where(
        Holder.plan == plan, Holder.post == str(post), Holder.member_id == member_id, Holder.until_at.is_(None)
    )
    if post.role not in SHARED:
        await tx.execute(
            update(Holder)
            .where(
                Holder.plan == plan,
                Holder.post == str(post),
                Holder.until_at.is_(None),
                Holder.member_id != member_id,
            )
            .values(until_at=now)
        )
    if (await tx.execute(held)).first() is None:
        tx.add(Holder(plan=plan, post=str(post), member_id=member_id, since_at=now, grade=grade))
        await tx.flush()
    elif grade:
        await tx.execute(update(Holder).where(Holder.id.in_(held)).values(grade=grade))


@dataclass(frozen=True)
class Staff:
    """Somebody on a unit's staff, with the grade a quota may speak of."""

    member_id: int
    name: str
    unit: str
    grade: str


async def staff(tx: Tx, plan: str, unit: str = "") -> list[Staff]:
    """Return who is on the staff of a unit (of all when empty), in order of entry."""
    statement = (
        select(Member.id, Member.name, Holder.post, Holder.grade)
        .join(Holder, Holder.member_id == Member.id)
        .where(Holder.plan == plan, Holder.post.startswith("staff:"), Holder.until_at.is_(None))
        .order_by(Holder.id)
    )
    found = [Staff(i, name, Post.parse(post).scope, grade) for i, name, post, grade in await tx.execute(statement)]
    return [person for person in found if unit in ("", person.unit)]


async def leave_post(tx: Tx, plan: str, post: Post, member_id: int, now: datetime) -> None:
    """End a member's tenure of a post; what was done in it stays."""
    await tx.execute(
        update(Holder)
        .where(
            Holder.plan == plan,
            Holder.post == str(post),
            Holder.member_id == member_id,
            Holder.until_at.is_(None),
        )
        .values(until_at=now)
    )


async def find_named(tx: Tx, name: str) -> Sequence[Member]:
    """Return everybody of that name."""
    return (await tx.execute(select(Member).where(Member.name == name).order_by(Member.id))).scalars().all()


async def standpoint(tx: Tx, plan: str, member_id: int, day: date | None = None) -> Standpoint:
    """Return the posts a member holds in a plan; with a day, the units he stands in for too."""
    statement = (
        select(Holder.post)
        .where(Holder.plan == plan, Holder.member_id == member_id, Holder.until_at.is_(None))
        .order_by(Holder.id)
    )
    posts = [Post.parse(post) for post in (await tx.execute(statement)).scalars()]
    stood_in = await absences.stood_in_for(tx, member_id, day) if day else ()
    return Standpoint((*posts, *(Post("deputy", unit) for in_plan, unit in stood_in if in_plan == plan)))


async def plans_of(tx: Tx, member_id: int, day: date | None = None) -> Sequence[str]:
    """Return the keys of the plans in which a member holds a post, or with a day stands in for somebody."""
    statement = select(Holder.plan).where(Holder.member_id == member_id, Holder.until_at.is_(None)).distinct()
    held = (await tx.execute(statement)).scalars().all()
    stood_in = await absences.stood_in_for(tx, member_id, day) if day else ()
    return list(dict.fromkeys((*held, *(plan for plan, _ in stood_in))))


async def holders(tx: Tx, plan: str) -> dict[Post, list[Member]]:
    """Return who holds which post of a plan today."""
    statement = (
        select(Holder.post, Member)
        .join(Member, Member.id == Holder.member_id)
        .where(Holder.plan == plan, Holder.until_at.is_(None))
        .order_by(Holder.id)
    )
    found: dict[Post, list[Member]] = {}
    for post, member in await tx.execute(statement):
        found.setdefault(Post.parse(post), []).append(member)
    return found


async def identities(tx: Tx, member_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return each member's ids by platform."""
    found: dict[int, dict[str, str]] = {}
    statement = select(Identity).where(Identity.member_id.in_(list(member_ids)))
    for identity in (await tx.execute(statement)).scalars():
        found.setdefault(identity.member_id, {})[identity.platform] = identity.external_id
    return found


async def unbound(tx: Tx) -> Sequence[Member]:
    """Return the members without an id on any platform."""
    bound = select(Identity.member_id)
    # Staff who hold no other post are spoken of, not spoken to.
    speaking = select(Holder.member_id).where(Holder.until_at.is_(None), Holder.post.not_like("staff:%"))
    staff_only = select(Holder.member_id).where(Holder.post.like("staff:%"), Holder.member_id.not_in(speaking))
    statement = (
        select(Member)
        .where(Member.id.not_in(bound), Member.id.not_in(staff_only))
        .order_by(Member.department, Member.name)
    )
    return (await tx.execute(statement)).scalars().all()


def _digest(code: str) -> str:
    return hashlib.sha256(f"bind:{code}".encode()).hexdigest()


async def put_bind_code(tx: Tx, member_id: int, code: str, now: datetime) -> None:
    """Keep a fresh one-time code for a member; older unused ones stop working."""
    await tx.execute(delete(BindCode).where(BindCode.member_id == member_id, BindCode.used_at.is_(None)))
    tx.add(BindCode(digest=_digest(code), member_id=member_id, expires_at=now + CODE_LIFE))


async def holding_codes(tx: Tx, now: datetime) -> set[int]:
    """Return the members who were given a code that still works."""
    statement = select(BindCode.member_id).where(BindCode.used_at.is_(None), BindCode.expires_at > now)
    return set((await tx.execute(statement)).scalars())


async def use_bind_code(tx: Tx, code: str, now: datetime) -> Member | None:
    """Spend a code; return its member, or None when it is unknown, used or expired."""
    statement = (
        update(BindCode)
        .where(BindCode.digest == _digest(code), BindCode.used_at.is_(None), BindCode.expires_at > now)
        .values(used_at=now)
        .returning(BindCode.member_id)
    )
    member_id = (await tx.execute(statement)).scalar_one_or_none()
    return None if member_id is None else await tx.get(Member, member_id)


async def failed_binds(tx: Tx, platform: str, sender: str, since: datetime) -> int:
    """Count a sender's wrong codes since a moment, so that codes cannot be guessed."""
    statement = (
        select(func.count())
        .select_from(Inbox)
        .where(
            Inbox.platform == platform,
            Inbox.sender == sender,
            Inbox.received_at > since,
            Inbox.outcome == "bind_refused",
        )
    )
    return (await tx.execute(statement)).scalar_one()


async def choose_plan(tx: Tx, member_id: int, plan: str) -> None:
    """Remember which plan a member means in private."""
    await tx.execute(update(Member).where(Member.id == member_id).values(current_plan=plan))


async def give_sandbox_ids(tx: Tx) -> None:
    """Let everybody in the roster be played in the sandbox, under an id that tells the posts."""
    known = select(Identity.member_id).where(Identity.platform == "sandbox")
    statement = select(Member).where(Member.id.not_in(known))
    for member in (await tx.execute(statement)).scalars().all():
        tx.add(Identity(member_id=member.id, platform="sandbox", external_id=f"member-{member.id}"))
