"""The command line. `--json` prints one JSON document on stdout; what is for people goes to stderr then.

Exit codes: 0 ok, 1 failed, 2 wrong usage.
"""

import importlib
import pkgutil

import click

from bot import __version__
from bot.cli.frame import Program

# Commands of an instant, and the one that runs for months: they need their own module only, and none of the libraries
# that read and write documents. All others are found by looking.
LIGHT = {"preview": "plans", "read": "reading", "run": "serving"}


class Commands(Program):
    """The program's commands, each module loaded when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        for module in pkgutil.iter_modules(__path__):
            self._load(module.name)
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in LIGHT:
            self._load(LIGHT[cmd_name])
        elif cmd_name not in self.commands:
            self.list_commands(ctx)
        return super().get_command(ctx, cmd_name)

    def _load(self, name: str) -> None:
        for command in getattr(importlib.import_module(f"bot.cli.{name}"), "COMMANDS", ()):
            self.add_command(command)


@click.group(cls=Commands)
@click.option("-c", "--config", metavar="FILE", help="配置文件（默认 config.toml 或 DRUMBEAT_CONFIG）")
@click.version_option(__version__, prog_name="drumbeat")
@click.pass_context
def commands(ctx: click.Context, config: str | None) -> None:
    """鼓点：按计划提醒、收报、排名、写简报的机器人。"""
    ctx.obj = config
