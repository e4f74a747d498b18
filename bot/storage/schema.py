"""Bringing a database to the program's schema. Migrations run on SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.engine import Database
from bot.storage.tables import Base


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def migrate(db: Database) -> tuple[str, str]:
    """Upgrade to the newest schema; return the revisions before and after ('' for an empty database)."""

    def upgrade(connection: Connection) -> tuple[str, str]:
        before = MigrationContext.configure(connection).get_current_revision() or ""
        command.upgrade(_config(connection), "head")
        after = MigrationContext.configure(connection).get_current_revision() or ""
        return before, after

    async with db.schema_connection() as connection:
        return await connection.run_sync(upgrade)


def newest_revision() -> str:
    """Return the revision this program was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def differences(db: Database) -> list[object]:
    """List what a migrated database lacks against the tables; empty when they agree."""

    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with db.schema_connection() as connection:
        return await connection.run_sync(compare)
