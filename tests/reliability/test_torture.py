"""Killed at every marked point between "due" and "settled", and on the way to a receipt: nothing lost, nothing doubled
but what the platform had accepted and the program could not note any more."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doubles.wecom import WeComDouble
from tests.reliability.torture import PEOPLE, Query, Result, Torture, Zygote, postgres_query, prepare, sqlite_query
from tests.reliability.zygote import POINTS
from tests.storage.postgres import address_of, tell, url_of

pytestmark = pytest.mark.slow

SEEDS = int(os.environ.get("TORTURE_SEEDS", str(len(POINTS))))
FIRST = int(os.environ.get("TORTURE_FIRST", "0"))
SEEDS_POSTGRES = int(os.environ.get("TORTURE_SEEDS_POSTGRES", "15"))


async def opened() -> tuple[WeComDouble, Zygote]:
    double = WeComDouble(keys=("key1",), members=tuple(PEOPLE), window_s=0.001)
    await double.start()
    return double, await Zygote().start()


def judged(results: list[Result]) -> None:
    kills = Counter(result.point for result in results if result.killed)
    sums = {name: sum(getattr(result, name) for result in results) for name in ("lost", "doubled", "in_the_gap")}
    print(f"\n{len(results)} seeds, {kills.total()} killed, {sums}, receipts lost "
          f"{sum(result.receipts_lost for result in results)}; {dict(kills)}")  # fmt: skip
    assert [fault for result in results for fault in result.faults] == []
    assert sums["lost"] == 0
    assert sums["doubled"] == sums["in_the_gap"]
    assert [result for result in results if result.receipts_lost or result.repeated_records] == []
    assert len(kills) >= 12


@pytest.mark.timeout(20_000)
async def test_killed_anywhere_nothing_is_lost_and_only_the_gap_is_doubled(tmp_path: Path) -> None:
    template = tmp_path / "template.db"

    def fresh(number: int) -> tuple[str, Query]:
        file = tmp_path / f"seed{number}.db"
        shutil.copy(template, file)
        return f"sqlite+aiosqlite:///{file}", sqlite_query(file)

    await play(SEEDS, f"sqlite+aiosqlite:///{template}", fresh)


@pytest.mark.timeout(20_000)
async def test_the_same_holds_on_postgresql(postgres: str) -> None:
    tell(postgres, "CREATE DATABASE torture")

    def fresh(number: int) -> tuple[str, Query]:
        tell(postgres, f"CREATE DATABASE torture{number} TEMPLATE torture")
        return url_of(postgres, f"torture{number}"), postgres_query(address_of(postgres, f"torture{number}"))

    await play(SEEDS_POSTGRES, url_of(postgres, "torture"), fresh)


async def play(seeds: int, template: str, fresh: Callable[[int], tuple[str, Query]]) -> None:
    """Play seeds, each on a fresh copy of the template."""
    double, zygote = await opened()
    try:
        await prepare(template, double)
        torture = Torture(double, zygote)
        results = [await torture.seed(number, *fresh(number)) for number in range(FIRST, FIRST + seeds)]
    finally:
        await zygote.stop()
        await double.stop()
    judged(results)
