"""Tables of a register or a figure by unit: how many were sent and used, who scored what, which number stands where."""

from datetime import date, timedelta

from bot.domain.figures import FigureKind
from bot.domain.plans import Plan
from bot.domain.registers import Register
from bot.domain.tallies import Place, Tally, moved_since, ranked
from bot.storage import registers
from bot.storage.engine import Tx
from bot.stories.figures import standings_of


async def tally_figure(tx: Tx, plan: Plan, kind: FigureKind, today: date) -> Tally:
    """Rank the units by a figure, with their moves against where they stood at the end of the month before."""
    ended = today.replace(day=1) - timedelta(1)
    now, then = await _ranks(tx, plan, kind, date.max), await _ranks(tx, plan, kind, ended)
    since = f"{ended.month}月底" if then else ""
    return Tally(kind.name, (kind.unit,), tuple(moved_since(now, then)), since=since)


async def _ranks(tx: Tx, plan: Plan, kind: FigureKind, until: date) -> list[Place]:
    by_unit = await standings_of(tx, plan, kind, until)
    return ranked((unit, (entry.value,)) for unit, entry in by_unit.items())


async def tally_register(tx: Tx, plan: Plan, register: Register, first: date, last: date) -> Tally:
    """Rank by a register: by the best score of each entrant where it keeps scores, else by the number of entries.

    Where entries have states, the second number is how many came to their end (used, recognised, put right).
    """
    entries = await registers.list_entries(tx, plan.key, registers.Wanted(register.key, first, last))
    score = next((field for field in register.of_kind("number") if "分" in field.name and "满" not in field.name), None)
    if score is not None:
        who = next(iter(register.of_kind("person", "unit")), None)
        best: dict[str, float] = {}
        for entry in entries:
            value = entry.values.get(score.key)
            name = str(entry.values.get(who.key, entry.unit)) if who is not None else entry.unit
            if isinstance(value, int | float):
                best[name] = max(float(value), best.get(name, float(value)))
        people = who is not None and who.kind == "person"
        return Tally(register.name, (score.name,), tuple(ranked((n, (v,)) for n, v in best.items())), people)
    wanted = register.units or plan.reporting_units
    # 已采用 or 未采用 is a use like any end of a state.
    use = next((f for f in register.of_kind("choice") if [o[:1] for o in f.options] == ["已", "未"]), None)
    counts = {unit: [0.0, 0.0] for unit in wanted}
    for entry in entries:
        own = counts.setdefault(entry.unit, [0.0, 0.0])
        own[0] += 1
        own[1] += entry.values.get(use.key) == use.options[0] if use is not None else entry.closed_at is not None
    end = use.options[0] if use is not None else register.closed
    columns = ("报送", end.removeprefix("已")) if end else ("报送",)
    return Tally(register.name, columns, tuple(ranked((u, tuple(n[: len(columns)])) for u, n in counts.items())))
