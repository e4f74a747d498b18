"""What platforms keep for themselves between runs, as small JSON by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.clock import wall_now
from bot.storage.engine import Database, upsert
from bot.storage.tables import Note


@dataclass(frozen=True)
class Notebook:
    """The notes of one platform."""

    db: Database
    platform: str

    async def load(self) -> Mapping[str, dict[str, Any]]:
        """Return everything noted, by name."""
        async with self.db.read() as tx:
            rows = (await tx.execute(select(Note).where(Note.platform == self.platform))).scalars()
            return {note.name: note.value for note in rows}

    async def put(self, name: str, value: Mapping[str, Any]) -> None:
        """Note something, in the place of what stood there."""
        row = {"platform": self.platform, "name": name, "value": dict(value), "noted_at": wall_now()}
        async with self.db.begin() as tx:
            await tx.execute(upsert(tx, Note, ["platform", "name"], row))
