"""One leader's digest, as the clock sends it and the command line prints it."""

from datetime import date, datetime, timedelta

from bot.domain.cadences import DAY
from bot.domain.entries import brief
from bot.domain.plans import Item, Plan
from bot.domain.rounds import Round, stretch
from bot.domain.world import World
from bot.errors import UserError
from bot.messages import words
from bot.messages.digests import Digest, Line, overdue
from bot.messages.message import clip
from bot.storage import checkins, registers, rounds
from bot.storage.engine import Tx
from bot.storage.tables import Progress
from bot.stories.registers import slot_counts

WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=31)


async def digest_of(tx: Tx, world: World, plan: Plan, leader: str, now: datetime) -> Digest:
    """Gather a leader's digest from his own items only; raises `UserError` for an unknown key."""
    if leader not in {entry.key for entry in plan.leaders}:
        known = "、".join(entry.key for entry in plan.leaders)
        raise UserError(f"计划里没有领导“{leader}”。可选：{known}")
    items = plan.items_of_leader(leader)
    said: dict[str, list[Progress]] = {}
    for entry in await checkins.progress_of(tx, plan.key, [item.id for item in items]):
        said.setdefault(entry.item, []).append(entry)
    late = await _late(tx, world, plan, now)
    lines = [await _line(tx, plan, item, said.get(item.id, []), late, now) for item in items]
    today = world.policy.today(now)
    coming = _coming(world, plan, today, today + DAY * (6 - today.weekday()))
    chapters = {section.key: section.name for section in plan.sections} if plan.digest_by == "section" else {}
    return Digest(
        leader,
        today,
        tuple(lines),
        coming,
        open_entries=await _open_entries(tx, plan, leader, today),
        empty_slots=await _empty_slots(tx, world, plan, today),
        chapters=chapters,
    )


async def _open_entries(tx: Tx, plan: Plan, leader: str, today: date) -> tuple[str, ...]:
    """Return what is open in the registers a digest shows: entries that name the leader, or are of one of his items.

    What is of nobody's items concerns every leader.
    """
    shown = {register.key: register for register in plan.registers if register.digest}
    own = {item.id for item in plan.items_of_leader(leader)}
    found = []
    for entry in await registers.open_entries(tx, plan.key, list(shown)):
        register = shown[entry.register]
        named = {str(entry.values[field.key]) for field in register.of_kind("leader") if field.key in entry.values}
        items = {str(entry.values[field.key]) for field in register.of_kind("item") if field.key in entry.values}
        about = items or {register.item}
        led = any(item.id in about and item.leaders for item in plan.items)
        if leader in named if named else (own & about or not led):
            said = brief(register, entry.values, plan, private=True)
            due = entry.due_on
            late = f"，期限 {words.short_day(due)}" if due is not None else ""
            late += f"，已超期 {(today - due).days} 天" if due is not None and due < today else ""
            found.append(f"{register.name} {entry.number} 号　{entry.unit}：{clip(said, 60)}（{entry.state}{late}）")
    return tuple(found)


async def _empty_slots(tx: Tx, world: World, plan: Plan, today: date) -> tuple[str, ...]:
    """Return the slots of the whole plan that ended in the last weeks with nothing logged, newest first."""
    found = []
    for round_ in world.rounds_of(plan):
        first, last = stretch(round_)
        if not round_.duty.by_plan or not today - LOOK_BACK <= last < today:
            continue
        counts = await slot_counts(tx, plan, round_.duty, first, last)
        if sum(counts.values()) < round_.duty.need:
            found.append(f"{words.period(round_.period.key)}{round_.duty.name}")
    return tuple(reversed(found))


async def _line(
    tx: Tx, plan: Plan, item: Item, said: list[Progress], late: dict[str, list[str]], now: datetime
) -> Line:
    troubles = []
    for unit in item.units:
        names = [name for name, units in late.items() if unit in units]
        if names and not any(entry.unit == unit and entry.percent == 100 for entry in said):
            troubles.append(overdue(unit, names))
    for entry in said:
        if entry.status == "stalled":
            troubles.append(f"{entry.unit}报受阻")
        problems = (await checkins.last_sections(tx, plan.key, item.id, entry.unit)).get("problems")
        if isinstance(problems, list) and problems:
            troubles.append(f"问题：{clip('；'.join(problems), 40)}")
    return Line(item, _state(said), any(entry.updated_at > now - WEEK for entry in said), tuple(troubles))


def _state(said: list[Progress]) -> str:
    if len(said) == 1:
        return words.state(said[0].percent, said[0].status)
    return "，".join(f"{entry.unit} {words.state(entry.percent, entry.status)}" for entry in said) or "还没有数据"


async def _late(tx: Tx, world: World, plan: Plan, now: datetime) -> dict[str, list[str]]:
    """Return {report: units that owe it} for the newest overdue round of each duty with items."""
    today = world.policy.today(now)
    newest: dict[str, Round] = {}
    for round_ in world.rounds_of(plan):
        if round_.due_on < today and round_.duty.form in ("progress", "sections"):
            newest[round_.duty.id] = round_
    found = {}
    for round_ in newest.values():
        row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
        rows = (await rounds.units_of(tx, [row.id])).get(row.id, []) if row is not None else []
        units = [entry.unit for entry in rows if entry.handed_in_at is None and entry.excused_at is None]
        if units:
            found[f"{words.period(round_.period.key)}{round_.duty.name}"] = units
    return found


def _coming(world: World, plan: Plan, first: date, last: date) -> tuple[str, ...]:
    """Return the reports due in the rest of the week."""
    return tuple(
        f"{words.period(round_.period.key)}{round_.duty.name}（{words.short_day(round_.due_on)}）"
        for round_ in world.rounds_of(plan)
        if first <= round_.due_on <= last and round_.duty.is_report
    )
