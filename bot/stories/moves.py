"""Posts that change hands on a day: who moves, who is told, and which unit is left without a contact."""

from datetime import datetime

from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages import moves as wording
from bot.storage import members, moves
from bot.storage.engine import Tx
from bot.stories.recipients import notice, tell_member, tell_office


async def make_due(tx: Tx, world: World, plan: Plan, now: datetime) -> bool:
    """Make the moves whose day has come; tell those who moved and the office. Return whether there were any."""
    today = world.policy.today(now)
    rows = await moves.due(tx, plan.key, today.isoformat())
    if not rows:
        return False
    await moves.make(tx, plan.key, rows, now)
    held = await members.holders(tx, plan.key)
    left = [Post.parse(str(row.data["from"])) for row in rows if row.data["from"]]
    bare = [post.scope for post in left if post.role == "contact" and post not in held]
    lines = [
        wording.line(str(row.data["name"]), _post(str(row.data["from"])), Post.parse(row.target.removeprefix("post:")))
        for row in rows
    ]
    start = world.policy.next_working_moment(now, world.workdays)
    await tell_office(tx, world, plan, f"moves:{rows[0].id}", start, wording.made(lines, bare))
    for row in rows:
        to = Post.parse(row.target.removeprefix("post:"))
        if to.role != "staff":
            common = notice(plan, start, wording.welcome(str(row.data["name"]), to))
            await tell_member(tx, world, plan, int(row.data["member"]), f"moved:{row.id}", common)
    return True


def _post(text: str) -> Post | None:
    return Post.parse(text) if text else None


async def posts_in(tx: Tx, plan: Plan, unit: str, name: str) -> list[tuple[int, Post]]:
    """Return (member id, post) of everything somebody of that name holds in a unit."""
    return [
        (member.id, post)
        for post, held in (await members.holders(tx, plan.key)).items()
        for member in held
        if post.scope == unit and member.name == name
    ]
