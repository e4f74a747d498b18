"""The platforms' long connections: each held by one process at a time, begun again when it fails."""

import asyncio
import contextlib
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import monotonic, wall_now
from bot.platforms.base import Adapter, Connection
from bot.storage import leases
from bot.storage.engine import Database

log = structlog.get_logger()

AGAIN_S = 5.0
LEASE_S = 30.0

Lease = Callable[[str], AbstractAsyncContextManager[None]]


class LocalLeases:
    """Leases within one process: a name is held by one at a time, the others wait."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait for a name, and hold it while the body runs."""
        async with self._locks[name]:
            yield


class SharedLeases:
    """Leases between processes: rows of the database, prolonged while they are held. Times are wall time."""

    def __init__(self, db: Database) -> None:
        self._db, self._me = db, uuid.uuid4().hex

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait for a name, and hold it while the body runs; the body is cancelled when the lease is lost."""
        while not await self._take(name):  # noqa: ASYNC110 - nobody tells when another process lets go
            await asyncio.sleep(LEASE_S / 3)
        body = asyncio.current_task()
        assert body is not None
        prolonging = asyncio.create_task(self._prolong(name, body))
        try:
            yield
        except asyncio.CancelledError:
            if not prolonging.done():
                raise
            raise LeaseLost(name) from None
        finally:
            prolonging.cancel()
            await self._db.write(leases.give_back, name, self._me)

    async def _take(self, name: str) -> bool:
        now = wall_now()
        return await self._db.write(leases.take, name, self._me, now, now + timedelta(seconds=LEASE_S))

    async def _prolong(self, name: str, body: "asyncio.Task[Any]") -> None:
        """Prolong a lease in time; when that cannot be done before it ends, stop the body."""
        last = monotonic()
        while monotonic() - last < LEASE_S * 2 / 3:
            await asyncio.sleep(LEASE_S / 6)
            try:
                async with asyncio.timeout(LEASE_S / 6):
                    if not await self._take(name):
                        break
                last = monotonic()
            except Exception:
                log.warning("a lease could not be prolonged", action="lease_unsure", lease=name)
        body.cancel()


class LeaseLost(Exception):
    """Another process may hold it now."""


class Connections:
    """All connections of all platforms as tasks, and `more` that one process is to do at a time."""

    def __init__(self, adapters: Iterable[Adapter], lease: Lease, more: Sequence[Connection] = ()) -> None:
        self._adapters, self._lease, self._more = list(adapters), lease, more
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to hold them."""
        wanted = [*(one for adapter in self._adapters for one in adapter.connections()), *self._more]
        self._tasks = [asyncio.create_task(self._keep(connection), name=connection.name) for connection in wanted]

    async def stop(self) -> None:
        """Let go of them, and wait until they are gone."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    async def _keep(self, connection: Connection) -> None:
        while True:
            try:
                async with self._lease(connection.name):
                    await connection.run()
            except Exception:
                log.exception("a connection failed", action="connection_failed", connection=connection.name)
            await asyncio.sleep(AGAIN_S)
