"""A backup every night, kept for some nights, read back each time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.clock import wall_now
from bot.domain.policy import Policy
from bot.metering import Meters
from bot.settings import BackupSettings
from bot.storage import archive
from bot.storage.engine import Database
from bot.storage.vault import Vault

log = structlog.get_logger()

LOOK_S = 60.0


class Nightly:
    """Makes the day's backup once its time has come, also when the program was down then."""

    def __init__(self, db: Database, vault: Vault, settings: BackupSettings, policy: Policy, meters: Meters) -> None:
        self._db, self._vault, self._settings, self._policy, self._meters = db, vault, settings, policy, meters
        self._folder = Path(settings.folder)

    async def run(self, now: Callable[[], datetime] = wall_now) -> None:
        """Look every minute, until cancelled."""
        while True:
            try:
                await self.step(now())
            except Exception as error:
                log.exception("the backup failed", action="backup_failed", error=type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def step(self, now: datetime) -> bool:
        """Make today's backup if it is due and not there; return whether one was made."""
        local = now.astimezone(self._policy.timezone)
        file = self._folder / f"drumbeat-{local:%Y-%m-%d}.zip"
        if local.time() < self._settings.at or file.exists():
            return False
        made = await asyncio.to_thread(archive.write, self._db, self._vault, file, now)
        self._meters.backup_at.set(now.timestamp())
        log.info("backed up", action="backed_up", rows=made.total, absent=len(made.absent))
        self._forget(local)
        return True

    def _forget(self, today: datetime) -> None:
        oldest = f"drumbeat-{today - timedelta(days=self._settings.keep - 1):%Y-%m-%d}.zip"
        for file in self._folder.glob("drumbeat-????-??-??.zip"):
            if file.name < oldest:
                file.unlink()
