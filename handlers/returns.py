"""Returning: the office gives a check-in back with its reason, and the round is owed again."""

import re

from bot.dispatch import Call, Router
from bot.errors import UserError
from bot.messages import returns as wording
from bot.messages.message import Message
from bot.storage import checkins, members
from bot.storage.engine import Tx
from bot.storage.tables import Checkin
from bot.stories.forms import url_for
from bot.stories.recipients import contacts_on, notice, tell_member
from bot.stories.reports import taken_back

router = Router("returns", "催办")

NUMBERED = re.compile(r"(?:回执)?\s*(\d+)\s*号?[\s，,：:]*(.*)", re.DOTALL)


@router.command(
    "return",
    "退回",
    usage="/return 回执号 原因",
    help="退回一条登记，把原因私下告诉联络员，请他重报",
    roles=("office",),
    says=r"退回\s*(?P<args>(?:回执)?\s*\d+\s*号?(?:[\s，,：:].*)?)",
)
async def return_(call: Call, tx: Tx) -> Message:
    """/return number reason: the check-in no longer counts; who reported is told why, in private."""
    read = NUMBERED.fullmatch(call.args)
    if read is None or not read[2].strip():
        raise UserError(wording.how())
    number, reason = int(read[1]), read[2].strip()
    checkin = await checkins.find(tx, call.plan.key, number)
    if checkin is None:
        raise UserError(wording.no_receipt(number))
    if checkin.retracted_at is not None:
        raise UserError(wording.gone_already(number, returned=bool(checkin.returned)))
    entries = await checkins.retract(tx, checkin, call.member.id, call.now, reason)
    stands_at, again = await taken_back(tx, call.world, call.plan, checkin.unit, entries)
    told = await _who_hears(call, tx, checkin)
    if told is not None:
        rows = await checkins.rounds_of(tx, checkin.id)
        form = url_for(call.world, call.plan, checkin.unit, told, rows, call.now) if again else ""
        text = wording.returned(number, checkin.text, reason, again, form)
        common = notice(call.plan, call.now, text)
        await tell_member(tx, call.world, call.plan, told, f"returned:{checkin.id}", common)
    member = await members.get(tx, told) if told is not None else None
    return wording.done(number, checkin.unit, member.name if member else "", stands_at)


async def _who_hears(call: Call, tx: Tx, checkin: Checkin) -> int | None:
    """Return who reported, or the unit's contact where the office itself did."""
    reporter = await members.standpoint(tx, call.plan.key, checkin.member_id, call.today)
    if not reporter.is_office:
        return checkin.member_id
    contact = (await contacts_on(tx, call.plan, call.today)).by_unit.get(checkin.unit)
    return contact.id if contact else None
