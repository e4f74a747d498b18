"""The database: one writer connection on SQLite (WAL, FULL), a pool on PostgreSQL; the same sessions on both."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.sql.dml import Insert

from bot.storage.groups import Groups
from bot.storage.prepared import words_of

Tx = AsyncSession

T = TypeVar("T")
P = ParamSpec("P")

# Threads that write on PostgreSQL: while one waits for the server another works.
LANES = 3
CHANNEL = "drumbeat_outbox"
NOTIFY = text(f"NOTIFY {CHANNEL}")
# How long to wait for a standby to take over, a try after each.
LOST_WAITS_S = (0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
MIGRATING = 20261201


class Database:
    """Opens transactions. `begin` is for anything that writes; `read` never blocks a writer."""

    def __init__(self, url: str) -> None:
        self.url = _to_primary(make_url(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite_engine(self.url, write=True)
            self._reader = _sqlite_engine(self.url, write=False)
        else:
            engine = create_async_engine(self.url, pool_size=8, pool_pre_ping=True, hide_parameters=True)
            self._writer = self._reader = engine
        self._begin = async_sessionmaker(self._writer, expire_on_commit=False)
        self._read = async_sessionmaker(self._reader, expire_on_commit=False)
        # SQLite has one writer; waiting here is fair and cheap, waiting in SQLite is neither.
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self._groups = Groups(_blocking_engine(self.url), 1 if self.is_sqlite else LANES, self._turn)

    async def write(self, work: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **named: P.kwargs) -> T:
        """Do a unit of work and return its result after the commit; units that meet share one commit.

        `work(tx, …)` awaits its transaction and nothing else, for it runs in a thread without a loop. When it raises,
        nothing of it stays. When PostgreSQL is lost on the way, it is done again on the server that takes over; units
        are such that doing one twice is as good as once.
        """
        for wait in (*LOST_WAITS_S, None):
            try:
                return cast(T, await self._groups.do(lambda tx: work(tx, *args, **named)))
            except DBAPIError as error:
                if wait is None or self.is_sqlite or not _is_lost(error):
                    raise
            await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def heard(self) -> AsyncIterator[None]:
        """Yield whenever a process has put something into the outbox; on SQLite there is only one, and never."""
        while not self.is_sqlite:
            with contextlib.suppress(psycopg_errors()):
                async for _ in _notices(self._groups.engine):
                    yield
            await asyncio.sleep(1.0)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open a transaction that commits on leaving and rolls back on an exception."""
        if self._turn is None:
            async with self._begin.begin() as tx:
                yield tx
            return
        async with self._turn, self._begin.begin() as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Open a reading session; nothing it changes is kept."""
        async with self._read() as tx:
            yield tx

    @asynccontextmanager
    async def schema_connection(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction for migrations. On SQLite foreign keys are off in it: a rebuilt parent table would
        delete its children's rows."""
        engine = _sqlite_engine(self.url, write=True, foreign_keys=False) if self.is_sqlite else self._writer
        try:
            async with engine.begin() as connection:
                if not self.is_sqlite:
                    # Several processes may start at once; one migrates, the others find it done.
                    await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
                yield connection
        finally:
            if engine is not self._writer:
                await engine.dispose()

    async def close(self) -> None:
        await self._groups.close()
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def _to_primary(url: URL) -> URL:
    """Let an address of several PostgreSQL servers mean the one that takes writes, whichever that is today."""
    hosts = url.query.get("host", ())
    several = len(hosts) > 1 if isinstance(hosts, tuple) else "," in hosts
    if not several:
        return url
    wanted = {"target_session_attrs": "read-write", "connect_timeout": "3"}
    return url.update_query_dict({key: value for key, value in wanted.items() if key not in url.query})


def _is_lost(error: DBAPIError) -> bool:
    """Tell whether a fault is the server's going away: a broken connection, a shutdown, or a standby that was met."""
    state = getattr(error.orig, "sqlstate", None) or ""
    gone = isinstance(error, OperationalError | InterfaceError) and not state
    return error.connection_invalidated or gone or state[:2] in ("08", "57") or state == "25006"


async def _notices(engine: Engine) -> AsyncIterator[None]:
    """Yield once when connected, because something may have been missed, and at each notice after that."""
    import psycopg

    _, address = engine.dialect.create_connect_args(engine.url)
    async with await psycopg.AsyncConnection.connect(**address, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield
        async for _ in connection.notifies():
            yield


def psycopg_errors() -> type[Exception]:
    """Return psycopg's error; it is imported where PostgreSQL is used."""
    import psycopg

    return psycopg.Error


def _sqlite_engine(url: URL, *, write: bool, foreign_keys: bool = True) -> AsyncEngine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if write else {"pool_size": 4, "max_overflow": 4}
    # Parameters are people's words; they must not reach the log inside an error.
    engine = create_async_engine(url, hide_parameters=True, **pool)
    event.listen(engine.sync_engine, "connect", partial(_pragmas, foreign_keys=foreign_keys))
    # pysqlite would open a deferred transaction, which fails at once when a reader turns writer.
    event.listen(engine.sync_engine, "begin", _begin_immediate if write else _begin_deferred)
    return engine


def _blocking_engine(url: URL) -> Engine:
    """Return the engine of the writing threads."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=LANES, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url.set(drivername="sqlite"), pool_size=1, max_overflow=0, hide_parameters=True)
    event.listen(engine, "connect", partial(_pragmas, foreign_keys=True))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _pragmas(connection: Any, _record: Any, *, foreign_keys: bool) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: a lost "sent" mark would be a message sent twice.
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


async def notify(tx: Tx) -> None:
    """Tell the processes on PostgreSQL, with the commit, that the outbox has something new."""
    if tx.get_bind().dialect.name == "postgresql":
        await tx.execute(NOTIFY)


def insert_new(tx: Tx, table: Any) -> Insert:
    """Return an INSERT that leaves existing rows alone: `… ON CONFLICT DO NOTHING` of the database in use."""
    return dialect(tx).insert(table).on_conflict_do_nothing()  # type: ignore[no-any-return]


def upsert(tx: Tx, table: Any, keys: list[str], values: dict[str, Any]) -> Insert:
    """Return an INSERT of one row that overwrites the row with the same keys."""
    statement = dialect(tx).insert(table).values(values)
    changed = {name: statement.excluded[name] for name in values if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)  # type: ignore[no-any-return]


def dialect(tx: Tx) -> Any:
    """Return the module whose `insert` knows ON CONFLICT."""
    return words_of(tx.get_bind().dialect.name)
