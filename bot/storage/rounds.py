"""Rounds, what each unit owes in them, and the asks made for them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, func, literal, select, update

from bot.domain.plans import Plan
from bot.domain.policy import Policy
from bot.domain.rounds import Round, units_owing
from bot.storage.engine import Tx, insert_new
from bot.storage.prepared import Prepared, object_of
from bot.storage.tables import Ask, Choice, OccasionRow, Owner, Progress, RoundRow, RoundUnit

_of_unit = Prepared(
    select(*RoundRow.__table__.c, *RoundUnit.__table__.c)
    .join_from(RoundUnit, RoundRow, RoundUnit.round_id == RoundRow.id)
    .where(
        RoundRow.plan == bindparam("plan"),
        RoundUnit.unit == bindparam("unit"),
        RoundRow.opens_on <= bindparam("today"),
        RoundRow.due_on >= bindparam("since"),
    )
    .order_by(RoundRow.due_on, RoundRow.id)
)
_hand_in = Prepared(
    update(RoundUnit)
    .where(
        RoundUnit.round_id == bindparam("round_id_"),
        RoundUnit.unit == bindparam("unit_"),
        RoundUnit.handed_in_at.is_(None),
    )
    .values(handed_in_at=bindparam("at"))
)


async def open_round(tx: Tx, plan: Plan, round_: Round, policy: Policy, now: datetime) -> bool:
    """Open a round and note what each unit owes; return False when it was open already."""
    values = {
        "plan": plan.key,
        "duty": round_.duty.id,
        "period": round_.period.key,
        "opens_on": round_.opens_on,
        "due_on": round_.due_on,
        "on_time_until": policy.end_of(round_.due_on),
    }
    statement = insert_new(tx, RoundRow).values(values).returning(RoundRow.id)
    round_id = (await tx.execute(statement)).scalar_one_or_none()
    if round_id is None:
        return False
    rows = [{"round_id": round_id, "unit": unit} for unit in units_owing(plan, round_)]
    if rows:
        await tx.execute(insert_new(tx, RoundUnit), rows)
    if round_.duty.form == "progress":
        await excuse_finished(tx, round_id, plan.key, round_.duty.list_key, now)
    return True


async def opened(tx: Tx, plan: str) -> set[tuple[str, str]]:
    """Return (duty, period) of the plan's rounds that are open or over."""
    statement = select(RoundRow.duty, RoundRow.period).where(RoundRow.plan == plan)
    return set((await tx.execute(statement)).all())


async def find(tx: Tx, plan: str, duty: str, period: str) -> RoundRow | None:
    statement = select(RoundRow).where(RoundRow.plan == plan, RoundRow.duty == duty, RoundRow.period == period)
    return (await tx.execute(statement)).scalar_one_or_none()


async def of_unit(tx: Tx, plan: str, unit: str, since: date, today: date) -> Sequence[tuple[RoundRow, RoundUnit]]:
    """Return the rounds a unit owes something in that have opened and were due since a day, oldest due first."""
    rows = await _of_unit(tx, plan=plan, unit=unit, since=since, today=today)
    split = len(RoundRow.__table__.c)
    return [(object_of(RoundRow, row[:split]), object_of(RoundUnit, row[split:])) for row in rows]


async def units_of(tx: Tx, round_ids: Iterable[int]) -> dict[int, list[RoundUnit]]:
    """Return what each unit owes in some rounds, in the plan's order of units as they were opened."""
    found: dict[int, list[RoundUnit]] = {}
    statement = select(RoundUnit).where(RoundUnit.round_id.in_(list(round_ids)))
    for row in (await tx.execute(statement)).scalars():
        found.setdefault(row.round_id, []).append(row)
    return found


async def hand_in(tx: Tx, round_id: int, unit: str, at: datetime) -> None:
    """Mark a unit's part of a round as handed in; the first time counts."""
    await _hand_in(tx, round_id_=round_id, unit_=unit, at=at)


async def excuse_finished(tx: Tx, round_id: int, plan: str, list_key: str, now: datetime) -> None:
    """Excuse the units all of whose items on a list are done: nobody is asked about finished work."""
    unfinished = (
        select(Owner.unit)
        .outerjoin(
            Progress, (Progress.plan == Owner.plan) & (Progress.item == Owner.item) & (Progress.unit == Owner.unit)
        )
        .where(Owner.plan == plan, Owner.list_key == list_key, func.coalesce(Progress.percent, 0) < 100)
    )
    owners = select(Owner.unit).where(Owner.plan == plan, Owner.list_key == list_key)
    await tx.execute(
        update(RoundUnit)
        .where(RoundUnit.round_id == round_id, RoundUnit.unit.in_(owners), RoundUnit.unit.not_in(unfinished))
        .values(excused_at=now)
    )


async def excuse(tx: Tx, round_id: int, unit: str, at: datetime | None) -> bool:
    """Let a unit owe a round nothing (None: owe it again); False when it owes it nothing anyway or handed it in."""
    statement = (
        update(RoundUnit)
        .where(RoundUnit.round_id == round_id, RoundUnit.unit == unit, RoundUnit.handed_in_at.is_(None))
        .values(excused_at=at)
        .returning(RoundUnit.unit)
    )
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def add_units(tx: Tx, round_id: int, units: Iterable[str]) -> None:
    """Let more units owe a round something; those that do already are left as they are."""
    rows = [{"round_id": round_id, "unit": unit} for unit in units]
    if rows:
        await tx.execute(insert_new(tx, RoundUnit), rows)


async def take_back(tx: Tx, round_id: int, unit: str) -> None:
    """Mark a unit's part of a round as owed again."""
    await tx.execute(
        update(RoundUnit).where(RoundUnit.round_id == round_id, RoundUnit.unit == unit).values(handed_in_at=None)
    )


async def put_occasion(tx: Tx, plan: str, key: str, at: datetime, outcome: str) -> bool:
    """Note that an occasion was dealt with; False when somebody did before."""
    statement = insert_new(tx, OccasionRow).values(plan=plan, key=key, at=at, outcome=outcome)
    return (await tx.execute(statement.returning(OccasionRow.key))).scalar_one_or_none() is not None


async def occasions_by_outcome(tx: Tx) -> dict[str, int]:
    """Count the sendings the clock dealt with, by outcome (asked or missed)."""
    statement = select(OccasionRow.outcome, func.count()).group_by(OccasionRow.outcome)
    found: dict[str, int] = {}
    for outcome, number in await tx.execute(statement):
        word = outcome.partition(",")[0]
        found[word] = found.get(word, 0) + number
    return found


async def occasions_done(tx: Tx, plan: str) -> set[str]:
    statement = select(OccasionRow.key).where(OccasionRow.plan == plan)
    return set((await tx.execute(statement)).scalars())


async def put_asks(tx: Tx, round_id: int, step: str, cap: int | None = None) -> None:
    """Ask every unit that still owes the round something, in one statement; at most `cap` asks for each unit."""
    owing = select(literal(round_id), RoundUnit.unit, literal(step), literal("")).where(
        RoundUnit.round_id == round_id, RoundUnit.handed_in_at.is_(None), RoundUnit.excused_at.is_(None)
    )
    if cap is not None:
        asked = (
            select(func.count())
            .select_from(Ask)
            .where(Ask.round_id == round_id, Ask.unit == RoundUnit.unit, Ask.outbox_id.is_not(None))
        )
        owing = owing.where(asked.scalar_subquery() < cap)
    await tx.execute(insert_new(tx, Ask).from_select(["round_id", "unit", "step", "reason"], owing))


async def put_ask(tx: Tx, round_id: int, unit: str, step: str, outbox_id: int) -> None:
    """Ask one unit in one round by a message that is already in the outbox."""
    values = {"round_id": round_id, "unit": unit, "step": step, "outbox_id": outbox_id, "reason": ""}
    await tx.execute(insert_new(tx, Ask).values(values))


async def units_asked(tx: Tx, round_id: int, step: str) -> Sequence[str]:
    """Return the units a step of a round asks, in the order they were asked."""
    statement = select(Ask.unit).where(Ask.round_id == round_id, Ask.step == step, Ask.outbox_id.is_(None))
    return (await tx.execute(statement.order_by(Ask.id))).scalars().all()


async def address_asks(
    tx: Tx, round_id: int, step: str, outbox_by_unit: Mapping[str, int], reasons: Mapping[str, str]
) -> None:
    """Tie the asks of a step to the messages they travel in; a unit without one gets its reason."""
    statement = select(Ask).where(Ask.round_id == round_id, Ask.step == step, Ask.outbox_id.is_(None))
    for ask in (await tx.execute(statement)).scalars():
        ask.outbox_id = outbox_by_unit.get(ask.unit)
        ask.reason = "" if ask.outbox_id is not None else reasons.get(ask.unit, "")


async def asks_of(tx: Tx, outbox_id: int) -> Sequence[tuple[Ask, RoundRow, RoundUnit]]:
    """Return the asks that travel in one message, with what is still owed."""
    statement = (
        select(Ask, RoundRow, RoundUnit)
        .join(RoundRow, RoundRow.id == Ask.round_id)
        .join(RoundUnit, (RoundUnit.round_id == Ask.round_id) & (RoundUnit.unit == Ask.unit))
        .where(Ask.outbox_id == outbox_id)
        .order_by(RoundRow.due_on, RoundRow.id, Ask.id)
    )
    return (await tx.execute(statement)).all()


async def drop_asks(tx: Tx, ask_ids: Iterable[int], reason: str) -> None:
    """Note why asks were not made after all."""
    await tx.execute(update(Ask).where(Ask.id.in_(list(ask_ids))).values(reason=reason))


async def choose_items(tx: Tx, round_id: int, items: Iterable[str]) -> None:
    """Note which items a round is about, and that their units owe it an answer."""
    chosen = list(items)
    await tx.execute(insert_new(tx, Choice), [{"round_id": round_id, "item": item} for item in chosen])
    plan = select(RoundRow.plan).where(RoundRow.id == round_id).scalar_subquery()
    units = select(Owner.unit).where(Owner.plan == plan, Owner.item.in_(chosen)).distinct()
    rows = [{"round_id": round_id, "unit": unit} for unit in (await tx.execute(units)).scalars()]
    if rows:
        await tx.execute(insert_new(tx, RoundUnit), rows)


async def chosen_items(tx: Tx, round_id: int) -> set[str]:
    return set((await tx.execute(select(Choice.item).where(Choice.round_id == round_id))).scalars())


async def occasions_with(tx: Tx, plan: str, outcome: str) -> Sequence[str]:
    """Return the keys of occasions with an outcome, in order of time."""
    statement = select(OccasionRow.key).where(OccasionRow.plan == plan, OccasionRow.outcome == outcome)
    return (await tx.execute(statement.order_by(OccasionRow.at, OccasionRow.key))).scalars().all()
