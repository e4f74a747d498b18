"""import members, invite and codes: how people come in."""

import sys
from pathlib import Path
from typing import Any

import click

from bot import app
from bot.cli.frame import JSON, plan_named, run, settings_of, show
from bot.cli.records import records
from bot.documents.rosterlines import PLATFORMS
from bot.documents.rosters import Roster, read_roster, write_codes, write_template, write_unbound
from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.errors import UserError
from bot.keys import links_of
from bot.settings import Settings
from bot.storage import members
from bot.stories.roster import Enrolled, codes_for_unbound, enrol, enrol_all, fresh_code
from bot.worlds import world_of


@click.command("members")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "plan_name", help="哪个计划（只有一个时可省）")
@click.option("--template", is_flag=True, help="不导入，只生成花名册模板 FILE")
@click.option("--codes", type=click.Path(path_type=Path), help="把绑定码另存为 xlsx，便于逐人发放")
@click.option("--renew-codes", is_flag=True, help="给所有未绑定的人换新的绑定码，旧码作废")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@JSON
@click.pass_context
def import_members(
    ctx: click.Context,
    file: Path,
    plan_name: str | None,
    template: bool,
    codes: Path | None,
    renew_codes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """导入花名册 FILE（xlsx、xls 或 csv），并列出还没有绑定账号的人和绑定码。"""
    settings = settings_of(ctx)
    world = world_of(settings)
    plan = _plan(world, plan_name)
    if template:
        write_template(file, plan)
        text = f"模板已生成：{file}。填好后运行：drumbeat import members {file}"
        show({"template": str(file)}, text, as_json=as_json)
        return
    roster = read_roster(file, plan, _accounts_of(settings))

    async def work() -> tuple[tuple[int, int], list[tuple[str, str, str]]]:
        async with records(settings) as (_, db), db.begin() as tx:
            now = app.start_of(settings, world)
            people = [Enrolled(e.name, e.department, e.post, e.mobile, e.ids, e.grade) for e in roster.entries]
            counts = await enrol_all(tx, plan, people, now)
            made = await codes_for_unbound(tx, now, renew=renew_codes)
            return counts, [(member.name, member.department, code) for member, code in made]

    counts, unbound = ((0, 0), []) if dry_run else run(work())
    if codes is not None and unbound:
        write_unbound(codes, unbound)
    data, lines = _report(roster, counts, unbound, dry_run=dry_run)
    show(data, "\n".join(lines), as_json=as_json)
    if roster.refusals:
        sys.exit(1)


def _accounts_of(settings: Settings) -> str:
    """Return the one platform a bare column UserID can mean; '' when there are two or none."""
    configured = [platform for platform in PLATFORMS if platform in settings.platforms]
    return configured[0] if len(configured) == 1 else ""


def _report(
    roster: Roster, counts: tuple[int, int], unbound: list[tuple[str, str, str]], *, dry_run: bool
) -> tuple[dict[str, Any], list[str]]:
    refused = [{"cell": r.cell, "wrong": r.wrong, "right": r.right} for r in roster.refusals]
    data = {
        "rows": roster.rows,
        "entries": len(roster.entries),
        "refusals": refused,
        "new": counts[0],
        "updated": counts[1],
        "unbound": [{"name": name, "department": department, "code": code} for name, department, code in unbound],
    }
    done = "检查完毕，没有写入" if dry_run else f"新增 {counts[0]} 人，更新 {counts[1]} 人"
    lines = [f"花名册 {roster.rows} 行：可用 {len(roster.entries)} 行，退回 {len(roster.refusals)} 行。{done}。"]
    lines += [f"  {r.cell}：{r.wrong}。{r.right}" for r in roster.refusals]
    if unbound:
        lines.append(f"还有 {len(unbound)} 人没有绑定账号。请把绑定码分别告诉本人，私聊机器人：绑定 码（14 天有效）")
        lines += [f"  {department} {name}：{code or '绑定码已发过，仍有效'}" for name, department, code in unbound]
    return data, lines


def _plan(world: World, name: str | None) -> Plan:
    """Return the plan meant; raises `UserError` when it is not clear."""
    if name is not None:
        return plan_named(world, name)
    if len(world.plans) != 1:
        known = "、".join(plan.key for plan in world.plans) or "还没有，请在 [plans] paths 里写上"
        raise UserError(f"请用 --plan 指明是哪个计划。已加载：{known}")
    return world.plans[0]


@click.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["office"]), default="office", show_default=True, help="岗位")
@click.option("--plan", "plan_name", help="哪个计划（默认全部）")
@JSON
@click.pass_context
def invite(ctx: click.Context, name: str, role: str, plan_name: str | None, as_json: bool) -> None:
    """登记第一位办公室人员 NAME，并打印他的绑定码。"""
    settings = settings_of(ctx)

    async def work() -> str:
        async with records(settings) as (world, db), db.begin() as tx:
            plans = [plan_named(world, plan_name)] if plan_name else list(world.plans)
            if not plans:
                raise UserError("还没有加载计划，请先在配置的 [plans] paths 里写上计划名。")
            now = app.start_of(settings, world)
            for plan in plans:
                member, _ = await enrol(tx, plan, Enrolled(name, plan.receiver, Post.parse(role)), now)
            return await fresh_code(tx, member, now)

    code = run(work())
    text = f"请让{name}私聊机器人，发送：绑定 {code}\n（14 天内有效，只能用一次）"
    show({"name": name, "role": role, "code": code}, text, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "plan_name", help="哪个计划（只有一个时可省）")
@JSON
@click.pass_context
def codes(ctx: click.Context, file: Path, plan_name: str | None, as_json: bool) -> None:
    """把联络员的填报码写到 FILE（xlsx），打印出来发给本人；从群里的链接填表时要用。"""
    settings = settings_of(ctx)
    links = links_of(settings)
    if links is None:
        raise UserError("还没有设 [server] public_url，没有表单，也就不用填报码。")

    async def work() -> list[tuple[str, str, str]]:
        async with records(settings) as (world, db), db.read() as tx:
            held = await members.holders(tx, _plan(world, plan_name).key)
            reporters = [(member, post.scope) for post, people in held.items() for member in people if post.reports]
            return [(member.name, unit, links.code(member.id)) for member, unit in reporters]

    people = sorted(run(work()), key=lambda person: person[1])
    write_codes(file, people)
    data = [{"name": name, "unit": unit, "code": code} for name, unit, code in people]
    show(
        {"file": str(file), "codes": data},
        f"{len(people)} 人的填报码已写到 {file}，请打印后分别交给本人。",
        as_json=as_json,
    )


COMMANDS = (invite, codes)
