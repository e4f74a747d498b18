"""The whole bot behind HTTP: alive, ready, metrics, limits, and a graceful end."""

import asyncio
from datetime import timedelta
from io import BytesIO

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.clock import wall_now
from bot.discovery import collect
from tests.conftest import Open
from tests.core.houses import begin, rows
from tests.theatre import Theatre


async def test_it_is_alive_ready_and_counted(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    await house.answer("contact1", "第7项30%")
    async with aiohttp.ClientSession(house.address) as http:
        alive = await (await http.get("/healthz")).json()
        ready = await http.get("/readyz")
        metrics = await (await http.get("/metrics")).text()

    assert alive == {"status": "ok"}
    assert (ready.status, await ready.json()) == (200, {"ready": True, "wrong": {}})
    assert 'drumbeat_outbox{kind="reply",state="sent"} 1.0' in metrics


async def lost_database(house: Theatre) -> None:
    await house.bot.db.close()
    (house.folder / "drumbeat.db").unlink()


async def test_standing_still_and_a_lost_database_are_named(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    house.bot.scheduler.stop()
    await lost_database(house)
    house.bot.scheduler.last_tick_at = wall_now() - timedelta(minutes=3)
    with capture_logs():
        async with aiohttp.ClientSession(house.address) as http:
            ready = await http.get("/readyz")
            found = await ready.json()

    assert ready.status == 503
    assert found["wrong"] == {"database": "OperationalError", "scheduler": "no tick"}


async def test_a_body_over_one_mebibyte_is_refused(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    async with aiohttp.ClientSession(house.address) as http:
        body = BytesIO(b'{"chat": "contact1", "sender": "contact1", "text": "' + b"x" * 1024**2 + b'"}')
        answer = await http.post("/sandbox/api/messages", data=body, headers={"Content-Type": "application/json"})

    assert answer.status == 413


async def test_what_is_being_sent_is_settled_before_the_end(theatre: Open) -> None:
    house = await theatre("2023-04-24T08:59")
    at = house.bot.clock.now() + timedelta(minutes=2)
    house.bot.clock.set(at)
    await house.bot.scheduler.run_all()
    sending = asyncio.create_task(house.bot.delivery.step())
    await asyncio.sleep(0)
    await house.bot.stop()
    await sending

    claimed = await rows(house.bot.db, "SELECT count(*) FROM outbox WHERE state = 'claimed'")
    accepted = await rows(house.bot.db, "SELECT count(*) FROM attempts WHERE outcome = 'accepted'")
    assert claimed == [(0,)]
    assert accepted == [(len(house.new()),)]


def test_a_module_without_its_attribute_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"tests.core.conftest exposes no `router`"):
        collect("tests.core", "router")


def test_every_handler_and_schedule_is_found() -> None:
    assert {router.name for router in collect("handlers", "router")} >= {"checkins", "binding", "status", "help"}
    assert {schedule.name for schedule in collect("schedules", "schedule")} >= {"rounds", "reminders", "digests"}
