"""What all commands share: errors become one clear line and an exit code, results become text or JSON."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import click

from bot import log
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.errors import ConfigError, UserError
from bot.settings import Settings, load_settings

JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")


class Program(click.Group):
    """The program: a fault that a person can put right ends it with one clear message."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            click.echo(f"错误：{error}", err=True)
            ctx.exit(2)
        except UserError as error:
            click.echo(f"错误：{error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(130)


def settings_of(ctx: click.Context) -> Settings:
    """Load the settings of this call and set the log up by them; raises `ConfigError`."""
    settings = load_settings(ctx.find_root().obj)
    log.configure(settings.log.level, settings.log.form)
    return settings


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a command's work to its end."""
    return asyncio.run(work)


def show(data: Any, text: str, *, as_json: bool) -> None:
    """Print a result: JSON on stdout, or text for people."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def plan_named(world: World, name: str) -> Plan:
    """Return the served plan of a key, a pack's name or the path it was loaded from; raises `UserError`."""
    for plan in world.plans:
        if name in (plan.key, plan.key.partition("@")[0]):
            return plan
    return world.plan(name)
