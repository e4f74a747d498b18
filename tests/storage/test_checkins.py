"""Check-ins: numbered without gaps, the last word counts, and taking back restores the word before."""

import asyncio
from datetime import timedelta

from bot.storage import checkins
from bot.storage.checkins import Report, Said
from bot.storage.engine import Database, Tx
from bot.storage.tables import Checkin
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN

ITEM, UNIT = "S07", "思政科"


async def record(tx: Tx, percent: float | None, minute: int = 0, unit: str = UNIT, item: str = ITEM) -> Checkin:
    said = Said(item, percent, status="in_progress", sections={"problems": [f"{percent}"]})
    at = NOW + timedelta(minutes=minute)
    return await checkins.record(tx, Report(PLAN.key, unit, 1, None, at, f"{percent}%", (said,), {}))


async def figures(tx: Tx, item: str = ITEM) -> dict[str, float | None]:
    return {entry.unit: entry.percent for entry in await checkins.progress_of(tx, PLAN.key, [item])}


async def test_receipts_are_numbered_without_gaps_under_concurrent_records(db: Database) -> None:
    async def one(number: int) -> int:
        async with db.begin() as tx:
            return (await record(tx, number)).number

    assert sorted(await asyncio.gather(*map(one, range(12)))) == list(range(1, 13))


async def test_the_last_word_counts_and_one_without_a_figure_keeps_the_old_one(db: Database) -> None:
    async with db.begin() as tx:
        await record(tx, 30)
        await record(tx, 50, 1)
        await record(tx, None, 2)

        assert await figures(tx) == {UNIT: 50}


async def test_each_unit_of_a_joint_item_has_a_figure_of_its_own(db: Database) -> None:
    async with db.begin() as tx:
        await record(tx, 60, unit="督导科", item="S04")
        await record(tx, 80, unit="职成教科", item="S04")

        assert await figures(tx, "S04") == {"督导科": 60, "职成教科": 80}


async def test_taking_back_restores_the_figure_before_and_keeps_the_trace(db: Database) -> None:
    async with db.begin() as tx:
        await record(tx, 30)
        second = await record(tx, 50, 1)
        (entry,) = await checkins.retract(tx, second, 1, NOW)
        restored = await figures(tx)
        first = await checkins.latest(tx, PLAN.key, [UNIT])
        await checkins.retract(tx, first, 1, NOW)
        again = await checkins.retract(tx, first, 1, NOW)

        assert (entry.percent, restored, await figures(tx)) == (50, {UNIT: 30}, {})
        assert (first.number, again, await checkins.latest(tx, PLAN.key, [UNIT])) == (1, [], None)
    async with db.read() as tx:
        assert (await checkins.find(tx, PLAN.key, 2)).retracted_at == NOW


async def test_taking_back_an_older_word_leaves_the_newer_one(db: Database) -> None:
    async with db.begin() as tx:
        first = await record(tx, 30)
        await record(tx, 50, 1)
        await checkins.retract(tx, first, 1, NOW)

        assert await figures(tx) == {UNIT: 50}


async def test_one_items_last_word_can_be_taken_back_alone(db: Database) -> None:
    async with db.begin() as tx:
        await record(tx, 30)
        await record(tx, 50, 1)
        entry = await checkins.retract_item(tx, PLAN.key, ITEM, UNIT, NOW)

        assert (entry.percent, await figures(tx)) == (50, {UNIT: 30})
        assert await checkins.retract_item(tx, PLAN.key, "S99", UNIT, NOW) is None


async def test_the_sections_said_last_are_found(db: Database) -> None:
    async with db.begin() as tx:
        await record(tx, 30)
        await record(tx, 50, 1)

        assert await checkins.last_sections(tx, PLAN.key, ITEM, UNIT) == {"problems": ["50"]}
        assert await checkins.last_sections(tx, PLAN.key, ITEM, "督导科") == {}
