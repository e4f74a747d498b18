"""Every message comes in once."""

from dataclasses import replace

from bot.events import Event
from bot.storage import inbox
from bot.storage.engine import Database
from tests.core.conftest import NOW
from tests.core.houses import rows

EVENT = Event("stub", "m1", "a", "private", "a", "第7项80%", NOW)


async def test_a_message_is_taken_once_by_platform_and_id(db: Database) -> None:
    events = [EVENT, EVENT, replace(EVENT, message_id="m2"), replace(EVENT, platform="other")]
    async with db.begin() as tx:
        taken = [await inbox.put_new(tx, event) for event in events]

    assert [number is not None for number in taken] == [True, False, True, True]


async def test_what_became_of_a_message_is_noted(db: Database) -> None:
    async with db.begin() as tx:
        await inbox.settle(tx, await inbox.put_new(tx, EVENT), "reply")

    assert await rows(db, "SELECT text, outcome FROM inbox") == [("第7项80%", "reply")]
