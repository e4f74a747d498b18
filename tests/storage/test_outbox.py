"""The outbox: single by key, claimed once, leased, postponed and settled."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from bot.storage import outbox
from bot.storage.engine import Database
from tests.core.conftest import NOW

LEASE = outbox.LEASE


def row(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "notice", "platform": "stub", "not_before": NOW, **more}


async def put(db: Database, *found: dict[str, Any]) -> None:
    async with db.begin() as tx:
        await outbox.put_many(tx, found)


async def claim(db: Database, worker: str = "a", count: int = 10, at: datetime = NOW) -> list[str]:
    async with db.begin() as tx:
        return [found.key for found in await outbox.claim(tx, NOW, at, worker, count)]


async def test_a_key_is_kept_once_and_as_it_was_first(db: Database) -> None:
    await put(db, row("k", external_id="first"))
    await put(db, row("k", external_id="second"), row("l"))
    async with db.read() as tx:
        found = await outbox.find(tx, "k")
        ids = await outbox.open_ids(tx, ["k", "l", "absent"])

    assert (found.external_id, sorted(ids)) == ("first", ["k", "l"])


async def test_only_a_waiting_message_that_is_not_worded_yet_can_carry_more(db: Database) -> None:
    await put(db, row("waiting"), row("sent"), row("worded"))
    async with db.begin() as tx:
        ids = await outbox.open_ids(tx, ["sent"])
        await outbox.settle(tx, ids["sent"], "sent", NOW)
        (await outbox.find(tx, "worded")).parts = [[]]
        await tx.flush()

        assert list(await outbox.open_ids(tx, ["waiting", "sent", "worded"])) == ["waiting"]


async def test_urgent_ones_are_claimed_first_then_by_time(db: Database) -> None:
    late = NOW - timedelta(minutes=1)
    await put(db, row("second"), row("first", not_before=late), row("reply", urgent=outbox.URGENT))
    await put(db, row("not yet", not_before=NOW + timedelta(seconds=1)))

    assert await claim(db, count=2) == ["reply", "first"]
    assert await claim(db) == ["second"]


async def test_two_workers_take_each_message_once(db: Database) -> None:
    await put(db, *(row(f"k{n}") for n in range(60)))

    async def work(worker: str) -> list[str]:
        taken: list[str] = []
        while batch := await claim(db, worker, 7):
            taken += batch
        return taken

    first, second = await asyncio.gather(work("a"), work("b"))

    assert sorted(first + second) == sorted(f"k{n}" for n in range(60))


async def test_a_lease_keeps_others_away_until_it_ends(db: Database) -> None:
    await put(db, row("k"))

    assert await claim(db, "a") == ["k"]
    assert await claim(db, "b", at=NOW + LEASE) == []
    assert await claim(db, "b", at=NOW + LEASE + timedelta(seconds=1)) == ["k"]


async def test_a_released_claim_is_free_at_once(db: Database) -> None:
    await put(db, row("k"))
    await claim(db)
    async with db.begin() as tx:
        assert await outbox.release_claims(tx) == 1

    assert await claim(db, "b") == ["k"]


async def test_a_postponed_message_waits_its_time_and_counts_tries(db: Database) -> None:
    await put(db, row("k"))
    await claim(db)
    async with db.begin() as tx:
        number = (await outbox.find(tx, "k")).id
        await outbox.postpone(tx, number, NOW + timedelta(seconds=30), "忙", tried=True)
        await outbox.postpone(tx, number, NOW + timedelta(seconds=30), "排队", tried=False)

    assert await claim(db, at=NOW + timedelta(seconds=29)) == []
    assert await claim(db, at=NOW + timedelta(seconds=30)) == ["k"]
    async with db.read() as tx:
        assert (await outbox.find(tx, "k")).tries == 1


async def test_accepted_parts_are_recorded_and_the_last_one_ends_it(db: Database) -> None:
    await put(db, row("k"))
    async with db.begin() as tx:
        (found,) = await outbox.claim(tx, NOW, NOW, "a", 1)
        attempt = {"part": 0, "channel": "c", "bucket": "b", "ended_at": NOW, "platform_id": "1"}
        await outbox.record_sent(tx, found, attempt, NOW, last=False)
        await outbox.record_refused(tx, found.id, {**attempt, "part": 1}, "45009: busy")
        await outbox.record_sent(tx, found, {**attempt, "part": 1}, NOW, last=True)
    async with db.read() as tx:
        sent = await outbox.find(tx, "k")
        recent = await outbox.recent_sends(tx, NOW - timedelta(minutes=10))

    assert (sent.state, sent.parts_sent, sent.settled_at) == ("sent", 2, NOW)
    assert list(recent) == [("b", NOW)] * 3


async def test_failures_are_told_once(db: Database) -> None:
    await put(db, row("good"), row("bad"))
    async with db.begin() as tx:
        ids = await outbox.open_ids(tx, ["good", "bad"])
        await outbox.settle(tx, ids["good"], "sent", NOW)
        await outbox.settle(tx, ids["bad"], "failed", NOW, "没有渠道")
        untold = [found.key for found in await outbox.untold_failures(tx)]
        await outbox.mark_told(tx, [ids["bad"]], NOW)
        assert await outbox.untold_failures(tx) == []

    assert untold == ["bad"]


async def test_only_asks_that_were_sent_count_to_the_month(db: Database) -> None:
    asks = [row(f"ask:2023-04-24:m{n}", kind="ask", member_id=1) for n in range(3)]
    await put(db, *asks, row("reply", kind="reply", member_id=1))
    async with db.begin() as tx:
        ids = await outbox.open_ids(tx, [found["key"] for found in asks])
        for number, (state, at) in zip(ids.values(), [("sent", 0), ("sent", -40), ("dropped", 0)], strict=True):
            await outbox.settle(tx, number, state, NOW + timedelta(days=at))
        counted = await outbox.sent_this_month(tx, 1, NOW - timedelta(days=24), NOW)
        asked = await outbox.contacts_asked_on(tx, "2023-04-24")

    assert (counted, asked) == (1, {1})


async def test_the_next_due_moment_is_the_earliest_waiting(db: Database) -> None:
    async with db.read() as tx:
        assert await outbox.next_due_at(tx) is None
    await put(db, row("a", not_before=NOW + timedelta(hours=2)), row("b", not_before=NOW + timedelta(hours=1)))
    async with db.read() as tx:
        assert await outbox.next_due_at(tx) == NOW + timedelta(hours=1)
