"""The pack whose paper names no members of its kinds of units, as the office has filled it in."""

from functools import cache
from typing import Any

from bot.documents.planfiles import find_plan, read_toml
from bot.domain.members import Post
from bot.domain.planfile import parse_plan
from bot.domain.plans import Plan
from bot.stories.roster import Enrolled, enrol
from tests.systems.house import PACKS
from tests.theatre import Theatre

MEMBERS = {
    "厅机关各处室": ["甲处", "乙处", "丙处"],
    "高校": ["甲大学", "乙大学", "丙学院"],
    "盟市": ["甲市", "乙盟"],
    "旗县": ["甲旗", "乙县", "丙旗"],
    "民办学校": ["甲民办学校", "乙民办学校"],
    "中小学": ["甲中学", "乙小学"],
    "直属事业单位": ["甲中心", "乙馆"],
}


@cache
def _filled(edits: tuple[tuple[str, str, str], ...]) -> Plan:
    path = find_plan(PACKS["NM"])
    data: dict[str, Any] = read_toml(path)
    data["plan"]["groups"] = ["main"]
    for group in data["unit_groups"]:
        group["units"] = MEMBERS[group["name"]]
    rows = {row["id"]: row for row in (*data["items"], *data["duties"])}
    for known, key, value in edits:
        rows[known][key] = value.split("、") if key in ("units", "leaders") else value
    return parse_plan(data, str(path))


def filled(*edits: tuple[str, str, str]) -> Plan:
    """Return the pack with invented units in its groups, and with edits (item or duty, key, words) of the office."""
    return _filled(edits)


async def join(house: Theatre, unit: str, name: str) -> None:
    """Give a unit outside, which reports nothing, its contact; the account is called like the person."""
    person = Enrolled(name, unit, Post("contact", unit), ids={house.stage.platform: name})
    async with house.bot.db.begin() as tx:
        await enrol(tx, house.plan, person, house.bot.clock.now())
