"""Several processes on one PostgreSQL share the work, the pace and the leases; a lost server is taken over from."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.clock import wall_now
from bot.connections import LeaseLost, SharedLeases
from bot.dispatch import Call, Dispatcher, Router
from bot.domain.members import Post
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import World
from bot.events import Event
from bot.messages.message import Message, say, to_json
from bot.storage import checkins, outbox, plans, schema
from bot.storage.checkins import Report, Said
from bot.storage.engine import Database, Tx
from bot.storage.paces import SharedPacing
from bot.stories.roster import Enrolled, enrol
from tests.core.conftest import NOW
from tests.core.houses import few, rows
from tests.reliability.test_killed import until
from tests.reliability.torture import ROOT
from tests.storage.postgres import Pair, binaries, tell, url_of

pytestmark = pytest.mark.slow

ROWS = int(os.environ.get("TORTURE_ROWS", "600"))
PLAN = few("思政科")


@pytest.fixture
def url(postgres: str) -> str:
    name = f"many_{os.getpid()}_{random.randrange(10**9)}"
    tell(postgres, f"CREATE DATABASE {name} TEMPLATE drumbeat_template_{os.getpid()}")
    return url_of(postgres, name)


@pytest_asyncio.fixture
async def db(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


def row(number: int) -> dict[str, object]:
    return {
        "key": f"k{number}",
        "kind": "notice",
        "platform": "recorder",
        "external_id": "x",
        "message": to_json(say("到期")),
        "not_before": wall_now(),
    }


async def started(url: str, file: Path) -> asyncio.subprocess.Process:
    words = (sys.executable, "-m", "tests.reliability.sender", url, str(file))
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


def accepted(file: Path) -> Counter[str]:
    return Counter(file.read_text().split()) if file.exists() else Counter()


@pytest.mark.timeout(1200)
async def test_four_processes_two_of_them_killed_send_each_message_once(url: str, db: Database, tmp_path: Path) -> None:
    file = tmp_path / "accepted"
    await db.write(outbox.put_many, [row(number) for number in range(ROWS)])
    processes = await asyncio.gather(*(started(url, file) for _ in range(4)))
    for share, victim in ((0.3, processes[0]), (0.6, processes[1])):
        await until(lambda share=share: accepted(file).total() >= ROWS * share)
        victim.send_signal(signal.SIGKILL)
        await victim.wait()
    await until(lambda: len(accepted(file)) == ROWS)
    await asyncio.sleep(1)
    left = await rows(db, "SELECT key FROM outbox WHERE state <> 'sent'")
    for process in processes[2:]:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    found = accepted(file)
    doubled = [key for key, count in found.items() if count > 1]
    print(f"\n{ROWS} due, {found.total()} accepted, {len(doubled)} doubled by two kills")

    assert set(found) == {f"k{number}" for number in range(ROWS)}
    assert left == []
    # Two processes died, each with at most four messages in the air.
    assert found.total() - ROWS == len(doubled) <= 8


async def test_who_puts_a_message_wakes_the_other_processes(url: str, db: Database) -> None:
    other = Database(url)
    woken = asyncio.Event()

    async def listen() -> None:
        times = 0
        async for _ in other.heard():
            times += 1
            if times == 2:
                woken.set()

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.5)
    await db.write(outbox.put_many, [row(1)])
    await asyncio.wait_for(woken.wait(), 5)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await other.close()


async def test_a_pace_is_shared(url: str, db: Database) -> None:
    other = Database(url)
    paces = [SharedPacing(db), SharedPacing(other)]
    entered = [await paces[n % 2].enter("b", 3, 60.0) for n in range(5)]
    await paces[0].leave("b")
    await paces[1].block("c", wall_now() + timedelta(seconds=30))
    blocked = await paces[0].enter("c", 3, 60.0)
    await other.close()

    assert entered[:3] == [0.0, 0.0, 0.0]
    assert all(wait > 0 for wait in entered[3:])
    assert 25 < blocked <= 30


async def test_one_of_several_holds_a_lease_and_the_next_takes_over(
    url: str, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.connections.LEASE_S", 0.6)
    other = Database(url)
    holding: list[str] = []

    async def hold(name: str, database: Database, seconds: float) -> None:
        async with SharedLeases(database).hold("stream"):
            holding.append(name)
            await asyncio.sleep(seconds)
            holding.append(name)

    await asyncio.gather(hold("a", db, 0.8), hold("b", other, 0.1))
    await other.close()

    assert holding in (["a", "a", "b", "b"], ["b", "b", "a", "a"])


async def test_a_lost_lease_stops_what_was_done_under_it(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.connections.LEASE_S", 0.6)
    with pytest.raises(LeaseLost):
        async with SharedLeases(db).hold("stream"):
            async with db.begin() as tx:
                await tx.execute(text("UPDATE leases SET holder = 'another', until_at = '2999-01-01'"))
            await asyncio.sleep(5)


def recording() -> Router:
    made = Router("recording")

    @made.replies()
    async def record(call: Call, tx: Tx) -> Message:
        said = (Said("S07", 30.0),)
        report = Report(call.plan.key, "思政科", call.member.id, call.inbox_id, call.now, call.args, said, {})
        return say(f"回执 {(await checkins.record(tx, report)).number}")

    return made


@pytest.mark.timeout(180)
async def test_no_receipt_is_lost_when_the_primary_dies_and_its_standby_is_promoted() -> None:
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL")
    pair = Pair(found)
    try:
        db = Database(pair.start())
        await schema.migrate(db)
        async with db.begin() as tx:
            await plans.load(tx, PLAN, NOW)
            await enrol(tx, PLAN, Enrolled("甲", "思政科", Post("contact", "思政科"), ids={"stub": "a"}), NOW)
        world = World((PLAN,), Workdays(), Policy())
        dispatcher = Dispatcher(db, [recording()], world, lambda: NOW, lambda platform, chat: None, lambda: None)
        given: set[str] = set()

        async def speak(who: int) -> None:
            for number in range(40):
                key = f"{who}.{number}"
                received = await dispatcher.receive(Event("stub", key, "a", "private", "a", "第7项30%", NOW))
                assert received.outcome in ("reply", "repeat")
                given.add(key)

        async def fail() -> None:
            await until(lambda: len(given) >= 60)
            await asyncio.to_thread(pair.fail_over)

        await asyncio.gather(fail(), *(speak(who) for who in range(8)))
        kept = {str(key) for (key,) in await rows(db, "SELECT message_id FROM inbox")}
        records = await rows(db, "SELECT count(*), count(DISTINCT inbox_id), count(DISTINCT number) FROM checkins")
        await db.close()
    finally:
        pair.stop()
    print(f"\n{len(given)} receipts given over a failover, {len(given - kept)} lost, records {records}")

    assert given <= kept
    assert records == [(320, 320, 320)]
