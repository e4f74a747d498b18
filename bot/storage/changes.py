"""Changes of plans: kept one by one, and brought into force in this process before anything is done with a plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.changes import Change
from bot.domain.world import World
from bot.storage import plans
from bot.storage.engine import Tx
from bot.storage.tables import ChangeRow


async def refresh(tx: Tx, world: World) -> None:
    """Bring into force what this or another process has changed since; one query where nothing has."""
    statement = select(ChangeRow.plan, func.max(ChangeRow.id)).group_by(ChangeRow.plan)
    newest: dict[str, int] = dict((await tx.execute(statement)).tuples().all())
    for key in world.files:
        if newest.get(key, 0) != world.revisions.get(key, 0):
            changes = [Change(row.target, row.action, row.data) for row in await of_plan(tx, key)]
            world.amend(key, changes, newest.get(key, 0))


async def put(
    tx: Tx,
    world: World,
    plan: str,
    target: str,
    action: str,
    data: Mapping[str, Any],
    by: tuple[int | None, datetime],
    reason: str = "",
) -> None:
    """Keep one change and bring it into force; `by` is who made it (a member's id) and when."""
    member_id, now = by
    tx.add(
        ChangeRow(
            plan=plan,
            target=target,
            action=action,
            data=dict(data),
            reason=reason,
            member_id=member_id,
            changed_at=now,
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
