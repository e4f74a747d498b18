"""Rotation: persons move to other units on a day; their contacts' posts move with them and histories stay."""

import re
from datetime import date

from bot.dispatch import Call, Router
from bot.domain.members import Post
from bot.domain.reading.dates import DATE, find_dates
from bot.domain.registers import Draft, Register
from bot.errors import UserError
from bot.messages import moves as wording
from bot.messages.message import Message
from bot.storage import moves as storage
from bot.storage.changes import By
from bot.storage.engine import Tx
from bot.stories import moves
from bot.stories import registers as logging

router = Router("moves", "换人")

MOVED = re.compile(
    r"(?P<name>[一-鿿·]{2,8}?)\s*(?:同志)?\s*(?:从|由)\s*(?P<old>\S+?)\s*(?:调)?(?:到|至)\s*(?P<new>[^\s，,；;。]+)"
)


@router.command(
    "rotate",
    "轮岗",
    usage="/rotate 姓名 从 单位 到 单位 哪天起",
    help="人员轮岗：到那天自动换联络员，历史不变，如：轮岗 张三 从 组织科 到 督导科 5月1日起",
    roles=("office",),
    says=r"轮岗\s+(?P<args>.+[从由].+[到至].+)",
)
async def rotate(call: Call, tx: Tx) -> Message:
    """/rotate name 从 unit 到 unit day: what somebody holds in the one he holds in the other from that day."""
    match = DATE.search(call.args)
    days = find_dates(call.args, call.today, call.world.workdays)
    text = DATE.sub(" ", call.args) if match else call.args
    text = re.sub(r"\s起(?:生效|执行)?|自\s|生效", " ", text)
    found = list(MOVED.finditer(text))
    if not found:
        raise UserError(wording.how())
    on = days[0] if days else call.today
    lines = [line for one in found for line in await _plan(call, tx, one, on)]
    await _note(call, tx, lines, on)
    if on > call.today:
        return wording.planned(lines, on)
    await moves.make_due(tx, call.world, call.plan, call.now)
    return wording.made(lines, ())


async def _plan(call: Call, tx: Tx, one: re.Match[str], on: date) -> list[str]:
    """Keep the move of everything one person holds in his unit; return a line for each post."""
    old, new = (call.plan.find_unit(one[side]) for side in ("old", "new"))
    if old is None or new is None:
        raise UserError(f"没有叫“{one['new'] if old is not None else one['old']}”的单位。{wording.how()}")
    held = await moves.posts_in(tx, call.plan, old.name, one["name"])
    if not held:
        raise UserError(wording.not_there(one["name"], old.name))
    lines = []
    for member_id, post in held:
        to = Post(post.role, new.name)
        data: dict[str, str | int] = {
            "member": member_id,
            "name": one["name"],
            "from": str(post),
            "on": on.isoformat(),
        }
        await storage.plan(tx, call.plan.key, to, data, By(call.member.id, call.now))
        lines.append(wording.line(one["name"], post, to))
    return lines


async def _note(call: Call, tx: Tx, lines: list[str], on: date) -> None:
    """Keep the rotation in the plan's register for it, where it has one."""
    register = call.plan.register_called("轮岗")
    if register is None:
        return
    values = {**_first(register, "date", on.isoformat()), **_first(register, "text", "；".join(lines))}
    speaker = logging.Speaker(
        call.world, call.plan, call.plan.receiver, call.member.id, call.inbox_id, call.now, call.args
    )
    await logging.log(tx, register, Draft(values), speaker)


def _first(register: Register, kind: str, value: str) -> dict[str, str]:
    field = next((field for field in register.fields if field.kind == kind), None)
    return {field.key: value} if field is not None else {}
