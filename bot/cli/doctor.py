"""doctor: looks at everything that can be set wrong, and says for each fault what to click where."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bot import app
from bot.cli.frame import JSON, run, settings_of, show
from bot.errors import ConfigError
from bot.platforms.base import Finding
from bot.settings import Settings

FREE_MIB = 500
LATE_IN_YEAR = 11  # the next year's holidays are announced in November


@click.command()
@JSON
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """自检：平台、时钟、额度、日历、数据库、磁盘；每个毛病写明点哪里。不给任何人发消息。"""
    found: Sequence[Finding] = run(_look(settings_of(ctx)))
    faults = [finding for finding in found if not finding.ok]
    lines = [line for finding in found for line in _lines(finding)]
    lines.append(f"{len(faults)} 处要处理。" if faults else "都好。")
    show({"ok": not faults, "findings": [asdict(finding) for finding in found]}, "\n".join(lines), as_json=as_json)
    ctx.exit(1 if faults else 0)


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{'好' if finding.ok else '错'}  {finding.name}：{finding.said}"
    if not finding.ok and finding.fix:
        yield f"    怎么办：{finding.fix}"


async def _look(settings: Settings) -> Sequence[Finding]:
    found = [_disk(settings)]
    try:
        bot = await app.build(settings)
    except ConfigError as error:
        return [*found, Finding("配置", False, str(error), "照上面说的改 config.toml，再运行 drumbeat check")]
    except Exception as error:
        fix = "核对 [database] url；SQLite 看文件夹能不能写，PostgreSQL 看服务开没开、账号对不对"
        return [*found, Finding("数据库", False, f"打不开（{type(error).__name__}）", fix)]
    found += [Finding("数据库", True, "打得开，结构是最新的"), *_settings(bot)]
    async with app.at_rest(bot):
        for adapter in bot.adapters.values():
            found += await adapter.probes()
    return found


def _settings(bot: app.Bot) -> Iterator[Finding]:
    plans = [plan.key for plan in bot.world.plans]
    said = f"加载了 {'、'.join(plans)}" if plans else "没有加载计划"
    yield Finding("计划", bool(plans), said, "在 [plans] paths 里写计划名或路径")
    yield from _holidays(bot)
    if not bot.adapters:
        yield Finding("平台", False, "没有配置平台", "在 config.toml 里写 [platforms.dingtalk] 或 [platforms.wecom]")
    url = bot.settings.server.public_url
    yield Finding("填报链接", True, f"用 {url}" if url else "没有设 public_url，手机填报的链接不发")


def _holidays(bot: app.Bot) -> Iterator[Finding]:
    today = bot.world.policy.today(bot.clock.now())
    for year in (today.year, *((today.year + 1,) if today.month >= LATE_IN_YEAR else ())):
        known = bot.world.workdays.source(year) != "weekdays"
        fix = f"等放假通知出来，把 {year}.toml 放进 {bot.settings.clock.holidays}/，格式见 docs/operations.md"
        yield Finding(f"{year} 年的放假安排", known, "有" if known else "没有，只能按周末推算", fix)


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 1024**2
    fix = "清理磁盘，或把 [server] data 和 [database] url 换到别的盘"
    return Finding("磁盘", free >= FREE_MIB, f"{Path(folder)} 还有 {free} MB", fix)


COMMANDS = (doctor,)
