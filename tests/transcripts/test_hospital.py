"""A plan that no pack describes, written in under 80 lines from the manual alone, is played on the sandbox."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents.planfiles import load_plan
from tests.theatre import GROUP, Heard, Theatre

pytestmark = pytest.mark.transcript

PLAN = Path(__file__).resolve().parents[2] / "docs" / "example-plan.toml"
Open = Callable[..., Awaitable[Theatre]]


def heard_by(who: str, heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard if one.to == who)


async def test_the_hospitals_campaign_runs_from_its_plan_file(theatre: Open) -> None:
    house = await theatre(start="2026-03-24T08:50:00", plan=replace(load_plan(str(PLAN)), groups=(GROUP,)))
    emergency, nursing, pharmacy = (house.contact(unit) for unit in ("急诊科", "护理部", "药剂科"))

    asked = await house.until("2026-03-24T09:05")
    assert sorted(one.to for one in asked) == [emergency, nursing, pharmacy]
    assert "危急值30分钟内处置：70%" in await house.answer(emergency, "危急值70%")
    assert "主题 交接班，人数 8人" in await house.answer(emergency, "查房：3月18日，主题交接班，8人参加")
    assert "期限 3月30日（周一）" in await house.answer(nursing, "缺陷：手卫生不到位，期限3月30日")
    infection = await house.answer(nursing, "院内感染3例")
    assert "院内感染 3例" in infection and "还差 3月整改进展：1 危急值" in infection
    assert "未报：护理部、药剂科" in heard_by(GROUP, await house.until("2026-03-26T09:05"))

    slots = await house.until("2026-03-27T09:05")
    assert heard_by(emergency, slots) == ""
    assert "质量查房" in heard_by(pharmacy, slots)
    assert "手卫生不到位" in heard_by(nursing, slots)
    assert "手卫生不到位" in await house.answer("office1", "台账 缺陷台账")
    assert "已整改" in await house.answer(nursing, "3号已整改，已培训并复查合格")
    assert "手卫生不到位" not in heard_by(nursing, await house.until("2026-03-30T09:05"))
    assert "查房不少于10次" in await house.answer("office1", "指标")
