"""Filling the roster: persons, their accounts and posts, and a one-time code for whoever has no account yet."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.storage import members
from bot.storage.engine import Tx
from bot.storage.tables import Member

CODE_DIGITS = 8


@dataclass(frozen=True)
class Enrolled:
    """One person to enter: name, department, post (None: no post), mobile, ids by platform, grade (of staff)."""

    name: str
    department: str = ""
    post: Post | None = None
    mobile: str | None = None
    ids: Mapping[str, str] | None = None
    grade: str = ""


async def enrol(tx: Tx, plan: Plan, person: Enrolled, now: datetime) -> tuple[Member, bool]:
    """Enter one person, or bring the roster up to date; a new contact or leader takes over the post."""
    member, new = await members.put(tx, person.name, person.department, person.mobile, now)
    for platform, external_id in (person.ids or {}).items():
        await members.identify(tx, member.id, platform, external_id)
    if person.post is not None:
        await members.give_post(tx, plan.key, person.post, member.id, now, person.grade)
    return member, new


async def enrol_all(tx: Tx, plan: Plan, people: Iterable[Enrolled], now: datetime) -> tuple[int, int]:
    """Enter many; return how many are new and how many were known."""
    counts = [0, 0]
    for person in people:
        _, new = await enrol(tx, plan, person, now)
        counts[0 if new else 1] += 1
    return counts[0], counts[1]


async def fresh_code(tx: Tx, member: Member, now: datetime) -> str:
    """Make a one-time code for a member; the code itself is shown once and never stored."""
    code = "".join(str(secrets.randbelow(10)) for _ in range(CODE_DIGITS))
    await members.put_bind_code(tx, member.id, code, now)
    return code


async def codes_for_unbound(tx: Tx, now: datetime, *, renew: bool = False) -> list[tuple[Member, str]]:
    """Make a code for everybody without an account; who has a valid one keeps it ('') unless `renew`."""
    holding = set() if renew else await members.holding_codes(tx, now)
    return [
        (member, "" if member.id in holding else await fresh_code(tx, member, now))
        for member in await members.unbound(tx)
    ]
