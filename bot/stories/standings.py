"""The league table as the clock posts it, /rank shows it and the command line prints it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.league import ItemScore, Score, Standing, moved_since, standings, without_items
from bot.domain.plans import Plan
from bot.domain.rounds import Round
from bot.domain.world import World
from bot.errors import UserError
from bot.storage import rounds
from bot.storage import standings as numbers
from bot.storage.engine import Tx


@dataclass(frozen=True)
class Board:
    """One league table: the round it follows, all scores, and the ranked units."""

    plan: Plan
    round: Round
    scores: tuple[Score, ...]
    standings: tuple[Standing, ...]
    on_time_only: tuple[Score, ...]


async def board(tx: Tx, world: World, plan: Plan, now: datetime, period: str | None = None) -> Board:
    """Count the table after the newest due round, or of a period; raises `UserError` when there is none."""
    found, before = _rounds_of(world, plan, now, period)
    made = await _counted(tx, world, found, plan, now)
    if before is None:
        return made
    earlier = await _counted(tx, world, before, plan, now)
    if not any(item.percent is not None for score in earlier.scores for item in score.items):
        return made  # where nobody had said anything there was no table
    return replace(made, standings=tuple(moved_since(made.standings, earlier.standings)))


async def _counted(tx: Tx, world: World, round_: Round, plan: Plan, now: datetime) -> Board:
    row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
    today = world.policy.today(now)
    following = _next_opening(world, plan, round_)
    if following is not None and following <= now:
        figures = await numbers.lowest_at(tx, plan.key, following)
    else:
        figures = await numbers.lowest_now(tx, plan.key)
    reports = [duty.id for duty in plan.duties if duty.is_report]
    due_until = min(round_.due_on, today)
    counts = await numbers.on_time_counts(tx, plan.key, reports, due_until)
    overdue = await numbers.overdue_units(tx, row.id) if row is not None and row.due_on < today else set()
    items = _items_by_unit(plan, round_, figures, overdue)
    scores = tuple(Score(unit, tuple(items.get(unit, ())), *counts.get(unit, (0, 0))) for unit in plan.reporting_units)
    return Board(plan, round_, scores, tuple(standings(scores)), tuple(without_items(scores)))


def _items_by_unit(
    plan: Plan, round_: Round, figures: Mapping[str, float], overdue: Collection[str]
) -> dict[str, list[ItemScore]]:
    """Go through the items once: a plan may have thousands of units."""
    found: defaultdict[str, list[ItemScore]] = defaultdict(list)
    for item in plan.live_items:
        if round_.duty.list_key in (None, item.list_key):
            marks = [ItemScore(item.id, figures.get(item.id), late) for late in (False, True)]
            for unit in item.units:
                found[unit].append(marks[unit in overdue])
    return found


def _rounds_of(world: World, plan: Plan, now: datetime, period: str | None) -> tuple[Round, Round | None]:
    """Return the round the table follows, and the one before it, where there is one."""
    league = [round_ for round_ in world.rounds_of(plan) if round_.duty.league]
    found = _round_of(league, world, now, period)
    earlier = [round_ for round_ in league if round_.duty.id == found.duty.id and round_.opens_on < found.opens_on]
    return found, earlier[-1] if earlier else None


def _round_of(league: Sequence[Round], world: World, now: datetime, period: str | None) -> Round:
    if not league:
        raise UserError("这个计划没有参加排名的报送，不排完成率。要看一个数的排名，请写名称，例如：排名 走访企业")
    if period is not None:
        found = next((round_ for round_ in league if round_.period.key == period), None)
        if found is None:
            known = "、".join(round_.period.key for round_ in league)
            raise UserError(f"没有“{period}”这一期。可选：{known}")
        return found
    today = world.policy.today(now)
    opened = [round_ for round_ in league if round_.opens_on <= today]
    due = [round_ for round_ in opened if round_.due_on < today] or opened
    if not due:
        raise UserError("计划还没有开始，暂无排名。")
    return due[-1]


def _next_opening(world: World, plan: Plan, round_: Round) -> datetime | None:
    """Return when the next round of the same duty opened: later words belong to that one."""
    later = [r for r in world.rounds_of(plan) if r.duty.id == round_.duty.id and r.opens_on > round_.opens_on]
    return world.policy.start_of(later[0].opens_on) if later else None
