"""Statements compiled once: what every inbound message runs costs the driver's time, not the toolkit's.

Building and compiling a statement takes ten times as long as SQLite takes to run it. The rows are plain tuples.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, JSON, Dialect, Executable, bindparam, column, func, select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Row = TypeVar("Row")
Rows = list[tuple[Any, ...]]
Statement = Executable | Callable[[Dialect], Executable]


@dataclass
class _Compiled:
    """A statement in one database's words, with what turns values into the driver's and back."""

    sql: str
    names: tuple[str, ...] | None
    constants: dict[str, Any]
    binds: tuple[tuple[str, Convert], ...]
    columns: list[Any]
    dialect: Dialect
    results: list[tuple[int, Convert]] | None = None

    def run(self, cursor: DBAPICursor, values: dict[str, Any]) -> Rows:
        given = {**self.constants, **values}
        for name, convert in self.binds:
            given[name] = convert(given[name])
        cursor.execute(self.sql, given if self.names is None else tuple([given[name] for name in self.names]))
        found: Rows = list(cursor.fetchall()) if self.columns else []
        if self.results is None:
            self.results = self._converters(cursor)
        cursor.close()
        return [self._converted(row) for row in found] if self.results else found

    def run_many(self, cursor: DBAPICursor, rows: Sequence[dict[str, Any]]) -> None:
        """Run an INSERT for many rows; the driver goes through them, the statement is said once."""
        converts = {name: _once(convert) for name, convert in self.binds}
        ordered = [(name, converts.get(name)) for name in self.names or rows[0]]
        given = [tuple([convert(row[name]) if convert else row[name] for name, convert in ordered]) for row in rows]
        named = [name for name, _ in ordered]
        cursor.executemany(self.sql, given if self.names else [dict(zip(named, row, strict=True)) for row in given])
        cursor.close()

    def _converters(self, cursor: DBAPICursor) -> list[tuple[int, Convert]]:
        """Return what turns the driver's values into ours; some drivers tell the column's type only with a result."""
        told = [column[1] for column in cursor.description or ()]
        found = [column.result_processor(self.dialect, kind) for column, kind in zip(self.columns, told, strict=True)]
        return [(number, convert) for number, convert in enumerate(found) if convert is not None]

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for number, convert in self.results or ():
            values[number] = convert(values[number])
        return tuple(values)


def _once(convert: Convert) -> Convert:
    """Convert an object once: rows of one moment share theirs. For as long as the rows live."""
    made: dict[int, Any] = {}

    def converted(value: Any) -> Any:
        if id(value) not in made:
            made[id(value)] = convert(value)
        return made[id(value)]

    return converted


class Prepared:
    """One statement whose values are `bindparam`s; call it with a transaction and the values by name.

    What a dialect alone can say (ON CONFLICT) comes as a function of the dialect.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    async def __call__(self, tx: AsyncSession, /, **values: Any) -> Rows:
        if tx.new or tx.dirty or tx.deleted:
            await tx.flush()
        raw = tx.info.get("raw")
        if raw is None:
            return await tx.run_sync(self._in_session, values)
        return self._for(raw.dialect).run(raw.cursor(), values)

    async def many(self, tx: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
        """Run an INSERT for many rows, which all have the same names."""
        if tx.new or tx.dirty or tx.deleted:
            await tx.flush()
        await tx.run_sync(self._all_in_session, rows)

    def _all_in_session(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        connection = session.connection()
        self._for(connection.dialect).run_many(connection.connection.cursor(), rows)

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
    return _Compiled(
        made.string,
        tuple(made.positiontup or ()) if made.positional else None,
        {name: bind.value for name, bind in made.binds.items() if not bind.required},
        tuple((name, convert) for name, convert in binds if convert is not None),
        columns,
        dialect,
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
    columns = table.__table__.c
    return (
        words_of(dialect.name)
        .insert(table.__table__)
        .values({name: bindparam(name, type_=columns[name].type) for name in names})
    )


def words_of(dialect: str) -> Any:
    """Return the module of a database's own words; the other's is never loaded."""
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}")


def one_of(wanted: Any, name: str) -> Callable[[Dialect], Any]:
    """Return the condition that a column is one of a list of values that is given as one."""

    return lambda dialect: wanted.in_(select(values_of(name, wanted.type, dialect).c.value))


def values_of(name: str, kind: Any, dialect: Dialect) -> Any:
    """Return a table with one column, `value`, of a list that is given as one value."""
    if dialect.name == "sqlite":
        return func.json_each(bindparam(name, type_=JSON)).table_valued(column("value", kind), name=f"each_{name}")
    each = func.unnest(bindparam(name, type_=ARRAY(kind))).table_valued(column("value", kind), name=f"each_{name}")
    return each.render_derived()


def object_of(table: Any, row: Sequence[Any]) -> Any:
    """Return a whole row of a table as its object; what is set on it is not written."""
    return table(**dict(zip([found.key for found in _columns(table)], row, strict=True)))


class Find(Generic[Row]):
    """A prepared SELECT of whole rows of one table, given as its objects; what is set on them is not written."""

    def __init__(self, table: Any, narrowed: Callable[[Any, Dialect], Any]) -> None:
        """`narrowed` adds the conditions to a SELECT of the table."""
        self._table = table
        self._prepared = Prepared(lambda dialect: narrowed(select(*_columns(table)), dialect))

    async def __call__(self, tx: AsyncSession, **values: Any) -> list[Row]:
        return [object_of(self._table, row) for row in await self._prepared(tx, **values)]


_inserts: dict[type[Any], tuple[Prepared, list[Any]]] = {}


async def put(tx: AsyncSession, row: Any) -> None:
    """Insert an object at once, as adding it and flushing would; its id is set, its defaults are those of the table."""
    table: Any = type(row)
    if table not in _inserts:
        columns = [found for found in _columns(table) if found.key != "id"]
        names = [column.key for column in columns]
        keys = table.__table__.primary_key.columns
        _inserts[table] = Prepared(lambda dialect: _insert(dialect, table, names).returning(*keys)), columns
    insert, columns = _inserts[table]
    values = {column.key: _value(row, column) for column in columns}
    key = (await insert(tx, **values))[0]
    if hasattr(row, "id"):
        row.id = key[0]


def _value(row: Any, column: Any) -> Any:
    value = getattr(row, column.key)
    if value is not None or column.default is None:
        return value
    default = column.default.arg
    return default(None) if callable(default) else default


@cache
def _columns(table: Any) -> Sequence[Any]:
    return list(table.__table__.c)
