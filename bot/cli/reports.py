"""league, digest and compile: the numbers behind what the bot posts, and the office's documents."""

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click

from bot import app
from bot.cli.frame import JSON, plan_named, run, settings_of, show
from bot.cli.records import records
from bot.documents.results import write_report, write_xlsx
from bot.domain import spans
from bot.domain.league import Score
from bot.messages import standings as wording
from bot.messages.digests import Digest, digest
from bot.messages.message import Message
from bot.stories.compiling import Compiled, Kind, compile_report
from bot.stories.digests import digest_of
from bot.stories.results import Rows, persons_of, results_of
from bot.stories.standings import Board, board

KINDS = get_args(Kind)


@click.command()
@click.argument("plan")
@click.option("--period", help="哪一期，如 2023-03（默认最近到期的一期）")
@JSON
@click.pass_context
def league(ctx: click.Context, plan: str, period: str | None, as_json: bool) -> None:
    """打印完成率排名。"""
    settings = settings_of(ctx)

    async def work() -> tuple[Board, Message]:
        async with records(settings) as (world, db), db.read() as tx:
            found = await board(tx, world, plan_named(world, plan), app.start_of(settings, world), period)
            return found, wording.league(found.round.period.key, found.standings, found.on_time_only)

    found, message = run(work())
    data = {
        "plan": found.plan.key,
        "period": found.round.period.key,
        "standings": [{"rank": standing.rank, **_score(standing.score)} for standing in found.standings],
        "on_time_only": [_score(score) for score in found.on_time_only],
        "total": len(found.standings),
    }
    show(data, message.as_text(), as_json=as_json)


def _score(score: Score) -> dict[str, Any]:
    return {
        "unit": score.unit,
        "rate": score.rate if score.items else None,
        "items": {item.item: item.percent for item in score.items},
        "done": score.done,
        "on_time": score.on_time,
        "due": score.due,
        "stale": score.stale,
    }


@click.command("digest")
@click.argument("plan")
@click.option("--leader", required=True, help="领导代号，如 L4")
@JSON
@click.pass_context
def digest_command(ctx: click.Context, plan: str, leader: str, as_json: bool) -> None:
    """打印一位领导的每周简报。"""
    settings = settings_of(ctx)

    async def work() -> Digest:
        async with records(settings) as (world, db), db.read() as tx:
            now: datetime = app.start_of(settings, world)
            return await digest_of(tx, world, plan_named(world, plan), leader, now)

    found: Digest = run(work())
    message = digest(found)
    data = {
        "leader": found.leader,
        "items": [
            {"item": line.item.id, "state": line.state, "moved": line.moved, "troubles": list(line.troubles)}
            for line in found.lines
        ],
        "coming": list(found.coming),
        "text": message.as_text(),
    }
    show(data, message.as_text(), as_json=as_json)


@click.command("compile")
@click.argument("plan")
@click.option("--kind", required=True, type=click.Choice(KINDS), help="哪种报告")
@click.option("--period", required=True, help="哪个时段，如 2023-03、2023-Q1、2023-H1、2023")
@click.option("--format", "form", default="docx", type=click.Choice(("docx", "xlsx", "pdf")), help="文件格式")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件")
@click.pass_context
def compile_command(ctx: click.Context, plan: str, kind: Kind, period: str, form: str, output: Path) -> None:
    """从登记的记录编出办公室要的报告：小结、分析、评估、总结、台账。"""
    settings = settings_of(ctx)

    async def work() -> tuple[Compiled, Rows, Rows]:
        async with records(settings) as (world, db), db.read() as tx:
            found = plan_named(world, plan)
            made = await compile_report(tx, world, found, kind, period, app.start_of(settings, world))
            if kind != "ledger":
                return made, [], []
            first, last = spans.days_of(period)
            return made, await results_of(tx, world, found, first, last), await persons_of(tx, found, first, last)

    made, units, persons = run(work())
    chapters = [(chapter.heading, chapter.paragraphs, chapter.rows) for chapter in made.chapters]
    if kind == "ledger" and form == "xlsx":
        sheets = [(heading, rows) for heading, _, rows in chapters if rows]
        write_xlsx(output, [("单位结果", units), ("人员", persons), *sheets])
    else:
        write_report(output, form, made.title, chapters)
    show({"file": str(output), "title": made.title}, f"已写好：{output}（{made.title}）", as_json=False)


COMMANDS = (league, digest_command, compile_command)
