"""Fixtures shared by the tests: the bot on a stage, opened and closed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from bot.domain.plans import Plan
    from tests.theatre import Stage, Theatre

Open = Callable[..., Awaitable["Theatre"]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one empty database; every stage begins with a copy of it, which saves half of its opening time."""
    from bot.storage import schema
    from bot.storage.engine import Database

    file = tmp_path_factory.mktemp("template") / "drumbeat.db"

    async def work() -> None:
        db = Database(f"sqlite+aiosqlite:///{file}")
        await schema.migrate(db)
        await db.close()

    asyncio.run(work())
    return file


@pytest_asyncio.fixture
async def theatre(tmp_path: Path, migrated: Path) -> AsyncIterator[Open]:
    """Open the bot on a stage (the sandbox unless another is given) at a local moment."""
    from tests.theatre import SandboxStage, Theatre

    opened: list[Theatre] = []

    async def open_(
        start: str, stage: "Stage | None" = None, plan: "Plan | None" = None, public_url: str = ""
    ) -> Theatre:
        house = Theatre(stage or SandboxStage(), tmp_path, start, plan, migrated, public_url)
        opened.append(house)
        return await house.open()

    yield open_
    for house in opened:
        await house.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person look at what the browser tests see: --shots keeps pictures in var/shots."""
    parser.addoption("--shots", action="store_true", help="keep screenshots of the browser tests in var/shots")
