"""Instructions: a leader says …抓紧，下周三前报, the office confirms, the owner works on it until it is closed."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.domain.finding import mentions
from bot.domain.instructions import KEY
from bot.domain.plans import Item
from bot.domain.reading import Context
from bot.domain.reading.dates import find_dates
from bot.errors import UserError
from bot.messages import instructions as wording
from bot.messages.message import Message
from bot.storage import registers
from bot.storage.engine import Tx
from bot.storage.tables import Decision
from bot.stories import instructions, ledgers
from bot.stories.recipients import notice, tell_member

router = Router("instructions")

GIVEN = re.compile(
    r"交办(?:\s*[：:]|\s+(?=[Ll]\d))\s*(?P<leader>[Ll]\d{1,2}(?=[\s，,：:]))?[\s，,：:]*(?P<what>.{4,})", re.DOTALL
)


@router.hears()
async def given(call: Call, tx: Tx) -> Message:
    """交办：…, of a leader or the office; and a leader's private words that can only be an order."""
    leaders = call.standpoint.leader_keys
    if call.plan.find_register(KEY) is None or not (leaders or call.standpoint.is_office):
        raise PassOn
    found = GIVEN.fullmatch(call.args)
    if found is None and not (leaders and call.event.chat_kind == "private" and _ordered(call)):
        raise PassOn
    what = found["what"].strip() if found is not None else call.args.strip()
    named = (found["leader"] or "").upper() if found is not None else ""
    item = _item(call, what)
    leader = named or next(iter(leaders), next(iter(item.leaders), "") if item is not None else "")
    unit = next((unit.name for unit in call.plan.units if unit.name in what), "")
    unit = unit or (item.units[0] if item is not None and item.units else "")
    days = find_dates(re.sub(r"第.{1,3}项", "", what), call.today, call.world.workdays)
    order = instructions.Order(what, leader, item.id if item is not None else "", unit, days[0] if days else None)
    return await instructions.give(call, tx, order)


def _ordered(call: Call) -> bool:
    """Tell whether a leader's words are an order, as the reader of replies understands them."""
    context = Context(
        seed=call.plan.code,
        unit=call.standpoint.leader_keys[0],
        role="leader",
        today=call.today,
        channel="dm",
        msgtype=call.event.content,
    )
    return "instruction" in call.world.reader(call.plan).read(call.args, context).intents


def _item(call: Call, words: str) -> Item | None:
    named = [mention for mention in mentions(call.plan, words) if len(mention.items) == 1]
    if named:
        return named[0].items[0]
    titled = [item for item in call.plan.live_items if any(name in words for name in (item.title, *item.aliases))]
    return titled[0] if len(titled) == 1 else None


@router.decides("instruction")
async def decided(call: Call, tx: Tx, decision: Decision) -> Message:
    """Let an order be worked on, or tell the leader why it is not."""
    entry = await registers.find(tx, call.plan.key, int(decision.payload["entry"]))
    if entry is None or entry.retracted_at is not None:
        raise UserError("这条交办已经撤回了。")
    if decision.verdict == "approved":
        answer, told = await instructions.start(call, tx, entry), wording.confirmed(entry.number)
    else:
        line = ledgers.line_of(call, instructions.register_of(call), entry)
        await registers.retract(tx, entry, call.member.id, call.now)
        answer = told = wording.refused(line.text, decision.reason)
    if decision.asked_by is not None:
        key = f"instruction:{decision.id}:told"
        await tell_member(tx, call.world, call.plan, decision.asked_by, key, notice(call.plan, call.now, told))
    return answer
