"""Group commit: a thread does units of work one after another, a savepoint each, and commits once for all of them.

A commit waits for the disk and a hop between threads costs as much as a statement, so both are shared. Inside the
thread a unit's `await` never waits: its session works on a blocking connection, and the unit runs to its end in one
go. That is why a unit may await its transaction and nothing else.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncSession

Work = Callable[[AsyncSession], Awaitable[Any]]

MOST = 64


@dataclass
class _Unit:
    """One piece of work and, once it is done, what came of it."""

    work: Work
    done: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.done.done():
            return  # nobody waits any more
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)


class Groups:
    """Does units of work in `lanes` threads, each in groups of up to `MOST`; `turn` is held while a group runs."""

    def __init__(self, engine: Engine, lanes: int, turn: asyncio.Lock | None) -> None:
        self.engine, self._lanes, self._turn = engine, lanes, turn
        self._threads = ThreadPoolExecutor(lanes, thread_name_prefix="writer")
        self._waiting: deque[_Unit] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def do(self, work: Work) -> Any:
        """Do one unit; return its result after the commit. It raises what the unit or the commit raised."""
        unit = _Unit(work, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        if len(self._running) < self._lanes:
            self._running.add(asyncio.create_task(self._drain()))
        return await unit.done

    async def close(self) -> None:
        """Finish what waits, then end the threads."""
        while self._running:
            await asyncio.gather(*self._running)
        self._threads.shutdown()
        self.engine.dispose()

    async def _drain(self) -> None:
        while self._waiting:
            if self._turn is None:
                await self._next_group()
            else:
                async with self._turn:
                    await self._next_group()
        # At once, not in a callback: who comes a moment later must find that nobody drains any more.
        self._running.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _next_group(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._commit, group)
        except BaseException as error:
            # Whoever waits must hear of it: the thread could not be begun, or the loop ends.
            for unit in group:
                unit.error = unit.error or error
        for unit in group:
            unit.settle()

    def _commit(self, group: Sequence[_Unit]) -> None:
        """Do a group in one transaction; when that fails as a whole, each unit in one of its own."""
        try:
            with self.engine.begin() as connection:
                for unit in group:
                    _do(connection, unit)
        except Exception as error:
            if len(group) == 1:
                group[0].error = group[0].error or error
                return
            for unit in group:
                unit.result = unit.error = None
                self._commit([unit])


class _UnitSession(AsyncSession):
    """The session of a unit: on a blocking connection a result is complete as it comes."""

    async def execute(self, *args: Any, **named: Any) -> Any:
        """Execute a statement; the parent would close the cursor in a way that only async drivers have."""
        return self.sync_session.execute(*args, **named)


def _do(connection: Connection, unit: _Unit) -> None:
    """Do one unit behind a savepoint; raises when the fault took the whole transaction with it."""
    raw = Raw(connection)
    raw.tell("SAVEPOINT unit")
    tx = _UnitSession(expire_on_commit=False, join_transaction_mode="rollback_only", info={"raw": raw})
    tx.sync_session.bind = connection
    try:
        unit.result = _to_the_end(_flushed(unit.work, tx))
        raw.tell("RELEASE SAVEPOINT unit")
    except Exception as error:
        unit.error = error
        if not connection.in_transaction():
            raise  # a statement the session could not flush; the session has rolled everything back
        raw.tell("ROLLBACK TO SAVEPOINT unit")
        raw.tell("RELEASE SAVEPOINT unit")
    finally:
        tx.sync_session.close()


async def _flushed(work: Work, tx: AsyncSession) -> Any:
    result = await work(tx)
    if tx.new or tx.dirty or tx.deleted:
        await tx.flush()
    return result


class Raw:
    """The driver's connection under a unit, for what need not go through the toolkit."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self._connection = connection.connection.driver_connection

    def cursor(self) -> Any:
        """Return a new cursor of the driver."""
        return self._connection.cursor()  # type: ignore[union-attr]

    def tell(self, statement: str) -> None:
        """Run a statement that takes no values and returns nothing."""
        cursor = self.cursor()
        cursor.execute(statement)
        cursor.close()


def _to_the_end(work: Awaitable[Any]) -> Any:
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    raise RuntimeError("a unit of work awaits nothing but its transaction")
