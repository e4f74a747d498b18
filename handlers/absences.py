"""Leave and standing in: 请假到周五, 请假到周五由某某代报, 这期由某某代报, 销假."""

import re
from datetime import date

from bot.dispatch import Call, PassOn, Router
from bot.domain.absences import read_leave
from bot.errors import UserError
from bot.messages import absences as wording
from bot.messages.message import Message, stacked
from bot.storage import absences, members
from bot.storage.engine import Tx
from bot.storage.tables import Decision
from bot.stories.absences import STAND_IN, Away, take_leave, tell_deputy
from bot.stories.recipients import notice, tell_member
from bot.stories.roster import Enrolled, enrol, fresh_code

router = Router("absences", "报送")

# A leave is asked for in the first person: 第7项80%，县区请假的人多, 局长请假到周五 and 请假制度4月印发 are none.
WHO = (
    r"(?:我们?|本人|想|要|需要?|申请|您好|领导|老师|从|起|到|至|这|本|下|周[一二三四五六日天]|[今明后]天|[上下]午"
    r"|因[事病公]|因?(?:家里有事|生病|开会|培训|学习|出差|身体不适)|[\d月日号\-、，,\s])*"
)
ASKED = r"[请休][病事年产]?假(?:了|一下)?(?=$|[\s，,。！]|[到至从今明后下本这周由请几]|[\d一二两三四五六七八九十半])"
SAYS = rf"(?P<args>销假[^%％项]{{0,10}}|{WHO}{ASKED}[^%％项]{{0,30}})"
BARE = re.compile(rf"{WHO}[请休][病事年产]?假(?:了|一下|吧)?[。！]?")
BACK = re.compile(r"销假|取消|不请了|提前回")
DEPUTY = re.compile(r"(?:由|请|让|委托)(?P<to>[\u4e00-\u9fff]{2,4}?)(?:同志|老师|科长|主任)?(?:来)?[代替]")


@router.command(
    "leave", "请假", usage="/leave 到哪天", help="请假期间不提醒您，改问副联络员", roles=("contact",), says=SAYS
)
async def leave(call: Call, tx: Tx) -> Message:
    """/leave until: nobody chases the sender until then; a deputy is asked instead, or the office is told."""
    if BACK.search(call.args):
        return await _back(call, tx)
    span = read_leave(call.args, call.today, call.world.workdays)
    if span is None:
        if not call.slash and not BARE.fullmatch(call.args or "请假"):
            raise PassOn
        raise UserError(wording.until_when())
    if span[1] < call.today:
        raise UserError(wording.over_already(span[1]))
    named = DEPUTY.search(call.args)
    said = [
        await take_leave(tx, call.world, away, named["to"] if named else "", call.now) for away in _aways(call, *span)
    ]
    return stacked(*said)


def _aways(call: Call, from_on: date, until_on: date) -> list[Away]:
    """Return an absence for each unit the sender is the contact of."""
    units = [post.scope for post in call.standpoint.posts if post.role == "contact"]
    if not units:
        raise UserError(wording.no_unit())
    return [Away(call.plan, unit, call.member, from_on, until_on) for unit in units]


async def _back(call: Call, tx: Tx) -> Message:
    units = await absences.end(tx, call.plan.key, call.member.id, call.today, call.now)
    if not units:
        raise UserError(wording.not_away())
    return wording.back(units)


@router.decides(STAND_IN)
async def stand_in(call: Call, tx: Tx, decision: Decision) -> Message:
    """Let the person the office agreed to report in the contact's place; whoever is new gets a code."""
    unit, name = decision.payload["unit"], decision.payload["name"]
    asker = await members.get(tx, decision.asked_by) if decision.asked_by else None
    if asker is None:
        raise UserError("提出的人已不在花名册里，不用再决定。")
    yes = decision.verdict == "approved"
    told = wording.answered(unit, name, call.plan.receiver, yes=yes, reason=decision.reason)
    common = notice(call.plan, call.now, told)
    await tell_member(tx, call.world, call.plan, asker.id, f"decided:{decision.id}", common)
    if not yes:
        return wording.refused(asker.name)
    until = date.fromisoformat(decision.payload["until"])
    away = Away(call.plan, unit, asker, date.fromisoformat(decision.payload["from"]), until)
    known = await members.find_named(tx, name)
    deputy = known[0] if len(known) == 1 else (await enrol(tx, call.plan, Enrolled(name, unit), call.now))[0]
    await away.note(tx, deputy, call.now)
    await tell_deputy(tx, call.world, away, deputy, call.now)
    bound = deputy.id in await members.identities(tx, [deputy.id])
    return wording.approved(unit, name, until, "" if bound else await fresh_code(tx, deputy, call.now))
