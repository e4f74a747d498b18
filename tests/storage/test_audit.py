"""The log of who did what: sealed in a chain; a change shows; an erased person leaves numbers only."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.events import Event
from bot.storage import audit, checkins, erasing, inbox, members, outbox
from bot.storage.checkins import Report, Said
from bot.storage.engine import Database
from tests.core.conftest import NOW
from tests.core.houses import rows
from tests.storage.conftest import PLAN

ZONE = ZoneInfo("Asia/Shanghai")


async def act(db: Database, *subjects: str) -> None:
    async with db.begin() as tx:
        for subject in subjects:
            await audit.put(tx, NOW, "member:1", "command:undo", subject, "撤回 12")
        assert await audit.seal(tx, ZONE)
        assert not await audit.seal(tx, ZONE)


async def broken(db: Database) -> int | None:
    async with db.read() as tx:
        return audit.broken_at(await audit.of_day(tx, "2023-04-24"))


async def test_a_days_chain_is_whole_over_several_sealings(db: Database) -> None:
    await act(db, "inbox:1", "inbox:2")
    await act(db, "inbox:3")

    assert await broken(db) is None
    assert await rows(db, "SELECT place, subject FROM audit ORDER BY place") == [
        (1, "inbox:1"),
        (2, "inbox:2"),
        (3, "inbox:3"),
    ]


async def test_what_was_changed_or_taken_out_shows(db: Database) -> None:
    await act(db, "inbox:1", "inbox:2", "inbox:3")
    async with db.begin() as tx:
        await tx.execute(text("UPDATE audit SET action = 'reply' WHERE place = 2"))
    assert await broken(db) == 2
    async with db.begin() as tx:
        await tx.execute(text("DELETE FROM audit WHERE place = 1"))
    assert await broken(db) == 1


async def test_an_erased_person_leaves_the_units_record_and_a_whole_chain(db: Database) -> None:
    async with db.read() as tx:
        (person,) = await erasing.find(tx, "思政科")
    event = Event("stub", "m1", "思政科", "private", "思政科", "第7项30%，我是甲", NOW)
    async with db.begin() as tx:
        number = await inbox.put_new(tx, event)
        said = (Said("S07", 30.0),)
        await checkins.record(tx, Report(PLAN.key, "思政科", person.id, number, NOW, event.text, said, {}))
        await outbox.put_many(
            tx,
            [
                {
                    "key": key,
                    "kind": "notice",
                    "platform": "stub",
                    "external_id": "思政科",
                    "member_id": member,
                    "not_before": NOW,
                }
                for key, member in (("to the member", person.id), ("a reply", None))
            ],
        )
    await act(db, "inbox:1")
    async with db.begin() as tx:
        await erasing.erase(tx, person.id, NOW + timedelta(days=1))
    async with db.read() as tx:
        assert await members.find_by_identity(tx, "stub", "思政科") is None
        assert not (await members.standpoint(tx, PLAN.key, person.id)).posts

    assert await rows(db, f"SELECT name, mobile FROM members WHERE id = {person.id}") == [("（已删除）", None)]
    assert await rows(db, "SELECT text, unit FROM checkins") == [("", "思政科")]
    assert await rows(db, "SELECT percent FROM entries") == [(30.0,)]
    assert await rows(db, "SELECT count(*) FROM inbox WHERE text <> '' OR sender = '思政科' OR chat = '思政科'") == [
        (0,)
    ]
    sent = await rows(db, "SELECT DISTINCT external_id, state, reason FROM outbox")
    assert sent == [("", "dropped", "收件人的资料已删除")]
    assert await broken(db) is None
