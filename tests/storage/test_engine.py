"""Units of work: any statement, one commit for many, a fault of one is nobody else's, nothing but the transaction."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from bot.storage import plans
from bot.storage.engine import Database, Tx
from bot.storage.tables import Lease
from tests.core.conftest import NOW
from tests.core.houses import rows
from tests.storage.conftest import PLAN


async def test_a_unit_may_run_any_statement(db: Database) -> None:
    async def unit(tx: Tx) -> tuple[object, ...]:
        plain = (await tx.execute(text("SELECT 1"))).scalar_one()
        calculated = (await tx.execute(select(func.abs(-2)))).scalar_one()
        return plain, calculated, (await tx.scalars(select(Lease))).all()

    assert await db.write(unit) == (1, 2, [])


async def test_a_fault_of_one_unit_undoes_it_alone(db: Database) -> None:
    async def good(tx: Tx) -> int:
        return await plans.next_receipt(tx, PLAN.key)

    async def bad(tx: Tx) -> None:
        await plans.next_receipt(tx, PLAN.key)
        raise ZeroDivisionError

    async def doubled(tx: Tx) -> None:
        await plans.next_receipt(tx, PLAN.key)
        for _ in range(2):
            tx.add(Lease(name="l", holder="h", until_at=NOW))
            await tx.flush()
            tx.expunge_all()

    results = await asyncio.gather(
        *(db.write(unit) for unit in (good, bad, good, doubled, good)), return_exceptions=True
    )

    assert [type(result) for result in results] == [int, ZeroDivisionError, int, IntegrityError, int]
    assert {result for result in results if isinstance(result, int)} == {1, 2, 3}
    assert await rows(db, "SELECT count(*) FROM leases") == [(0,)]


async def test_a_unit_that_waits_for_something_else_is_told_so(db: Database) -> None:
    async def unit(tx: Tx) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="awaits nothing but its transaction"):
        await db.write(unit)
