"""Why: which words gave which value, for a receipt or for what an item stands at."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.domain.finding import find_items
from bot.domain.plans import Item
from bot.errors import UserError
from bot.messages import reasons as wording
from bot.messages import words
from bot.messages.message import Message, say, stacked
from bot.storage import checkins, members
from bot.storage.engine import Tx
from bot.storage.tables import Checkin, Entry
from bot.stories.evidence import lines_for_checkin

router = Router("reasons", "查看")

RECEIPT = re.compile(r"(?:回执)?\s*(\d+)\s*号?")
ITEM = re.compile(r"第?\s*(\d{1,3}|[一二三四五六七八九十]+)\s*项")


@router.command(
    "why",
    "依据",
    usage="/why 回执号或第几项",
    help="看一个数是从哪句话来的，如：依据 12、依据 第9项",
    says=r"(?:为什么|为何|为啥|凭什么)(?P<args>.*(?:第.{1,4}项|回执).*)",
)
async def why(call: Call, tx: Tx) -> Message:
    """/why receipt|item: the words each value was taken from, who said them and when."""
    receipt = RECEIPT.fullmatch(call.args.strip())
    if receipt is not None:
        return await _of_receipt(call, tx, int(receipt[1]))
    named = ITEM.search(call.args)
    items = find_items(call.plan, named[0] if named else call.args) if call.args else []
    if len(items) != 1:
        if not call.slash and not named:
            raise PassOn
        raise UserError(wording.which(items))
    return await _of_item(call, tx, items[0])


async def _of_receipt(call: Call, tx: Tx, number: int) -> Message:
    checkin = await checkins.find(tx, call.plan.key, number)
    if checkin is None or not _may_see(call, checkin.unit):
        raise UserError(wording.no_receipt(number))
    entries = await checkins.entries_of(tx, checkin.id)
    found = wording.explained(await _said(call, tx, checkin), [_line(call, entry) for entry in entries])
    evidence = await lines_for_checkin(tx, call.world, call.plan.key, checkin.id, call.now)
    return stacked(found, say("附件：", *evidence)) if evidence else found


async def _of_item(call: Call, tx: Tx, item: Item) -> Message:
    blocks = []
    for progress in await checkins.progress_of(tx, call.plan.key, [item.id]):
        if _may_see(call, progress.unit) or set(item.leaders) & set(call.standpoint.leader_keys):
            if progress.entry_id is None:
                on = words.short_day(call.world.policy.today(progress.updated_at))
                blocks.append(wording.opened(progress.unit, words.state(progress.percent, progress.status), on))
                continue
            entry, checkin = await checkins.origin(tx, progress.entry_id)
            blocks.append(wording.explained(await _said(call, tx, checkin), [_line(call, entry)]))
    if not blocks:
        raise UserError(wording.no_data(item))
    return wording.together(blocks)


def _may_see(call: Call, unit: str) -> bool:
    return call.standpoint.is_office or unit in call.standpoint.units


async def _said(call: Call, tx: Tx, checkin: Checkin) -> wording.Said:
    member = await members.get(tx, checkin.member_id)
    ended = "退回" if checkin.returned else "撤回" if checkin.retracted_at is not None else ""
    at = words.moment(call.world.policy.local(checkin.received_at))
    return wording.Said(checkin.number, checkin.unit, member.name if member else "", at, checkin.text, ended)


def _line(call: Call, entry: Entry) -> wording.Because:
    item = call.plan.find_item(entry.item) if entry.item else None
    low, high = entry.percent_low, entry.percent_high
    value = f"{low:g}%–{high:g}%" if low is not None and high is not None else ""
    if not value and entry.percent is not None:
        value = words.state(entry.percent, entry.status)
    return wording.Because(item, value or words.STATUS.get(entry.status or "", ""), entry.because)
