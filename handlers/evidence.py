"""Evidence: files, pictures and links sent along or alone are kept with what they belong to; asked about once."""

import re

from bot.dispatch import Call, PassOn, Router
from bot.domain.evidence import ITEM as ITEM_NO
from bot.domain.evidence import is_cover
from bot.domain.finding import find_items
from bot.domain.plans import Item
from bot.errors import UserError
from bot.events import File
from bot.messages import evidence as wording
from bot.messages.message import Message, say, stacked
from bot.storage import checkins, files, questions
from bot.storage.engine import Tx
from bot.storage.tables import Checkin, FileRow
from bot.stories.evidence import fault_of, safe_name

router = Router("evidence")

ABOUT = "evidence"
KEPT = ("image", "file", "video")  # what was spoken is read as words
MOST_AT_ONCE = 9
RECEIPT = re.compile(r"回执\s*(\d+)\s*号")
ITEM = re.compile(r"第?\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*项?")
URL = re.compile(r"https?://[^\s，。；、）】》”]+")


@router.takes("files")
async def take(call: Call, tx: Tx) -> Message | None:
    """Note the files of a message; they are fetched afterwards."""
    sent = [file for file in call.event.files if file.kind in KEPT]
    if not sent:
        return None
    if not (call.standpoint.units or call.standpoint.is_office):
        return wording.not_for_you()
    if len(sent) > MOST_AT_ONCE:
        raise UserError(wording.too_many(MOST_AT_ONCE))
    named = [(file, safe_name(file)) for file in sent]
    faults = [(name, fault_of(file, name, call.world.evidence)) for file, name in named]
    refused = [say(wording.refused(name, fault)) for name, fault in faults if fault]
    good = [pair for pair, (_, fault) in zip(named, faults, strict=True) if not fault]
    taken = [await _keep(call, tx, [_row(call, file, name) for file, name in good])] if good else []
    return stacked(*taken, *refused)


def _row(call: Call, file: File, name: str) -> FileRow:
    return FileRow(
        plan=call.plan.key,
        member_id=call.member.id,
        inbox_id=call.inbox_id,
        name=name,
        kind=file.kind,
        size=file.size,
        platform=call.event.platform,
        ref=file.ref,
        received_at=call.now,
    )


async def _keep(call: Call, tx: Tx, rows: list[FileRow]) -> Message:
    """Note files with the check-in they belong to, or ask for the item."""
    together = await checkins.of_inbox(tx, call.inbox_id)
    item = _item_named(call) if together is None else None
    checkin = together or (await _meant(call, tx) if item is None else None)
    for row in rows:
        row.unit = checkin.unit if checkin else next(iter(call.standpoint.units), call.plan.receiver)
        row.checkin_id = checkin.id if checkin else None
        row.item = item.id if item else ""
    ids = await files.put(tx, rows)
    names = [row.name for row in rows]
    if together is not None:
        return wording.kept_with_words(names)
    if item is not None:
        return wording.kept(names, f"“{item.label}”")
    if checkin is not None:
        return wording.kept(names, await _named(call, tx, checkin))
    await questions.ask(tx, call.question({"about": ABOUT, "files": ids}))
    return wording.which_item(names)


def _item_named(call: Call) -> Item | None:
    """Return the sender's item that words along with a file name: 这是第9项的佐证材料."""
    named = re.search(ITEM_NO, call.args)
    items = find_items(call.plan, named[0]) if named and is_cover(call.args) else []
    units = call.standpoint.units
    own = [item for item in items if call.standpoint.is_office or not item.units or set(item.units) & set(units)]
    return own[0] if len(own) == 1 else None


async def _meant(call: Call, tx: Tx) -> Checkin | None:
    """Return the check-in that is quoted, or the unit's last one of today."""
    units = call.standpoint.units
    number = RECEIPT.search(call.event.quoted)
    if number is not None:
        quoted = await checkins.find(tx, call.plan.key, int(number[1]))
        if quoted is not None and quoted.retracted_at is None and (quoted.unit in units or call.standpoint.is_office):
            return quoted
    if call.event.quoted:
        said = await checkins.said_so(tx, call.plan.key, units, call.event.quoted)
        if said is not None:
            return said
    last = await checkins.latest(tx, call.plan.key, units, call.member.id)
    return last if last is not None and call.world.policy.today(last.received_at) == call.today else None


async def _named(call: Call, tx: Tx, checkin: Checkin) -> str:
    entries = await checkins.entries_of(tx, checkin.id)
    items = [item.label for entry in entries if entry.item and (item := call.plan.find_item(entry.item)) is not None]
    return f"回执 {checkin.number} 号（{'、'.join(items[:2]) or checkin.unit}{'等' if len(items) > 2 else ''}）"


@router.hears()
async def answer(call: Call, tx: Tx) -> Message:
    """Take the answer to 这个文件是哪一项的: an item; what says more than that is read as a report too."""
    item, whole = _item_in(call)
    if item is None:
        raise PassOn
    open_ = await questions.find_open(tx, call.member.id, call.event.platform, call.event.chat, call.now)
    if open_ is None or open_.get("about") != ABOUT:
        raise PassOn
    await questions.settle(tx, call.member.id, call.event.platform, call.event.chat, call.now)
    own = [unit for unit in call.standpoint.units if not item.units or unit in item.units]
    if not own and not call.standpoint.is_office:
        if not whole:
            raise PassOn
        await questions.ask(tx, call.question({"about": ABOUT, "files": open_["files"]}))
        raise UserError(wording.not_yours(item.label))
    unit = own[0] if own else next(iter(item.units), call.plan.receiver)
    await files.attach(tx, open_["files"], item.id, unit)
    if not whole:
        raise PassOn
    return wording.belongs(item.label)


def _item_in(call: Call) -> tuple[Item | None, bool]:
    """Return the item a text names, and whether that is all it says."""
    text = call.args.strip("。 ")
    numbered = ITEM.match(text)
    if numbered is not None and (numbered[0].endswith("项") or numbered[0] == text):
        items = find_items(call.plan, numbered[0])
        return (items[0] if len(items) == 1 else None), numbered[0] == text
    if re.search(r"\d|[，。；]", text) or len(text) > 30:
        return None, False
    items = [
        item
        for item in call.plan.items
        if text in (item.title, *item.aliases) or (len(text) > 2 and text in item.title)
    ]
    return (items[0], True) if len(items) == 1 else (None, False)


@router.hears()
async def links(call: Call, tx: Tx) -> Message:
    """Keep links: one alone like a file, those in a report with the check-in; the report is read without them."""
    urls = [url for url in URL.findall(call.args) if not _ours(call, url)]
    if not urls or not (call.standpoint.units or call.standpoint.is_office):
        raise PassOn
    rows = [_link(call, url) for url in dict.fromkeys(urls)][:MOST_AT_ONCE]
    words = URL.sub("", call.args).strip()
    if is_cover(words):
        return await _keep(call, tx, rows)
    for row in rows:
        row.unit = next(iter(call.standpoint.units), call.plan.receiver)
    await files.put(tx, rows)
    raise PassOn(words)


def _ours(call: Call, url: str) -> bool:
    return call.world.links is not None and url.startswith(f"{call.world.links.base}/")


def _link(call: Call, url: str) -> FileRow:
    row = _row(call, File(url, "file"), url[:200])
    row.kind, row.url, row.state, row.platform = "link", url, "stored", ""
    return row
