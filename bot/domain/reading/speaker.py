"""Who speaks and what for: the unit, its own items, the duties the reply may fulfil, the numbers it may use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.plans import Item, Plan
from bot.domain.quotas import Quota
from bot.domain.reading.model import Context
from bot.domain.registers import Register
from bot.domain.rounds import Round


@dataclass(frozen=True)
class Pending:
    """What a reply answers: its parts as written, and what of the plan each part names."""

    parts: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    items: tuple[Item, ...] = ()
    lists: tuple[str, ...] = ()
    registers: tuple[Register, ...] = ()
    quotas: tuple[Quota, ...] = ()
    figures: bool = False


@dataclass(frozen=True)
class Speaker:
    """One sender seen from the plan. `numbers` maps what people call an item to its id; `own` are the items a reply is
    about, `free` those the sender may report as well."""

    unit: str
    role: str
    own: tuple[str, ...]
    numbers: dict[int, str]
    known: frozenset[str]
    monthly: dict[tuple[int, int], str] = field(default_factory=dict)
    asked: Pending = Pending()
    home: bool = True
    items: dict[str, Item] = field(default_factory=dict)
    own_numbers: frozenset[int] = frozenset()
    free: frozenset[str] = frozenset()

    @property
    def pointed(self) -> bool:
        """Say whether the prompt names items, figures or the like: then every count in a reply is of them."""
        asked = self.asked
        listed = asked.lists and not asked.rounds
        return bool(asked.items or asked.registers or asked.quotas or asked.figures or listed)

    @property
    def rounds(self) -> tuple[Round, ...]:
        return self.asked.rounds

    @property
    def pending(self) -> tuple[str, ...]:
        return self.asked.parts

    def kind_of(self, item: str) -> str:
        """Return the item's kind; "" for an id the plan does not hold."""
        return self.items[item].kind if item in self.items else ""

    def whole_of(self, item: str) -> str:
        """Return the item asked for whose part an item is, else the item itself."""
        whole = self.items[item].part_of if item in self.items and item not in self.own else ""
        return whole if whole in self.own else item

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
        self._duties = {duty.id: duty for duty in plan.duties}
        self._made: dict[tuple[str, str, str, str | None], Speaker] = {}
        self._items: dict[str, Item] = {item.id: item for item in plan.live_items}
        self._free = frozenset(item.id for item in plan.live_items if not item.units)
        self._monthly = {
            (item.window.due_on.month, item.no): item.id
            for item in plan.live_items
            if item.window and item.no is not None and "{month}" in item.label_form
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
        asked = self._asked(ctx.pending)
        led = self._plan.items_of_unit(name, None)
        own = self._own(led, asked)
        numbered = self._numbered(asked)
        if ctx.role == "office":
            # The office speaks of every list: a number the asked list does not have is the first list's.
            numbered += self._numbered(Pending())
        return Speaker(
            unit=name, role=ctx.role, own=tuple(dict.fromkeys(item.id for item in own)),
            numbers=_by_number(numbered) | _by_number(own), known=frozenset(self._items), monthly=self._monthly,
            asked=asked, items=self._items, own_numbers=frozenset(item.no for item in own if item.no is not None),
            free=self._free | {item.id for item in (*led, *asked.items)},
        )  # fmt: skip

    def _asked(self, pending: str | None) -> Pending:
        """Find what each part of a prompt names: a round, an item, a list, a register, a quota or a duty of figures."""
        parts = tuple(part.strip() for part in re.split(r"[+,，]", pending or "") if part.strip())
        names = [part.removeprefix("item:").partition(":")[0] for part in parts]
        duties = [self._duties[name] for name in names if name in self._duties]
        keys = {*names, *(duty.register for duty in duties)}
        rounds = tuple(found for found in map(self._round, parts) if found)
        listed = [found.duty.list_key for found in rounds if found.duty.list_key]
        listed += [known.key for known in self._plan.lists if known.key in keys or known.name in keys]
        return Pending(
            parts,
            rounds,
            tuple(self._items[name] for name in names if name in self._items),
            tuple(dict.fromkeys(listed)),
            tuple(register for register in self._plan.registers if register.key in keys),
            tuple(quota for quota in self._plan.quotas if quota.id in keys),
            any(duty.form == "figures" for duty in duties),
        )

    def _round(self, pending: str) -> Round | None:
        duty, _, period = pending.partition(":")
        found = self._rounds.get((duty, period))
        if found is None and period.isdigit():
            found = next((r for (key, name), r in self._rounds.items() if key == duty and name[:4] == period), None)
        return found

    def _own(self, led: Iterable[Item], asked: Pending) -> list[Item]:
        """The items a reply is about: those asked for by name; else the unit's own, of the lists asked for, with those
        of a list nobody leads."""
        if asked.items or asked.quotas:
            return list(asked.items)
        own = [item for item in led if not asked.lists or item.list_key in asked.lists or item.window is None]
        for found in asked.rounds:
            if found.duty.form == "tasks":
                own += [item for item in self._plan.items_of_round(found.duty, found.period) if not item.units]
        if not asked.rounds:
            own += [item for item in self._items.values() if item.list_key in asked.lists and not item.units]
        return own

    def _numbered(self, asked: Pending) -> list[Item]:
        """The items a plain number may mean: the lists asked for, else the plan's first list."""
        found = [item for r in asked.rounds for item in self._plan.items_of_round(r.duty, r.period)]
        if found or not self._plan.lists:
            return found
        lists = asked.lists or (self._plan.lists[0].key,)
        return [item for item in self._items.values() if item.list_key in lists]


def _by_number(items: Iterable[Item]) -> dict[int, str]:
    return {item.no: item.id for item in reversed(list(items)) if item.no is not None}


def _abroad(ctx: Context) -> Speaker:
    """A sender of a plan this reader does not hold: only the ids its context names are known."""
    pending = tuple(part.strip().removeprefix("item:") for part in (ctx.pending or "").split(",") if part.strip())
    ids = tuple(part.split(":")[0] for part in pending if _is_id(part.split(":")[0]))
    ids = ids or tuple(dict.fromkeys(key.split("@")[0] for key in ctx.prev if len(ctx.prev) == 1))
    numbers = {int(item[1:3]): item for item in reversed(ids) if item[1:3].isdigit()}
    return Speaker(
        unit=ctx.unit, role=ctx.role, own=ids, numbers=numbers, known=frozenset(ids), asked=Pending(pending),
        home=False, own_numbers=frozenset(numbers),
    )  # fmt: skip


def _is_id(word: str) -> bool:
    return len(word) >= 3 and word[0].isascii() and word[0].isupper() and word[1:3].isdigit()
