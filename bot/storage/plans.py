"""Plans: what is served, since when, and who leads which item."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy import bindparam, delete, select, update

from bot.domain.plans import Plan
from bot.storage.engine import Tx, insert_new
from bot.storage.prepared import Prepared
from bot.storage.tables import Owner, PlanRow, Progress

_next_receipt = Prepared(
    update(PlanRow)
    .where(PlanRow.key == bindparam("plan"))
    .values(last_receipt=PlanRow.last_receipt + 1)
    .returning(PlanRow.last_receipt)
)


async def load(tx: Tx, plan: Plan, now: datetime) -> None:
    """Record a served plan and its owners; loading again changes only the owners."""
    await tx.execute(insert_new(tx, PlanRow).values(key=plan.key, loaded_at=now, last_receipt=0))
    await renew_owners(tx, plan)


async def renew_owners(tx: Tx, plan: Plan) -> None:
    """Note who leads which live item of a plan as it is in force, and what each stood at when it was brought in."""
    await tx.execute(delete(Owner).where(Owner.plan == plan.key))
    await tx.execute(delete(Progress).where(Progress.plan == plan.key, Progress.entry_id.is_(None)))
    owners = [
        {
            "plan": plan.key,
            "unit": unit,
            "item": item.id,
            "list_key": item.list_key,
            "opening": item.opening.percent if item.opening else None,
            "opening_on": item.opening.on if item.opening else None,
        }
        for item in plan.live_items
        for unit in item.units
    ]
    if owners:
        await tx.execute(insert_new(tx, Owner), owners)
    await open_progress(tx, plan.key)


async def open_progress(tx: Tx, plan: str, item: str | None = None, unit: str | None = None) -> None:
    """Let the opening figures of a plan, or of one item and unit, count where no entry says anything."""
    opened: list[dict[str, object]] = [
        {
            "plan": plan,
            "item": owner.item,
            "unit": owner.unit,
            "percent": owner.opening,
            "status": "done" if owner.opening == 100 else "in_progress" if owner.opening else "not_started",
            "detail": {},
            # Noon in the plan's country: the day is the same whatever the zone.
            "updated_at": datetime.combine(owner.opening_on, time(4), UTC),
        }
        for owner in await _openings(tx, plan)
        if owner.opening_on is not None and item in (None, owner.item) and unit in (None, owner.unit)
    ]
    if opened:
        await tx.execute(insert_new(tx, Progress), opened)


async def _openings(tx: Tx, plan: str) -> Sequence[Owner]:
    statement = select(Owner).where(Owner.plan == plan, Owner.opening.is_not(None))
    return (await tx.execute(statement)).scalars().all()


async def loaded_at(tx: Tx, plan: str) -> datetime | None:
    """Return since when a plan is served; nothing older is chased."""
    return await tx.scalar(select(PlanRow.loaded_at).where(PlanRow.key == plan))


async def paused_at(tx: Tx, plan: str) -> datetime | None:
    """Return since when a plan's messages are stopped; None while they go out."""
    return await tx.scalar(select(PlanRow.paused_at).where(PlanRow.key == plan))


async def pause(tx: Tx, plan: str, at: datetime | None) -> None:
    """Stop a plan's messages, or let them go out again (None)."""
    await tx.execute(update(PlanRow).where(PlanRow.key == plan).values(paused_at=at))


async def next_receipt(tx: Tx, plan: str) -> int:
    """Give the plan's next receipt number; gaps appear only when the transaction is rolled back."""
    ((number,),) = await _next_receipt(tx, plan=plan)
    return int(number)
