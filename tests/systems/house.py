"""The five plans as their offices use them: a pack on the sandbox, its cast, and time in our hands."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from bot.documents.planfiles import load_plan
from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.storage import outbox
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.houses import ask, by_hand, say_in_group
from tests.theatre import Heard, Theatre

__all__ = ["ask", "messages", "open_pack", "say_in_group", "staff"]

PACKS = {
    "HN": "hainan-2022",
    "QZ": "quanzhou-2023",
    "NM": "inner-mongolia-2021",
    "GS": "gansu-2023",
    "HU": "hunan-2019-2022",
}


@cache
def pack(code: str) -> Plan:
    """Return the pack of a seed by its code, its group being the stage's."""
    return replace(load_plan(PACKS[code]), groups=("main",))


async def open_pack(theatre: Open, code: str, at: str, units: Iterable[str] = (), plan: Plan | None = None) -> Theatre:
    """Open a pack at a local moment, what was due before already sent; with `units` only those are asked.

    Office is `office1`, leaders are `leader1`…, a unit's contact is named by the unit.
    """
    plan = plan or pack(code)
    wanted = set(units)
    if wanted:
        known = tuple(replace(unit, reports=unit.reports and unit.name in wanted) for unit in plan.units)
        asked = tuple(replace(duty, units=tuple(u for u in duty.units if u in wanted)) for duty in plan.duties)
        plan = replace(plan, units=known, duties=asked)
    house = await by_hand(await theatre(at, plan=plan))
    await house.bot.settle()
    house.new()
    return house


async def staff(house: Theatre, unit: str, *names: str, grade: str = "") -> None:
    """Put people on a unit's staff; they need no account."""
    async with house.bot.db.begin() as tx:
        for name in names:
            person = Enrolled(name, unit, Post("staff", unit), grade=grade)
            await enrol(tx, house.plan, person, house.bot.clock.now())


async def messages(house: Theatre, until: str, to: str) -> list[str]:
    """Move time on and return what one receiver (a unit, office1, leader1, main) heard on the way."""
    receiver = house.contact(to) if house.plan.find_unit(to) and to != "main" else to
    return [one.text for one in await house.until(until) if one.to == receiver]


async def pending(house: Theatre) -> int:
    """Return how many messages wait."""
    async with house.bot.db.read() as tx:
        return sum(n for (_, state), n in (await outbox.counts(tx)).items() if state == "pending")


def heard_by(heard: Iterable[Heard], to: str) -> list[str]:
    return [one.text for one in heard if one.to == to]
