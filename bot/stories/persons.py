"""One person in the registers: his entries, who is named twice at one time, who has had none for years, who is busy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from bot.domain.entries import names_in
from bot.domain.plans import Plan
from bot.domain.registers import Register
from bot.storage import members, registers
from bot.storage.engine import Tx
from bot.storage.members import Staff
from bot.storage.tables import Member, RegisterEntry


@dataclass(frozen=True)
class Clash:
    """Two entries that name one person for the same days."""

    name: str
    first: RegisterEntry
    second: RegisterEntry


async def entries_of(tx: Tx, plan: Plan, register: Register, name: str, first: date, last: date) -> list[RegisterEntry]:
    """Return what a register says of a person within some days, oldest first."""
    found = await registers.list_entries(tx, plan.key, registers.Wanted(register.key, first, last))
    return [entry for entry in found if name in names_in(register, entry.values)]


async def clashes(tx: Tx, plan: Plan, register: Register) -> list[Clash]:
    """Return the entries that call one person of one unit to two places at once."""
    by_person: dict[tuple[str, str], list[tuple[date, date, RegisterEntry]]] = {}
    for entry in await registers.list_entries(tx, plan.key, registers.Wanted(register.key)):
        days = days_of(register, entry)
        for name in names_in(register, entry.values) if days else ():
            by_person.setdefault((name, entry.unit), []).append((*days, entry))  # type: ignore[misc]
    found = []
    for (name, _), spans in by_person.items():
        spans.sort(key=lambda span: (span[0], span[1], span[2].number))
        found += [Clash(name, one[2], two[2]) for one, two in pairwise(spans) if two[0] <= one[1]]
    return found


def days_of(register: Register, entry: RegisterEntry) -> tuple[date, date] | None:
    """Return the first and the last day an entry lasts, where it has a span."""
    for field in register.of_kind("span"):
        if value := entry.values.get(field.key):
            return date.fromisoformat(value["from"]), date.fromisoformat(value["to"])
    return None


async def idle(tx: Tx, plan: Plan, register: Register, today: date) -> list[Staff]:
    """Return the people of the roster whom a register has not named for the years it says."""
    since = today - relativedelta(years=register.idle_years)
    recent = await registers.list_entries(tx, plan.key, registers.Wanted(register.key, since, today))
    named = {(name, entry.unit) for entry in recent for name in names_in(register, entry.values)}
    return [
        person
        for person in await members.staff(tx, plan.key)
        if (person.name, person.unit) not in named and (person.name, plan.receiver) not in named
    ]


async def busy_until(tx: Tx, plan: Plan, people: Iterable[Member], day: date) -> dict[int, date]:
    """Return until when those are busy who are named on a day by a register that keeps people busy."""
    found: dict[int, date] = {}
    people = list(people)
    for register in plan.registers if people else ():
        for entry in await _lasting(tx, plan, register, day) if register.busy else ():
            _, last = days_of(register, entry) or (day, day)
            for member in people:
                if member.name in names_in(register, entry.values):
                    found[member.id] = max(last, found.get(member.id, last))
    return found


async def _lasting(tx: Tx, plan: Plan, register: Register, day: date) -> Sequence[RegisterEntry]:
    begun = await registers.list_entries(tx, plan.key, registers.Wanted(register.key, last=day))
    return [entry for entry in begun if (days := days_of(register, entry)) and days[0] <= day <= days[1]]
