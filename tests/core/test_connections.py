"""Long connections are held one at a time by name, and let go of on stop."""

import asyncio

import pytest

from bot import connections
from bot.connections import Connections, LocalLeases
from bot.platforms.base import Connection


class Talker:
    """A platform whose connection fails `faults` times and then stays."""

    def __init__(self, faults: int = 0) -> None:
        self.faults, self.begun, self.ended = faults, 0, asyncio.Event()
        self.up = asyncio.Event()

    def connections(self):
        return (Connection("talker:stream", self.run),)

    async def run(self):
        self.begun += 1
        if self.begun <= self.faults:
            raise OSError("no network")
        self.up.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


async def test_a_connection_that_fails_is_begun_again(monkeypatch, capsys):
    monkeypatch.setattr(connections, "AGAIN_S", 0.01)
    talker = Talker(faults=2)
    kept = Connections([talker], LocalLeases().hold)
    kept.start()
    await asyncio.wait_for(talker.up.wait(), 5)
    await kept.stop()

    assert talker.begun == 3
    assert talker.ended.is_set()
    assert capsys.readouterr().out.count("connection_failed") == 2


async def test_one_holds_a_name_and_the_next_waits_until_it_lets_go():
    leases = LocalLeases()
    first, second = Talker(), Talker()
    holder, waiting = Connections([first], leases.hold), Connections([second], leases.hold)
    holder.start()
    await first.up.wait()
    waiting.start()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(second.up.wait(), 0.05)

    await holder.stop()
    await asyncio.wait_for(second.up.wait(), 5)
    await waiting.stop()
