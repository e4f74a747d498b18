"""setup: writes config.toml from a few answers, each looked at on the platform before the next is asked for."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from bot import app, log
from bot.cli.frame import run
from bot.cli.people import invite
from bot.documents.importing.writing import quoted
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.errors import ConfigError, UserError
from bot.platforms.base import Finding
from bot.settings import DatabaseSettings, Settings

Keys = dict[str, Any]
Groups = list[Keys]
PLATFORMS = {"dingtalk": "钉钉", "wecom": "企业微信"}
# What a probe misses before the groups are asked for.
STILL_TO_COME = ("钉钉：群", "企业微信")


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default="config.toml", help="写到哪里")
@click.option("--api-base", help="平台接口的地址；专属钉钉、私有部署才要")
@click.option("--oapi-base", help="钉钉旧接口的地址；专属钉钉才要")
@click.option("--ws-url", help="企业微信智能机器人长连接的地址；私有部署才要")
@click.pass_context
def setup(ctx: click.Context, output: Path, api_base: str | None, oapi_base: str | None, ws_url: str | None) -> None:
    """问几个问题，每答一步就连平台验一次，最后写成 config.toml。已有的文件不动。"""
    if output.exists():
        raise UserError(f"{output} 已经有了，不会盖掉。要重新来，请先改名，或用 --output 写到别处")
    log.configure("error")
    plan_name, plan = _ask_plan()
    platform = click.prompt("用哪个平台", type=click.Choice([*PLATFORMS]))
    own = {"oapi_base": oapi_base} if platform == "dingtalk" else {"ws_url": ws_url}
    fixed = {key: value for key, value in {"api_base": api_base, **own}.items() if value}
    keys: Keys = _verified(lambda: {**fixed, **_ask_keys(platform)}, lambda found: _look(platform, found, []))
    groups = [_verified_group(platform, keys, group_id) for group_id in plan.groups]
    office = click.prompt("办公室由谁管小鼓（姓名）").strip()
    _write(output, _lines(plan_name, platform, keys, groups))
    click.echo(f"已写好 {output}（只有您能读）。")
    ctx.find_root().obj = str(output)
    ctx.invoke(invite, name=office, role="office", plan_name=None, as_json=False)
    click.echo("接下来：drumbeat doctor 再查一遍，drumbeat run 启动。")


def _ask_plan() -> tuple[str, Plan]:
    while True:
        name = click.prompt("用哪个计划（自带的计划名，或 plan.toml 的路径）").strip()
        try:
            return name, load_plan(name)
        except (ConfigError, UserError) as error:
            click.echo(f"不行：{error}")


def _ask_keys(platform: str) -> Keys:
    """Ask for the app's keys; whoever has a group webhook only leaves the first empty."""
    if platform == "dingtalk":
        key = _optional("应用的 Client ID（只用群机器人就直接回车）")
        return {"app_key": key, "app_secret": _secret("应用的 Client Secret")} if key else {}
    keys: Keys = {}
    if robot := _optional("智能机器人的 Bot ID（不用它就直接回车）"):
        keys["bot"] = {"id": robot, "secret": _secret("智能机器人长连接的 Secret")}
    if corp := _optional("企业ID（不用自建应用就直接回车）"):
        agent = click.prompt("自建应用的 AgentId", type=int)
        keys |= {"corp_id": corp, "app": {"agent_id": agent, "secret": _secret("自建应用的 Secret")}}
    return keys


def _ask_group(platform: str, group_id: str) -> Keys:
    name = click.prompt(f"计划里的群“{group_id}”叫什么名字", default="工作群")
    group = {"id": group_id, "name": name, "platform": platform, "webhook": _secret("群机器人的 Webhook 地址")}
    if platform == "dingtalk" and (secret := _secret("加签的密钥（SEC 开头，没有就直接回车）")):
        group["secret"] = secret
    return group


def _verified_group(platform: str, keys: Keys, group_id: str) -> Keys:
    return _verified(lambda: _ask_group(platform, group_id), lambda group: _seen_of_group(platform, keys, group))


def _optional(words: str) -> str:
    return str(click.prompt(words, default="", show_default=False)).strip()


def _secret(words: str) -> str:
    """Ask for what must not be seen on the screen."""
    return str(click.prompt(f"{words}（输入时不显示）", default="", show_default=False, hide_input=True)).strip()


def _verified(ask: Callable[[], Keys], look: Callable[[Keys], list[Finding]]) -> Keys:
    """Ask until the platform finds nothing wrong, or the person goes on all the same."""
    while True:
        answer = ask()
        try:
            findings = look(answer)
        except ConfigError as error:
            click.echo(f"不行：{error}")
            continue
        for finding in findings:
            click.echo(f"{'好' if finding.ok else '错'}  {finding.name}：{finding.said}")
            if not finding.ok and finding.fix:
                click.echo(f"    怎么办：{finding.fix}")
        if all(finding.ok for finding in findings) or not click.confirm(
            "重填这一步吗？（选 n 就先记下）", default=True
        ):
            return answer


def _look(platform: str, keys: Keys, groups: Groups) -> list[Finding]:
    """Return what doctor's probes of the platform see; nothing is sent. Raises `ConfigError`."""
    with tempfile.TemporaryDirectory(prefix="drumbeat-") as folder:
        database = DatabaseSettings(url=f"sqlite+aiosqlite:///{folder}/drumbeat.db")
        # Not from the environment: its database is the real one.
        settings = Settings.model_construct(database=database, platforms={platform: keys}, groups=groups)
        return [finding for finding in run(_probe(settings, platform)) if finding.name not in STILL_TO_COME]


async def _probe(settings: Settings, platform: str) -> list[Finding]:
    bot = await app.build(settings, [])
    async with app.at_rest(bot):
        return list(await bot.adapters[platform].probes())


def _seen_of_group(platform: str, keys: Keys, group: Keys) -> list[Finding]:
    """Return what is seen of a group; what was seen of the keys has been said."""
    before = {finding.name for finding in _look(platform, keys, [])}
    return [finding for finding in _look(platform, keys, [group]) if finding.name not in before]


def _lines(plan: str, platform: str, keys: Keys, groups: Groups) -> Iterator[str]:
    """Write the configuration as TOML."""
    yield "# 由 drumbeat setup 写成。其他设置见 config.example.toml"
    yield from ("", "[plans]", f"paths = [{quoted(plan)}]")
    yield from ("", "[policy]", 'first_post = "ask"  # 第一次往一个群发消息前先问办公室')
    yield '# mode = "trial"     # 试运行：去掉前面的 #，主动发的每一批都先给办公室看'
    yield from _table(f"platforms.{platform}", keys)
    for group in groups:
        yield from ("", "[[groups]]", *(f"{key} = {_value(value)}" for key, value in group.items()))


def _table(name: str, keys: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"[{name}]")
    yield from (f"{key} = {_value(value)}" for key, value in keys.items() if not isinstance(value, Mapping))
    for key, value in keys.items():
        if isinstance(value, Mapping):
            yield from _table(f"{name}.{key}", value)


def _value(value: object) -> str:
    return quoted(value) if isinstance(value, str) else str(value)


def _write(output: Path, lines: Iterator[str]) -> None:
    """Write a new file that only its owner can read; raises `UserError` when it cannot be made."""
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UserError(f"{output} 写不了：{error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


COMMANDS = (setup,)
