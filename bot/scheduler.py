"""Time: ticks that do one unit of work and say whether there was any. The only importer of APScheduler.

No business state lives in the job store: a tick looks into the database what is due, so ticks may repeat, be late or
run in several processes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import wall_now
from bot.domain.world import World
from bot.metering import Meters
from bot.storage import changes
from bot.storage.engine import Database, Tx

log = structlog.get_logger()

Step = Callable[[Tx, datetime, World], Awaitable[bool]]
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Tick:
    """One story of the clock: a step and how often to look, in seconds of wall time."""

    name: str
    step: Step
    every_s: float


class Schedule:
    """What one module of `schedules/` does by the clock, and how it words the messages it puts into the outbox."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ticks: list[Tick] = []
        self.composers: dict[str, Any] = {}

    def every(self, *, seconds: float) -> Callable[[Step], Step]:
        """Register a step; it is called until it returns False."""

        def register(step: Step) -> Step:
            self.ticks.append(Tick(f"{self.name}.{step.__name__}", step, seconds))
            return step

        return register

    def composes(self, kind: str) -> Callable[[Any], Any]:
        """Register the function that makes the text of outbox rows of a kind when they are claimed."""

        def register(composer: Any) -> Any:
            self.composers[kind] = composer
            return composer

        return register


class Scheduler:
    """Runs all ticks."""

    def __init__(
        self,
        db: Database,
        schedules: Sequence[Schedule],
        world: World,
        now: Callable[[], datetime],
        woken: Callable[[], None],
    ) -> None:
        self._db, self._world, self._now, self._woken = db, world, now, woken
        self.ticks = [tick for schedule in schedules for tick in schedule.ticks]
        self.last_tick_at = wall_now()
        self.turn = asyncio.Lock()
        self.meters = Meters()
        self._scheduler = AsyncIOScheduler(timezone=world.policy.timezone)

    def start(self, *, most_s: float = 3600.0) -> None:
        """Begin ticking, each tick at least every `most_s` seconds; a late tick is run, never dropped."""
        for tick in self.ticks:
            self._scheduler.add_job(
                self.run_tick,
                IntervalTrigger(seconds=min(tick.every_s, most_s), timezone=self._world.policy.timezone),
                args=[tick],
                id=tick.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=wall_now(),
            )
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def run_all(self) -> None:
        """Run every tick until none finds work; what a rehearsal does at each moment."""
        while any([await self.run_tick(tick) for tick in self.ticks]):
            pass

    async def run_tick(self, tick: Tick) -> bool:
        """Call a tick's step until it finds no more work; one fault never stops the others."""
        async with self.turn:
            self.last_tick_at = wall_now()
            return await self._until_idle(tick)

    async def _step(self, tx: Tx, tick: Tick) -> bool:
        await changes.refresh(tx, self._world)
        return await tick.step(tx, self._now(), self._world)

    async def _until_idle(self, tick: Tick) -> bool:
        worked = False
        for _ in range(MOST_STEPS):
            try:
                any_work = await self._db.write(self._step, tick)
            except Exception:
                log.exception("tick failed", action="tick_failed", tick=tick.name)
                self.meters.ticks.labels(tick.name, "failed").inc()
                return worked
            self.meters.ticks.labels(tick.name, "worked" if any_work else "idle").inc()
            if not any_work:
                return worked
            worked = True
            self._woken()
        return worked
