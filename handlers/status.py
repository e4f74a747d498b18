"""Looking things up: where the plan, an item or a unit stands, what I owe, who is missing."""

from collections.abc import Sequence

from bot.dispatch import Call, PassOn, Router
from bot.domain.finding import find_items
from bot.domain.plans import Item, Plan
from bot.errors import UserError
from bot.messages import status as wording
from bot.messages import words
from bot.messages.message import Message
from bot.storage import checkins, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Progress
from bot.stories.missing import missing_in
from bot.stories.owed import Due
from bot.stories.reports import current_dues

router = Router("status")


@router.command("status", "进度", usage="/status [项目编号|单位]", help="看全局、某一项或某单位的进展")
async def status(call: Call, tx: Tx) -> Message:
    """/status [item|unit]: the whole plan, one item with each unit's word, or one unit's items."""
    if not call.args:
        return await _overview(call, tx)
    unit = call.plan.find_unit(call.args)
    if unit is not None:
        return await _unit(call, tx, unit.name)
    items = find_items(call.plan, call.args)
    if len(items) == 1:
        return await _item(call, tx, items[0])
    if items:
        raise UserError(wording.which_item(items))
    if not call.slash:
        raise PassOn
    raise UserError(wording.nothing_called(call.args))


async def _overview(call: Call, tx: Tx) -> Message:
    plan = call.plan
    main = plan.lists[0].key if plan.lists else ""
    items = [item for item in plan.items if item.list_key == main]
    progress = await _progress_by_item(tx, plan, items)
    reports = [
        await missing_in(tx, plan, round_, row.id, call.today)
        for round_ in call.world.rounds_of(plan)
        if round_.opens_on <= call.today <= round_.due_on and round_.duty.is_report
        if (row := await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)) is not None
    ]
    figures = [min((p.percent for p in progress.get(i.id, []) if p.percent is not None), default=None) for i in items]
    return wording.overview(plan, figures, reports)


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
        state = words.state(entry.percent, entry.status) if entry else "还没有数据"
        lines.append(wording.UnitLine(unit, state, entry.percent if entry else None, when, sections))
    leaders = [leader.post or leader.key for leader in call.plan.leaders if leader.key in item.leaders]
    return wording.item(item, lines, leaders)


def _since(call: Call, entry: Progress) -> str:
    """Say since when a figure holds: reported at a moment, or brought in with the plan."""
    at = call.world.policy.local(entry.updated_at)
    return f"{words.short_day(at.date())}，导入计划时" if entry.entry_id is None else f"{words.moment(at)}报"


async def _unit(call: Call, tx: Tx, unit: str) -> Message:
    items = call.plan.items_of_unit(unit)
    progress = await _progress_by_item(tx, call.plan, items)
    lines = [(item, _state_of(progress.get(item.id, []), unit)) for item in items]
    return wording.unit(unit, lines, await current_dues(tx, call.world, call.plan, unit, call.today))


def _state_of(entries: Sequence[Progress], unit: str) -> str:
    entry = next((entry for entry in entries if entry.unit == unit), None)
    return words.state(entry.percent, entry.status) if entry else "还没有数据"


@router.command("mine", "我的", usage="/mine", help="看自己要报什么、报到哪了")
async def mine(call: Call, tx: Tx) -> Message:
    """/mine: each of the sender's units with its items and what it owes; a leader sees his items."""
    if call.standpoint.units:
        units = []
        for unit in call.standpoint.units:
            items = call.plan.items_of_unit(unit)
            progress = await _progress_by_item(tx, call.plan, items)
            lines = [(item, _state_of(progress.get(item.id, []), unit)) for item in items]
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
