"""Handing over: a post gets a new holder; duties hang on the post, so nothing else changes."""

from bot.dispatch import Call, Router
from bot.domain.members import Post
from bot.errors import UserError
from bot.messages import handover as wording
from bot.messages.message import Message, joined
from bot.storage import members
from bot.storage.engine import Tx
from bot.stories.roster import Enrolled, enrol, fresh_code

router = Router("handover")


@router.command(
    "handover",
    "移交",
    usage="/handover 单位或领导代号 姓名",
    help="换联络员或领导：岗位、项目和历史都不变",
    roles=("office",),
)
async def handover(call: Call, tx: Tx) -> Message:
    """/handover post name: give a contact's or leader's post to a person; history and open items stay."""
    scope, _, name = call.args.replace("　", " ").partition(" ")
    post = _post(call, scope)
    if not name.strip():
        raise UserError("请写上接手人的姓名，例如：/移交 组织科 张三")
    before = (await members.holders(tx, call.plan.key)).get(post, [])
    department = post.scope if post.role == "contact" else ""
    member, _ = await enrol(tx, call.plan, Enrolled(name.strip(), department, post), call.now)
    bound = member.id in await members.identities(tx, [member.id])
    code = "" if bound else await fresh_code(tx, member, call.now)
    others = joined(person.name for person in before if person.id != member.id)
    return wording.handed_over(post, member.name, others, code)


def _post(call: Call, scope: str) -> Post:
    """Return the post meant; raises `UserError` that says what there is."""
    unit = call.plan.find_unit(scope)
    if unit is not None:
        return Post("contact", unit.name)
    if scope.upper() in {leader.key for leader in call.plan.leaders}:
        return Post("leader", scope.upper())
    raise UserError(f"没有叫“{scope}”的单位或领导代号。请写单位名或领导代号，再写姓名，例如：/移交 组织科 张三")
