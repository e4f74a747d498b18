"""A plan made of the clerk's own table is one like any other: asked, answered, looked up."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.documents.importing import plan_text, read_paper
from bot.domain.papers.assembly import understand
from bot.domain.planfile import parse_plan
from bot.domain.plans import Plan
from tests.conftest import Open
from tests.core.houses import ask, by_hand
from tests.documents.importing.makers import Table, xlsx

TABLE = Table(
    [
        ["2026年重点任务分解表（截至5月底）"],
        ["序号", "工作任务", "分管领导", "牵头科室", "完成时限", "当前进度"],
        [1, "修订值班制度", "副院长", "综合科", "10月底前", "60%"],
        [2, "开展消防演练", "副院长", "综合科、安保科", "每季度", "未启动"],
    ],
    2,
)
MONTHLY = {"id": "monthly", "name": "月度进展", "when": "每月25日前", "form": "progress", "list": "list1"}


def imported(folder: Path) -> Plan:
    found = understand(read_paper(xlsx(folder / "计划.xlsx", TABLE)), date(2026, 6, 1))
    data = tomllib.loads(plan_text(found, "计划.xlsx"))
    return replace(parse_plan({**data, "duties": [MONTHLY]}, "plan.toml"), groups=("main",))


async def test_an_imported_plan_is_reported_on_in_chat(theatre: Open, tmp_path: Path) -> None:
    house = await by_hand(await theatre("2026-06-24T10:00", plan=imported(tmp_path)))
    await house.bot.settle()

    assert "综合科：60%（5月31日，导入计划时）" in await ask(house, "office1", "/status 1")
    await ask(house, "综合科", "修订值班制度80%，第2项30%")
    assert "综合科：80%（6月24日 10:00报）" in await ask(house, "office1", "/status 1")
    shown = await ask(house, "office1", "/status 2")
    assert "综合科：30%" in shown
    assert "安保科：0%（未启动）（5月31日，导入计划时）" in shown
