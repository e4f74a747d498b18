"""Migrations lead to exactly the tables the program was written for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from bot.storage import plans, schema
from bot.storage.engine import Database
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN


async def test_migrating_leads_to_the_tables_and_once_is_enough(empty_url: str) -> None:
    database = Database(empty_url)
    newest = schema.newest_revision()
    first, second = await schema.migrate(database), await schema.migrate(database)
    differences = await schema.differences(database)
    await database.close()

    assert (first, second) == (("", newest), (newest, newest))
    assert differences == []


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.begin() as tx:
            await plans.next_receipt(tx, PLAN.key)
            raise ZeroDivisionError

    async with db.begin() as tx:
        assert await plans.next_receipt(tx, PLAN.key) == 1


async def test_what_a_reading_session_changes_is_not_kept(db: Database) -> None:
    async with db.read() as tx:
        await tx.execute(text("DELETE FROM owners"))
    async with db.read() as tx:
        left = (await tx.execute(text("SELECT count(*) FROM owners"))).scalar_one()

    assert left > 0


async def test_moments_come_back_in_utc_whatever_zone_they_had(db: Database) -> None:
    local = datetime(2023, 4, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    async with db.begin() as tx:
        await plans.load(tx, replace(PLAN, key="other"), local)
    async with db.read() as tx:
        found = await plans.loaded_at(tx, "other")

    assert (found, found.tzinfo) == (local, UTC)


async def test_a_moment_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="a naive datetime must not be stored"):
        async with db.begin() as tx:
            await plans.load(tx, replace(PLAN, key="other"), datetime(2023, 4, 24, 10, 0))


async def test_loading_a_plan_again_keeps_since_when_and_renews_its_owners(db: Database) -> None:
    async with db.begin() as tx:
        await plans.next_receipt(tx, PLAN.key)
        await plans.load(tx, PLAN, NOW + timedelta(days=1))
        assert await plans.loaded_at(tx, PLAN.key) == NOW
        assert await plans.next_receipt(tx, PLAN.key) == 2
