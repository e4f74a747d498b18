"""The packs that come with Drumbeat, loaded once."""

from functools import cache

from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan

NAMES = {
    "HN": "hainan-2022",
    "QZ": "quanzhou-2023",
    "NM": "inner-mongolia-2021",
    "GS": "gansu-2023",
    "HU": "hunan-2019-2022",
}


@cache
def pack(code: str) -> Plan:
    return load_plan(NAMES[code])
