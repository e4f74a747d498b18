"""Thirty simulated days on a bad line, a restart every day; three in the usual run, `MONTH_DAYS=30` for all.

2 % of the sends run into a timeout (of half of those the platform has taken the message), 1 % get a 5xx, once an hour
the line is down and what was said is delivered again afterwards.
"""

import gc
import os
import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.app import Bot, build
from bot.domain.rounds import Occasion
from bot.events import Event
from bot.platforms.base import RetryLater, Route
from bot.platforms.sandbox.adapter import Sandbox
from bot.stories.roster import Enrolled, enrol
from tests.core.houses import few, rows
from tests.theatre import SandboxStage, Theatre, contact

DAYS = int(os.environ.get("MONTH_DAYS", "3"))
UNITS = ("思政科", "督导科", "组织科")
MOST_MB = 20.0
# Ends the day after the 25th, on which everything meets.
LAST = datetime(2023, 4, 27)


class BadLine:
    """Stands between the bot and the sandbox; keeps count of what the platform took, over all restarts."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.taken: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.down = False

    def put_before(self, sandbox: Sandbox) -> None:
        platform = sandbox.send

        async def send(route: Route, key: str) -> str:
            luck = self.dice.random()
            if self.down:
                self.down = False
                self._fail("unreachable")
            if luck < 0.01:
                self._fail("timeout")
            if 0.01 <= luck < 0.02:
                self._fail("503")
            number = await platform(route, key)
            # A key that came before is the same message: platforms with a key for repeats drop it, as the sandbox does.
            self.taken[key] = 1
            if luck > 0.99:
                self._fail("timeout after taking")
            return number

        sandbox.send = send  # type: ignore[method-assign]

    def _fail(self, fault: str) -> None:
        self.faults[fault] += 1
        raise RetryLater(fault, fault, after_s=0.0)


class Month:
    """One database through many lives of the bot."""

    def __init__(self, folder: Path, template: Path, start: datetime) -> None:
        self.stage = Theatre(SandboxStage(), folder, start.isoformat(), few(*UNITS), template)
        (folder / "drumbeat.db").write_bytes(template.read_bytes())
        self.line = BadLine(6)
        self.said = 0
        self.at = start

    async def begin(self) -> Bot:
        """Start the bot where the last life ended, its loops moved by hand."""
        self.stage.start = self.at
        bot = await build(self.stage.settings(), [self.stage.plan])
        sandbox = bot.adapters["sandbox"]
        assert isinstance(sandbox, Sandbox)
        self.line.put_before(sandbox)
        bot.clock.hold(True)
        if not self.said:
            async with bot.db.begin() as tx:
                for person, post in self.stage.cast.items():
                    known = Enrolled(person, post.scope, post, ids={"sandbox": person})
                    await enrol(tx, self.stage.plan, known, bot.clock.now())
        await bot.start()
        await bot.pause()
        return bot

    async def live(self, until: datetime) -> None:
        """Let one life pass, hour by hour."""
        bot = await self.begin()
        zone = bot.world.policy.timezone
        while self.at < until:
            self.at = min(self.at + timedelta(hours=1), until)
            await bot.advance(self.at.replace(tzinfo=zone))
            bot.clock.hold(True)
            self.line.down = True
            await self.speak(bot)
            await bot.settle()
        await bot.stop()

    async def speak(self, bot: Bot) -> None:
        """Let one contact report, and deliver it again as a platform does after a broken connection."""
        self.said += 1
        unit = UNITS[self.said % len(UNITS)]
        who = contact(self.stage.plan, unit)
        item = self.stage.plan.items_of_unit(unit)[0]
        text = f"第{item.no}项{self.said % 100}%"
        event = Event("sandbox", f"said{self.said}", who, "private", who, text, bot.clock.now())
        results = [await bot.dispatcher.receive(event) for _ in range(2)]
        assert [result.new for result in results] == [True, False]


def _begun(occasion: Occasion, first: date) -> bool:
    """Tell whether an occasion is about a round that was due after the plan was first served: none older is chased."""
    return any(due.round.due_on > first for due in occasion.dues)


def resident_mb() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1024**2


async def test_days_on_a_bad_line_with_a_restart_a_day_lose_and_double_nothing_and_memory_stays(
    tmp_path: Path, migrated: Path
) -> None:
    month = Month(tmp_path, migrated, LAST - timedelta(days=DAYS))
    memory = []
    for day in range(1, DAYS + 1):
        end = LAST - timedelta(days=DAYS - day)
        await month.live(end if day == DAYS else end - timedelta(minutes=month.line.dice.randint(0, 600)))
        memory.append(resident_mb())
    month.at = LAST
    bot = await month.begin()
    await bot.settle()
    zone = bot.world.policy.timezone
    first, now = (LAST - timedelta(days=DAYS)).replace(tzinfo=zone), LAST.replace(tzinfo=zone)
    due = {o.key for o in bot.world.occasions_of(bot.world.plans[0]) if first < o.at <= now and _begun(o, first.date())}
    dealt = dict(await rows(bot.db, "SELECT key, outcome FROM occasions"))
    states = Counter(state for (state,) in await rows(bot.db, "SELECT state FROM outbox"))
    ((accepted, parts),) = await rows(
        bot.db,
        "SELECT (SELECT count(*) FROM attempts WHERE outcome = 'accepted'), (SELECT sum(parts_sent) FROM outbox)",
    )
    counts = await rows(bot.db, "SELECT count(*), count(DISTINCT number), (SELECT count(*) FROM inbox) FROM checkins")
    waiting = await rows(bot.db, "SELECT key FROM outbox WHERE state = 'pending' AND not_before <= '2023-04-26 16:00'")
    await bot.stop()
    grown = max(memory) - memory[0]
    print(f"{DAYS} days: {accepted} sent, {month.said} said, faults {dict(month.line.faults)}, grown {grown:.1f} MB")

    assert due and due - dealt.keys() == set()
    assert [key for key, outcome in dealt.items() if key in due and str(outcome).startswith("missed")] == []
    assert (states["failed"], states["claimed"], waiting) == (0, 0, [])
    assert accepted == parts == len(month.line.taken)
    assert counts == [(month.said, month.said, month.said)]
    assert month.line.faults["unreachable"] > 20 * DAYS
    assert grown < MOST_MB
