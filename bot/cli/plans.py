"""preview and read: what a plan will send, and how it reads replies. Both need neither config nor database."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from bot import app
from bot.cli.frame import JSON, settings_of, show
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.domain.reading import Context, Reader
from bot.domain.rounds import Occasion
from bot.domain.workdays import Workdays
from bot.messages import words

KINDS = {
    "prompt": "提示",
    "reminder": "提醒",
    "nudge": "催报",
    "escalation": "上报",
    "league": "排名",
    "digest": "简报",
    "dispatch": "调度",
}
AUDIENCES = {"private": "私聊", "group": "群", "office": "办公室", "leader": "领导"}


@click.command()
@click.argument("plan")
@click.option("--year", type=int, help="按另一年展开")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="从哪天起")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="到哪天止")
@click.option("--ics", type=click.Path(dir_okay=False), help="另存为日历文件")
@JSON
@click.pass_context
def preview(
    ctx: click.Context,
    plan: str,
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    ics: str | None,
    as_json: bool,
) -> None:
    """列出计划全年每一次发送：时间、对象、内容。"""
    loaded = load_plan(plan, year)
    world = app.world_of(settings_of(ctx), [loaded])
    found = [
        occasion
        for occasion in world.occasions_of(loaded)
        if (first is None or occasion.at.date() >= first.date()) and (last is None or occasion.at.date() <= last.date())
    ]
    for guessed in sorted(world.workdays.guessed_years):
        click.echo(f"提醒：{guessed} 年的放假安排未知，只按周末推算。", err=True)
    if ics is not None:
        with click.open_file(ics, "w", encoding="utf-8") as file:
            file.write(calendar(loaded, found))
    rows = [as_row(occasion) for occasion in found]
    show({"plan": loaded.key, "occasions": rows}, "\n".join(_line(loaded, o) for o in found), as_json=as_json)


def as_row(occasion: Occasion) -> dict[str, Any]:
    """Write an occasion in the shape the interface contract fixes."""
    return {
        "at": occasion.at.isoformat(),
        "kind": occasion.kind,
        "duties": list(occasion.duties),
        "periods": list(occasion.periods),
        "audience": occasion.audience,
        "merged": len(occasion.duties) > 1,
        "due_on": occasion.due_on.isoformat(),
    }


def _names(plan: Plan, occasion: Occasion) -> str:
    named = (f"{words.period(due.round.period.key)}{due.round.duty.name}" for due in occasion.dues)
    return " + ".join(dict.fromkeys(named)) or "每周简报"


def _line(plan: Plan, occasion: Occasion) -> str:
    when = f"{occasion.at:%Y-%m-%d} 周{words.WEEKDAYS[occasion.at.weekday()]} {occasion.at:%H:%M}"
    return f"{when}  {KINDS[occasion.kind]}  {AUDIENCES[occasion.audience]}  {_names(plan, occasion)}"


def calendar(plan: Plan, found: list[Occasion]) -> str:
    """Write occasions as an iCalendar file, one event each."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//drumbeat//preview//ZH"]
    for occasion in found:
        at = occasion.at.astimezone(UTC)
        start, end = (moment.strftime("%Y%m%dT%H%M%SZ") for moment in (at, at + timedelta(minutes=10)))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{occasion.key.replace('/', '-')}@{plan.key}",
            f"DTSTAMP:{start}",
            f"DTSTART:{start}",
            f"DTEND:{end}",
            f"SUMMARY:{KINDS[occasion.kind]}（{AUDIENCES[occasion.audience]}）{_names(plan, occasion)}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@click.command()
@click.argument("plan")
@click.option("--jsonl", is_flag=True, required=True, help="每行一个 JSON：输入 id、ctx、text，输出读出的内容")
@click.option("--year", type=int, help="按另一年展开")
def read(plan: str, jsonl: bool, year: int | None) -> None:
    """从标准输入逐行读回复，逐行输出读出的内容；不保存任何东西。"""
    reader = Reader(load_plan(plan, year), Workdays())
    faults = 0
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            answer = _read_one(reader, line, number)
            faults += "error" in answer
            click.echo(json.dumps(answer, ensure_ascii=False))
    if faults:
        click.echo(f"有 {faults} 行不是可读的 JSON。", err=True)
        sys.exit(1)


def _read_one(reader: Reader, line: str, number: int) -> dict[str, Any]:
    try:
        case = json.loads(line)
        context = Context.from_json({"today": date.today().isoformat(), **(case.get("ctx") or {})})
        return {"id": case.get("id"), **reader.read(str(case["text"]), context).to_json()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"id": None, "error": f"第 {number} 行应是含 id、ctx、text 的 JSON：{type(error).__name__} {error}"}


COMMANDS = (preview, read)
