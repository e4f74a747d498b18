"""preview: what a plan will send. It needs neither config nor database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from bot.cli.frame import JSON, settings_of, show
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.domain.rounds import Occasion
from bot.messages import words
from bot.worlds import world_of

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
    """列出计划全年每一次发送：时间、对象、哪几项报送。"""
    loaded = load_plan(plan, year)
    world = world_of(settings_of(ctx), [loaded])
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


def _names(occasion: Occasion) -> str:
    named = (f"{words.period(due.round.period.key)}{due.round.duty.name}" for due in occasion.dues)
    return " + ".join(dict.fromkeys(named)) or "每周简报"


def _line(plan: Plan, occasion: Occasion) -> str:
    when = f"{occasion.at:%Y-%m-%d} 周{words.WEEKDAYS[occasion.at.weekday()]} {occasion.at:%H:%M}"
    return f"{when}  {KINDS[occasion.kind]}  {AUDIENCES[occasion.audience]}  {_names(occasion)}"


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
            f"SUMMARY:{KINDS[occasion.kind]}（{AUDIENCES[occasion.audience]}）{_names(occasion)}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


COMMANDS = (preview,)
