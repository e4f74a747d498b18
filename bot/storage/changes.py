"""Changes of plans: kept one by one, and brought into force in this process before anything is done with a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.changes import Change
from bot.domain.world import World
from bot.storage import plans
from bot.storage.engine import Tx
from bot.storage.prepared import Prepared
from bot.storage.tables import ChangeRow

_newest = Prepared(select(ChangeRow.plan, func.max(ChangeRow.id)).group_by(ChangeRow.plan))


async def refresh(tx: Tx, world: World) -> None:
    """Bring into force what this or another process has changed since; one query where nothing has."""
    newest: dict[str, int] = dict(await _newest(tx))
    for key in world.files:
        if newest.get(key, 0) != world.revisions.get(key, 0):
            changes = [Change(row.target, row.action, row.data) for row in await of_plan(tx, key)]
            world.amend(key, changes, newest.get(key, 0))


async def load_plans(tx: Tx, world: World, now: datetime) -> None:
    """Record the plans served and bring their changes into force; what a start of the program does."""
    for plan in world.plans:
        await plans.load(tx, plan, now)
    await refresh(tx, world)
    for key in world.revisions:
        await plans.renew_owners(tx, world.plan(key))


@dataclass(frozen=True)
class By:
    """Who makes a change (a member's id), when, and why."""

    member_id: int | None
    at: datetime
    reason: str = ""


async def put(tx: Tx, world: World, plan: str, change: Change, by: By) -> None:
    """Keep one change and bring it into force."""
    tx.add(
        ChangeRow(
            plan=plan,
            target=change.target,
            action=change.action,
            data=dict(change.data),
            reason=by.reason,
            member_id=by.member_id,
            changed_at=by.at,
        )
    )
    await tx.flush()
    await refresh(tx, world)
    await plans.renew_owners(tx, world.plan(plan))


async def of_plan(tx: Tx, plan: str) -> Sequence[ChangeRow]:
    return (await tx.execute(select(ChangeRow).where(ChangeRow.plan == plan).order_by(ChangeRow.id))).scalars().all()


async def of_target(tx: Tx, plan: str, target: str) -> Sequence[ChangeRow]:
    """Return the changes of one item, duty or quota, oldest first."""
    statement = select(ChangeRow).where(ChangeRow.plan == plan, ChangeRow.target == target)
    return (await tx.execute(statement.order_by(ChangeRow.id))).scalars().all()
