"""backup, restore, export, erase and audit: keeping the records, and letting go of them."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot import app
from bot.cli.frame import JSON, run, settings_of, show
from bot.cli.records import records
from bot.clock import wall_now
from bot.documents.results import write_csv
from bot.errors import UserError
from bot.settings import Settings
from bot.storage import archive, audit, erasing, schema
from bot.storage.engine import Database
from bot.storage.vault import Vault
from bot.stories.results import persons_of, results_of

NOT_EMPTY = "数据库里已有记录，没有恢复。SQLite 请加 --force（原文件改名留着）；PostgreSQL 请指向空库"
FILE = click.Path(dir_okay=False, path_type=Path)


def _vault(settings: Settings) -> Vault:
    return Vault(settings.data_dir / "files")


@click.command()
@click.argument("file", type=FILE)
@JSON
@click.pass_context
def backup(ctx: click.Context, file: Path, as_json: bool) -> None:
    """把全部记录和收到的文件备份到 FILE（zip）；程序开着也能备份，写完读回核对。"""
    settings = settings_of(ctx)

    async def work() -> archive.Archive:
        db = Database(settings.database.url)
        try:
            return archive.write(db, _vault(settings), file, wall_now())
        finally:
            await db.close()

    made: archive.Archive = run(work())
    text = f"已备份到 {file}：{made.total} 条记录，读回核对一致。"
    if made.absent:
        text += f"有 {len(made.absent)} 个文件在数据文件夹里找不到，没有备份进去。"
    show({"file": str(file), "schema": made.schema, "rows": made.rows, "absent": made.absent}, text, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--force", is_flag=True, help="已有记录的 SQLite 文件先改名留着，再恢复")
@JSON
@click.pass_context
def restore(ctx: click.Context, file: Path, force: bool, as_json: bool) -> None:
    """从备份 FILE 恢复。先停下程序；SQLite 的备份也能恢复到 PostgreSQL，反过来也行。"""
    settings = settings_of(ctx)
    told = archive.read(file)

    async def work() -> str:
        aside = ""
        db = Database(settings.database.url)
        try:
            if not await _is_new(db):
                if not (force and db.is_sqlite):
                    raise UserError(NOT_EMPTY)
                await db.close()
                aside = _put_aside(Path(db.url.database or ""), wall_now())
                db = Database(settings.database.url)
            await schema.migrate(db, told.schema)
            counted = archive.put_back(db, _vault(settings), file)
            if {name: counted.get(name, 0) for name in told.rows} != told.rows:
                raise UserError("恢复以后的条数和备份登记的不一样，请换一个备份文件重试")
            await schema.migrate(db)
            return aside
        finally:
            await db.close()

    aside: str = run(work())
    text = f"已从 {file} 恢复 {told.total} 条记录，核对一致。备份的时刻是 {told.made_at}。"
    text += f"原来的数据库改名为 {aside}。" if aside else ""
    show({"rows": told.rows, "made_at": told.made_at, "aside": aside}, text, as_json=as_json)


async def _is_new(db: Database) -> bool:
    """Tell whether a database holds nothing yet, or not even tables."""
    async with db.read() as tx:
        known = await tx.run_sync(lambda session: session.connection().dialect.has_table(session.connection(), "plans"))
    return not known or archive.is_empty(db)


def _put_aside(file: Path, now: datetime) -> str:
    aside = file.with_name(f"{file.name}.before-{now:%Y%m%d-%H%M%S}")
    for ending in ("", "-wal", "-shm"):
        found = file.with_name(file.name + ending)
        if found.exists():
            found.replace(aside.with_name(aside.name + ending))
    return str(aside)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@JSON
@click.pass_context
def export(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """把全部记录导出到文件夹 FOLDER：每张表一个 JSON Lines 文件，收到的文件在 files/，各单位结果和人员是 csv。"""
    settings = settings_of(ctx)

    async def work() -> archive.Archive:
        async with records(settings) as (world, db):
            made = archive.unpack(db, _vault(settings), folder, wall_now())
            async with db.read() as tx:
                for plan in world.plans:
                    last = max(plan.first_on, min(plan.last_on, world.policy.today(app.start_of(settings, world))))
                    units = await results_of(tx, world, plan, plan.first_on, last)
                    write_csv(folder / f"{plan.key}-单位结果.csv", units)
                    write_csv(folder / f"{plan.key}-人员.csv", await persons_of(tx, plan, plan.first_on, last))
            return made

    made: archive.Archive = run(work())
    show({"folder": str(folder), "rows": made.rows}, f"已导出 {made.total} 条记录到 {folder}。", as_json=as_json)


@click.command()
@click.argument("member")
@click.option("--yes", is_flag=True, help="不再确认")
@JSON
@click.pass_context
def erase(ctx: click.Context, member: str, yes: bool, as_json: bool) -> None:
    """删除 MEMBER（姓名，重名时用编号）的个人资料：姓名、手机、账号、原话。登记的数字和回执留在单位名下。"""
    settings = settings_of(ctx)

    async def work() -> dict[str, Any]:
        async with records(settings) as (_, db), db.begin() as tx:
            found = await erasing.find(tx, member)
            if len(found) != 1:
                known = "、".join(f"{person.id}（{person.department}）" for person in found)
                raise UserError(f"有几个“{member}”，请写编号：{known}" if found else f"花名册里没有“{member}”")
            person = found[0]
            if not yes:
                question = f"要删除 {person.department} {person.name} 的资料，不能恢复。继续吗？"
                click.confirm(question, abort=True, err=True)
            await erasing.erase(tx, person.id, wall_now())
            await audit.put(tx, wall_now(), "cli", "erase", f"member:{person.id}")
            return {"member": person.id}

    data: dict[str, Any] = run(work())
    show(data, f"已删除编号 {data['member']} 的个人资料。以前的备份里还有，请按保存期限处理。", as_json=as_json)


@click.command("audit")
@click.option("--day", help="哪一天，如 2026-04-25（默认今天）")
@JSON
@click.pass_context
def audit_command(ctx: click.Context, day: str | None, as_json: bool) -> None:
    """列出一天里谁做了什么，并核对这一天的记录有没有被改过。"""
    settings = settings_of(ctx)

    async def work() -> tuple[list[dict[str, Any]], int | None]:
        async with records(settings) as (world, db):
            async with db.begin() as tx:
                while await audit.seal(tx, world.policy.timezone):
                    pass
            wanted = day or f"{world.policy.today(wall_now()):%Y-%m-%d}"
            async with db.read() as tx:
                rows = await audit.of_day(tx, wanted)
            names = ("place", "actor", "action", "subject", "digest", "seal")
            told = [
                {"at": row.at.astimezone(world.policy.timezone).isoformat(timespec="seconds")}
                | {name: getattr(row, name) for name in names}
                for row in rows
            ]
            return told, audit.broken_at(rows)

    rows, broken = run(work())
    lines = [f"{row['at']} {row['actor']} {row['action']} {row['subject']}" for row in rows]
    whole = f"共 {len(rows)} 条，没有被改过。"
    lines.append(whole if broken is None else f"第 {broken} 条起对不上：这一天的记录被改过。")
    show({"rows": rows, "broken_at": broken}, "\n".join(lines), as_json=as_json)
    if broken is not None:
        sys.exit(1)


COMMANDS = (backup, restore, export, erase, audit_command)
