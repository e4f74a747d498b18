"""The league table on demand, and every number of it explained."""

from bot.dispatch import Call, Router
from bot.errors import UserError
from bot.messages import standings as wording
from bot.messages.message import Message, joined
from bot.storage.engine import Tx
from bot.stories.registers import hidden
from bot.stories.standings import board
from bot.stories.tallies import tally_figure, tally_register

router = Router("standings", "查看")


def _check_audience(call: Call) -> None:
    """Raise `UserError` when the plan keeps its table from the sender; the office always sees it."""
    leaders_only = call.plan.league == "leaders" and not call.standpoint.leader_keys
    if not call.standpoint.is_office and (call.plan.league == "off" or leaders_only):
        raise UserError("这个计划的排名不对外公布。要看自己的进展请发：我的")


async def _tally(call: Call, tx: Tx) -> Message | None:
    """Return the table of a register or a figure by unit, where the words name one the sender may see."""
    kind = call.plan.figure_called(call.args)
    if kind is not None and (call.standpoint.is_office or not kind.private):
        return wording.tally(await tally_figure(tx, call.plan, kind, call.today))
    register = call.plan.register_called(call.args)
    if register is None or hidden(register, call.standpoint):
        return None
    tally = await tally_register(tx, call.plan, register, call.plan.first_on, call.today)
    if tally.names_people and not (call.standpoint.is_office and call.event.chat_kind == "private"):
        raise UserError(f"{register.name}涉及个人成绩，由{call.plan.receiver}决定是否公布。")
    return wording.tally(tally)


@router.command(
    "rank",
    "排名",
    usage="/rank [单位|台账|数据]",
    help="看完成率排名；带单位名看它的数怎么来的；带台账或数据名看那一个的排名",
)
async def rank(call: Call, tx: Tx) -> Message:
    """/rank [unit]: the table after the newest due round, or how a unit's numbers came about."""
    if call.args and (tally := await _tally(call, tx)) is not None:
        return tally
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
