"""Fixtures shared by the tests: the bot on a stage, opened and closed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest_asyncio

from bot.domain.plans import Plan
from tests.theatre import SandboxStage, Stage, Theatre

Open = Callable[..., Awaitable[Theatre]]


@pytest_asyncio.fixture
async def theatre(tmp_path: Path) -> AsyncIterator[Open]:
    """Open the bot on a stage (the sandbox unless another is given) at a local moment."""
    opened: list[Theatre] = []

    async def open_(start: str, stage: Stage | None = None, plan: Plan | None = None) -> Theatre:
        house = Theatre(stage or SandboxStage(), tmp_path, start, plan)
        opened.append(house)
        return await house.open()

    yield open_
    for house in opened:
        await house.close()
