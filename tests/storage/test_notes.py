"""What a platform notes is there after a restart, and is its own."""

from bot.storage.engine import Database
from bot.storage.notes import Notebook


async def test_the_last_note_of_a_name_counts_and_platforms_do_not_mix(db: Database) -> None:
    await Notebook(db, "wecom").put("chat:wrk1", {"group": "old"})
    await Notebook(db, "wecom").put("chat:wrk1", {"group": "main"})
    await Notebook(db, "dingtalk").put("chat:wrk1", {"group": "other"})

    assert await Notebook(db, "wecom").load() == {"chat:wrk1": {"group": "main"}}
