"""Small worlds and conversations that several folders of tests share."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import count

from sqlalchemy import text

from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.events import Event, Received
from bot.messages.message import from_json
from bot.storage import outbox
from bot.storage.engine import Database
from tests.conftest import Open
from tests.theatre import PLAN, Theatre

Line = tuple[str, ...]
NUMBERS = count(1)


@cache
def whole_plan() -> Plan:
    return load_plan(PLAN)


async def by_hand(house: Theatre) -> Theatre:
    """Stop the loops: everything due is done when the test moves the time or speaks, and only then. Twice as fast."""
    await house.bot.pause()
    return house


def few(*names: str, leaders: Iterable[str] = ()) -> Plan:
    """Return the plan with some units and leaders only, and the items they lead: the same story with fewer people."""
    plan = whole_plan()
    return replace(
        plan,
        units=tuple(unit for unit in plan.units if unit.name in names),
        leaders=tuple(leader for leader in plan.leaders if leader.key in leaders),
        items=tuple(item for item in plan.items if set(item.units) <= set(names)),
    )


async def begin(theatre: Open, start: str, *units: str, leaders: Iterable[str] = (), public_url: str = "") -> Theatre:
    """Open a house with some units only, its rounds open and what was due at its opening forgotten."""
    house = await by_hand(await theatre(start, plan=few(*units, leaders=leaders), public_url=public_url))
    await house.bot.settle()
    async with house.bot.db.begin() as tx:
        await tx.execute(text("DELETE FROM outbox WHERE key LIKE 'unset:%' AND state = 'pending'"))
    house.new()
    return house


def person(house: Theatre, name: str) -> str:
    """Return the account of a unit's contact, or the account itself."""
    return house.contact(name) if house.plan.find_unit(name) else name


async def ask(house: Theatre, who: str, said: str) -> str:
    """Let somebody say something in private and return the reply as it would be sent; delivering it is not the point
    here, and takes most of the time."""
    known = f"said:{next(NUMBERS)}"
    assert (await receive(house, who, said, known)).new
    async with house.bot.db.begin() as tx:
        number = (await tx.execute(text("SELECT id FROM inbox WHERE message_id = :known"), {"known": known})).scalar()
        row = await outbox.find(tx, f"reply:{number}")
        if row is None:
            return ""
        row.state = "sent"
        return from_json(row.message or {}).as_text()


async def converse(house: Theatre, lines: Iterable[Line]) -> None:
    """Play (who, what he says, parts of the answer …); no part at all means that the bot stays silent."""
    for who, said, *parts in lines:
        answer = await ask(house, who, said)
        missing = [part for part in parts if part not in answer]
        assert not missing, f"{said!r} was answered {answer!r}"
        assert parts or not answer


async def say_in_group(house: Theatre, who: str, said: str) -> str:
    """Let somebody say something to the bot in the group; return what it answers there."""
    event = group_event(house, who, said)
    assert (await house.bot.dispatcher.receive(event)).new
    await house.bot.settle()
    return "\n".join(heard.text for heard in house.new() if heard.to == "main")


def group_event(house: Theatre, who: str, said: str, message_id: str = "") -> Event:
    route = {"chat": "main", "chat_kind": "group"}
    at = house.bot.clock.now()
    known = message_id or f"group:{who}:{said}:{at}"
    return Event("sandbox", known, "main", "group", person(house, who), said, at, route=route)


def private_event(house: Theatre, who: str, said: str, message_id: str) -> Event:
    sender = person(house, who)
    return Event("sandbox", message_id, sender, "private", sender, said, house.bot.clock.now())


async def receive(house: Theatre, who: str, said: str, message_id: str) -> Received:
    return await house.bot.dispatcher.receive(private_event(house, who, said, message_id))


async def rows(db: Database, query: str) -> list[tuple[object, ...]]:
    """Read the database as it is."""
    async with db.read() as tx:
        return [tuple(row) for row in await tx.execute(text(query))]
