"""Hot queries find what they want by an index; none of them reads a table that grows from end to end."""

import shutil
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.storage import checkins, members, outbox, rounds, standings
from bot.storage.engine import Database, Tx
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN

DAY = date(2023, 4, 24)
GROWING = ("outbox", "inbox", "checkins", "entries", "progress", "checkin_rounds", "round_units", "asks", "attempts")


HOT: dict[str, Callable[[Tx], Awaitable[object]]] = {
    "who speaks": lambda tx: members.find_speaker(tx, "stub", "x", DAY),
    "a unit's rounds": lambda tx: rounds.of_unit(tx, PLAN.key, "u", DAY, DAY),
    "what was said": lambda tx: checkins.items_said(tx, PLAN.key, "u", [1], ["S07"]),
    "sections said": lambda tx: checkins.sections_said(tx, [1], "u"),
    "the last words": lambda tx: checkins.last_said(tx, PLAN.key, "u"),
    "progress of items": lambda tx: checkins.progress_of(tx, PLAN.key, ["S07"]),
    "claiming": lambda tx: outbox.claim(tx, NOW, NOW, "w", 16),
    "settling": lambda tx: outbox.settle(tx, 1, "sent", NOW),
    "sent this month": lambda tx: outbox.sent_this_month(tx, 1, NOW - timedelta(days=24), NOW),
    "the league's figures": lambda tx: standings.lowest_now(tx, PLAN.key),
    "the league's figures of the past": lambda tx: standings.lowest_at(tx, PLAN.key, NOW),
    "who was on time": lambda tx: standings.on_time_counts(tx, PLAN.key, ["monthly"], DAY),
    "who is overdue": lambda tx: standings.overdue_units(tx, 1),
}


@pytest.mark.parametrize("name", HOT)
async def test_a_hot_query_reads_no_growing_table_from_end_to_end(name: str, migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, tmp_path / "bot.db")
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    said: list[str] = []
    event.listen(db._groups.engine, "connect", lambda raw, _: raw.set_trace_callback(said.append))
    await db.write(HOT[name])
    asked = [line for line in said if line.startswith(("SELECT", "UPDATE"))]
    explained = [text(f"EXPLAIN QUERY PLAN {line}".replace(":", r"\:")) for line in asked]
    async with db.read() as tx:
        plans = [row.detail for statement in explained for row in await tx.execute(statement)]
    await db.close()

    assert asked
    assert [step for step in plans if step.startswith("SCAN") and step.split()[1] in GROWING] == []
