"""Looking things up: where the plan, an item or a unit stands, what I owe, who is missing."""

from collections.abc import Sequence

from bot.dispatch import Call, PassOn, Router
from bot.domain import itemstates
from bot.domain.finding import find_items
from bot.domain.plans import Item, Plan
from bot.domain.unset import unset
from bot.errors import UserError
from bot.messages import status as wording
from bot.messages import unset as unset_words
from bot.messages import words
from bot.messages.message import Message
from bot.storage import checkins, registers, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Progress
from bot.stories import ledgers
from bot.stories.figures import priors_of, standings_of, whole
from bot.stories.missing import missing_in
from bot.stories.owed import Due
from bot.stories.registers import hidden
from bot.stories.reports import current_dues

router = Router("status", "查看")


@router.command("status", "进度", usage="/status [项目编号|单位]", help="看全局、某一项或某单位的进展")
async def status(call: Call, tx: Tx) -> Message:
    """/status [item|unit]: the whole plan, one item with each unit's word, or one unit's items."""
    if not call.args:
        return await _overview(call, tx)
    unit = call.plan.find_unit(call.args)
    if unit is not None:
        return await _unit(call, tx, unit.name)
    shown = await _named(call, tx)
    if shown is not None:
        return shown
    items = find_items(call.plan, call.args)
    if len(items) == 1:
        return await _item(call, tx, items[0])
    if items:
        raise UserError(wording.which_item(items))
    if not call.slash:
        raise PassOn
    raise UserError(wording.nothing_called(call.args))


async def _named(call: Call, tx: Tx) -> Message | None:
    """Show what else has a name: a chapter of the plan, a figure, a register."""
    section = next((s for s in call.plan.sections if call.args in (s.key, s.name)), None)
    if section is not None:
        # What is part of another item is counted there.
        items = [item for item in call.plan.live_items if item.section == section.key and not item.part_of]
        progress = await _progress_by_item(tx, call.plan, items)
        figures = [(item, _lowest(progress.get(item.id, []))) for item in items]
        return wording.section(section, figures)
    item_list = next((one for one in call.plan.lists if call.args in (one.key, one.name)), None)
    if item_list is not None:
        items = [item for item in call.plan.live_items if item.list_key == item_list.key]
        progress = await _progress_by_item(tx, call.plan, items)
        details = {key: entries[-1].detail for key, entries in progress.items()}
        figures = [(item, _lowest(progress.get(item.id, []))) for item in items]
        return wording.item_list(call.plan, item_list, figures, details)
    kind = call.plan.figure_called(call.args)
    if kind is not None and (call.standpoint.is_office or not kind.private):
        by_unit = await standings_of(tx, call.plan, kind)
        return wording.figure(kind, whole(kind, by_unit), by_unit, await priors_of(tx, call.plan, kind))
    if call.args == "附件" and call.plan.annexes:
        return wording.annexes(call.plan.annexes)
    if call.args == "未设定":
        return unset_words.shown(call.plan, unset(call.plan))
    register = call.plan.register_called(call.args)
    return await ledgers.show(call, tx, register) if register is not None else None


def _lowest(entries: Sequence[Progress]) -> float | None:
    return min((entry.percent for entry in entries if entry.percent is not None), default=None)


async def _overview(call: Call, tx: Tx) -> Message:
    plan = call.plan
    items = plan.main_items
    progress = await _progress_by_item(tx, plan, items)
    reports = [
        await missing_in(tx, plan, round_, row.id, call.today)
        for round_ in call.world.rounds_of(plan)
        if round_.opens_on <= call.today <= round_.due_on and round_.duty.is_report
        if (row := await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)) is not None
    ]
    figures = [_lowest(progress.get(item.id, [])) for item in items]
    return wording.overview(plan, figures, reports, unset_words.overview(unset(plan)))


async def _progress_by_item(tx: Tx, plan: Plan, items: Sequence[Item]) -> dict[str, list[Progress]]:
    found: dict[str, list[Progress]] = {}
    for entry in await checkins.progress_of(tx, plan.key, [item.id for item in items]):
        found.setdefault(entry.item, []).append(entry)
    return found


async def _item(call: Call, tx: Tx, item: Item) -> Message:
    progress = {entry.unit: entry for entry in (await _progress_by_item(tx, call.plan, [item])).get(item.id, [])}
    lines = []
    for unit in item.units or tuple(progress):
        entry = progress.get(unit)
        sections = await checkins.last_sections(tx, call.plan.key, item.id, unit)
        when = _since(call, entry) if entry else ""
        state = _state_of(list(progress.values()), unit, item)
        lines.append(wording.UnitLine(unit, state, entry.percent if entry else None, when, sections))
    leaders = [leader.post or leader.key for leader in call.plan.leaders if leader.key in item.leaders]
    counted = [*await _counted(call, tx, item), *await _parts(call, tx, item), *await _figures(call, tx, item)]
    return wording.item(item, lines, leaders, counted)


async def _parts(call: Call, tx: Tx, item: Item) -> list[str]:
    """Say what is part of an item and kept by itself: documents, meetings and lists a point orders."""
    own = [part for part in call.plan.live_items if part.part_of == item.id]
    progress = await _progress_by_item(tx, call.plan, own)
    return wording.parts([(part, _lowest(progress.get(part.id, []))) for part in own])


async def _figures(call: Call, tx: Tx, item: Item) -> list[str]:
    """Say where the figures of an item stand: they are no progress."""
    lines = []
    for kind in call.plan.figures:
        if kind.item == item.id and (call.standpoint.is_office or not kind.private):
            total = whole(kind, await standings_of(tx, call.plan, kind))
            lines += [wording.figure_line(kind, total)] if total is not None else []
    return lines


async def _counted(call: Call, tx: Tx, item: Item) -> list[str]:
    """Say what the registers of an item hold: 已验收 5/8个 for a count, else how many entries."""
    lines = []
    for register in call.plan.registers:
        if register.item != item.id or hidden(register, call.standpoint):
            continue
        entries = await registers.list_entries(tx, call.plan.key, registers.Wanted(register.key))
        counting = [entry for entry in entries if not register.states or entry.closed_at is not None]
        if item.count:
            lines.append(f"{register.closed or '已登记'} {len(counting)}/{item.count}{item.unit_word}")
        elif entries:
            lines.append(wording.register_line(register, len(entries), len(entries) - len(counting)))
    return lines


def _since(call: Call, entry: Progress) -> str:
    """Say since when a figure holds: reported at a moment, or brought in with the plan."""
    at = call.world.policy.local(entry.updated_at)
    return f"{words.short_day(at.date())}，导入计划时" if entry.entry_id is None else f"{words.moment(at)}报"


async def _unit(call: Call, tx: Tx, unit: str) -> Message:
    items = call.plan.items_of_unit(unit)
    progress = await _progress_by_item(tx, call.plan, items)
    lines = [(item, _state_of(progress.get(item.id, []), unit, item)) for item in items]
    return wording.unit(unit, lines, await current_dues(tx, call.world, call.plan, unit, call.today))


def _state_of(entries: Sequence[Progress], unit: str, item: Item) -> str:
    """Say what a unit's word on an item is: the stage, day or boxes where its kind has them, and the percent."""
    entry = next((entry for entry in entries if entry.unit == unit), None)
    if entry is None:
        return "还没有数据"
    own = itemstates.said(item, entry.detail)
    if own and entry.percent is None:
        return own
    return "，".join(part for part in (words.state(entry.percent, entry.status), own) if part)


@router.command("mine", "我的", usage="/mine", help="看自己要报什么、报到哪了")
async def mine(call: Call, tx: Tx) -> Message:
    """/mine: each of the sender's units with its items and what it owes; a leader sees his items."""
    if call.standpoint.units:
        units = []
        for unit in call.standpoint.units:
            items = call.plan.items_of_unit(unit)
            progress = await _progress_by_item(tx, call.plan, items)
            lines = [(item, _state_of(progress.get(item.id, []), unit, item)) for item in items]
            dues: list[Due] = await current_dues(tx, call.world, call.plan, unit, call.today)
            units.append(wording.unit(unit, lines, dues))
        return wording.together(units)
    keys = call.standpoint.leader_keys
    items = tuple(item for key in keys for item in call.plan.items_of_leader(key))
    progress = await _progress_by_item(tx, call.plan, items)
    return wording.led(
        [
            (item, [(entry.unit, words.state(entry.percent, entry.status)) for entry in progress.get(item.id, [])])
            for item in items
        ]
    )


@router.command("missing", "未报", usage="/missing", help="看谁还没报", roles=("office", "leader"))
async def missing(call: Call, tx: Tx) -> Message:
    """/missing: who has not handed in the newest opened round of each report."""
    newest = {}
    for round_ in call.world.rounds_of(call.plan):
        if round_.opens_on <= call.today and round_.duty.asks_units:
            newest[round_.duty.id] = round_
    found = []
    for round_ in newest.values():
        row = await rounds.find(tx, call.plan.key, round_.duty.id, round_.period.key)
        if row is not None:
            found.append(await missing_in(tx, call.plan, round_, row.id, call.today))
    return wording.missing(found)
