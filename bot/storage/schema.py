"""Bringing a database to the program's schema. Migrations run on SQLite and PostgreSQL.

Alembic takes a third of a second to import and is needed only when the schema changes, so it is imported then.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.storage.engine import Database
from bot.storage.tables import Base

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0020"


async def migrate(db: Database, to: str = HEAD) -> tuple[str, str]:
    """Upgrade to the newest schema, or to an older one; return the revisions before and after ('' for an empty
    database)."""
    async with db.schema_connection() as connection:
        before = await connection.run_sync(_revision)
        if before < to:
            await connection.run_sync(_upgrade, to)
        return before, await connection.run_sync(_revision)


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command

    command.upgrade(_config(connection), to)


def newest_revision() -> str:
    """Return the newest revision there is a migration for; `HEAD` must be the same."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def differences(db: Database) -> list[object]:
    """List what a migrated database lacks against the tables; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with db.schema_connection() as connection:
        return await connection.run_sync(compare)
