"""Showing registers: the list of them, one with its counts and entries, one entry in a line."""

from bot.dispatch import Call
from bot.domain.entries import PERIODS, brief, names_in
from bot.domain.registers import Field, Register
from bot.domain.rounds import stretch
from bot.errors import UserError
from bot.messages import registers as wording
from bot.messages.message import Message, joined
from bot.storage import members, registers
from bot.storage.engine import Tx
from bot.storage.tables import RegisterEntry
from bot.stories.registers import concerned, filled_by, hidden, may_see


def line_of(call: Call, register: Register, entry: RegisterEntry) -> wording.Line:
    """Say an entry in a line; private fields only where nobody reads along."""
    said = brief(register, entry.values, call.plan, private=call.event.chat_kind == "private")
    return wording.Line(entry.number, entry.unit, said, entry.state, wording.due_words(entry.due_on, call.today))


async def listed(call: Call, tx: Tx) -> Message:
    found = []
    for register in call.plan.registers:
        if hidden(register, call.standpoint):
            continue
        entries = await _visible(call, tx, register)
        open_ = sum(1 for entry in entries if register.states and entry.closed_at is None)
        found.append((register, len(entries), open_))
    return wording.listed(found)


async def _visible(call: Call, tx: Tx, register: Register) -> list[RegisterEntry]:
    entries = await registers.list_entries(tx, call.plan.key, registers.Wanted(register.key))
    return [entry for entry in entries if may_see(register, call.standpoint, *concerned(register, entry))]


async def show(call: Call, tx: Tx, register: Register) -> Message:
    """Show one register to somebody: counts by state, unit and choice, then the open entries or the newest ones."""
    if hidden(register, call.standpoint):
        raise UserError(f"{register.name}只有{call.plan.receiver}能看。")
    entries = await _visible(call, tx, register)
    open_ = [entry for entry in entries if register.states and entry.closed_at is None]
    shown = open_ if register.states else list(reversed(entries))
    counts = [f"共 {len(entries)} 条" + (f"，未办结 {len(open_)} 条" if register.states else "")]
    counts += await _slots(call, tx, register)
    counts += _coverage(call, register, entries)
    counts += await _persons(call, tx, register, entries)
    counts += [
        f"没有写{field.name}的 {lacking} 条：{_numbers(entries, field.key)}"
        for field in register.fields
        if field.wanted and (lacking := sum(1 for entry in entries if field.key not in entry.values))
    ]
    counts += [f"{field.name}：{_tally(entries, field)}" for field in register.of_kind("choice") if entries]
    counts += _by_unit(register, entries)
    counts += _sides(register, entries)
    if register.anonymous:
        # Of what was said without a name a group hears only how much of it there is.
        alone = entries if call.event.chat_kind == "private" else []
        return wording.overview(register, [*counts, *_averages(register, alone)], [], _opinions(register, alone))
    counts += _sums(register, entries)
    return wording.overview(register, counts, [line_of(call, register, entry) for entry in shown])


def _by_unit(register: Register, entries: list[RegisterEntry]) -> list[str]:
    """Say of each unit an entry is about how its entries fall, with shares: called 3, attended 2 (66.7%)."""
    unit = next(iter(register.of_kind("unit")), None)
    choice = next(iter(register.of_kind("choice")), None)
    if unit is None or choice is None or unit.key in register.once:
        return []
    found: dict[str, list[str]] = {}
    for entry in entries:
        if unit.key in entry.values:
            found.setdefault(str(entry.values[unit.key]), []).append(str(entry.values.get(choice.key, "")))
    lines = []
    for name, said in found.items():
        shares = [f"{o} {said.count(o)}（{said.count(o) / len(said):.1%}）" for o in choice.options if o in said]
        lines.append(f"{name}：{'，'.join((f'{register.noun} {len(said)}', *shares))}")
    return lines


def _averages(register: Register, entries: list[RegisterEntry]) -> list[str]:
    """Say of each person an anonymous register rates how many did so, and the mean of each number."""
    lines = []
    by_person: dict[str, list[RegisterEntry]] = {}
    for entry in entries:
        for name in names_in(register, entry.values):
            by_person.setdefault(name, []).append(entry)
    for name, own in by_person.items():
        means = []
        for field in register.of_kind("number"):
            numbers = [entry.values[field.key] for entry in own if field.key in entry.values]
            means += [f"{field.name}平均 {sum(numbers) / len(numbers):.1f}{field.unit}"] if numbers else []
        lines.append(f"{name}：{'，'.join((f'{len(own)} 份', *means))}")
    return lines


def _opinions(register: Register, entries: list[RegisterEntry]) -> list[str]:
    """Return what was written without a name, in no order that tells who; of persons nothing that was written."""
    if register.of_kind("person", "people"):
        return []
    texts = [field.key for field in register.of_kind("text")]
    said = sorted("，".join(str(entry.values[key]) for key in texts if key in entry.values) for entry in entries)
    return [words for words in said if words]


async def _slots(call: Call, tx: Tx, register: Register) -> list[str]:
    """Say how many of the plan's slots for a register are filled: 1/4 for a lecture a quarter."""
    duties = [duty for duty in call.plan.duties if duty.by_plan and duty.register == register.key and duty.cadences]
    lines = []
    for duty in duties:
        rounds = [round_ for round_ in call.world.rounds_of(call.plan) if round_.duty is duty]
        filled = 0
        for round_ in rounds:
            counts = await registers.count_by_unit(tx, call.plan.key, register.key, *stretch(round_))
            filled += filled_by(duty, counts)(call.plan.receiver)
        lines.append(f"{duty.words} {filled}/{len(rounds)}")
    return lines


def _coverage(call: Call, register: Register, entries: list[RegisterEntry]) -> list[str]:
    """Say which of the units that should log have none."""
    if register.of_plan or register.loggers == "office":
        return []
    item = call.plan.find_item(register.item)
    by_item = item.units if item is not None and item.each else ()
    wanted = register.units or by_item or (call.plan.reporting_units if register.once == ("unit",) else ())
    if not wanted:
        return []
    have = {entry.unit for entry in entries}
    without = [unit for unit in wanted if unit not in have]
    tail = f"，还没有：{'、'.join(without)}" if without else "，全部都有"
    return [f"单位：{len(wanted) - len(without)}/{len(wanted)}{tail}"]


def _numbers(entries: list[RegisterEntry], key: str) -> str:
    return "、".join(f"{entry.number} 号" for entry in entries if key not in entry.values)


async def _persons(call: Call, tx: Tx, register: Register, entries: list[RegisterEntry]) -> list[str]:
    """Say of each unit's staff who has no entry yet, where every person should have one; names only to those who may
    see them, and never in a group."""
    person = next((field for field in register.of_kind("person") if {field.key} == _own(register)), None)
    if person is None or register.anonymous:
        return []
    have = {(entry.unit, entry.values.get(person.key)) for entry in entries}
    by_unit: dict[str, list[str]] = {}
    for somebody in await members.staff(tx, call.plan.key):
        if may_see(register, call.standpoint, somebody.unit):
            by_unit.setdefault(somebody.unit, []).append(somebody.name)
    lines = []
    for unit, names in by_unit.items():
        without = [name for name in names if (unit, name) not in have]
        open_ = f"，还没有：{'、'.join(without)}" if without and call.event.chat_kind == "private" else ""
        lines.append(f"{unit} {len(names) - len(without)}/{len(names)}{open_}")
    return lines


def _own(register: Register) -> set[str]:
    """Return which fields make an entry its own, beside its unit and period."""
    return set(register.once) - PERIODS - {"unit"}


def _tally(entries: list[RegisterEntry], field: Field) -> str:
    """Count the values of a choice, the most frequent first, and name those nobody has."""
    counts: dict[str, int] = {}
    for entry in entries:
        value = str(entry.values.get(field.key, "未写明"))
        counts[value] = counts.get(value, 0) + 1
    said = "，".join(f"{value} {n}" for value, n in sorted(counts.items(), key=lambda pair: -pair[1]))
    without = [option for option in field.options if option not in counts]
    return said + (f"；还没有：{joined(without)}" if without else "")


def _sides(register: Register, entries: list[RegisterEntry]) -> list[str]:
    """Of a ledger of pairs, count each side by itself: several of one side may be tied to one of the other."""
    sides = [field for field in register.of_kind("text") if field.key in register.once]
    if len(sides) < 2 or not entries:
        return []
    return [f"{f.name} {len({entry.values[f.key] for entry in entries if f.key in entry.values})} 个" for f in sides]


def _sums(register: Register, entries: list[RegisterEntry]) -> list[str]:
    found = []
    for field in register.of_kind("number"):
        numbers = [entry.values[field.key] for entry in entries if isinstance(entry.values.get(field.key), int | float)]
        if not numbers or field.low is None or field.private or field.key in register.once:
            continue
        # Marks and rates do not add up.
        mean = field.unit in ("分", "%")
        said = f"平均 {sum(numbers) / len(numbers):.1f}" if mean else f"合计 {sum(numbers):g}"
        found.append(f"{field.name}{said}{field.unit}")
    return found
