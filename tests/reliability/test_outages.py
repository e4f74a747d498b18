"""Down for a second or for weeks, repeated deliveries, clocks that jump: nothing lost in silence, nothing doubled."""

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.dispatch import Dispatcher
from bot.domain.members import Post
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import World
from bot.events import Event
from bot.storage import groups, plans
from bot.storage.engine import Database
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.conftest import NOW
from tests.core.houses import begin, few, rows
from tests.reliability.test_many_processes import recording
from tests.reliability.torture import ROOT

PLAN = few("思政科")
WORLD = World((PLAN,), Workdays(), Policy())
OUTAGES_S = (1, 31, 301, 3600, 8 * 3600, 3 * 86400, 40 * 86400)


@pytest.mark.parametrize("seconds", OUTAGES_S)
async def test_after_any_outage_over_the_25th_each_sending_is_made_once_or_told_to_the_office(
    theatre: Open, seconds: int
) -> None:
    house = await begin(theatre, "2023-04-25T08:59", "思政科", "督导科")
    zone = house.bot.world.policy.timezone
    back = datetime(2023, 4, 25, 8, 59, 59, tzinfo=zone) + timedelta(seconds=seconds)
    house.bot.clock.set(back)
    heard = await house.until(f"{back + timedelta(days=4):%Y-%m-%dT%H:%M}")
    dealt = dict(await rows(house.bot.db, "SELECT key, outcome FROM occasions"))
    due = [o for o in house.bot.world.occasions_of(house.plan) if datetime(2023, 4, 25, 8, 59, tzinfo=zone) <= o.at]
    left = [o.key for o in due if o.at <= back and o.key not in dealt]
    missed = [key for key, outcome in dealt.items() if str(outcome).startswith("missed")]
    days = Counter(
        (to, str(at)[:10])
        for to, at in await rows(
            house.bot.db,
            "SELECT coalesce(group_id, external_id), settled_at FROM outbox "
            "WHERE state = 'sent' AND kind IN ('ask', 'group')",
        )
    )

    assert left == []
    assert max(days.values(), default=1) == 1
    assert bool(missed) == (seconds > 3 * 86400)
    assert not missed or any("错过" in one.text or "没有发" in one.text for one in heard if one.to == "office1")
    assert await rows(house.bot.db, "SELECT key FROM outbox WHERE state = 'claimed'") == []


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
async def test_a_clock_that_jumps_an_hour_doubles_and_loses_nothing(theatre: Open, step: timedelta) -> None:
    house = await begin(theatre, "2023-04-24T08:50", "思政科")
    await house.until("2023-04-24T09:05")
    house.bot.clock.set(house.bot.clock.now() + step)
    await house.until("2023-04-25T12:00")
    sent = await rows(house.bot.db, "SELECT key FROM outbox WHERE state = 'sent' AND kind <> 'reply'")
    keys = [key for (key,) in sent]

    assert len([key for key in keys if str(key).startswith("ask:2023-04-24")]) == 1
    assert len([key for key in keys if str(key).startswith("group:2023-04-25")]) == 1


async def opened(file: Path) -> tuple[Database, Dispatcher]:
    db = Database(f"sqlite+aiosqlite:///{file}")
    return db, Dispatcher(db, [recording()], WORLD, lambda: NOW, lambda platform, chat: None, lambda: None)


async def prepared(migrated: Path, folder: Path) -> Path:
    shutil.copy(migrated, folder / "bot.db")
    db, _ = await opened(folder / "bot.db")
    async with db.begin() as tx:
        await plans.load(tx, PLAN, NOW)
        await enrol(tx, PLAN, Enrolled("甲", "思政科", Post("contact", "思政科"), ids={"stub": "a"}), NOW)
    await db.close()
    return folder / "bot.db"


async def test_messages_delivered_up_to_five_times_by_two_workers_over_restarts_count_once(
    migrated: Path, tmp_path: Path
) -> None:
    file, dice = await prepared(migrated, tmp_path), random.Random(6)
    events = [
        Event("stub", f"m{n}", "a", "private", "a", f"第7项{n}%", NOW + timedelta(minutes=dice.uniform(0, 360)))
        for n in range(40)
        for _ in range(dice.randint(1, 5))
    ]
    dice.shuffle(events)
    new = 0
    for start in range(0, len(events), 30):  # after each thirty deliveries both workers are begun anew
        workers = [await opened(file), await opened(file)]
        received = await asyncio.gather(
            *(workers[n % 2][1].receive(event) for n, event in enumerate(events[start : start + 30]))
        )
        new += sum(one.new for one in received)
        for db, _ in workers:
            await db.close()
    db, _ = await opened(file)
    counts = await rows(db, "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM checkins)")
    await db.close()

    assert (new, counts) == (40, [(40, 40)])


async def test_after_a_power_cut_at_any_sync_every_receipt_given_is_there(migrated: Path, tmp_path: Path) -> None:
    """Copies of the files as they lie on the disk at each commit stand for the machine that lost its power there."""
    file, copies = await prepared(migrated, tmp_path), []
    db, dispatcher = await opened(file)
    given: list[str] = []
    commit = groups.Groups._commit

    def copying(groups_: groups.Groups, group: object) -> None:
        commit(groups_, group)  # type: ignore[arg-type]
        folder = tmp_path / f"cut{len(copies)}"
        folder.mkdir()
        for ending in ("", "-wal"):
            shutil.copy(f"{file}{ending}", folder / f"bot.db{ending}")
        copies.append((folder / "bot.db", list(given)))

    db._groups._commit = copying.__get__(db._groups)  # type: ignore[method-assign]

    async def speak(who: int) -> None:
        for number in range(8):
            await dispatcher.receive(Event("stub", f"{who}.{number}", "a", "private", "a", "第7项30%", NOW))
            given.append(f"{who}.{number}")

    await asyncio.gather(*(speak(who) for who in range(4)))
    await db.close()

    assert len(copies) >= 8
    for copy, before in copies:
        with sqlite3.connect(copy) as connection:
            kept = {message for (message,) in connection.execute("SELECT message_id FROM inbox")}
            records = connection.execute("SELECT count(*) FROM checkins").fetchone()[0]
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        assert set(before) <= kept
        assert records == len(kept)


@pytest.mark.slow
def test_neither_a_wrong_time_zone_of_the_machine_nor_missing_zone_data_moves_a_sending() -> None:
    words = (sys.executable, "-m", "bot", "preview", "quanzhou-2023", "--json")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DRUMBEAT_")}
    odd = [{}, {"TZ": "Pacific/Honolulu"}, {"TZ": "America/New_York", "PYTHONTZPATH": ""}]
    said = {subprocess.run(words, cwd=ROOT, env=clean | more, check=True, capture_output=True).stdout for more in odd}

    assert len(said) == 1
    assert b"2023-04-25T09:00:00+08:00" in said.pop()
