"""Taking back what the office marked: the platforms are asked once, and the office is told what came of it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.delivery import part_of
from bot.domain.world import World
from bot.messages import recalls as wording
from bot.platforms.base import Adapter, SendError, Sent
from bot.storage import outbox, recalls
from bot.storage.engine import Database, Tx
from bot.storage.tables import Attempt, Outgoing
from bot.stories.recipients import tell_office

log = structlog.get_logger()

LOOK_S = 3.0


class Recaller:
    """Works off what is marked. `step` returns whether there was any."""

    def __init__(
        self, db: Database, adapters: Mapping[str, Adapter], world: World, now: Callable[[], datetime]
    ) -> None:
        self._db, self._adapters, self._world, self._now = db, adapters, world, now

    async def run(self) -> None:
        """Look for what is marked, until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(LOOK_S)

    async def step(self) -> bool:
        """Take back everything that is marked."""
        async with self._db.read() as tx:
            if not await recalls.any_marked(tx):
                return False
            found = await recalls.marked(tx)
        by_platform: defaultdict[str, list[Sent]] = defaultdict(list)
        for row, attempts in found:
            by_platform[row.platform] += [_sent(row, attempt) for attempt in attempts]
        gone = sum([await self._ask(platform, sent) for platform, sent in by_platform.items()])
        left = sum(len(sent) for sent in by_platform.values()) - gone
        await self._db.write(self._settle, [row for row, _ in found], gone, left)
        log.info("taken back", action="recalled", gone=gone, left=left)
        return True

    async def _ask(self, platform: str, sent: Sequence[Sent]) -> int:
        try:
            return await self._adapters[platform].recall(sent) if platform in self._adapters else 0
        except SendError as error:
            log.warning("a platform does not take back", action="recall_refused", platform=platform, code=error.code)
            return 0

    async def _settle(self, tx: Tx, rows: Sequence[Outgoing], gone: int, left: int) -> None:
        for row in rows:
            await outbox.settle(tx, row.id, "recalled", self._now(), "办公室收回")
        for key in sorted({row.plan for row in rows}):
            told = f"recalled:{rows[0].id}:{rows[-1].id}"
            await tell_office(tx, self._world, self._world.plan(key), told, self._now(), wording.done(gone, left))


def _sent(row: Outgoing, attempt: Attempt) -> Sent:
    part = part_of((row.parts or [])[attempt.part])
    route = next(route for route in part.routes if route.channel == attempt.channel)
    return Sent(route, attempt.platform_id)
