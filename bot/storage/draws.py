"""Draws: kept with everything needed to repeat them."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from bot.storage.engine import Tx
from bot.storage.tables import DrawRow


async def put(tx: Tx, row: DrawRow) -> int:
    """Keep a draw; return its number."""
    tx.add(row)
    await tx.flush()
    return row.id


async def find(tx: Tx, plan: str, number: int) -> DrawRow | None:
    statement = select(DrawRow).where(DrawRow.plan == plan, DrawRow.id == number)
    return (await tx.execute(statement)).scalar_one_or_none()


async def times_drawn(tx: Tx, plan: str, register: str) -> Counter[str]:
    """Return how often each key came out of the draws of a register."""
    statement = select(DrawRow.drawn).where(DrawRow.plan == plan, DrawRow.register == register)
    drawn: Sequence[list[str]] = (await tx.execute(statement)).scalars().all()
    return Counter(str(key) for keys in drawn for key in keys)
