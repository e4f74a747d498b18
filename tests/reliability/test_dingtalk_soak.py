"""Stream under everything that breaks: each message the platform still delivers is taken in once, and answered once.

SOAK_EVENTS says how many messages; `./run soak 20000` is the long run.
"""

import asyncio
import os
import time
from collections import Counter
from itertools import cycle

import pytest
from sqlalchemy import text

from bot.platforms.dingtalk import stream, wire
from tests.conftest import Open
from tests.core.houses import by_hand
from tests.doubles.dingtalk import DingTalkDouble
from tests.doubles.dingtalk_stream import MESSAGES, Sending
from tests.theatre import DingTalkStage

EVENTS = int(os.environ.get("SOAK_EVENTS", "300"))
BETWEEN = max(30, EVENTS // 150)  # messages between two breakdowns
HEARTBEAT_S, QUIET_S = 0.3, 0.8  # in life 20 s and 180 s
RECONNECT_S = 15.0
AT_ONCE = 20
REPORTS = 10  # every tenth message is a report, the others ask for help, which costs less


class Chaos:
    """One breakdown after another, and how long the bot took to be connected again."""

    def __init__(self, double: DingTalkDouble) -> None:
        self.stream = double.stream
        self.counts: Counter[str] = Counter()
        self.took_s: list[float] = []
        self._kinds = cycle((self.cut, self.announced, self.silent, self.closed, self.expired, self.refused))

    async def next(self) -> None:
        """Break something, and wait until a new connection is open."""
        kind = next(self._kinds)
        opened, begun = len(self.stream.opened), time.monotonic()
        self.counts[kind.__name__] += 1
        await kind()
        await self.stream.connected(opened + 1, within_s=RECONNECT_S + QUIET_S + 5)
        self.stream.ticket_life_s = 90
        self.took_s.append(time.monotonic() - begun)

    async def cut(self) -> None:
        """Cut the line without a word."""
        self.stream.cut(self.stream.live()[-1])

    async def announced(self) -> None:
        """Announce the end."""
        await self.stream.announce_end(self.stream.live()[-1])

    async def silent(self) -> None:
        """Carry nothing any more and answer pings."""
        for socket in self.stream.live():
            socket.muted = True

    async def closed(self) -> None:
        """Close without an announcement."""
        for socket in self.stream.live():
            assert socket.transport is not None
            socket.transport.close()

    async def expired(self) -> None:
        """Give a ticket that is over, and close."""
        self.stream.ticket_life_s = -1
        await self.closed()
        while not self.stream.refused:  # noqa: ASYNC110 - the double counts, and has no event for it
            await asyncio.sleep(0.01)
        self.stream.refused.clear()
        self.stream.ticket_life_s = 90

    async def refused(self) -> None:
        """Let the gateway fail twice, and close."""
        self.stream.faults.extend([(500, {}), (503, {})])
        await self.closed()


@pytest.mark.slow
async def test_nothing_is_lost_or_done_twice_however_the_connection_ends(
    theatre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "HEARTBEAT_S", HEARTBEAT_S)
    monkeypatch.setattr(stream, "QUIET_S", QUIET_S)
    monkeypatch.setattr(stream, "DRAIN_S", 0.5)
    stage = DingTalkStage()
    house = await by_hand(await theatre("2023-04-25T09:20", stage))
    double = stage.double
    double.stream.again_s = 3.0  # in life 60 s
    await double.stream.connected()
    chaos, contact = Chaos(double), house.contact("思政科")
    room, begun = asyncio.Semaphore(AT_ONCE), time.monotonic()

    async def say(number: int) -> list[Sending]:
        body = double.said(contact, "帮助" if number % REPORTS else f"第7项{number // REPORTS % 100}%")
        told = [double.stream.push(MESSAGES, body)]
        if number % 10 < 2:  # the same again, as after a minute
            told.append(double.stream.push(MESSAGES, body))
        for sending in told:
            await double.stream.acked(sending, within_s=120)
        room.release()
        return told

    said = []
    for number in range(EVENTS):
        await room.acquire()
        said.append(asyncio.create_task(say(number)))
        if number % BETWEEN == BETWEEN - 1:
            await chaos.next()
    told = [sending for sendings in await asyncio.gather(*said) for sending in sendings]
    listened_s = time.monotonic() - begun

    async with house.bot.db.read() as tx:
        rows = [(await tx.execute(text(query))).scalar_one() for query in COUNTS]
    tries = sum(sending.tries for sending in told)
    print(f"\n{EVENTS} messages in {listened_s:.1f} s, delivered {tries} times; breakdowns: {dict(chaos.counts)}")
    print(f"connected again within {max(chaos.took_s):.1f} s; taken in, checked in, answered: {rows}")
    assert rows == [EVENTS, -(-EVENTS // REPORTS), EVENTS]
    assert max(chaos.took_s) < RECONNECT_S + QUIET_S


COUNTS = (
    "SELECT COUNT(*) FROM inbox WHERE platform = 'dingtalk'",
    "SELECT COUNT(*) FROM checkins",
    "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'",
)
