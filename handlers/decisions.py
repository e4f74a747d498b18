"""Deciding: 同意 12 or 不同意 12 原因 releases what waits for the sender's post."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.domain.members import Post, Role
from bot.errors import UserError
from bot.messages import decisions as wording
from bot.messages.message import Message
from bot.storage import decisions, members
from bot.storage.engine import Tx
from bot.storage.tables import Decision

router = Router("decisions", "决定")

ONE_NUMBERED = r"\s*(?P<args>\d+\s*号?(?:[\s，,：:].*)?)"
NUMBERED = re.compile(r"(?:(\d+)\s*号?)?[\s，,：:]*(.*)", re.DOTALL)


DECIDERS: tuple[Role, ...] = ("office", "leader")


@router.command(
    "approve",
    "同意",
    usage="/approve [编号]",
    help="同意等您决定的事；不写编号就列出来",
    roles=DECIDERS,
    says=rf"同意{ONE_NUMBERED}",
)
async def approve(call: Call, tx: Tx) -> Message:
    """/approve [number]: say yes to what waits; without a number to the only thing that does."""
    return await _decide(call, tx, "approved")


@router.command(
    "refuse",
    "不同意",
    usage="/refuse 编号 [原因]",
    help="不同意等您决定的事",
    roles=DECIDERS,
    says=rf"不同意{ONE_NUMBERED}",
)
async def refuse(call: Call, tx: Tx) -> Message:
    """/refuse [number] [reason]: say no; the reason is passed on."""
    return await _decide(call, tx, "refused")


async def _decide(call: Call, tx: Tx, verdict: str) -> Message:
    number, reason = _read(call.args)
    waiting = await decisions.waiting(tx, call.plan.key, call.standpoint.posts)
    if number is None:
        if not waiting and not call.slash:
            raise PassOn  # an everyday word, said to something else
        if not waiting:
            raise UserError(wording.nothing_waits())
        if len(waiting) > 1:
            return wording.waiting([(w.id, w.summary) for w in waiting], wording.VERDICTS[verdict])
    decision = waiting[0] if number is None else await decisions.find(tx, call.plan.key, number)
    if decision is None or Post.parse(decision.post) not in call.standpoint.posts:
        raise UserError(wording.not_waiting(number or 0))
    if not await decisions.settle(tx, decision, verdict, reason, call.member.id, call.now):
        raise UserError(await _already(tx, decision))
    return await call.deciders[decision.kind](call, tx, decision)


def _read(args: str) -> tuple[int | None, str]:
    match = NUMBERED.fullmatch(args.strip())
    if match is None:
        return None, args.strip()
    return int(match[1]) if match[1] else None, match[2].strip()


async def _already(tx: Tx, decision: Decision) -> str:
    by = await members.get(tx, decision.decided_by) if decision.decided_by else None
    return wording.already(decision.id, by.name if by else "别人", decision.verdict, decision.reason)
