"""Results for the office: what each unit did in a stretch of time, as one row a unit."""

from datetime import date, datetime, time

from bot.domain.plans import Plan
from bot.domain.world import World
from bot.storage import registers, standings
from bot.storage.engine import Tx

Rows = list[tuple[str | float | None, ...]]


async def results_of(tx: Tx, world: World, plan: Plan, first: date, last: date) -> Rows:
    """Return a table with its head: due, on time, rate, mean progress, items done, each register, each item.

    Rates and means are numbers between 0 and 100; an item without a figure is None.
    """
    moment = datetime.combine(last, time.max, tzinfo=world.policy.timezone)
    reports = [duty.id for duty in plan.duties if duty.is_report]
    until = await standings.on_time_counts(tx, plan.key, reports, last)
    earlier = await standings.on_time_counts(tx, plan.key, reports, first.fromordinal(first.toordinal() - 1))
    figures = await standings.lowest_at(tx, plan.key, moment)
    ledgers = [register for register in plan.registers if not register.anonymous]
    counts = [await registers.count_by_unit(tx, plan.key, register.key, first, last) for register in ledgers]
    items = [item for item in plan.live_items if not item.private]
    head = (
        "单位",
        "应报",
        "按时",
        "按时率",
        "平均进度",
        "完成项目",
        *(r.name for r in ledgers),
        *(i.label for i in items),
    )
    rows: Rows = [head]
    for unit in plan.reporting_units:
        due, on_time = (a - b for a, b in zip(until.get(unit, (0, 0)), earlier.get(unit, (0, 0)), strict=True))
        own = [item for item in items if unit in item.units]
        known = [figures.get(item.id) for item in own]
        mean = round(sum(value or 0 for value in known) / len(own), 1) if own else None
        rate = round(on_time * 100 / due, 1) if due else None
        done = sum(1 for value in known if value == 100)
        cells = [figures.get(item.id) if unit in item.units else None for item in items]
        rows.append((unit, due, on_time, rate, mean, done, *(count.get(unit, 0) for count in counts), *cells))
    return rows


async def persons_of(tx: Tx, plan: Plan, first: date, last: date) -> Rows:
    """Return a table with its head: how often each person stands in each register, for the office only."""
    ledgers = [register for register in plan.registers if register.of_kind("person", "people")]
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for register in ledgers:
        for entry in await registers.list_entries(tx, plan.key, registers.Wanted(register.key, first, last)):
            for field in register.of_kind("person", "people"):
                value = entry.values.get(field.key)
                for name in value if isinstance(value, list) else [value] if value else []:
                    own = counts.setdefault((entry.unit, str(name)), {})
                    own[register.key] = own.get(register.key, 0) + 1
    rows: Rows = [("单位", "姓名", *(register.name for register in ledgers))]
    for (unit, name), own in sorted(counts.items()):
        rows.append((unit, name, *(own.get(register.key, 0) for register in ledgers)))
    return rows
