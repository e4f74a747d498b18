"""The dead man's switch: as long as all is well a heartbeat goes to an address outside; else it says what is wrong.

When nothing comes any more, or the fault does, that service tells somebody by a way that does not lead through the
bot. The address is one in the convention of healthchecks: the address itself means well, with /fail it does not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain.world import World
from bot.storage import outbox, plans, rounds
from bot.storage.engine import Database, Tx

log = structlog.get_logger()

EVERY_S = 60.0
UNNOTICED = timedelta(minutes=15)
UNFINISHED = timedelta(hours=1)

Ping = Callable[[bool, str], Awaitable[None]]


class Watch:
    """Looks whether the day's sendings are done in time, and tells the address outside."""

    def __init__(
        self,
        db: Database,
        world: World,
        now: Callable[[], datetime],
        wrong: Callable[[], Awaitable[Mapping[str, str]]],
        ping: Ping,
    ) -> None:
        self._db, self._world, self._now, self._wrong, self._ping = db, world, now, wrong, ping

    async def run(self) -> None:
        """Look and tell, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> list[str]:
        """Look once and tell; return what is wrong."""
        faults = [f"{part}: {what}" for part, what in (await self._wrong()).items()]
        try:
            async with self._db.read() as tx:
                faults += await self.overdue(tx)
        except Exception as error:
            faults.append(f"database: {type(error).__name__}")
        if faults:
            log.error("something is not done in time", action="watch_fault", faults=faults)
        try:
            await self._ping(not faults, "\n".join(faults))
        except Exception as error:
            log.warning("the heartbeat did not get through", action="heartbeat_failed", error=type(error).__name__)
        return faults

    async def overdue(self, tx: Tx) -> list[str]:
        """Say which sendings nobody dealt with, and how many messages wait longer than they should."""
        now = self._now()
        faults = []
        for plan in self._world.plans:
            since = await plans.loaded_at(tx, plan.key)
            done = await rounds.occasions_done(tx, plan.key)
            due = [o for o in self._world.occasions_of(plan) if since and since <= o.at <= now - UNNOTICED]
            missing = [occasion.key for occasion in due if occasion.key not in done]
            if missing:
                faults.append(f"{plan.key}: {len(missing)} sendings not begun, the first {missing[0]}")
        waiting = await outbox.overdue(tx, now - UNFINISHED)
        if waiting:
            faults.append(f"outbox: {waiting} messages due for more than an hour")
        return faults
