"""The pack of 2023 after its office has written in what the paper leaves open: places, and whose some items are."""

from dataclasses import replace
from functools import cache

from bot.domain.plans import Plan, Unit
from tests.conftest import Open
from tests.systems.house import open_pack, pack
from tests.theatre import Theatre

COLLEGES = ("甲大学", "乙大学", "丙学院")
SCHOOL = "丁小学"
LEADS = {"G03": ("甲大学",), "G09": ("甲大学", "乙大学"), "A1": ("丙学院",)}


@cache
def filled() -> Plan:
    plan = pack("GS")
    items = tuple(replace(item, units=LEADS.get(item.id, item.units)) for item in plan.items)
    asked = {"metrics": COLLEGES, "projects": COLLEGES, "first_lesson": (*COLLEGES, SCHOOL)}
    duties = tuple(replace(duty, units=asked.get(duty.id, duty.units)) for duty in plan.duties)
    units = (*plan.units, *(Unit(name) for name in (*COLLEGES, SCHOOL)))
    return replace(plan, units=units, items=items, duties=duties)


async def house_of(theatre: Open, at: str = "2023-03-06T10:00", plan: Plan | None = None) -> Theatre:
    """Open the filled pack at a moment, or that pack changed further."""
    return await open_pack(theatre, "GS", at, plan=plan or filled())
