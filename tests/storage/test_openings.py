"""Opening figures count until somebody reports, and again when the report is taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.plans import Opening
from bot.storage import checkins, plans, standings
from bot.storage.checkins import Report, Said
from bot.storage.engine import Database, Tx
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN

ITEM, UNIT = "S07", "思政科"
OPENED = replace(
    PLAN,
    items=tuple(
        replace(item, opening=Opening(60, date(2023, 3, 31))) if item.id == ITEM else item for item in PLAN.items
    ),
)


async def figure(tx: Tx) -> float | None:
    return (await standings.lowest_now(tx, PLAN.key)).get(ITEM)


async def report(tx: Tx, percent: float | None) -> None:
    said = Said(ITEM, percent, status="in_progress")
    await checkins.record(tx, Report(PLAN.key, UNIT, 1, None, NOW, "", (said,), {}))


async def test_an_opening_counts_from_the_first_loading(db: Database) -> None:
    async with db.begin() as tx:
        await plans.load(tx, OPENED, NOW)
        assert await figure(tx) == 60
        (progress,) = await checkins.progress_of(tx, PLAN.key, [ITEM])
        assert (progress.entry_id, progress.status) == (None, "in_progress")


async def test_loading_again_leaves_what_was_reported(db: Database) -> None:
    async with db.begin() as tx:
        await plans.load(tx, OPENED, NOW)
        await report(tx, 80)
        await plans.load(tx, OPENED, NOW)
        assert await figure(tx) == 80


async def test_words_without_a_figure_keep_the_opening(db: Database) -> None:
    async with db.begin() as tx:
        await plans.load(tx, OPENED, NOW)
        await report(tx, None)
        assert await figure(tx) == 60


async def test_a_report_taken_back_leaves_the_opening(db: Database) -> None:
    async with db.begin() as tx:
        await plans.load(tx, OPENED, NOW)
        await report(tx, 80)
        taken = await checkins.latest(tx, PLAN.key, [UNIT])
        assert taken is not None
        await checkins.retract(tx, taken, 1, NOW)
        assert await figure(tx) == 60


async def test_a_past_table_knows_the_opening_from_its_day_on(db: Database) -> None:
    async with db.begin() as tx:
        await plans.load(tx, OPENED, NOW)
        before = await standings.lowest_at(tx, PLAN.key, datetime(2023, 3, 30, tzinfo=UTC))
        after = await standings.lowest_at(tx, PLAN.key, datetime(2023, 4, 1, tzinfo=UTC))
        assert (before, after) == ({}, {ITEM: 60})


async def test_an_opening_corrected_in_the_file_counts_as_corrected(db: Database) -> None:
    async with db.begin() as tx:
        await plans.load(tx, OPENED, NOW)
        await plans.load(tx, PLAN, NOW)
        assert await figure(tx) is None
