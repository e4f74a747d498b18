"""league and digest: the numbers behind what the bot posts."""

from datetime import datetime
from typing import Any

import click

from bot import app
from bot.cli.frame import JSON, plan_named, run, settings_of, show
from bot.cli.records import records
from bot.domain.league import Score
from bot.messages import standings as wording
from bot.messages.digests import Digest, digest
from bot.messages.message import Message
from bot.stories.digests import digest_of
from bot.stories.standings import Board, board


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


COMMANDS = (league, digest_command)
