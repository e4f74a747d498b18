"""GS-11 to GS-13, GS-18, GS-22, GS-24: numbers of visits to firms, none of which is progress."""

import tomllib
from dataclasses import replace
from pathlib import Path

from bot.domain.planfile import parse_plan
from bot.domain.plans import Plan, Unit
from tests.conftest import Open
from tests.systems.gansu import COLLEGES, filled, house_of
from tests.systems.house import ask

SIX = (
    "截至3月5日，参加高校16所，走访企业234家，开拓岗位2385个，岗位需求人数近6000人，"
    "签订校企就业合作协议28份，争取企业奖学金1项"
)


async def test_gs_11_six_figures_are_kept_with_their_day_and_none_is_progress(theatre: Open) -> None:
    house = await house_of(theatre)
    said = await ask(house, "丙学院", SIX)
    shown = {
        name: await ask(house, "office1", f"进度 {name}")
        for name in ("参加高校", "走访企业", "开拓岗位", "岗位需求人数", "合作协议", "企业奖学金")
    }
    item = await ask(house, "丙学院", "/status 青少年读书行动")

    values = ("16所", "234家", "2385个", "约 6000人", "28份", "1项")
    for (name, text), value in zip(shown.items(), values, strict=True):
        assert f"目前 {value}（截至3月5日）" in text, name
        assert "这是数据，不计入进度" in text
    assert "约 6000人" in said and "%" not in said.replace("改为90%", "")
    assert "丙学院：还没有数据" in item


async def test_gs_12_added_and_total_are_kept_apart_and_a_disagreement_is_asked(theatre: Open) -> None:
    house = await house_of(theatre)
    wrong = await ask(house, "甲大学", "走访企业新增12家，累计250家")
    kept = await ask(house, "office1", "进度 走访企业")
    added = await ask(house, "甲大学", "走访企业新增12家")
    after = await ask(house, "office1", "进度 走访企业")
    again = await ask(house, "甲大学", "走访企业新增4家，累计250家")
    total = await ask(house, "甲大学", "走访企业累计252家")
    last = await ask(house, "office1", "进度 走访企业")

    assert "上次累计 234，加新增 12 应为 246，您报的累计是 250" in wrong and "没有登记" in wrong
    assert "目前 234家" in kept
    assert "新增 走访企业 12家" in added and "246家" in after
    assert "已登记" in again and "已登记" in total
    assert "目前 252家" in last


async def test_gs_13_a_table_of_one_figure_names_ten_colleges_and_says_how_many_there_are(theatre: Open) -> None:
    plan = filled()
    names = tuple(f"第{n}学院" for n in "一二三四五六七八九十百千")
    duties = tuple(replace(d, units=names) if d.id == "metrics" else d for d in plan.duties)
    plan = replace(plan, units=(*plan.units, *map(Unit, names)), duties=duties)
    house = await house_of(theatre, plan=plan)
    for n, name in enumerate(names):
        await ask(house, name, f"开拓岗位{100 + n}个")
    table = await ask(house, "office1", "排名 开拓岗位")

    rows = [line for line in table.splitlines() if line[:1].isdigit() or line[:2].strip().isdigit()]
    assert len(rows) == 10 and rows[0].split()[1:3] == ["第千学院", "111"]
    assert "共 12 个" in table and "第一学院" not in table


async def test_gs_18_a_table_shows_who_rose_against_the_table_before(theatre: Open) -> None:
    house = await house_of(theatre, "2023-03-20T10:00")
    for unit, posts in (("甲大学", 100), ("乙大学", 80), ("丙学院", 60)):
        await ask(house, unit, f"开拓岗位{posts}个")
    first = await ask(house, "office1", "排名 开拓岗位")
    await house.until("2023-04-10T10:00")
    await ask(house, "丙学院", "开拓岗位120个")
    table = await ask(house, "office1", "排名 开拓岗位")

    assert "↑" not in first and "↓" not in first
    rows = [line.split() for line in table.splitlines()[1:4]]
    assert rows == [["1", "丙学院", "120", "↑2"], ["2", "甲大学", "100", "↓1"], ["3", "乙大学", "80", "↓1"]]
    assert "升降与3月底比" in table


def with_a_monthly_report() -> Plan:
    """The pack after its office has ordered a monthly report on the ten projects, with a table of completion."""
    data = tomllib.loads(Path("plans/gansu-2023/plan.toml").read_text())
    monthly = {"id": "m", "name": "进展", "form": "progress", "when": "每月25日前", "list": "projects", "league": True}
    ranked = replace(parse_plan({**data, "duties": [*data["duties"], monthly]}, "gansu-2023"), groups=("main",))
    leads = {"G01": ("甲大学",), "G02": ("乙大学",), "G04": ("丙学院",)}
    items = tuple(replace(item, units=leads.get(item.id, ())) for item in ranked.items)
    return replace(ranked, items=items, units=(*ranked.units, *map(Unit, COLLEGES)))


async def test_gs_18_the_table_of_completion_shows_moves_too(theatre: Open) -> None:
    house = await house_of(theatre, "2023-03-22T10:00", with_a_monthly_report())
    for unit, words in (("甲大学", "工程1 50%"), ("乙大学", "工程2 40%"), ("丙学院", "工程4 30%")):
        await ask(house, unit, words)
    await house.until("2023-03-27T10:00")
    first = await ask(house, "office1", "排名")
    await house.until("2023-04-24T10:00")
    await ask(house, "丙学院", "工程4 90%")
    await house.until("2023-04-26T10:00")
    table = await ask(house, "office1", "排名")

    assert "1  甲大学  50%" in first and "↑" not in first
    assert table.splitlines()[1].split()[:3] == ["1", "丙学院", "90%"]
    assert table.splitlines()[1].endswith("↑2") and table.splitlines()[2].endswith("↓1")


async def test_gs_22_satisfaction_is_a_figure_and_never_progress(theatre: Open) -> None:
    house = await house_of(theatre)
    said = await ask(house, "丙学院", "基础教育满意度98%")
    item = await ask(house, "office1", "进度 工程1")
    own = await ask(house, "丙学院", "我的")
    shown = await ask(house, "office1", "进度 基础教育满意度")

    assert "满意度 98%" in said and "青少年读书行动：" not in said
    assert "98" not in item and "青少年读书行动：还没有数据" in own
    assert "目前 98%" in shown and "未达" not in shown and "不计入进度" in shown


async def test_gs_24_the_number_of_graduates_is_nobodys_own(theatre: Open) -> None:
    house = await house_of(theatre)
    for words in ("2023年大学毕业生达1158万", "全国大学毕业生1158万人，走访企业20家"):
        await ask(house, "丙学院", words)
    shown = await ask(house, "office1", "进度 全国大学毕业生")
    table = await ask(house, "office1", "排名 N13")
    note = await ask(house, "office1", "汇总")
    visits = await ask(house, "office1", "进度 走访企业")

    assert "1158万" in shown and "丙学院" not in shown
    assert "丙学院" not in table and "1158" not in note
    assert "丙学院" in visits and "20家" in visits
