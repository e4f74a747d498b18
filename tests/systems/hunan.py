"""The pack of 2019 to 2022 as its office uses it: the groups the paper leaves open have their units."""

from functools import cache

from bot.documents.planfiles import find_plan, read_toml
from bot.domain.planfile import parse_plan
from bot.domain.plans import Plan
from tests.conftest import Open
from tests.systems.house import PACKS, ask, open_pack
from tests.theatre import Theatre

GROUPS = {
    "省直单位": ["丁厅"],
    "各市州": ["甲市", "乙市"],
    "各县市区": ["丙县"],
    "市级党校": ["甲市委党校"],
    "高校": ["戊大学"],
    "各级领导小组": ["己领导小组"],
}


@cache
def filled() -> Plan:
    """Return the pack with units in its open groups."""
    data = read_toml(find_plan(PACKS["HU"]))
    data["plan"]["groups"] = ["main"]
    for group in data["unit_groups"]:
        group["units"] = group["units"] or GROUPS.get(group["name"], [])
    return parse_plan(data, PACKS["HU"])


async def open_filled(theatre: Open, at: str) -> Theatre:
    """Open the filled pack at a local moment."""
    return await open_pack(theatre, "HU", at, plan=filled())


async def tell(house: Theatre, who: str, *said: str) -> list[str]:
    """Let somebody say several things in private, one after another; return the answers."""
    return [await ask(house, who, one) for one in said]
