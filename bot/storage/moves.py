"""Changes of who holds which post that are to come: kept with the plan's changes until their day."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.members import Post
from bot.storage import changes, members, rounds
from bot.storage.engine import Tx
from bot.storage.tables import ChangeRow

MOVE = "move"


async def plan(tx: Tx, plan: str, post: Post, data: dict[str, str | int], by: changes.By) -> None:
    """Keep a move to a post: `member`, `name`, `from` (the post left, or ''), `on` (the ISO day it takes effect)."""
    row = ChangeRow(plan=plan, target=f"post:{post}", action=MOVE, data=data, reason=by.reason)
    row.member_id, row.changed_at = by.member_id, by.at
    tx.add(row)
    await tx.flush()


async def due(tx: Tx, plan: str, today: str) -> list[ChangeRow]:
    """Return the moves whose day has come and that were not made yet, in the order they were ordered."""
    rows = [row for row in await changes.of_plan(tx, plan) if row.action == MOVE and str(row.data["on"]) <= today]
    done = await rounds.occasions_done(tx, plan) if rows else set()
    return [row for row in rows if _mark(row) not in done]


async def make(tx: Tx, plan: str, rows: Sequence[ChangeRow], at: datetime) -> None:
    """Make moves: everybody leaves first, then everybody arrives, so that two may change places."""
    for row in rows:
        await rounds.put_occasion(tx, plan, _mark(row), at, "made")
        if row.data["from"]:
            await members.leave_post(tx, plan, Post.parse(str(row.data["from"])), int(row.data["member"]), at)
    for row in rows:
        await members.give_post(tx, plan, Post.parse(row.target.removeprefix("post:")), int(row.data["member"]), at)


def _mark(row: ChangeRow) -> str:
    return f"move:{row.id}"
