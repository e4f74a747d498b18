"""Quarterly dispatch: the office picks items from a one-page list, and their leads are asked."""

from datetime import datetime, timedelta

from bot.domain.plans import Item, Plan
from bot.domain.rounds import Round
from bot.domain.world import World
from bot.messages import reminders, words
from bot.messages.message import Message
from bot.storage import checkins, outbox, rounds
from bot.storage.engine import Tx
from bot.stories.recipients import contacts_on, put


async def overview(tx: Tx, plan: Plan, round_: Round) -> Message:
    """List the items of a dispatch, lowest progress first, with what each of its units said."""
    row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
    chosen = await rounds.chosen_items(tx, row.id) if row is not None else set()
    items = plan.items_of_round(round_.duty, round_.period)
    said: dict[str, list[tuple[float, str]]] = {}
    for entry in await checkins.progress_of(tx, plan.key, [item.id for item in items]):
        words_ = f"{entry.unit} {words.state(entry.percent, entry.status)}"
        said.setdefault(entry.item, []).append((entry.percent or 0.0, words_))

    def lowest(item: Item) -> tuple[float, str]:
        return min(said.get(item.id, [(-1.0, "")]))[0], item.id

    rows = [
        (item, "；".join(text for _, text in sorted(said.get(item.id, []))) or "未报")
        for item in sorted(items, key=lowest)
    ]
    labels = [item.label for item in items if item.id in chosen]
    return reminders.dispatch_overview(round_.period.key, rows, labels)


async def choose(tx: Tx, world: World, plan: Plan, round_: Round, items: list[Item], now: datetime) -> int:
    """Note the office's choice; ask the leads if the day of the dispatch has come. Returns how many are asked."""
    await rounds.open_round(tx, plan, round_, world.policy, now)
    row = await rounds.find(tx, plan.key, round_.duty.id, round_.period.key)
    if row is None:
        raise LookupError("the dispatch round was not opened")
    await rounds.choose_items(tx, row.id, [item.id for item in items])
    if world.policy.today(now) < round_.opens_on:
        return 0
    await rounds.put_asks(tx, row.id, "dispatch")
    units = await rounds.units_asked(tx, row.id, "dispatch")
    contacts = (await contacts_on(tx, plan, world.policy.today(now))).by_unit
    asked = {unit: contacts[unit].id for unit in units if unit in contacts}
    keys = {member: f"dispatch:{row.id}:{now:%Y-%m-%d}:m{member}" for member in asked.values()}
    start = world.policy.next_working_moment(now, world.workdays)
    common = {"kind": "ask", "not_before": start, "expires_at": start + timedelta(days=3)}
    await put(tx, world, plan, keys, common)
    ids = await outbox.open_ids(tx, keys.values())
    by_unit = {unit: ids[keys[member]] for unit, member in asked.items() if keys[member] in ids}
    await rounds.address_asks(tx, row.id, "dispatch", by_unit, dict.fromkeys(units, "没有联络员"))
    return len(asked)
