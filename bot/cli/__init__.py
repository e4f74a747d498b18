"""The command line. `--json` prints one JSON document on stdout; what is for people goes to stderr then.

Exit codes: 0 ok, 1 failed, 2 wrong usage.
"""

import importlib
import pkgutil

import click

from bot import __version__
from bot.cli.frame import Program


@click.group(cls=Program)
@click.option("-c", "--config", metavar="FILE", help="配置文件（默认 config.toml 或 DRUMBEAT_CONFIG）")
@click.version_option(__version__, prog_name="drumbeat")
@click.pass_context
def commands(ctx: click.Context, config: str | None) -> None:
    """鼓点：按计划提醒、收报、排名、写简报的机器人。"""
    ctx.obj = config


for _info in pkgutil.iter_modules(__path__):
    _module = importlib.import_module(f"bot.cli.{_info.name}")
    for _command in getattr(_module, "COMMANDS", ()):
        commands.add_command(_command)
