"""One seed of the crash test: the program is killed at a marked point, begun again, and its books are compared with
those of the platform's double."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bot import app
from bot.documents.planfiles import load_plan
from bot.domain.members import Post
from bot.settings import Settings
from bot.stories.roster import Enrolled, enrol
from tests.doubles.wecom import WeComDouble
from tests.reliability.zygote import PLAN, POINTS

ROOT = Path(__file__).parents[2]
WHOLE = load_plan(PLAN)
PEOPLE = {f"person{n}": unit for n, unit in enumerate(WHOLE.reporting_units, 1)}
SPEAKERS = [person for person, unit in PEOPLE.items() if WHOLE.items_of_unit(unit)][:6]
Query = Callable[[str], list[tuple[Any, ...]]]


def settings(url: str, double: WeComDouble, start: str, port: int = 0) -> dict[str, Any]:
    """Return the settings of a rehearsal against the double."""
    of_app = {
        "agent_id": double.agent_id,
        "secret": double.secret,
        "token": double.token,
        "aes_key": double.aes_key,
    }
    return {
        "server": {"port": port},
        "database": {"url": url},
        "clock": {"start": start},
        "policy": {"spread_s": 0},
        "platforms": {"wecom": {"api_base": double.base_url, "corp_id": double.corp_id, "app": of_app}},
        "groups": [{"id": "main", "name": "工作群", "platform": "wecom", "webhook": "key1"}],
    }


async def prepare(url: str, double: WeComDouble) -> None:
    """Make the database every seed begins with: the plan loaded, the contacts enrolled, nothing due yet."""
    bot = await app.build(Settings(**settings(url, double, "2023-03-24T08:50:00")), [WHOLE])
    async with bot.db.begin() as tx:
        for person, unit in PEOPLE.items():
            who = Enrolled(f"甲{person}", unit, Post("contact", unit), ids={"wecom": person})
            await enrol(tx, WHOLE, who, bot.clock.now())
    bot.clock.hold(True)
    await bot.start()
    await bot.stop()


class Zygote:
    """The process that forks the program."""

    async def start(self) -> "Zygote":
        pipe = asyncio.subprocess.PIPE
        words = (sys.executable, "-m", "tests.reliability.zygote")
        self.process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdin=pipe, stdout=pipe)
        assert await self._heard() == "ready"
        return self

    async def fork(self, order: dict[str, Any]) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        return int((await self._heard()).removeprefix("pid "))

    async def ended(self) -> int:
        return int((await self._heard()).removeprefix("end "))

    async def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()

    async def _heard(self) -> str:
        assert self.process.stdout is not None
        return (await asyncio.wait_for(self.process.stdout.readline(), 300)).decode().strip()


@dataclass
class Result:
    """What one seed came to."""

    point: str
    killed: bool = False
    lost: int = 0
    doubled: int = 0
    in_the_gap: int = 0
    receipts_lost: int = 0
    repeated_records: int = 0
    faults: list[str] = field(default_factory=list)


def sqlite_query(file: Path) -> Query:
    def query(statement: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(file, timeout=10)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    return query


def postgres_query(address: str) -> Query:
    def query(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(address) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]

    return query


def noted(query: Query) -> Counter[str]:
    """Count the parts that the books say were sent, by receiver."""
    rows = query("SELECT coalesce(group_id, external_id), sum(parts_sent) FROM outbox GROUP BY 1")
    return Counter({("key1" if to == "main" else to): int(number) for to, number in rows if number})


class Torture:
    """Plays seeds against one double."""

    def __init__(self, double: WeComDouble, zygote: Zygote) -> None:
        self.double, self.zygote = double, zygote

    async def seed(self, number: int, url: str, query: Query) -> Result:
        dice = random.Random(number)
        point, most = list(POINTS.items())[number % len(POINTS)]
        result = Result(point)
        self.double.sent.clear()
        self.double.latency_s = 0.01
        say = [f"{number}.{person}" for person in SPEAKERS]
        before = await self._run(url, (point, dice.randint(1, most)), say, query)
        result.killed = before.killed
        await asyncio.sleep(0.05)  # what was in the air arrives; nobody is there to hear the answer
        kept = {message for (message,) in query("SELECT message_id FROM inbox")}
        result.receipts_lost = len(before.answered - kept)
        gap = self._accepted() - noted(query)
        result.in_the_gap = gap.total()
        open_ = [message for message in before.said if message not in before.answered]
        after = await self._run(url, None, open_, query)
        self._compare(result, query, gap)
        result.faults += [f"not answered: {message}" for message in set(open_) - after.answered]
        return result

    def _accepted(self) -> Counter[str]:
        return Counter(sent.to for sent in self.double.sent)

    def _compare(self, result: Result, query: Query, gap: Counter[str]) -> None:
        final, books = self._accepted(), noted(query)
        result.lost = (books - final).total()
        doubled = final - books
        result.doubled = doubled.total()
        if doubled != gap:
            result.faults.append(f"doubled {dict(doubled)}, in the gap {dict(gap)}")
        left = query("SELECT key, state, reason FROM outbox WHERE state NOT IN ('sent', 'dropped')")
        result.faults += [f"left: {row}" for row in left]
        asked = query("SELECT count(*) FROM outbox WHERE kind = 'ask'")[0][0]
        if asked != len(PEOPLE):
            result.faults.append(f"{asked} asked")
        twice = query("SELECT inbox_id, count(*) FROM checkins GROUP BY 1 HAVING count(*) > 1")
        result.repeated_records = len(twice)
        records = query("SELECT count(*) FROM checkins")[0][0]
        if records != len(SPEAKERS):
            result.faults.append(f"{records} records of {len(SPEAKERS)} messages")

    async def _run(self, url: str, kill: tuple[str, int] | None, say: list[str], query: Query) -> "_Run":
        port = _free_port()
        run = _Run(say)
        order = {"settings": settings(url, self.double, "2023-03-24T09:01:00", port), "kill": kill}
        pid = await self.zygote.fork(order)
        end = asyncio.create_task(self.zygote.ended())
        await asyncio.gather(*(self._say(run, message, port, end) for message in say))
        for _ in range(6000):
            if end.done() or _settled(query):
                break
            await asyncio.sleep(0.02)
        if not end.done():
            _stop(pid)
        run.killed = await end == 9
        return run

    async def _say(self, run: "_Run", message: str, port: int, end: "asyncio.Task[int]") -> None:
        """Say something until it is answered or the program is gone."""
        person = message.partition(".")[2]
        item = WHOLE.items_of_unit(PEOPLE[person])[0]
        callback = f"http://127.0.0.1:{port}/callback/wecom/app"
        while not end.done():
            heard = await self.double.say(callback, person, f"第{item.no}项30%", message)
            if heard.ok:
                run.answered.add(message)
                return
            await asyncio.sleep(0.05)


@dataclass
class _Run:
    said: list[str]
    answered: set[str] = field(default_factory=set)
    killed: bool = False


def _settled(query: Query) -> bool:
    try:
        waiting = query("SELECT count(*) FROM outbox WHERE state IN ('pending', 'claimed')")[0][0]
        asked = query("SELECT count(*) FROM outbox WHERE kind IN ('ask', 'group')")[0][0]
    except (sqlite3.OperationalError, psycopg.Error):
        return False
    return waiting == 0 and asked > len(PEOPLE)


def _stop(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
