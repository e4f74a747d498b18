"""What platforms were asked is counted by month and feature, whoever counts at the same time."""

import asyncio

from bot.storage import usage
from bot.storage.engine import Database


async def test_counts_add_up_by_meter_and_month(db: Database) -> None:
    shown = [
        await db.write(usage.spend, "dingtalk", month, meter, feature)
        for month, meter, feature in (
            ("2026-11", "calls", "private"),
            ("2026-11", "calls", "card"),
            ("2026-12", "calls", "private"),
            ("2026-11", "messages", "stream"),
            ("2026-11", "calls", "private"),
        )
    ]

    assert shown == [1, 2, 1, 1, 3]
    async with db.read() as tx:
        assert await usage.of_month(tx, "2026-11") == {
            ("dingtalk", "calls", "private"): 2,
            ("dingtalk", "calls", "card"): 1,
            ("dingtalk", "messages", "stream"): 1,
        }


async def test_no_count_is_lost_when_many_count_at_once(db: Database) -> None:
    await asyncio.gather(*(db.write(usage.spend, "dingtalk", "2026-11", "calls", "private") for _ in range(50)))

    async with db.read() as tx:
        assert await usage.of_month(tx, "2026-11") == {("dingtalk", "calls", "private"): 50}
