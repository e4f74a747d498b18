"""The database as a command opens it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import app
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.settings import Settings
from bot.storage import changes, schema
from bot.storage.engine import Database
from bot.worlds import world_of


@asynccontextmanager
async def records(settings: Settings, served: list[Plan] | None = None) -> AsyncIterator[tuple[World, Database]]:
    """Open the database of the settings, brought to the newest schema, with the plans loaded."""
    world = world_of(settings, served)
    db = Database(settings.database.url)
    try:
        await schema.migrate(db)
        async with db.begin() as tx:
            await changes.load_plans(tx, world, app.start_of(settings, world))
        yield world, db
    finally:
        await db.close()
