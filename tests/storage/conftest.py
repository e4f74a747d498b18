"""Every storage test runs on SQLite and on a real PostgreSQL, each with a database of its own."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.members import Post
from bot.storage import plans
from bot.storage.engine import Database
from bot.stories.roster import Enrolled, enrol
from tests.core.conftest import NOW
from tests.core.houses import few
from tests.storage.postgres import tell, url_of

PLAN = few("思政科", "督导科", "职成教科")
NUMBERS = count(1)


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
    tell(address, f"CREATE DATABASE {name} TEMPLATE drumbeat_template_{os.getpid()}")
    yield url_of(address, name)
    tell(address, f"DROP DATABASE {name}")


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without any table."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    address = request.getfixturevalue("postgres")
    name = f"drumbeat_{os.getpid()}_{next(NUMBERS)}"
    tell(address, f"CREATE DATABASE {name}")
    yield url_of(address, name)
    tell(address, f"DROP DATABASE {name}")


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
