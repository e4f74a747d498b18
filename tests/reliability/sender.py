"""Processes that only send: each works the outbox of one database against a recorder that outlives them.

Accepting a message is one line appended to a file, which a kill cannot take back.
"""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.delivery import Delivery
from bot.documents.planfiles import load_plan
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import World
from bot.platforms.base import Adapter, Host, Limit, Parcel, Part, Route
from bot.storage import outbox
from bot.storage.engine import Database


class Recorder(Adapter):
    """A platform that accepts everything."""

    name = "recorder"
    hosts: frozenset[str] = frozenset()
    requires_loopback = False

    def __init__(self, file: str, limit: Limit) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._limit = limit

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        return (Part((Route("recorder", "recorder", self._limit, {"key": parcel.key}),)),)

    async def send(self, route: Route, key: str) -> str:
        os.write(self._file, f"{route.body['key']}\n".encode())
        await asyncio.sleep(0.002)
        return ""

    def group_of_chat(self, chat: str) -> str | None:
        return None

    def mount(self, app: web.Application, host: Host) -> None:
        pass

    async def close(self) -> None:
        pass


def delivery(db: Database, file: str, limit: Limit, **composers: Any) -> Delivery:
    """Return a delivery to the recorder."""
    world = World((load_plan("quanzhou-2023"),), Workdays(), Policy())
    return Delivery(db, {"recorder": Recorder(file, limit)}, composers, world, Clock())


async def main(url: str, file: str) -> None:
    outbox.LEASE = timedelta(seconds=3)
    db = Database(url)
    working = delivery(db, file, Limit(1_000_000, 1))
    await working.start()
    print("ready", flush=True)
    listening = asyncio.create_task(working.listen())
    await working.run()
    listening.cancel()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
