"""The league table on demand, and every number of it explained."""

from bot.dispatch import Call, Router
from bot.errors import UserError
from bot.messages import standings as wording
from bot.messages.message import Message, joined
from bot.storage.engine import Tx
from bot.stories.standings import board

router = Router("standings")


def _check_audience(call: Call) -> None:
    """Raise `UserError` when the plan keeps its table from the sender; the office always sees it."""
    leaders_only = call.plan.league == "leaders" and not call.standpoint.leader_keys
    if not call.standpoint.is_office and (call.plan.league == "off" or leaders_only):
        raise UserError("这个计划的排名不对外公布。要看自己的进展请发：我的")


@router.command("rank", "排名", usage="/rank [单位]", help="看完成率排名；带单位名看它的数怎么来的")
async def rank(call: Call, tx: Tx) -> Message:
    """/rank [unit]: the table after the newest due round, or how a unit's numbers came about."""
    _check_audience(call)
    found = await board(tx, call.world, call.plan, call.now)
    if not call.args:
        return wording.league(found.round.period.key, found.standings, found.on_time_only)
    unit = call.plan.find_unit(call.args)
    score = next((score for score in found.scores if unit is not None and score.unit == unit.name), None)
    if score is None:
        names = joined(score.unit for score in found.scores)
        raise UserError(f"没有叫“{call.args}”的报送单位。可选：{names}")
    place = next((standing.rank for standing in found.standings if standing.score.unit == score.unit), None)
    return wording.explain(call.plan, score, place, found.round.period.key)
