"""League table over a million check-ins, and reminders made due rows: beside the bare SQL in the same run.

`python -m benchmarks.tables`. Growth is the cost at ten times the load.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.storage import outbox, schema, standings
from bot.storage.engine import Database, Tx

NOW = datetime(2026, 4, 24, 1, 0, tzinfo=UTC)
UNITS = 2000
ITEMS = 20
ROUNDS = 5

CHECKINS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
INSERT INTO checkins (id, plan, number, unit, member_id, received_at, text)
SELECT i + 1, 'p', i + 1, 'u' || (i % :units), 1, '2026-04-01 00:00:00.000000', '' FROM n
"""
ENTRIES = """
INSERT INTO entries (id, checkin_id, plan, item, unit, percent, sections, because, detail)
SELECT id, id, 'p', 'S' || (id / :units % :items), unit, id % 101, '{}', '', '{}' FROM checkins
"""
PROGRESS = """
INSERT INTO progress (plan, item, unit, entry_id, percent, detail, updated_at)
SELECT plan, item, unit, max(id), percent, '{}', '2026-04-01 00:00:00.000000' FROM entries GROUP BY plan, item, unit
"""
MEMBER = "INSERT INTO members (id, name, department, current_plan, created_at) VALUES (1, 'a', '', '', '2026-01-01')"
WINDOW = """
SELECT item, unit, percent FROM (SELECT item, unit, percent, row_number() OVER
(PARTITION BY item, unit ORDER BY id DESC) AS place FROM entries WHERE plan = 'p') WHERE place = 1
"""
PLACES = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
INSERT INTO outbox (key, plan, kind, platform, external_id, route, subject, parts_sent, urgent, not_before, tries,
state, claimed_by, reason) SELECT 'floor' || i, 'p', 'ask', 'x', 'p' || i, '{}', '{}', 0, 1,
'2026-04-24 01:00:00.000000', 0, 'done', '', '' FROM n
"""


async def took(work: Callable[[], Awaitable[object]], times: int = ROUNDS) -> float:
    """Return the median time of some work in ms."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


async def league(db: Database) -> None:
    """Measure the figures of a league table on as many check-ins as there are."""

    async def product() -> None:
        async with db.read() as tx:
            found = await standings.figures_now(tx, "p")
            assert len(found) == UNITS * ITEMS

    async def floor() -> None:
        async with db.read() as tx:
            assert len((await tx.execute(text(WINDOW))).all()) == UNITS * ITEMS

    print(f"{'  window query over all entries':<44}{await took(floor, 3):>10.1f} ms")
    print(f"{'  last words of all items':<44}{await took(product):>10.1f} ms")


async def materialise(db: Database, many: int) -> None:
    """Measure reminders put into the outbox, and the bare INSERT … SELECT."""

    async def bare(tx: Tx) -> None:
        await tx.execute(text(PLACES), {"many": many})

    async def put(tx: Tx) -> None:
        common = {"kind": "ask", "plan": "p", "platform": "x", "not_before": NOW, "subject": {"late": False}}
        await outbox.put_many(tx, [common | {"key": f"k{many}:{n}", "external_id": f"p{n}"} for n in range(many)])

    floor = await took(lambda: db.write(bare), 1)
    longest = 0.0
    done = asyncio.Event()

    async def pulse() -> None:
        nonlocal longest
        while not done.is_set():
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, (time.perf_counter() - start) * 1000)

    beating = asyncio.create_task(pulse())
    spent = await took(lambda: db.write(put), 1)
    done.set()
    await beating
    name = f"materialise {many} reminders"
    ratio = f"bare {floor:.0f} ms, ratio {spent / floor:.1f}, the loop was kept {longest:.0f} ms"
    print(f"{name:<30}{spent:>10.0f} ms, {ratio}")


async def main() -> None:
    """Print the table."""
    for many in (100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            db = Database(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}")
            await schema.migrate(db)
            async with db.begin() as tx:
                await tx.execute(text(MEMBER))
                await tx.execute(text(CHECKINS), {"many": many, "units": UNITS})
                await tx.execute(text(ENTRIES), {"units": UNITS, "items": ITEMS})
                await tx.execute(text(PROGRESS))
            print(f"league table, {many} check-ins, {UNITS} units")
            await league(db)
            await materialise(db, many // 10)
            await db.close()


if __name__ == "__main__":
    asyncio.run(main())
