"""Archives: every row of one consistent moment and the files kept, in one zip; from and into either database.

The tables are read as they are (reflected), so an archive of an older schema is put back into that schema and then
upgraded. Moments are UTC without a zone, as they lie in the database.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, Table, create_engine, func, insert, select, text

from bot.errors import UserError
from bot.storage.engine import Database
from bot.storage.vault import KEY_FILE, Vault

FORMAT = 1
VERSION_TABLE = "alembic_version"
BATCH = 2000


@dataclass(frozen=True)
class Archive:
    """What an archive says of itself: when, in which schema, rows by table, and the digest of each member."""

    made_at: str
    schema: str
    rows: dict[str, int]
    digests: dict[str, str]
    absent: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def write(db: Database, vault: Vault, file: Path, now: datetime) -> Archive:
    """Write an archive while the program works on, read it back, and only then give it its name. Blocks.

    Raises OSError, and `UserError` when what was written does not read back.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    engine = _engine(db)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive, engine.connect() as connection:
            _freeze(connection)
            made = _write_all(archive, connection, vault, now)
            archive.writestr("manifest.json", json.dumps({"format": FORMAT, **made.__dict__}, ensure_ascii=False))
    finally:
        engine.dispose()
    read(part)
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.chmod(0o600)
    part.replace(file)
    return made


def _engine(db: Database) -> Engine:
    url = db.url.set(drivername="sqlite") if db.is_sqlite else db.url
    return create_engine(url, hide_parameters=True)


def _freeze(connection: Connection) -> None:
    """Let every statement from here on see one moment."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return
    # The driver begins no transaction for a SELECT.
    connection.exec_driver_sql("BEGIN")


def _write_all(archive: zipfile.ZipFile, connection: Connection, vault: Vault, now: datetime) -> Archive:
    schema = str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one())  # noqa: S608
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    for table in _tables(connection):
        name = f"tables/{table.name}.jsonl"
        rows[table.name], digests[name] = _write_member(archive, name, _lines(connection, table))
    absent = []
    for sha256 in _kept(connection):
        path = vault.path(sha256)
        if path.exists():
            archive.write(path, f"files/{sha256}", zipfile.ZIP_STORED)
            digests[f"files/{sha256}"] = sha256
        else:
            absent.append(sha256)
    if vault.key.exists():
        # Without it the links in messages already sent would open nothing after a restore.
        archive.writestr(KEY_FILE, key := vault.key.read_bytes())
        digests[KEY_FILE] = hashlib.sha256(key).hexdigest()
    return Archive(now.isoformat(timespec="seconds"), schema, rows, digests, tuple(absent))


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    for row in connection.execution_options(yield_per=BATCH).execute(select(table)).mappings():
        yield json.dumps(dict(row), ensure_ascii=False, default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _write_member(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> tuple[int, str]:
    digest, number = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as member:
        for line in lines:
            member.write(line)
            digest.update(line)
            number += 1
    return number, digest.hexdigest()


def _kept(connection: Connection) -> list[str]:
    if not connection.dialect.has_table(connection, "files"):
        return []
    return list(connection.execute(text("SELECT DISTINCT sha256 FROM files WHERE sha256 <> '' ORDER BY 1")).scalars())


def read(file: Path) -> Archive:
    """Read an archive through and check every digest; raises `UserError`."""
    try:
        with zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read("manifest.json"))
            wrong = [name for name, digest in told["digests"].items() if _digest(archive, name) != digest]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UserError(f"{file} 不是鼓点的备份，或者已损坏（{type(error).__name__}）。请换一个备份文件") from None
    if wrong:
        raise UserError(f"备份 {file} 已损坏：{wrong[0]} 的内容和登记的不一样。请换一个备份文件")
    return Archive(told["made_at"], told["schema"], told["rows"], told["digests"], tuple(told["absent"]))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while block := member.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def is_empty(db: Database) -> bool:
    """Tell whether nothing is recorded in a migrated database yet. Blocks."""
    engine = _engine(db)
    try:
        with engine.connect() as connection:
            found = (select(func.count()).select_from(table) for table in _tables(connection))
            return not any(connection.execute(statement).scalar_one() for statement in found)
    finally:
        engine.dispose()


def put_back(db: Database, vault: Vault, file: Path) -> dict[str, int]:
    """Put the rows of an archive into an empty database of its schema, its files and key where they belong. Blocks.

    Returns the rows by table as they are counted afterwards; either all are there or none.
    """
    engine = _engine(db)
    try:
        with zipfile.ZipFile(file) as archive, engine.begin() as connection:
            tables = _tables(connection)
            for table in tables:
                _put_rows(archive, connection, table)
            for name in archive.namelist():
                if name.startswith("files/"):
                    vault.keep(archive.read(name))
                if name == KEY_FILE:
                    _put_key(vault.key, archive.read(name))
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            }
    finally:
        engine.dispose()


def _put_key(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(key)


def _put_rows(archive: zipfile.ZipFile, connection: Connection, table: Table) -> None:
    name = f"tables/{table.name}.jsonl"
    if name not in archive.namelist():
        return
    batch: list[dict[str, Any]] = []
    with archive.open(name) as member:
        for line in member:
            batch.append(_typed(table, json.loads(line)))
            if len(batch) == BATCH:
                connection.execute(insert(table), batch)
                batch = []
    if batch:
        connection.execute(insert(table), batch)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        highest = select(func.max(table.c.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.c:
        value = row.get(column.name)
        if isinstance(value, str) and isinstance(column.type, DateTime):
            row[column.name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(column.type, Date):
            row[column.name] = date.fromisoformat(value)
    return row


def unpack(db: Database, vault: Vault, folder: Path, now: datetime) -> Archive:
    """Write everything as files people and programs can open: one JSON line a row, and the files kept. Blocks.

    The key that links are signed with is no record and stays where it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "drumbeat.zip"
    made = write(db, vault, whole, now)
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name != KEY_FILE])
    whole.unlink()
    return made
