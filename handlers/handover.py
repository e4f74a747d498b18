"""Handing over: a post gets a new holder; duties hang on the post, so nothing else changes."""

import re
from datetime import date

from bot.dispatch import Call, Router
from bot.domain.members import Post
from bot.domain.reading.dates import DATE, find_dates
from bot.errors import UserError
from bot.messages import handover as wording
from bot.messages import moves as moving
from bot.messages.message import Message, joined, stacked
from bot.storage import members, moves
from bot.storage.changes import By
from bot.storage.engine import Tx
from bot.stories.roster import Enrolled, enrol, fresh_code

router = Router("handover", "换人")

FROM_DAY = re.compile(rf"\s*(?:自|从)?\s*(?:{DATE.pattern})\s*(?:起|生效)?.*$")


@router.command(
    "handover",
    "移交",
    usage="/handover 单位或领导代号 姓名 [哪天起]",
    help="换联络员或领导：岗位、项目和历史都不变；写了“5月1日起”就到那天换",
    roles=("office",),
)
async def handover(call: Call, tx: Tx) -> Message:
    """/handover post name: give a contact's or leader's post to a person; history and open items stay."""
    days = find_dates(call.args, call.today, call.world.workdays)
    on = days[0] if days else call.today
    told = FROM_DAY.sub("", call.args) if days else call.args
    scope, _, name = told.replace("　", " ").partition(" ")
    post = _post(call, scope)
    if not name.strip():
        raise UserError("请写上接手人的姓名，例如：/移交 组织科 张三")
    if on > call.today:
        return await _later(call, tx, post, name.strip(), on)
    before = (await members.holders(tx, call.plan.key)).get(post, [])
    department = post.scope if post.role == "contact" else ""
    member, _ = await enrol(tx, call.plan, Enrolled(name.strip(), department, post), call.now)
    bound = member.id in await members.identities(tx, [member.id])
    code = "" if bound else await fresh_code(tx, member, call.now)
    others = joined(person.name for person in before if person.id != member.id)
    return wording.handed_over(post, member.name, others, code)


async def _later(call: Call, tx: Tx, post: Post, name: str, on: date) -> Message:
    """Keep a hand-over until its day; the person is entered now, so that there is time to come in."""
    department = post.scope if post.role == "contact" else ""
    member, _ = await enrol(tx, call.plan, Enrolled(name, department), call.now)
    data: dict[str, str | int] = {"member": member.id, "name": name, "from": "", "on": on.isoformat()}
    await moves.plan(tx, call.plan.key, post, data, By(call.member.id, call.now))
    bound = member.id in await members.identities(tx, [member.id])
    code = "" if bound else await fresh_code(tx, member, call.now)
    planned = moving.planned([moving.line(name, None, post)], on)
    return stacked(planned, wording.come_in(name, code)) if code else planned


def _post(call: Call, scope: str) -> Post:
    """Return the post meant; raises `UserError` that says what there is."""
    unit = call.plan.find_unit(scope)
    if unit is not None:
        return Post("contact", unit.name)
    if scope.upper() in {leader.key for leader in call.plan.leaders}:
        return Post("leader", scope.upper())
    raise UserError(f"没有叫“{scope}”的单位或领导代号。请写单位名或领导代号，再写姓名，例如：/移交 组织科 张三")
