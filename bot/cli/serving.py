"""run, migrate and check: serving, and what comes before it."""

from typing import Any

import click
import structlog

from bot import app
from bot.cli.frame import JSON, run, settings_of, show
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.domain.rounds import busiest_month
from bot.domain.unset import Unset, unset
from bot.domain.world import World
from bot.storage import schema
from bot.storage.engine import Database
from bot.worlds import world_of

log = structlog.get_logger()


@click.command("run")
@click.pass_context
def serve(ctx: click.Context) -> None:
    """启动服务：按计划提醒、收报、排名、写简报。"""
    settings = settings_of(ctx)

    async def work() -> None:
        bot = await app.build(settings)
        if not bot.world.plans:
            log.warning("没有加载计划：请在 [plans] paths 里写计划名或路径", action="no_plans")
        if not settings.groups:
            log.warning("没有配置群：请加 [[groups]]，否则只能私聊", action="no_groups")

        def ready(address: tuple[str, int]) -> None:
            click.echo(f"鼓点已启动：http://{address[0]}:{address[1]}/", err=True)
            if "sandbox" in bot.adapters:
                click.echo(f"演练页面：http://{address[0]}:{address[1]}/sandbox/", err=True)

        await app.serve_until_stopped(bot, ready)

    run(work())


@click.command()
@JSON
@click.pass_context
def migrate(ctx: click.Context, as_json: bool) -> None:
    """把数据库升级到本版本的结构。"""
    settings = settings_of(ctx)

    async def work() -> tuple[str, str]:
        db = Database(settings.database.url)
        try:
            return await schema.migrate(db)
        finally:
            await db.close()

    before, after = run(work())
    text = f"数据库已是最新（{after}）。" if before == after else f"数据库已从 {before or '空'} 升级到 {after}。"
    show({"before": before, "after": after}, text, as_json=as_json)


@click.command()
@click.argument("plan", required=False)
@click.option("--year", type=int, help="按另一年展开")
@JSON
@click.pass_context
def check(ctx: click.Context, plan: str | None, year: int | None, as_json: bool) -> None:
    """检查计划（给了 PLAN 时），否则检查配置和所有计划。"""
    settings = settings_of(ctx)
    world = world_of(settings, [load_plan(plan, year)] if plan is not None else None)
    if plan is None:
        app.check_surroundings(settings)
    reports = [_report(found, world) for found in world.plans]
    guessed = sorted(world.workdays.guessed_years)
    warnings = [f"{year} 年的放假安排未知，只按周末推算" for year in guessed]
    lines = [line for report in reports for line in report["text"]] + [f"提醒：{warning}" for warning in warnings]
    data = {"ok": True, "plans": [{k: v for k, v in r.items() if k != "text"} for r in reports], "warnings": warnings}
    show(data, "\n".join(lines) or "配置没有问题，还没有加载计划。", as_json=as_json)


def _report(plan: Plan, world: World) -> dict[str, Any]:
    # What is private concerns the office alone and is no part of what the plan asks of its units.
    items = [item for item in plan.items if not item.private]
    counts = {found.key: sum(item.list_key == found.key for item in items) for found in plan.lists}
    open_points = unset(plan)
    month, most = busiest_month(world.occasions_of(plan))
    cap = plan.messages_per_month or world.policy.messages_per_month
    return {
        "key": plan.key,
        "items": len(items),
        "lists": {key: count for key, count in counts.items() if count},
        "units": len(plan.reporting_units),
        "duties": [duty.id for duty in plan.duties],
        "registers": len(plan.registers),
        "quotas": len(plan.quotas),
        "figures": len(plan.figures),
        "unset": [item.id for item in items if not item.units],
        "open": [{"subject": u.subject, "where": u.where, "what": u.what, "ids": list(u.ids)} for u in open_points],
        "messages": {"month": month, "most": most, "cap": cap},
        "calendar": world.workdays.source(plan.first_on.year),
        "text": [*_text(plan, len(items), open_points), _burden(most, cap)],
    }


def _text(plan: Plan, items: int, open_points: tuple[Unset, ...]) -> list[str]:
    counts = [f"{items} 项", f"{len(plan.reporting_units)} 个报送单位", f"{len(plan.duties)} 项报送"]
    beside = (("张台账", plan.registers), ("项指标", plan.quotas), ("项数据", plan.figures))
    counts += [f"{len(found)} {noun}" for noun, found in beside if found]
    lines = [f"计划 {plan.key}（{plan.name}）没有问题：{'，'.join(counts)}。"]
    if open_points:
        lines.append("未设定（原文没有写，会问办公室一次，不会自己编）：")
        lines += [f"  {found.where}：{len(found.ids)} 个{found.what}（{_some(found.ids)}）" for found in open_points]
    return lines


def _burden(most: int, cap: int) -> str:
    said = f"每位联络员一个月最多私下问 {most} 次，上限 {cap} 次。"
    return said + ("超出的不会发，请在 [plan] 里写 messages_per_month，或把报送并一并。" if most > cap else "")


def _some(ids: tuple[str, ...]) -> str:
    return "、".join(ids[:5]) + (" 等" if len(ids) > 5 else "")


COMMANDS = (serve, migrate, check)
