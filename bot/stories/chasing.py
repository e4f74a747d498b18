"""Chasing who is missing, privately and at most once a day, because the office asks for it."""

from datetime import datetime

from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages.reminding import Chased
from bot.storage import members, outbox, rounds
from bot.storage.engine import Tx
from bot.storage.tables import RoundRow
from bot.stories.recipients import contacts_on, expiry, put, unit_names

STEP = "chase"


async def chase(tx: Tx, world: World, plan: Plan, unit: str | None, now: datetime) -> Chased:
    """Put a nudge for every unit (or one) that owes a round whose asking has begun."""
    today = world.policy.today(now)
    start = world.policy.next_working_moment(now, world.workdays)
    step = f"{STEP} {today}"
    contacts = (await contacts_on(tx, plan, start.date())).by_unit
    owing: dict[str, list[RoundRow]] = {}
    for row in await _open_rounds(tx, world, plan, now):
        for owed in (await rounds.units_of(tx, [row.id])).get(row.id, []):
            if owed.handed_in_at is None and owed.excused_at is None and unit in (None, owed.unit):
                owing.setdefault(owed.unit, []).append(row)
    units = unit_names(owing, plan)
    asked = await outbox.contacts_asked_on(tx, f"{today:%Y-%m-%d}")
    already = tuple(u for u in units if u in contacts and contacts[u].id in asked)
    bound = await members.identities(tx, [contacts[u].id for u in units if u in contacts])
    fresh = tuple(u for u in units if u in contacts and contacts[u].id not in asked and contacts[u].id in bound)
    # The second of the day to somebody the first did not reach needs a key of its own.
    keys = {contacts[u].id: f"ask:{today:%Y-%m-%d}:m{contacts[u].id}:chase {now:%H%M%S%f}" for u in fresh}
    common = {"kind": "ask", "not_before": start, "expires_at": expiry(world, start), "subject": {"chase": True}}
    await put(tx, world, plan, keys, common)
    ids = await outbox.open_ids(tx, keys.values())
    for u in fresh:
        for row in owing[u]:
            await rounds.put_ask(tx, row.id, u, step, ids[keys[contacts[u].id]])
    without = tuple(u for u in units if u not in contacts or contacts[u].id not in bound)
    return Chased(fresh, already, without, start, world.policy.local(now))


async def _open_rounds(tx: Tx, world: World, plan: Plan, now: datetime) -> list[RoundRow]:
    """Return, of each report, the newest round that has been asked for."""
    today = world.policy.today(now)
    found: dict[str, RoundRow] = {}
    for round_ in world.rounds_of(plan):
        if not round_.duty.asks_units or round_.opens_on > today:
            continue
        row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
        if row is not None:
            found[round_.duty.id] = row
    return list(found.values())
