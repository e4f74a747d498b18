"""The dead man's switch, the nightly backup and a stop within ten seconds."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from aiohttp import web
from structlog.testing import capture_logs

from bot.backups import Nightly
from bot.domain.policy import Policy
from bot.domain.world import World
from bot.metering import Meters
from bot.settings import BackupSettings
from bot.storage import archive, outbox
from bot.storage.engine import Database
from bot.storage.vault import Vault
from bot.watch import Watch
from bot.web.heartbeat import Heartbeat
from tests.conftest import Open
from tests.core.conftest import NOW
from tests.core.houses import begin


class Outside:
    """The service that is told."""

    def __init__(self) -> None:
        self.told: list[tuple[bool, str]] = []

    async def __call__(self, well: bool, text: str) -> None:
        self.told.append((well, text))


async def nothing_wrong() -> dict[str, str]:
    return {}


def watch(db: Database, world: World, outside: Outside, now: datetime = NOW) -> Watch:
    return Watch(db, world, lambda: now, nothing_wrong, outside)


async def test_all_is_well_is_told_every_time(db: Database, world: World) -> None:
    outside = Outside()
    await watch(db, world, outside).look()

    assert outside.told == [(True, "")]


async def test_a_batch_that_nobody_began_and_messages_that_wait_too_long_are_told(db: Database, world: World) -> None:
    outside, late = Outside(), NOW + timedelta(days=2)
    await db.write(outbox.put_many, [{"key": "k", "kind": "group", "platform": "stub", "not_before": NOW}])
    with capture_logs() as logged:
        await watch(db, world, outside, late).look()
    ((well, text),) = outside.told

    assert not well
    assert "sendings not begun" in text
    assert "outbox: 1 messages due for more than an hour" in text
    assert [line["action"] for line in logged] == ["watch_fault"]


async def test_the_heartbeat_goes_to_the_address_and_the_fault_to_fail() -> None:
    heard: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append((request.path, await request.text()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/ping/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    beat = Heartbeat(f"http://127.0.0.1:{runner.addresses[0][1]}/ping/uuid")
    await beat(True, "")
    await beat(False, "scheduler: no tick")
    await runner.cleanup()

    assert heard == [("/ping/uuid", ""), ("/ping/uuid/fail", "scheduler: no tick")]


async def test_a_backup_is_made_once_a_night_and_the_oldest_go(db: Database, tmp_path: Path) -> None:
    settings = BackupSettings(folder=str(tmp_path / "kept"), at=clock_time(2, 30), keep=2)
    nightly = Nightly(db, Vault(tmp_path / "files"), settings, Policy(), Meters())
    at = datetime(2023, 4, 24, 18, 0, tzinfo=UTC)  # 2:00 in Shanghai
    made = [
        await nightly.step(at + timedelta(days=day, minutes=minutes)) for day in range(3) for minutes in (0, 31, 32)
    ]
    kept = sorted((tmp_path / "kept").iterdir())

    assert made == [False, True, False] * 3
    assert [file.name for file in kept] == ["drumbeat-2023-04-26.zip", "drumbeat-2023-04-27.zip"]
    assert archive.read(kept[-1]).rows["members"] == 2


async def test_a_send_that_hangs_does_not_keep_the_program_from_ending(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")

    async def hang(*_: object) -> str:
        await asyncio.sleep(60)
        return ""

    house.bot.adapters["sandbox"].send = hang  # type: ignore[method-assign]
    async with house.bot.db.begin() as tx:
        row = {"key": "k", "kind": "notice", "platform": "sandbox", "external_id": "contact1", "not_before": NOW}
        await outbox.put_many(tx, [row | {"message": {"title": "", "blocks": [], "mentions": []}}])
    house.bot._tasks = [asyncio.create_task(house.bot.delivery.run())]
    await asyncio.sleep(0.5)
    start = time.monotonic()
    await house.bot.stop()

    assert time.monotonic() - start < 10
