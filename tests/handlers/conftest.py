"""One house for a module of conversations: nobody owes the same report twice, so each test has units of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.core.houses import by_hand
from tests.theatre import SandboxStage, Theatre


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> AsyncIterator[Theatre]:
    """Open the bot at the module's START, after the reminders of that day are out: rounds are open, nobody is asked."""
    stage = Theatre(SandboxStage(), tmp_path_factory.mktemp("house"), request.module.START, None, migrated)
    await stage.open()
    await (await by_hand(stage)).bot.settle()
    stage.new()
    yield stage
    await stage.close()
