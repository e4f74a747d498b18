"""The long connection for long: faults of every kind, nothing lost of what was delivered, nothing done twice.

`SOAK_EVENTS=20000` makes it long; then the answers wait in the outbox, for sending them takes most of the time.
A minute of the platform's limits is 0.06 s here; the reconnects are in real time.
"""

import asyncio
import contextlib
import itertools
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.platforms import wecom
from bot.platforms.base import Limit
from bot.platforms.wecom import ladder, sending
from bot.platforms.wecom.connection import Pulse
from tests.conftest import Open
from tests.core.houses import by_hand, rows
from tests.platforms.wecom.listening import CHAT
from tests.platforms.wecom.stage import SmartBotStage

pytestmark = pytest.mark.slow
EVENTS = int(os.environ.get("SOAK_EVENTS", "300"))
ANSWERED = EVENTS <= 1000
BURST = 5 if ANSWERED else 100
FAULT_EVERY = 25 if ANSWERED else 500
FAULTS = ("cut", "close_line", "go_silent", "withhold", "displace")
RECONNECT_S = 15.0
PULSE = Pulse(ping_s=0.2, answer_s=0.3, steady_s=0.2, stand_down_s=1.0, trial_s=0.5)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wecom, "Pulse", lambda: PULSE)
    monkeypatch.setattr(ladder, "CHAT_LIMIT", Limit(30, 0.07))
    monkeypatch.setattr(sending, "HOUR_S", 3.7)


def sayings(people: list[str], draw: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    """List (chat, person, text, whether it is a report)."""
    for number in itertools.count():
        person = draw.choice(people)
        chat = CHAT if number % 3 == 0 else ""
        report = number % 10 == 5
        yield chat, person, ("@小报 " if chat else "") + (f"第7项{number % 100}%" if report else "帮助"), report


@pytest.mark.timeout(7200)
async def test_nothing_is_lost_and_nothing_is_done_twice(theatre: Open, fast: None) -> None:
    stage = SmartBotStage(window_s=0.06)
    house = await theatre("2023-04-25T09:20", stage)
    if not ANSWERED:
        await by_hand(house)
    double, draw = stage.double, random.Random(20231201)
    people = [house.contact("思政科")] * 3 + [person for person in house.cast if person.startswith("contact")]
    reports: set[str] = set()
    gaps: list[float] = []
    before: list[dict[str, Any]] = []
    back: asyncio.Task[float] | None = None
    with capture_logs() as logs:
        await double.connected()
        for number, (chat, person, text, report) in enumerate(sayings(people, draw)):
            body = double.message(chat, person, "text", {"content": text})
            if await double.tell(body):
                before.append(body)
                if report and person == people[0]:
                    reports.add(body["msgid"])
            if number % 20 == 7:  # what was told long ago is told again
                await double.tell(draw.choice(before))
            await asyncio.sleep(0.02 if back and not back.done() else 0)
            # Mostly the bot keeps up; the last burst before a fault is answered only after it.
            if len(before) % BURST == 0 and len(before) % FAULT_EVERY:
                with contextlib.suppress(AssertionError):  # what is late is counted in the end
                    await double.until(lambda: heard(house) >= len(before), 20.0)
            if len(before) >= FAULT_EVERY * (len(gaps) + 1) and not (back and not back.done()):
                if back:
                    gaps.append(back.result())
                back = await _spoil(double, FAULTS[len(gaps) % len(FAULTS)])
            if len(before) >= EVENTS and back and back.done():
                break
        told = set(double.delivered)
        await _settled(house, told)

    inbox = dict(await rows(house.bot.db, "SELECT message_id, outcome FROM inbox"))  # type: ignore[arg-type]
    replies = await rows(house.bot.db, "SELECT key, state, reason FROM outbox WHERE kind = 'reply'")
    checkins = await rows(
        house.bot.db,
        "SELECT count(*) FROM checkins c JOIN identities i ON i.member_id = c.member_id "
        f"WHERE i.external_id = '{people[0]}'",
    )
    print(
        f"\nevents {EVENTS}, delivered {len(told)}, missed {len(double.missed)}, repeats "
        f"{len(double.delivered) - len(told)}, reconnects {len(double.subscribed_at) - 1}, slowest {max(gaps):.1f} s, "
        f"answers {len(double.arrived)}, refused {len(double.refused)}"
    )
    assert told - set(inbox) == set()
    assert "failed" not in inbox.values()
    assert checkins == [(len(reports),)]
    assert [row for row in replies if row[1] != ("sent" if ANSWERED else "pending")] == []
    assert len(replies) == len(told)
    assert max(gaps) <= RECONNECT_S
    assert not [line for line in logs if line["action"] in ("wecom.receive_failed", "adapter_failed")]


def heard(house: Any) -> int:
    """Count what is answered, or, where nothing is answered, what is taken in: the queue is worked off."""
    if ANSWERED:
        return len(house.stage.double.arrived)
    return EVENTS * 2 if not house.bot.adapters["wecom"]._ears._queue.qsize() else 0


async def _spoil(double: Any, fault: str) -> asyncio.Task[float]:
    """Break the connection in one way; the task ends when it stands again, and says after how long."""
    await asyncio.sleep(0.3)  # what was told has been read
    number = len(double.subscribed_at) + 1
    if fault == "withhold":
        await double.close_line()
        await double.connected(number, RECONNECT_S)
        double.line.groups_withheld = True
        number += 1
    else:
        done = getattr(double, fault)()
        if asyncio.iscoroutine(done):
            await done
    begun = asyncio.get_running_loop().time()

    async def back() -> float:
        await double.connected(number, RECONNECT_S)
        return asyncio.get_running_loop().time() - begun

    return asyncio.create_task(back())


async def _settled(house: Any, told: set[str]) -> None:
    """Wait until everything is taken in and, where answers are sent, answered."""
    state = "sent" if ANSWERED else "pending"
    for _ in range(600 + EVENTS):
        if ANSWERED:
            await house.bot.settle()
        query = f"SELECT count(*) FROM outbox WHERE kind = 'reply' AND state = '{state}'"
        if await rows(house.bot.db, query) == [(len(told),)]:
            return
        await asyncio.sleep(0.1)
