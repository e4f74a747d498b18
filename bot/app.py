"""The composition root: settings become a running bot."""

import asyncio
import contextlib
import importlib
import importlib.util
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from bot.backups import Nightly
from bot.clock import Clock, wall_now
from bot.collecting import Collector
from bot.connections import Connections, LocalLeases, SharedLeases
from bot.delivery import Delivery
from bot.discovery import collect
from bot.dispatch import Dispatcher
from bot.domain.evidence import Limits
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.errors import ConfigError
from bot.hosting import Hosting
from bot.keys import links_of
from bot.messages import notices
from bot.metering import Meters
from bot.platforms.base import Adapter, Connection, GroupConfig, Host, Person
from bot.recalling import Recaller
from bot.safety import check_bind, check_rehearsal
from bot.scheduler import Schedule, Scheduler
from bot.settings import Settings
from bot.storage import changes, members, notes, outbox, schema
from bot.storage.engine import Database, Tx
from bot.storage.vault import Vault
from bot.stories.recipients import tell_office
from bot.watch import Watch
from bot.web import STALLED, files, forms, make_app
from bot.web.heartbeat import Heartbeat
from bot.worlds import group_tables, world_of

log = structlog.get_logger()

REHEARSAL_TICK_S = 0.5
# SIGTERM is followed by SIGKILL after ten seconds; a send that hangs longer may be done twice.
GRACE_S = 6.0
# What every group has; the rest of its table is for its platform.
NAMED = ("id", "name", "platform")


def adapters_of(settings: Settings) -> dict[str, Adapter]:
    """Load the platforms that have a table in the settings; raises `ConfigError`."""
    groups = [
        (table["platform"], GroupConfig(table["id"], table["name"], {k: v for k, v in table.items() if k not in NAMED}))
        for table in group_tables(settings)
    ]
    adapters: dict[str, Adapter] = {}
    for name, table in settings.platforms.items():
        if not name.isidentifier() or importlib.util.find_spec(f"bot.platforms.{name}") is None:
            raise ConfigError(f"没有 [platforms.{name}] 这个平台，可用：dingtalk、wecom、sandbox")
        module = importlib.import_module(f"bot.platforms.{name}")
        own = [group for platform, group in groups if platform == name]
        adapters[name] = module.adapter(table, own)
    return adapters


@dataclass
class Bot:
    """The running parts, and what moves a rehearsal's time."""

    settings: Settings
    world: World
    db: Database
    clock: Clock
    adapters: Mapping[str, Adapter]
    dispatcher: Dispatcher
    scheduler: Scheduler
    delivery: Delivery
    collector: Collector
    web: web.Application

    def __post_init__(self) -> None:
        self._moving = asyncio.Lock()
        self.lease = LocalLeases().hold if self.db.is_sqlite else SharedLeases(self.db).hold
        self.recaller = Recaller(self.db, self.adapters, self.world, self.clock.now)
        recalls = Connection("recalls", self.recaller.run)
        self._connections = Connections(self.adapters.values(), self.lease, [recalls])
        self.upkeep: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to tick and to send."""
        async with self.db.begin() as tx:
            await changes.load_plans(tx, self.world, self.clock.now())
            if "sandbox" in self.adapters:
                await members.give_sandbox_ids(tx)
            await self._warn_of_guesses(tx)
        # Rounds must be open before the first message comes in.
        await self.scheduler.run_all()
        await self.delivery.start()
        self.scheduler.start(most_s=REHEARSAL_TICK_S if self.clock.rehearsal else 3600.0)
        self._tasks = [asyncio.create_task(run()) for run in (self.delivery.run, self.delivery.listen, *self.upkeep)]
        self.collector.start()
        self._connections.start()

    async def _warn_of_guesses(self, tx: Tx) -> None:
        """Tell the office once when a plan runs in a year whose holidays nobody knows."""
        for year in sorted(self.world.workdays.guessed_years):
            for plan in self.world.plans:
                message = notices.holidays_unknown(year, self.settings.clock.holidays)
                await tell_office(tx, self.world, plan, f"holidays:{plan.key}:{year}", self.clock.now(), message)

    async def stop(self) -> None:
        """Stop listening and ticking, let what is being sent be settled, and let go of everything."""
        await self._connections.stop()
        await self.collector.stop()
        self.delivery.leave_off()
        await self.pause()
        with contextlib.suppress(Exception):  # a lost database is no reason to stay
            await self.delivery.release()
        for adapter in self.adapters.values():
            await adapter.close()
        await self.db.close()

    async def pause(self) -> None:
        """End the loops; what is being sent is settled first, unless that takes too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S), self.scheduler.turn, self.delivery.turn:
                pass
        self.scheduler.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def advance(self, to: datetime) -> None:
        """Move a rehearsal to a moment, playing everything that falls due on the way at its own time."""
        async with self._moving:
            self.clock.hold(True)
            try:
                while True:
                    await self.settle()
                    coming = await self._next_moment()
                    if coming is None or coming > to:
                        break
                    self.clock.set(coming)
                self.clock.set(max(to, self.clock.now()))
                await self.settle()
            finally:
                self.clock.hold(False)

    async def settle(self) -> None:
        """Do everything that is due now: ticks, then sends, until nothing is left."""
        while True:
            await self.scheduler.run_all()
            sent = await self.collector.step() or await self.recaller.step()
            while await self.delivery.step():
                sent = True
            if not sent:
                return

    async def _next_moment(self) -> datetime | None:
        now = self.clock.now()
        moments = [o.at for plan in self.world.plans for o in self.world.occasions_of(plan)]
        if any(register.remind for plan in self.world.plans for register in plan.registers):
            moments.append(self.world.policy.next_reminding(now, self.world.workdays))
        async with self.db.read() as tx:
            waiting = await outbox.next_due_at(tx)
        if waiting is not None:
            moments.append(waiting)
        return min((moment for moment in moments if moment > now), default=None)

    async def people(self) -> list[Person]:
        """List who can be played in the sandbox."""
        found: dict[str, Person] = {}
        async with self.db.read() as tx:
            for plan in self.world.plans:
                held = await members.holders(tx, plan.key)
                ids = await members.identities(tx, [member.id for people in held.values() for member in people])
                for post, people in held.items():
                    for member in people:
                        sandbox = ids.get(member.id, {}).get("sandbox")
                        if sandbox is not None:
                            found.setdefault(sandbox, Person(sandbox, member.name, post.role))
        return list(found.values())

    async def wrong(self) -> dict[str, str]:
        """Say what keeps the bot from serving, by name; empty when all is well."""
        found = {}
        try:
            async with self.db.read() as tx:
                await outbox.counts(tx)
        except Exception as error:
            found["database"] = type(error).__name__
        if wall_now() - self.scheduler.last_tick_at > STALLED:
            found["scheduler"] = "no tick"
        if wall_now() - self.delivery.last_step_at > STALLED:
            found["delivery"] = "no step"
        return found


def check_surroundings(settings: Settings) -> dict[str, Adapter]:
    """Load the platforms and refuse what must not be served; raises `ConfigError`."""
    adapters = adapters_of(settings)
    check_rehearsal(settings, adapters.values())
    check_bind(settings, adapters)
    return adapters


async def build(settings: Settings, served: Sequence[Plan] | None = None) -> Bot:
    """Put the parts together; the database is brought to the newest schema. Raises `ConfigError`."""
    world = world_of(settings, served)
    world.links = links_of(settings)
    world.evidence = Limits(settings.files.max_mb * 1024**2, frozenset(t.lower() for t in settings.files.types))
    adapters = check_surroundings(settings)
    clock = Clock(settings.clock.start and _aware(settings.clock.start, world), settings.clock.speed)
    db = Database(settings.database.url)
    await schema.migrate(db)
    schedules: list[Schedule] = collect("schedules", "schedule")
    composers = {kind: composer for schedule in schedules for kind, composer in schedule.composers.items()}
    delivery = Delivery(db, adapters, composers, world, clock)
    dispatcher = Dispatcher(
        db,
        collect("handlers", "router"),
        world,
        clock.now,
        lambda platform, chat: adapters[platform].group_of_chat(chat),
        delivery.wake,
    )
    scheduler = Scheduler(db, schedules, world, clock.now, delivery.wake)
    meters = delivery.meters = dispatcher.meters = scheduler.meters = Meters()
    bot: Bot

    async def refresh() -> None:
        await meters.refresh(db, world.policy, clock.now(), wall_now())

    async def wrong() -> Mapping[str, str]:
        return await bot.wrong()

    app = make_app(wrong, meters.registry, refresh)
    vault = Vault(settings.data_dir / "files")
    collector = Collector(db, adapters, vault, world, clock.now)
    forms.mount(app, db, world, dispatcher.receive, clock.now)
    files.mount(app, db, world, vault, clock.now)
    bot = Bot(settings, world, db, clock, adapters, dispatcher, scheduler, delivery, collector, app)
    if settings.server.heartbeat_url:
        ping = Heartbeat(settings.server.heartbeat_url)
        bot.upkeep.append(Watch(db, world, clock.now, bot.wrong, ping).run)
    if settings.backup.folder:
        bot.upkeep.append(Nightly(db, vault, settings.backup, world.policy, meters).run)
    _mount(bot)
    return bot


def _mount(bot: Bot) -> None:
    hosting = Hosting(bot.db, bot.world, bot.clock.now, bot.delivery.wake)
    host = Host(
        receive=bot.dispatcher.receive,
        now=bot.clock.now,
        advance=bot.advance,
        set_speed=bot.clock.set_speed,
        people=bot.people,
        speed=lambda: bot.clock.speed,
        workdays=bot.world.workdays,
        lease=bot.lease,
        tell_office=hosting.tell_office,
        spend=hosting.spend,
        spent=hosting.spent,
        roster=hosting,
    )
    for name, adapter in bot.adapters.items():
        adapter.mount(bot.web, replace(host, notes=notes.Notebook(bot.db, name)))


def _aware(start: datetime, world: World) -> datetime:
    return start if start.tzinfo else start.replace(tzinfo=world.policy.timezone)


def start_of(settings: Settings, world: World) -> datetime:
    """Return the time a command line call happens at: now, or where a rehearsal begins."""
    return _aware(settings.clock.start, world) if settings.clock.start else wall_now()


@contextlib.asynccontextmanager
async def at_rest(bot: Bot) -> AsyncIterator[None]:
    """Let a bot stand ready without listening, ticking or sending, for a look at its parts; it is stopped after."""
    runner = web.AppRunner(bot.web)
    try:
        await runner.setup()
        yield
    finally:
        await runner.cleanup()
        await bot.stop()


async def serve_until_stopped(
    bot: Bot,
    ready: Callable[[tuple[str, int]], None],
    before: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Listen and run until SIGTERM or SIGINT; `ready` is called with the address once the bot answers.

    `before` runs between the start of the parts and the first request.
    """
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    runner = web.AppRunner(bot.web, access_log=None, shutdown_timeout=2.0)
    await bot.start()
    try:
        await runner.setup()
        if before is not None:
            await before()
        site = web.TCPSite(runner, bot.settings.server.host, bot.settings.server.port)
        await site.start()
        ready(runner.addresses[0][:2])
        await stopped.wait()
    finally:
        await runner.cleanup()
        await bot.stop()
