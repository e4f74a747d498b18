"""League table over a million check-ins, and reminders made due rows: beside the bare SQL in the same run.

`python -m benchmarks.tables`. Growth is the cost at ten times the load.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.documents.planfiles import load_plan
from bot.domain.plans import Item, Unit
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import World
from bot.storage import outbox, rounds, schema, standings
from bot.storage.engine import Database, Tx
from bot.stories.standings import board

NOW = datetime(2026, 4, 24, 1, 0, tzinfo=UTC)
UNITS = 2000
ITEMS = 20
ROUNDS = 5

CHECKINS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
INSERT INTO checkins (id, plan, number, unit, member_id, received_at, text)
SELECT i + 1, 'p', i + 1, 'u' || (i % :units), 1,
strftime('%Y-%m-%d 00:00:00.000000', '2026-01-01', '+' || (i * 200 / :many) || ' days'), '' FROM n
"""
ENTRIES = """
INSERT INTO entries (id, checkin_id, plan, item, unit, percent, sections, because, detail)
SELECT id, id, 'p', 'S' || (id / :units % :items), unit, id % 101, '{}', '', '{}' FROM checkins
"""
PROGRESS = """
INSERT INTO progress (plan, item, unit, entry_id, percent, detail, updated_at)
SELECT e.plan, item, e.unit, max(e.id), percent, '{}', received_at FROM entries e JOIN checkins c ON c.id = checkin_id
GROUP BY e.plan, item, e.unit
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


def world() -> World:
    """Return a plan of many units that lead all of its items together; the duties are those of a pack."""
    plan = load_plan("quanzhou-2023", 2026)
    league = next(duty for duty in plan.duties if duty.league)
    units = tuple(Unit(f"u{n}") for n in range(UNITS))
    names = tuple(unit.name for unit in units)
    items = tuple(Item(f"S{n}", league.list_key, n, f"item {n}", names) for n in range(ITEMS))
    plan = replace(plan, key="p", units=units, items=items, duties=(replace(league, units=names),))
    return World((plan,), Workdays({}), Policy(ZoneInfo("Asia/Shanghai")), ())


async def open_rounds(tx: Tx, served: World) -> None:
    """Open the year's rounds up to now; every second unit was on time."""
    plan = served.plans[0]
    for found in served.rounds_of(plan):
        if served.policy.start_of(found.opens_on) <= NOW:
            await rounds.open_round(tx, plan, found, served.policy, NOW)
    await tx.execute(text("UPDATE round_units SET handed_in_at = '2026-01-02 00:00:00.000000' WHERE rowid % 2"))


async def league(db: Database, served: World) -> None:
    """Measure the whole league table, of now and of two months ago, on as many check-ins as there are."""
    plan = served.plans[0]

    async def table(period: str | None) -> None:
        async with db.read() as tx:
            assert len((await board(tx, served, plan, NOW, period)).standings) == UNITS

    async def figures() -> None:
        async with db.read() as tx:
            assert len(await standings.lowest_now(tx, "p")) == ITEMS

    async def on_time() -> None:
        async with db.read() as tx:
            assert len(await standings.on_time_counts(tx, "p", [plan.duties[0].id], NOW.date())) == UNITS

    async def floor() -> None:
        async with db.read() as tx:
            assert len((await tx.execute(text(WINDOW))).all()) == UNITS * ITEMS

    await table(None)
    past = served.rounds_of(plan)[1].period.key
    await row("window query over all entries", floor, 1)
    await row("the table of now, counted and ranked", lambda: table(None))
    await row(f"the table of {past}", lambda: table(past))
    await row("  of it: the figures of now", figures)
    await row("  of it: who was on time", on_time)


async def row(name: str, work: Callable[[], Awaitable[object]], times: int = ROUNDS) -> None:
    """Print the time some work took, and the processor's time of it."""
    before = time.process_time()
    spent = await took(work, times)
    print(f"  {name:<42}{spent:>10.1f} ms{(time.process_time() - before) * 1000 / times:>10.1f} ms CPU", flush=True)


async def materialise(db: Database, many: int) -> None:
    """Measure reminders put into the outbox, and the bare INSERT … SELECT."""

    async def bare(tx: Tx) -> None:
        await tx.execute(text(PLACES), {"many": many})

    async def put(tx: Tx) -> None:
        common = {"kind": "ask", "plan": "p", "platform": "x", "not_before": NOW, "subject": {"late": False}}
        await outbox.put_many(tx, [common | {"key": f"k{many}:{n}", "external_id": f"p{n}"} for n in range(many)])

    clock = time.process_time()
    floor = await took(lambda: db.write(bare), 1)
    floor_cpu = time.process_time() - clock
    longest = 0.0
    done = asyncio.Event()

    async def pulse() -> None:
        nonlocal longest
        while not done.is_set():
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, (time.perf_counter() - start) * 1000)

    beating = asyncio.create_task(pulse())
    clock = time.process_time()
    spent = await took(lambda: db.write(put), 1)
    cpu = time.process_time() - clock
    done.set()
    await beating
    name = f"materialise {many} reminders"
    ratio = (
        f"bare {floor:.0f} ms, {spent / floor:.1f} x (CPU {cpu / floor_cpu:.1f} x), the loop was kept {longest:.0f} ms"
    )
    print(f"{name:<30}{spent:>10.0f} ms, {ratio}")


async def main() -> None:
    """Print the table."""
    served = world()
    for many in (100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            db = Database(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}")
            await schema.migrate(db)
            async with db.begin() as tx:
                await tx.execute(text(MEMBER))
                await tx.execute(text(CHECKINS), {"many": many, "units": UNITS})
                await tx.execute(text(ENTRIES), {"units": UNITS, "items": ITEMS})
                await tx.execute(text(PROGRESS))
                await tx.execute(text("INSERT INTO plans (key, loaded_at, last_receipt) VALUES ('p', '2026-01-01', 0)"))
                await open_rounds(tx, served)
            print(f"league table, {many} check-ins, {UNITS} units")
            await league(db, served)
            await materialise(db, many // 10)
            await db.close()


if __name__ == "__main__":
    asyncio.run(main())
