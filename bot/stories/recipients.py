"""Addressing: which platform a member is reached on, and outbox rows for members, offices and groups."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages.message import Message, to_json
from bot.storage import absences, members, outbox
from bot.storage.engine import Tx
from bot.storage.tables import Absence, Member

OFFICE = Post("office")
LATE_AFTER = timedelta(minutes=30)
CLEAR_S = 10


async def rows_for(
    tx: Tx, world: World, plan: Plan, keys: Mapping[int, str], common: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return one outbox row for each member of `keys` (member id → outbox key).

    A member is reached on the platform of the plan's groups where possible. Whoever has no account yet gets a row
    all the same: it fails with a reason, and the office is told.
    """
    preferred = [group.platform for group in world.groups_of(plan)]
    ids = await members.identities(tx, keys)
    rows = []
    for member_id, key in keys.items():
        known = ids.get(member_id, {})
        platform = next((name for name in preferred if name in known), next(iter(known), (preferred or [""])[0]))
        rows.append(
            {
                **common,
                "key": key,
                "plan": plan.key,
                "member_id": member_id,
                "platform": platform,
                "external_id": known.get(platform, ""),
            }
        )
    return rows


async def put(tx: Tx, world: World, plan: Plan, keys: Mapping[int, str], common: Mapping[str, Any]) -> None:
    """Put one row to each member of `keys`; a key keeps its row single."""
    await outbox.put_many(tx, await rows_for(tx, world, plan, keys, common))


async def office_of(tx: Tx, plan: Plan) -> list[Member]:
    """Return the office persons of a plan."""
    return (await members.holders(tx, plan.key)).get(OFFICE, [])


async def tell(tx: Tx, world: World, plan: Plan, post: Post, key: str, common: Mapping[str, Any]) -> None:
    """Put one row to everybody who holds a post; the key keeps it single. `common` is as for `rows_for`."""
    held = (await members.holders(tx, plan.key)).get(post, [])
    await put(tx, world, plan, {member.id: f"{key}:m{member.id}" for member in held}, common)


def notice(plan: Plan, now: datetime, message: Message | None, **composed: str) -> dict[str, Any]:
    """Return what the rows of a notice have in common.

    Without a text, `composed` holds the `kind` of its composer and what that needs.
    """
    return {
        "kind": composed.get("kind", "notice"),
        "message": to_json(message) if message else None,
        "subject": {"plan": plan.key, **composed},
        "urgent": outbox.URGENT,
        "not_before": now,
    }


async def tell_office(
    tx: Tx, world: World, plan: Plan, key: str, now: datetime, message: Message | None = None, **composed: str
) -> None:
    """Put a message to every office person; the key keeps it single."""
    await tell(tx, world, plan, OFFICE, key, notice(plan, now, message, **composed))


async def tell_member(tx: Tx, world: World, plan: Plan, member_id: int, key: str, common: Mapping[str, Any]) -> None:
    """Put one row to one person."""
    await put(tx, world, plan, {member_id: key}, common)


def contacts_by_unit(plan: Plan, holders: Mapping[Post, list[Member]]) -> dict[str, Member]:
    """Return each unit's contact: the one appointed last, so that a unit is asked once; the office's for its own."""
    contacts = {post.scope: held[-1] for post, held in holders.items() if post.role == "contact"}
    if held := holders.get(OFFICE):
        contacts.setdefault(plan.receiver, held[0])
    return contacts


@dataclass(frozen=True)
class Contacts:
    """Who is asked for each unit on a day: its contact, or who stands in for him; `away` has nobody in his place."""

    by_unit: dict[str, Member]
    away: dict[str, Absence]

    def why_silent(self, unit: str) -> str:
        """Say why nobody is asked for a unit."""
        return "联络员请假" if unit in self.away else "没有联络员"


async def contacts_on(tx: Tx, plan: Plan, day: date) -> Contacts:
    """Return who is asked for each unit of a plan on a day."""
    holders = await members.holders(tx, plan.key)
    deputies = {post.scope: held[-1] for post, held in holders.items() if post.role == "deputy"}
    found, away = contacts_by_unit(plan, holders), {}
    for unit, absence in (await absences.away_on(tx, plan.key, day)).items():
        if unit not in found or found[unit].id != absence.member_id:
            continue
        del found[unit]
        named = await members.get(tx, absence.deputy_id) if absence.deputy_id else None
        if named is not None:
            found[unit] = named
        elif unit not in deputies:
            away[unit] = absence
    return Contacts({**deputies, **found}, away)


@dataclass(frozen=True)
class Slot:
    """When something due is sent. Its day names the message, so that a receiver gets one a day."""

    at: datetime
    late: bool

    def on(self, day: date) -> "Slot":
        return replace(self, at=self.at + (day - self.at.date()))

    def times(self, world: World, key: str) -> dict[str, Any]:
        """Return a row's time and expiry; sends spread over the first minutes, the same for every retry of a key."""
        spread_s = world.policy.spread_s
        # Not in the first seconds: at the full and the half hour platforms throttle everybody.
        clear_s = min(CLEAR_S, spread_s // 2)
        delay = timedelta(seconds=clear_s + zlib.crc32(key.encode()) % max(1, spread_s - clear_s))
        return {"not_before": self.at + delay, "expires_at": expiry(world, self.at)}


def slot_of(world: World, at: datetime, now: datetime) -> Slot:
    """Return when to send what was due at `at`: then, or after a standstill at the usual time of a working day."""
    if now - at <= LATE_AFTER:
        return Slot(at, False)
    return Slot(world.policy.next_sending(now, world.workdays), True)


def expiry(world: World, at: datetime) -> datetime:
    """Return when a message due at `at` is too old to be sent."""
    return at + timedelta(hours=world.policy.catch_up_hours)


def unit_names(units: Iterable[str], plan: Plan) -> tuple[str, ...]:
    """Return units in the plan's order."""
    wanted = set(units)
    return tuple(unit.name for unit in plan.units if unit.name in wanted)
