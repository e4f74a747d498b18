"""The world that the settings describe: policy, holidays, plans and groups. Nothing here is running yet."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.documents.holidays import load_holidays
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.domain.policy import Policy
from bot.domain.workdays import Workdays
from bot.domain.world import Group, World
from bot.errors import ConfigError
from bot.settings import Settings

log = structlog.get_logger()


def policy_of(settings: Settings) -> Policy:
    """Return the office's policy as the domain wants it."""
    return Policy(timezone=ZoneInfo(settings.clock.timezone), **settings.policy.model_dump())


def world_of(settings: Settings, served: Sequence[Plan] | None = None) -> World:
    """Load holidays, and the configured plans unless others are given; raises `ConfigError` with every fault."""
    workdays = Workdays(load_holidays(Path(settings.clock.holidays)))
    groups = tuple(Group(table["id"], table["name"], table["platform"]) for table in group_tables(settings))
    if served is not None:
        return World(tuple(served), workdays, policy_of(settings), groups)
    plans_ = tuple(load_plan(name, settings.plans.year) for name in settings.plans.paths)
    world = World(plans_, workdays, policy_of(settings), groups)
    _warn(world, settings)
    return world


def _warn(world: World, settings: Settings) -> None:
    """Say in the log what will not work as the plan wants it."""
    known = {group.id for group in world.groups}
    for plan in world.plans:
        for group in sorted(set(plan.groups) - known):
            log.warning(f"计划 {plan.key} 的群“{group}”没有在 [[groups]] 里配置", action="group_unknown", group=group)
    for year in sorted(world.workdays.guessed_years):
        log.warning(
            f"{year} 年的放假安排未知，只按周末推算。请把 {year}.toml 放进 {settings.clock.holidays}/",
            action="holidays_unknown",
            year=year,
        )


def group_tables(settings: Settings) -> list[Mapping[str, Any]]:
    """Return the configured groups, each with an id, a name and a platform; raises `ConfigError` for what lacks one."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, table in enumerate(settings.groups, 1):
        for key in ("id", "name", "platform"):
            if not isinstance(table.get(key), str) or not table[key]:
                raise ConfigError(f'[[groups]] 第 {number} 个没有写 {key}，应像 {key} = "…"')
        if table["platform"] not in settings.platforms:
            raise ConfigError(f"[[groups]] {table['id']}：没有配置平台 [platforms.{table['platform']}]")
        if table["id"] in found:
            raise ConfigError(f"[[groups]] {table['id']}：写了两次，每个群的 id 只能出现一次")
        found[table["id"]] = table
    return list(found.values())
