"""A database, a world and a roster of two for the parts of the machine."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.members import Post
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import Group, World
from bot.storage import plans
from bot.storage.engine import Database
from bot.stories.roster import Enrolled, enrol
from tests.core.houses import few

NOW = datetime(2023, 4, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World((few("思政科"),), Workdays(), Policy(spread_s=0), (Group("main", "工作群", "stub"),))


@pytest_asyncio.fixture
async def db(tmp_path: Path, migrated: Path, world: World) -> AsyncIterator[Database]:
    """A migrated database with the plan, its contact ("contact") and an office person ("office")."""
    shutil.copy(migrated, tmp_path / "bot.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    async with database.begin() as tx:
        (plan,) = world.plans
        await plans.load(tx, plan, NOW)
        await enrol(tx, plan, Enrolled("联络员", "思政科", Post("contact", "思政科"), ids={"stub": "contact"}), NOW)
        await enrol(tx, plan, Enrolled("经办", "办公室", Post("office"), ids={"stub": "office"}), NOW)
    yield database
    await database.close()
