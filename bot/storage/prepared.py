"""Statements compiled once: what every inbound message runs costs the driver's time, not the toolkit's.

Building and compiling a statement takes ten times as long as SQLite takes to run it. The result is plain tuples.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class _Compiled:
    """A statement in one database's words, with what turns values into the driver's and back."""

    sql: str
    names: tuple[str, ...]
    positional: bool
    constants: dict[str, Any]
    binds: dict[str, Convert]
    results: tuple[tuple[int, Convert], ...]
    returns: bool

    def run(self, cursor: DBAPICursor, values: dict[str, Any]) -> Rows:
        given = {**self.constants, **values}
        for name, convert in self.binds.items():
            given[name] = convert(given[name])
        cursor.execute(self.sql, tuple(given[name] for name in self.names) if self.positional else given)
        found: Rows = list(cursor.fetchall()) if self.returns else []
        cursor.close()
        return [self._converted(row) for row in found] if self.results else found

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for number, convert in self.results:
            values[number] = convert(values[number])
        return tuple(values)


class Prepared:
    """One statement whose values are `bindparam`s; call it with a transaction and the values by name."""

    def __init__(self, statement: Executable | Callable[[Dialect], Executable]) -> None:
        """`statement` may be a function of the dialect, for what only a dialect can say (ON CONFLICT)."""
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    async def __call__(self, tx: AsyncSession, **values: Any) -> Rows:
        if tx.new or tx.dirty or tx.deleted:
            await tx.flush()
        raw = tx.info.get("raw")
        if raw is None:
            return await tx.run_sync(self._in_session, values)
        return self._for(raw.dialect).run(raw.cursor(), values)

    def _in_session(self, session: Session, values: dict[str, Any]) -> Rows:
        connection = session.connection()
        return self._for(connection.dialect).run(connection.connection.cursor(), values)

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = self._statement(dialect) if callable(self._statement) else self._statement
        made: SQLCompiler = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        binds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in made.binds.items()}
        columns = made._result_columns
        results = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        return _Compiled(
            made.string,
            tuple(made.positiontup or ()),
            bool(made.positional),
            {name: bind.value for name, bind in made.binds.items() if not bind.required},
            {name: convert for name, convert in binds.items() if convert is not None},
            tuple((number, convert) for number, convert in enumerate(results) if convert is not None),
            bool(columns),
        )


first = itemgetter(0)
