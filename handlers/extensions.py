"""Extensions: a contact asks for more time, the office decides, and /history keeps it."""

import re
from datetime import date

from bot.dispatch import Call, PassOn, Router
from bot.domain.amending import read_postponed
from bot.errors import UserError
from bot.messages import changes as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.storage.tables import Decision
from bot.stories import extensions
from bot.stories.recipients import notice, tell_member

router = Router("extensions", "报送")

# What is asked for, and what only speaks of it: 不用延期, 能延期吗, or a report with a figure beside it.
ASKED = re.compile(r"延期|延到|延至|延后到?|推迟到?|推后到?|顺延到?|宽限到?|展期")
NOT_ASKED = re.compile(r"[%％？?]|\d成|(?:不|无需|不用|不必|没有?|未)(?:再)?(?:申请)?(?:延|推|宽|展)|吗|是否|能不能")


@router.command(
    "extend",
    "延期",
    usage="/extend 第几项 到哪天 原因",
    help="申请延期，办公室决定，如：第7项延期到5月10日，因为……",
    roles=("contact", "office"),
    says=r"(?:申请)?延期[\s：:，,]*(?P<args>第.+)",
)
async def extend(call: Call, tx: Tx) -> Message:
    """/extend items day reason: ask the office to put off due dates; the office itself moves them at once."""
    asked = read_postponed(call.plan, call.args, call.today, call.world.workdays)
    if asked is None:
        if not call.slash and call.args:
            raise PassOn(f"延期 {call.args}")
        raise UserError(wording.how_to_extend())
    return await extensions.postpone(call, tx, asked.days, asked.reason)


@router.hears()
async def ask_in_words(call: Call, tx: Tx) -> Message:
    """第7项、第9项延期到5月10日，因为…: the same as the command."""
    said = call.args
    if not ASKED.search(said) or NOT_ASKED.search(said) or not call.standpoint.roles & {"contact", "office"}:
        raise PassOn
    asked = read_postponed(call.plan, said, call.today, call.world.workdays)
    if asked is None:
        raise PassOn
    reason = asked.reason or said[: ASKED.search(said).start()].partition("项")[2].strip(" ，,。另申请要")  # type: ignore[union-attr]
    return await extensions.postpone(call, tx, asked.days, reason)


@router.decides("extension")
async def decided(call: Call, tx: Tx, decision: Decision) -> Message:
    """Move the due dates the office agreed to, or say why not; who asked hears it either way."""
    plan = call.world.plan(call.plan.key)
    asked = [(plan.item(item), date.fromisoformat(day)) for item, day in decision.payload["days"].items()]
    live = [(item, day) for item, day in asked if not item.closed]
    if decision.verdict == "approved":
        answer = wording.extended(await extensions.move(call, tx, live, str(decision.payload["reason"])))
    else:
        answer = wording.extension_refused(wording.postponed_lines(asked), decision.reason)
    if decision.asked_by is not None:
        common = notice(call.plan, call.now, answer)
        await tell_member(tx, call.world, call.plan, decision.asked_by, f"extension:{decision.id}", common)
    return answer
