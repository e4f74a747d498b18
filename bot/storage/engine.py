"""The database: one writer connection on SQLite (WAL, FULL), a pool on PostgreSQL; the same sessions on both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.sql.dml import Insert

from bot.storage.groups import Groups

Tx = AsyncSession

T = TypeVar("T")
P = ParamSpec("P")

# Threads that write on PostgreSQL: while one waits for the server another works.
LANES = 3


class Database:
    """Opens transactions. `begin` is for anything that writes; `read` never blocks a writer."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite_engine(self.url, write=True)
            self._reader = _sqlite_engine(self.url, write=False)
        else:
            engine = create_async_engine(url, pool_size=8, pool_pre_ping=True, hide_parameters=True)
            self._writer = self._reader = engine
        self._begin = async_sessionmaker(self._writer, expire_on_commit=False)
        self._read = async_sessionmaker(self._reader, expire_on_commit=False)
        # SQLite has one writer; waiting here is fair and cheap, waiting in SQLite is neither.
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self._groups = Groups(_blocking_engine(self.url), 1 if self.is_sqlite else LANES, self._turn)

    async def write(self, work: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **named: P.kwargs) -> T:
        """Do a unit of work and return its result after the commit; units that meet share one commit.

        `work(tx, …)` awaits its transaction and nothing else, for it runs in a thread without a loop. When it raises,
        nothing of it stays.
        """
        return cast(T, await self._groups.do(lambda tx: work(tx, *args, **named)))

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
                yield connection
        finally:
            if engine is not self._writer:
                await engine.dispose()

    async def close(self) -> None:
        await self._groups.close()
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


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
    return sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
