"""Who speaks and what for: the unit, its own items, the duties the reply may fulfil, the numbers it may use."""

from dataclasses import dataclass, field

from bot.domain.plans import Item, Plan
from bot.domain.reading.model import Context
from bot.domain.rounds import Round


@dataclass(frozen=True)
class Speaker:
    """One sender seen from the plan. `numbers` maps what people call an item to its id."""

    unit: str
    role: str
    own: tuple[str, ...]
    numbers: dict[int, str]
    known: frozenset[str]
    monthly: dict[tuple[int, int], str] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    pending: tuple[str, ...] = ()
    home: bool = True
    kinds: dict[str, str] = field(default_factory=dict)
    own_numbers: frozenset[int] = frozenset()
    free: frozenset[str] = frozenset()

    def id_of(self, number: int) -> str:
        """Return the item's id, or `?n` for a number nobody has."""
        return self.numbers.get(number, f"?{number}")

    def may_report(self, item: str) -> bool:
        return self.role == "office" or item in self.own or item in self.free

    @property
    def only(self) -> str | None:
        return self.own[0] if len(self.own) == 1 else None


class Speakers:
    """Makes speakers of one plan; each combination of unit, role and pending is worked out once."""

    def __init__(self, plan: Plan, rounds: list[Round]) -> None:
        self._plan = plan
        self._rounds = {(found.duty.id, found.period.key): found for found in rounds}
        self._made: dict[tuple[str, str, str, str | None], Speaker] = {}
        self._kinds: dict[str, str] = {item.id: item.kind for item in plan.items}
        self._monthly = {
            (item.window.due_on.month, item.no): item.id for item in plan.items if item.window and item.no is not None
        }

    def of(self, ctx: Context) -> Speaker:
        key = (ctx.seed, ctx.unit, ctx.role, ctx.pending)
        found = self._made.get(key)
        if found is None:
            if len(self._made) > 4096:
                self._made.clear()
            at_home = ctx.seed in ("", self._plan.code, self._plan.key)
            found = self._made[key] = self._at_home(ctx) if at_home else _abroad(ctx)
        return found

    def _at_home(self, ctx: Context) -> Speaker:
        unit = self._plan.find_unit(ctx.unit)
        name = unit.name if unit else ctx.unit
        pending = tuple(part.strip() for part in (ctx.pending or "").split("+") if part.strip())
        rounds = tuple(found for found in map(self._round, pending) if found)
        tasks = [found for found in rounds if found.duty.form == "tasks"]
        lists = tuple(dict.fromkeys(found.duty.list_key for found in rounds if found.duty.list_key))
        listed = self._plan.items_of_unit(name, None)
        own = [item for item in listed if not lists or item.list_key in lists or item.window is None]
        numbered = self._numbered(rounds)
        if ctx.role == "office":
            # The office speaks of every list: a number the asked list does not have is the first list's.
            numbered += self._numbered(())
        for task in tasks:
            own += [item for item in self._plan.items_of_round(task.duty, task.period) if not item.units]
        own += [item for item in map(self._named, pending) if item]
        numbers = {item.no: item.id for item in reversed(numbered) if item.no is not None}
        numbers |= {item.no: item.id for item in reversed(own) if item.no is not None}
        ids = tuple(dict.fromkeys(item.id for item in own))
        return Speaker(
            unit=name, role=ctx.role, own=ids, numbers=numbers, known=frozenset(self._kinds), monthly=self._monthly,
            rounds=rounds, pending=pending, kinds=self._kinds,
            own_numbers=frozenset(item.no for item in own if item.no is not None),
            free=frozenset(item.id for item in self._plan.items if not item.units),
        )  # fmt: skip

    def _round(self, pending: str) -> Round | None:
        duty, _, period = pending.partition(":")
        found = self._rounds.get((duty, period))
        if found is None and period.isdigit():
            found = next((r for (key, name), r in self._rounds.items() if key == duty and name[:4] == period), None)
        return found

    def _named(self, pending: str) -> Item | None:
        return self._plan.find_item(pending.removeprefix("item:"))

    def _numbered(self, rounds: tuple[Round, ...]) -> list[Item]:
        """The items a plain number may mean: the lists asked for, else the plan's first list."""
        found = [item for r in rounds for item in self._plan.items_of_round(r.duty, r.period)]
        if found or not self._plan.lists:
            return found
        return [item for item in self._plan.items if item.list_key == self._plan.lists[0].key]


def _abroad(ctx: Context) -> Speaker:
    """A sender of a plan this reader does not hold: only the ids its context names are known."""
    pending = tuple(part.strip().removeprefix("item:") for part in (ctx.pending or "").split(",") if part.strip())
    ids = tuple(part.split(":")[0] for part in pending if _is_id(part.split(":")[0]))
    ids = ids or tuple(dict.fromkeys(key.split("@")[0] for key in ctx.prev if len(ctx.prev) == 1))
    numbers = {int(item[1:3]): item for item in reversed(ids) if item[1:3].isdigit()}
    return Speaker(
        unit=ctx.unit, role=ctx.role, own=ids, numbers=numbers, known=frozenset(ids), pending=pending, home=False,
        own_numbers=frozenset(numbers),
    )  # fmt: skip


def _is_id(word: str) -> bool:
    return len(word) >= 3 and word[0].isascii() and word[0].isupper() and word[1:3].isdigit()
