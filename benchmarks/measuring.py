"""Measuring beside a floor: pairs of rounds (floor, product, floor, product …) on a machine that drifts."""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import app
from bot.clock import wall_now
from bot.documents.planfiles import load_plan
from bot.messages.message import say, to_json
from bot.settings import DatabaseSettings, Settings
from bot.storage import outbox


@dataclass(frozen=True)
class Round:
    """One round: how many were done a second, the latencies in ms, and the server's own CPU time of each in ms."""

    per_s: float
    p50: float
    p99: float
    cpu_ms: float


Serve = Callable[[], Awaitable[str]]


async def loaded(module: str, url: str, *words: str) -> Round:
    """Let `python -m module load URL …` put a load on a server of this process, from a process of its own."""
    before = time.process_time()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "load", url, *words, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await child.communicate()
    assert child.returncode == 0, out.decode()
    times: list[float] = json.loads(out)["ms"]
    seconds: float = json.loads(out)["seconds"]
    cuts = statistics.quantiles(times, n=100)
    return Round(len(times) / seconds, cuts[49], cuts[98], (time.process_time() - before) * 1000 / len(times))


def table(title: str, rows: Sequence[tuple[str, Sequence[Round]]]) -> None:
    """Print the medians of each row's rounds, and the ratio of each to the first, pair by pair."""
    print(f"{title:<34}{'/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'ratio':>8}{'of CPU':>8}")
    floor = rows[0][1]
    for name, rounds in rows:
        per_s, p50, p99, cpu = (
            statistics.median(getattr(r, key) for r in rounds) for key in ("per_s", "p50", "p99", "cpu_ms")
        )
        ratio = statistics.median(r.per_s / f.per_s for r, f in zip(rounds, floor, strict=True))
        lean = statistics.median(f.cpu_ms / r.cpu_ms for r, f in zip(rounds, floor, strict=True))
        print(f"{name:<34}{per_s:>8.0f}{p50:>9.1f}{p99:>9.1f}{cpu:>9.2f}{ratio:>8.2f}{lean:>8.2f}")


async def delivered(
    settings: Settings, url: str, rows: Sequence[dict[str, Any]], seen: Callable[[], int], most_s: float
) -> float:
    """Let the bot deliver outbox rows until the platform has seen all of them; return when it began (monotonic).

    Without an address of a database it is a SQLite file of its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = DatabaseSettings(url=url or f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}")
        settings = settings.model_copy(update={"database": database})
        bot = await app.build(settings, [load_plan("quanzhou-2023", wall_now().year)])
        async with bot.db.begin() as tx:
            await outbox.put_many(tx, rows)
        begun = time.monotonic()
        running = asyncio.create_task(bot.delivery.run())
        while seen() < len(rows) and time.monotonic() - begun < most_s:  # noqa: ASYNC110 - a double tells nobody
            await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await bot.stop()
    return begun


def outgoing(
    platform: str, private: Iterable[tuple[str, str, str]], grouped: Iterable[tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """Return outbox rows from (key, receiver, text): no two texts alike, as it is in life."""
    common = {"kind": "notice", "platform": platform, "not_before": wall_now()}
    rows = [{"key": key, "external_id": to, "message": to_json(say(text))} for key, to, text in private]
    rows += [{"key": key, "group_id": to, "message": to_json(say(text))} for key, to, text in grouped]
    return [{**common, **row} for row in rows]
