"""The platforms' long connections: each held by one process at a time, begun again when it fails."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog

from bot.platforms.base import Adapter, Connection

log = structlog.get_logger()

AGAIN_S = 5.0

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


class Connections:
    """All connections of all platforms as tasks."""

    def __init__(self, adapters: Iterable[Adapter], lease: Lease) -> None:
        self._adapters, self._lease = list(adapters), lease
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to hold them."""
        wanted = [connection for adapter in self._adapters for connection in adapter.connections()]
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
