"""Statements compiled once: what every inbound message runs costs the driver's time, not the toolkit's.

Building and compiling a statement takes ten times as long as SQLite takes to run it. The rows are plain tuples.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Rows = list[tuple[Any, ...]]
Statement = Executable | Callable[[Dialect], Executable]


@dataclass(frozen=True)
class _Compiled:
    """A statement in one database's words, with what turns values into the driver's and back."""

    sql: str
    names: tuple[str, ...] | None
    constants: dict[str, Any]
    binds: tuple[tuple[str, Convert], ...]
    results: tuple[tuple[int, Convert], ...]
    returns: bool

    def run(self, cursor: DBAPICursor, values: dict[str, Any]) -> Rows:
        given = {**self.constants, **values}
        for name, convert in self.binds:
            given[name] = convert(given[name])
        cursor.execute(self.sql, given if self.names is None else tuple([given[name] for name in self.names]))
        found: Rows = list(cursor.fetchall()) if self.returns else []
        cursor.close()
        return [self._converted(row) for row in found] if self.results else found

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for number, convert in self.results:
            values[number] = convert(values[number])
        return tuple(values)


class Prepared:
    """One statement whose values are `bindparam`s; call it with a transaction and the values by name.

    What a dialect alone can say (ON CONFLICT) comes as a function of the dialect.
    """

    def __init__(self, statement: Statement) -> None:
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
            found = self._compiled[dialect.name] = _compile(self._statement, dialect)
        return found


def _compile(source: Statement, dialect: Dialect) -> _Compiled:
    statement = source(dialect) if callable(source) else source
    made: SQLCompiler = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    binds = [(name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in made.binds.items()]
    columns = [column.type.dialect_impl(dialect) for column in made._result_columns]
    results = [kind.result_processor(dialect, None) for kind in columns]
    return _Compiled(
        made.string,
        tuple(made.positiontup or ()) if made.positional else None,
        {name: bind.value for name, bind in made.binds.items() if not bind.required},
        tuple((name, convert) for name, convert in binds if convert is not None),
        tuple((number, convert) for number, convert in enumerate(results) if convert is not None),
        bool(columns),
    )


def insert_new(table: Any, *names: str, returning: Sequence[Any] = ()) -> Callable[[Dialect], Any]:
    """Return an INSERT of the named columns that leaves an existing row alone."""

    def made(dialect: Dialect) -> Any:
        statement = _insert(dialect, table, names).on_conflict_do_nothing()
        return statement.returning(*returning) if returning else statement

    return made


def upsert(table: Any, keys: Sequence[str], *names: str) -> Callable[[Dialect], Any]:
    """Return an INSERT of the keys and the named columns that overwrites the named columns of an existing row."""

    def made(dialect: Dialect) -> Any:
        statement = _insert(dialect, table, (*keys, *names))
        changed = {name: statement.excluded[name] for name in names}
        return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)

    return made


def _insert(dialect: Dialect, table: Any, names: Sequence[str]) -> Any:
    words = sqlite if dialect.name == "sqlite" else postgresql
    columns = table.__table__.c
    return words.insert(table.__table__).values({name: bindparam(name, type_=columns[name].type) for name in names})
