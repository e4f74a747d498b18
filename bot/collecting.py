"""Collecting files: what people sent is fetched from its platform after the message was answered, and kept."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.clock import wall_now
from bot.domain.world import World
from bot.errors import UserError
from bot.events import File
from bot.messages import evidence as wording
from bot.platforms.base import Adapter, RetryLater, SendError
from bot.storage import files
from bot.storage.engine import Database, Tx
from bot.storage.tables import FileRow
from bot.storage.vault import Vault
from bot.stories.recipients import notice, tell_member

log = structlog.get_logger()

LOOK_S = 3.0
TIMEOUT_S = 120.0
MOST_TRIES = 5
AGAIN = timedelta(seconds=30)


class Collector:
    """Fetches one file after the other; who sent one that cannot be kept is told why."""

    def __init__(
        self,
        db: Database,
        adapters: Mapping[str, Adapter],
        vault: Vault,
        world: World,
        now: Callable[[], datetime],
    ) -> None:
        self._db, self._adapters, self._vault, self._world, self._now = db, adapters, vault, world, now
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for files."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let go of what is being fetched; it is fetched again after the next start."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    async def _run(self) -> None:
        while True:
            try:
                while await self.step():
                    pass
            except Exception:
                log.exception("collecting failed", action="collecting_failed")
            await asyncio.sleep(LOOK_S)

    async def step(self) -> bool:
        """Fetch one file; return whether there was any."""
        async with self._turn:
            async with self._db.read() as tx:
                if not await files.any_waiting(tx, wall_now()):
                    return False
            row = await self._db.write(files.claim, wall_now())
            if row is not None:
                await self._collect(row)
            return row is not None

    async def _collect(self, row: FileRow) -> None:
        try:
            content = await asyncio.wait_for(self._fetched(row), TIMEOUT_S)
            sha256 = await asyncio.to_thread(self._vault.keep, content)
        except UserError as error:
            await self._db.write(self._give_up, row, str(error))
        except (SendError, TimeoutError, OSError) as error:
            await self._refused(row, error)
        else:
            await self._db.write(files.stored, row.id, sha256, len(content))
            log.info("file stored", action="file_stored", file=row.id, size=len(content))

    async def _fetched(self, row: FileRow) -> bytes:
        """Read a file from its platform, no further than what may be kept."""
        adapter, most = self._adapters.get(row.platform), self._world.evidence.most
        if adapter is None:
            raise UserError(wording.no_platform())
        content = bytearray()
        async for chunk in adapter.fetch(File(row.name, ref=row.ref, size=row.size), most):
            content += chunk
            if len(content) > most:
                raise UserError(wording.too_big(most))
        if not content:
            raise UserError(wording.empty())
        return bytes(content)

    async def _refused(self, row: FileRow, error: Exception) -> None:
        lasting = isinstance(error, SendError) and not isinstance(error, RetryLater)
        code = error.code if isinstance(error, SendError) else type(error).__name__
        log.warning("file refused", action="file_refused", file=row.id, code=code, tries=row.tries)
        if lasting or row.tries >= MOST_TRIES:
            await self._db.write(self._give_up, row, wording.not_fetched())
        else:
            await self._db.write(files.postpone, row.id, wall_now() + AGAIN * row.tries, code)

    async def _give_up(self, tx: Tx, row: FileRow, reason: str) -> None:
        await files.failed(tx, row.id, reason)
        plan = self._world.plan(row.plan)
        common = notice(plan, self._now(), wording.lost(row.name, reason))
        await tell_member(tx, self._world, plan, row.member_id, f"file-lost:{row.id}", common)
