"""Publishing: the office releases an entry, a table or its own words to the group; the bot never does by itself."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.errors import UserError
from bot.messages import publishing as wording
from bot.messages import standings as tables
from bot.messages.message import Message
from bot.storage import registers
from bot.storage.engine import Tx
from bot.storage.tables import Decision, EntryState
from bot.stories import publishing
from bot.stories.standings import board
from bot.stories.tallies import tally_figure, tally_register

router = Router("publishing", "催办")

NUMBERED = re.compile(r"(\d{1,6})\s*号?")
WORDS = re.compile(r"(?:文字|通知)\s*[：:]\s*(.+)", re.DOTALL)
TABLE = re.compile(r"排名\s*(.*)")
CONFIRMED, NAMES = "确认发布", "含姓名"


@router.command(
    "publish",
    "发布",
    usage="/publish 几号|排名 [台账]|文字：…",
    help="把一条台账、一张排名表或一段话发到工作群，如：发布 12号、发布 排名、发布 文字：……",
    roles=("office",),
    says=r"发布\s*(?P<args>\d+\s*号(?:[\s，].*)?|排名.*|(?:文字|通知)\s*[：:].*)",
)
async def publish(call: Call, tx: Tx) -> Message:
    """/publish number | 排名 [register] | 文字：words, with 含姓名 and 确认发布 where they are needed."""
    confirmed, names = CONFIRMED in call.args, NAMES in call.args
    said = call.args.replace(CONFIRMED, "").replace(NAMES, "").strip(" ，,")
    numbered, words, table = NUMBERED.fullmatch(said), WORDS.fullmatch(said), TABLE.fullmatch(said)
    if numbered is not None:
        return await _entry(call, tx, int(numbered[1]), confirmed, names)
    key = f"publish:{call.inbox_id}"
    if table is not None:
        return await publishing.post(call, tx, key, await _table(call, tx, table[1].strip(), confirmed, names))
    if words is None and not call.slash and said:
        raise PassOn
    if words is None or not words[1].strip():
        raise UserError(wording.how())
    publishing.check(None, words[1], call.plan.receiver, confirmed=confirmed)
    return await publishing.post(call, tx, key, wording.text(words[1].strip(), call.plan.receiver))


async def _entry(call: Call, tx: Tx, number: int, confirmed: bool, names: bool) -> Message:
    """Release what of an entry a group may see, once."""
    entry = await registers.find(tx, call.plan.key, number)
    register = call.plan.find_register(entry.register) if entry is not None else None
    if entry is None or register is None or entry.retracted_at is not None:
        raise UserError(f"没有 {number} 号台账。")
    if entry.released_at is not None:
        raise UserError(wording.already(number, call.world.policy.local(entry.released_at)))
    said = publishing.public_words(register, entry, call.plan, names=names)
    if not said:
        raise UserError(wording.nothing_public(number))
    publishing.check(register, said, call.plan.receiver, confirmed=confirmed)
    step = EntryState(at=call.now, member_id=call.member.id, note="发布到群")
    await registers.release(tx, entry, step)
    message = wording.entry(register, entry.unit, said, call.plan.receiver)
    return await publishing.post(call, tx, f"publish:entry:{entry.id}", message)


async def _table(call: Call, tx: Tx, name: str, confirmed: bool, names: bool) -> Message:
    """Return a table of at most ten lines: completion, a figure, or a register by unit."""
    if not name:
        found = await board(tx, call.world, call.plan, call.now)
        return tables.league(found.round.period.key, found.standings, found.on_time_only)
    kind = next((kind for kind in call.plan.figures if name in (kind.id, *kind.names)), None)
    if kind is not None:
        return tables.tally(await tally_figure(tx, call.plan, kind, call.today))
    register = call.plan.register_called(name)
    if register is None:
        raise UserError(f"没有叫“{name}”的台账或数据。{wording.how()}")
    publishing.check(register, "", call.plan.receiver, confirmed=confirmed)
    tally = await tally_register(tx, call.plan, register, call.plan.first_on, call.today)
    if tally.names_people and not names:
        raise UserError(wording.names_people(register.name))
    return tables.tally(tally)


@router.decides("praise")
async def praised(call: Call, tx: Tx, decision: Decision) -> Message:
    """Post the praise the office agreed to."""
    if decision.verdict != "approved":
        return wording.not_praised()
    message = wording.praise(str(decision.payload["period"]), [str(line) for line in decision.payload["lines"]])
    return await publishing.post(call, tx, f"praise:{decision.id}", message)
