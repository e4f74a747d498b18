"""import plan: the clerk's own file becomes a plan file. Needs neither configuration nor database."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.frame import JSON, show
from bot.cli.people import import_members
from bot.clock import wall_now
from bot.documents.importing import check_file, plan_text, read_paper
from bot.documents.planfiles import load_plan
from bot.domain.papers.assembly import Coded, Understood, open_points, understand
from bot.domain.papers.drafts import Remark
from bot.domain.papers.words import folded
from bot.domain.planfile import parse_plan
from bot.errors import UserError

OUTPUT = Path("plan.toml")
LONGEST = 60
UNSET = {"units": "牵头单位", "when": "完成时限"}
NO_ITEMS = "没有读出任何事项，没有写文件。表头里要有“事项”“责任单位”“完成时限”这样的列名，写法见 docs/import.md"


@click.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=OUTPUT, show_default=True, help="写到哪里")
@click.option("--dry-run", is_flag=True, help="不写文件，逐行列出读懂了什么、退回了什么")
@click.option("--year", type=int, help="哪一年的计划（默认看标题里的年份）")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="进度截至哪天（默认看文件里的“截至”，再默认今天）")
@click.option("--units", "known", metavar="PLAN", help="已有的计划：单位名称按它登记的写法对上")
@JSON
def import_plan(
    file: Path, output: Path, dry_run: bool, year: int | None, as_of: datetime | None, known: str | None, as_json: bool
) -> None:
    """把办公室自己的计划 FILE（xlsx、xls、docx、csv、txt、toml）变成计划文件。"""
    if not dry_run and output.exists():
        raise UserError(f"{output} 已经存在，为免盖掉改过的内容没有写。请用 -o 换一个文件名，或先移走它")
    if file.suffix.lower() == ".toml":
        data, lines, toml = _of_toml(file, year)
    else:
        today = as_of.date() if as_of else wall_now().astimezone().date()
        found = understand(read_paper(file), today, year, _known_units(known))
        found.as_of = today if as_of else found.as_of
        toml = plan_text(found, file.name) if found.items else ""
        data, lines = _document(found, file, toml), list(_lines(found, every_row=dry_run))
    if not toml:
        lines.append(NO_ITEMS)
    elif dry_run:
        lines.append("检查完毕，没有写文件。")
    else:
        _write(output, toml)
        lines.append(f"已写到 {output}。请打开看一遍，补上未设定的，再运行：drumbeat check {output}")
    show(data, "\n".join(lines), as_json=as_json)
    if not toml:
        sys.exit(1)


def _known_units(name: str | None) -> Mapping[str, str]:
    """Return the registered unit each spelling stands for, out of a plan that is there already."""
    if name is None:
        return {}
    units = load_plan(name).units
    return {folded(word): unit.name for unit in units for word in (unit.name, unit.full, *unit.aliases) if word}


def _write(path: Path, toml: str) -> None:
    try:
        path.write_text(toml, encoding="utf-8")
    except OSError as error:
        raise UserError(f"写不了 {path}（{error.strerror}）。请检查文件夹是否存在、有没有写的权限") from error


def _of_toml(file: Path, year: int | None) -> tuple[dict[str, Any], list[str], str]:
    """Take a plan file as it is, when it has no fault."""
    if not file.is_file():
        raise UserError(f"找不到文件 {file}。请检查路径")
    items, refusals, toml = check_file(file, year)
    rows = [
        {"id": i.id, "list": i.list_key, "no": i.no, "title": i.title, "units": list(i.units), "when": i.when}
        for i in items
    ]
    data = {
        "file": str(file),
        "rows_in": len(items) + len(refusals),
        "items": rows,
        "refusals": [refusal.to_json() for refusal in refusals],
        "plan": tomllib.loads(toml) if toml else None,
    }
    lines = [f"{file.name}：{len(items)} 项可用，{len(refusals)} 处有错。", *map(_refusal_line, refusals)]
    return data, lines, toml


def _document(found: Understood, file: Path, toml: str) -> dict[str, Any]:
    """Write an import in the shape the interface contract fixes; the plan is what the file holds."""
    plan = tomllib.loads(toml) if toml else None
    if plan is not None:
        # What is written must load; a fault here is ours, and better loud than in the office's hands.
        parse_plan(plan, file.name)
    return {
        "file": str(file),
        "rows_in": found.rows,
        "items": [_item(found, coded) for coded in found.items],
        "refusals": [refusal.to_json() for refusal in found.refusals],
        "asides": [{"cell": aside.cell, "text": aside.text, "what": aside.what} for aside in found.asides],
        "doubts": [doubt.to_json() for doubt in found.doubts],
        "plan": plan,
    }


def _item(found: Understood, coded: Coded) -> dict[str, Any]:
    draft, standing = coded.draft, coded.draft.standing
    opening = None
    if standing is not None and standing.percent is not None:
        opening = {"percent": standing.percent, "on": found.as_of.isoformat()}
    return {
        "id": coded.id,
        "cell": draft.cell,
        "list": coded.list_key,
        "section": draft.section,
        "no": draft.no,
        "title": draft.title,
        "units": [*draft.units] or ([draft.everybody] if draft.everybody else []),
        "support": draft.support,
        "leaders": draft.leaders,
        "when": draft.when,
        "lasting": draft.lasting,
        "target": draft.target,
        "measures": draft.measures,
        "opening": opening,
        "said": standing.said if standing else "",
        "note": draft.note,
        "unset": draft.unset,
        "open": [remark.to_json() for remark in draft.open],
    }


def _lines(found: Understood, *, every_row: bool) -> Iterator[str]:
    """Tell people what was understood: in short, or row by row."""
    asked = sum(not refusal.settled for refusal in found.refusals)
    yield f"计划：{found.name.replace('{year}', str(found.year))}（{found.year} 年）"
    yield f"共 {found.rows} 行：读出 {len(found.items)} 项，另外 {len(found.refusals)} 行不是事项" + (
        f"，其中 {asked} 行请看一看。" if asked else "。"
    )
    if every_row:
        yield from (line for coded in found.items for line in _item_lines(coded))
    yield from (_refusal_line(r) for r in found.refusals if every_row or not r.settled)
    if every_row:
        yield from (f"  {aside.cell}  （{aside.what}）{_short(aside.text)}" for aside in found.asides)
    if found.unused:
        yield f"没有写进计划的列：{'、'.join(found.unused)}。人写在花名册里。"
    yield from open_points(found)


def _item_lines(coded: Coded) -> Iterator[str]:
    draft = coded.draft
    number = f"{draft.no} " if draft.no is not None else ""
    parts = [
        ("牵头", "、".join(draft.units) or draft.everybody),
        ("配合", "、".join(draft.support)),
        ("领导", "、".join(draft.leaders)),
        ("时限", draft.when),
        ("未设定", "、".join(UNSET[key] for key in draft.unset)),
        ("进度", f"{draft.standing.percent}%" if draft.standing and draft.standing.percent is not None else ""),
    ]
    told = "；".join(f"{key} {value}" for key, value in parts if value)
    yield f"  {draft.cell}  {coded.id}  {number}{_short(draft.title)}" + (f"  [{told}]" if told else "")
    for remark in draft.open:
        if remark.text:
            yield f"      ? {remark.cell} “{_short(remark.text)}”：{remark.reason}。{remark.fix}"


def _refusal_line(refusal: Remark) -> str:
    said = f"“{_short(refusal.text)}”" if refusal.text else ""
    return f"  {refusal.cell}  退回 {said}：{refusal.reason}。{refusal.fix}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


import_group = click.Group("import", commands=[import_plan, import_members], help="导入办公室自己的计划和花名册。")
COMMANDS = (import_group,)
