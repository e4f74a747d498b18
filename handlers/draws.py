"""Drawing: a random sample of people or units with a recorded seed; results are filled in by number afterwards."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dispatch import Call, PassOn, Router
from bot.domain.draws import Candidate, draw
from bot.domain.registers import Register
from bot.errors import UserError
from bot.messages import draws as wording
from bot.messages.message import Message
from bot.storage import draws, members, registers
from bot.storage.engine import Tx
from bot.storage.tables import DrawRow

router = Router("draws", "台账")

PER_UNIT = re.compile(r"(?:每个?|各)(?:处室|科室|单位|部门|学校|处|科|支部)?\s*(\d{1,3})\s*[人名]")
SOME = re.compile(r"(\d{1,3})\s*(?:个|家|所)?\s*(单位|处室|科室|学校|对象|部门|机构|人员|人|名)")
REPEAT = re.compile(r"复核\s*(\d+)\s*号?")


@dataclass(frozen=True)
class Order:
    """What is to be drawn: people or units, how many, of each unit or of all, for which register and choice."""

    register: Register | None
    people: bool
    count: int
    per_unit: bool
    choices: dict[str, str]


@router.command(
    "draw",
    "抽查",
    "抽取",
    usage="/draw 台账 每处室几人 | 几个单位",
    help="随机抽人或抽单位，种子留档可复核，如：抽查 学习笔记 每处室2人、抽取 3个单位",
    roles=("office",),
    says=r"抽[查取]\s*(?P<args>(?![了过完出到])[^%％。]{0,30}\d[^%％。]{0,12})",
)
async def draw_(call: Call, tx: Tx) -> Message:
    """/draw register how many: draw, keep seed and pool, and open an entry for each one drawn."""
    repeated = REPEAT.fullmatch(call.args.strip())
    if repeated is not None:
        return await _repeat(call, tx, int(repeated[1]))
    order = _read(call)
    if order.people and call.event.chat_kind == "group":
        raise UserError(wording.privately())
    pool = await _pool(call, tx, order)
    if not pool:
        raise UserError(wording.nobody(order.people))
    seed = secrets.token_hex(8)
    drawn = draw(seed, pool, order.count, per_unit=order.per_unit)
    row = DrawRow(
        plan=call.plan.key,
        register=order.register.key if order.register is not None else "",
        seed=seed,
        pool=[[one.key, one.unit, one.times] for one in pool] + [["count", order.count, order.per_unit]],
        drawn=drawn,
        drawn_at=call.now,
        member_id=call.member.id,
    )
    number = await draws.put(tx, row)
    names = await _names(tx, pool, order.people)
    lines = await _log(call, tx, order, number, [one for key in drawn for one in pool if one.key == key], names)
    return wording.drawn(number, order.register, lines, seed, len(pool))


def _read(call: Call) -> Order:
    """Read what is to be drawn; raises `UserError` that says what would be right."""
    each, some = PER_UNIT.search(call.args), SOME.search(call.args)
    if each is None and some is None:
        if not call.slash and call.args:
            raise PassOn  # an entry of a register of that name
        raise UserError(wording.how())
    people = each is not None or (some is not None and some[2] in ("人", "名", "人员"))
    name = re.sub(r"[\s，,的]+", " ", SOME.sub(" ", PER_UNIT.sub(" ", call.args))).strip()
    register, choices = _register(call, name, people)
    count = int(each[1] if each is not None else some[1])  # type: ignore[index]
    return Order(register, people, count, each is not None, choices)


def _register(call: Call, name: str, people: bool) -> tuple[Register | None, dict[str, str]]:
    """Return the register that keeps such draws, with the choice its words name (食堂 among its 领域)."""
    kind = "people" if people else "units"
    able = [register for register in call.plan.registers if register.draw == kind]
    words = [word for word in name.split() if word]
    for register in able:
        names = (register.name, register.noun, *register.words)
        rest = [word for word in words if not any(word in known or known in word for known in names)]
        options = {f.key: o for f in register.of_kind("choice") for o in f.options for word in rest if word in o}
        if len(rest) < len(words) or options or not words:
            return register, options
    if words and not able and call.plan.register_called(words[0]) is None:
        return None, {}
    if words and able:
        raise UserError(wording.which([register.name for register in able]))
    return None, {}


async def _pool(call: Call, tx: Tx, order: Order) -> list[Candidate]:
    """Return who can be drawn, with how often each was: the staff of the units, or the units themselves."""
    register = order.register
    times = await draws.times_drawn(tx, call.plan.key, register.key if register is not None else "")
    units = register.units if register is not None and register.units else call.plan.reporting_units
    if not order.people:
        return [Candidate(unit, unit, times[unit]) for unit in units]
    staff = await members.staff(tx, call.plan.key)
    return [Candidate(str(p.member_id), p.unit, times[str(p.member_id)]) for p in staff if p.unit in units or not units]


async def _names(tx: Tx, pool: Sequence[Candidate], people: bool) -> dict[str, str]:
    if not people:
        return {one.key: one.unit for one in pool}
    found = {one.key: await members.get(tx, int(one.key)) for one in pool}
    return {key: member.name if member is not None else "（已离开）" for key, member in found.items()}


async def _log(
    call: Call, tx: Tx, order: Order, number: int, drawn: Sequence[Candidate], names: dict[str, str]
) -> list[str]:
    """Open an entry for each one drawn, where a register keeps them; return a line for each."""
    register = order.register
    lines = []
    for one in drawn:
        said = f"{one.unit}　{names[one.key]}" if order.people else one.unit
        if register is None:
            lines.append(said)
            continue
        field = next(iter(register.of_kind("person" if order.people else "unit")), None)
        values = {**order.choices, **({field.key: names[one.key]} if field is not None else {})}
        values |= {f.key: call.today.isoformat() for f in register.of_kind("date") if f.key == register.on}
        logged = registers.Logged(
            plan=call.plan.key,
            register=register.key,
            unit=one.unit,
            at=call.now,
            happened_on=call.today,
            values=values,
            member_id=call.member.id,
            inbox_id=call.inbox_id,
            state=register.opening,
            draw_id=number,
        )
        lines.append(f"{(await registers.log(tx, logged)).number} 号　{said}")
    return lines


async def _repeat(call: Call, tx: Tx, number: int) -> Message:
    """Draw again from the stored seed and pool, and compare."""
    row = await draws.find(tx, call.plan.key, number)
    if row is None:
        raise UserError(f"没有第 {number} 次抽取。")
    *kept, (_, count, per_unit) = row.pool
    pool = [Candidate(str(key), str(unit), int(times)) for key, unit, times in kept]
    again = draw(row.seed, pool, int(count), per_unit=bool(per_unit))
    return wording.repeated(number, row.seed, len(pool), same=again == list(row.drawn))
