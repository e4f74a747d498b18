"""What a year costs on DingTalk: 60 divisions and 200 items of the first plan, everybody answering by Stream.

Each month every contact answers once in private and looks up once, each leader looks up once a week, and the office
asks in the group once a week. Prints calls and messages by month and feature, beside what the free edition allows.
"""

import asyncio
import calendar
import logging
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from bot.clock import wall_now
from bot.domain.plans import Plan
from bot.storage import usage
from tests.theatre import DingTalkStage, Theatre
from tests.theatre import load_plan as load

UNITS, ITEMS, YEAR = 60, 200, 2023
CALLS, MESSAGES = 2500, 1500  # what the product sets itself, of the free edition's 5000 and 3000

Count = Counter[tuple[str, str]]


class Unlimited(DingTalkStage):
    """The stage without a limit of the month: a year of the plan passes in one real month."""

    def settings(self) -> dict[str, Any]:
        return {**super().settings(), "monthly_calls": 10**6, "monthly_messages": 10**6}


def large_plan() -> Plan:
    """Return the plan with 60 units that report and 200 items."""
    plan = load("quanzhou-2023")
    more = UNITS - len(plan.reporting_units)
    units = plan.units + tuple(replace(plan.units[0], name=f"科室{n}", full=f"第{n}科室") for n in range(more))
    owners = [unit.name for unit in units if unit.reports]
    first, last = plan.items[0], max(item.no for item in plan.items if item.list_key == plan.items[0].list_key)
    extra = tuple(
        replace(first, id=f"X{n:03}", no=last + n, title=f"第{n}件实事", aliases=(), units=(owners[n % len(owners)],))
        for n in range(1, ITEMS - len(plan.items) + 1)
    )
    return replace(plan, units=units, items=plan.items + extra)


async def spent(house: Theatre) -> Count:
    """Return the meters so far."""
    async with house.bot.db.read() as tx:
        counts = await usage.of_month(tx, house.bot.world.policy.month(wall_now()))
    return Counter({(meter, feature): count for (_, meter, feature), count in counts.items()})


async def say(house: Theatre, stage: DingTalkStage, who: str, text: str, group: str | None = None) -> None:
    await stage.double.stream.acked(stage.double.said_by_stream(who, text, group), within_s=60)


async def month(house: Theatre, stage: DingTalkStage, number: int) -> None:
    """Play one month."""
    own = {unit: next((item for item in house.plan.items if unit in item.units), None) for unit in _reporting(house)}
    await house.until(f"{YEAR}-{number:02}-24T16:00")
    for unit, item in own.items():
        said = f"第{item.no}项{number * 8}%" if item else "本月工作正常推进，无问题"
        await say(house, stage, house.contact(unit), said)
        await say(house, stage, house.contact(unit), "我的")
    for week in range(4):
        await say(house, stage, "office1", ("未报", "进度", "排名", "逾期")[week], "cidmain")
        for person in house.cast:
            if person.startswith("leader"):
                await say(house, stage, person, "进度")
    await house.bot.settle()
    await house.until(f"{YEAR}-{number:02}-{calendar.monthrange(YEAR, number)[1]}T23:00")


def _reporting(house: Theatre) -> tuple[str, ...]:
    return tuple(house.plan.reporting_units)


async def main() -> None:
    """Play the year and print the table."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    stage = Unlimited()
    with tempfile.TemporaryDirectory() as folder:
        house = await Theatre(stage, Path(folder), f"{YEAR}-01-03T08:00", large_plan()).open()
        await stage.double.stream.connected()
        before, months = await spent(house), []
        for number in range(1, 13):
            await month(house, stage, number)
            now = await spent(house)
            months.append(now - before)
            before = now
        await house.close()
    report(months)


def report(months: list[Count]) -> None:
    """Print what each month cost, by feature."""
    features = sorted({key for counts in months for key in counts})
    print(f"{UNITS} divisions, {ITEMS} items, {YEAR}: what each month costs on DingTalk\n")
    head = [f"{meter} {feature}" for meter, feature in features]
    print("| month | " + " | ".join(head) + f" | calls (≤ {CALLS}) | messages (≤ {MESSAGES}) |")
    print("|---|" + "---|" * (len(features) + 2))
    for number, counts in enumerate(months, 1):
        sums = [sum(n for (meter, _), n in counts.items() if meter == kind) for kind in ("calls", "messages")]
        print(f"| {number} | " + " | ".join(str(n) for n in (*(counts[key] for key in features), *sums)) + " |")


if __name__ == "__main__":
    asyncio.run(main())
