"""Which messages the office releases first: all of them on trial, and the first one into a new group where it is asked.

Answers, what the office itself posts, and what goes to the office never wait.
"""

from bot.domain.plans import Plan
from bot.domain.world import World
from bot.storage import reviews
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing
from bot.stories.recipients import office_of

FREE = ("reply", "published")


async def waits_for_release(tx: Tx, world: World, row: Outgoing) -> bool:
    """Tell whether a message may go out only when the office says so, and has not said so yet."""
    plan = world.by_key.get(row.plan)
    if plan is None or row.kind in FREE or row.subject.get("released"):
        return False
    if world.policy.mode == "trial":
        return not await _is_office(tx, plan, row)
    if world.policy.first_post == "send" or row.group_id is None:
        return False
    return not await reviews.has_posted(tx, plan.key, row.group_id)


async def _is_office(tx: Tx, plan: Plan, row: Outgoing) -> bool:
    return row.member_id is not None and row.member_id in {member.id for member in await office_of(tx, plan)}
