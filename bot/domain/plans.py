"""A plan as values: items, units, leaders and duties. Everything a bureau's paper orders, and nothing about one."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.domain.cadences import Cadence, Window
from bot.domain.figures import FigureKind
from bot.domain.ladders import RestDay, Step
from bot.domain.quotas import Quota
from bot.domain.registers import Register

Form = Literal["progress", "sections", "text", "tasks", "dispatch", "register", "figures"]
Covers = Literal["week", "half-month", "month", "quarter", "last-quarter", "half-year", "year"]
League = Literal["group", "leaders", "off"]
Kind = Literal["progress", "document", "event", "count", "checklist"]

# The stages a document passes; it is done at the last only.
STAGES = ("起草", "征求意见", "审议", "印发")
SECTIONS = {"progress": "工作进展", "problems": "存在问题", "next": "下一步工作计划"}


@dataclass(frozen=True)
class Unit:
    """A division, school or county; `name` is the short one used everywhere."""

    name: str
    full: str = ""
    aliases: tuple[str, ...] = ()
    reports: bool = True
    group: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Section:
    """A chapter of the plan's paper, such as 三 建设高质量教育体系; items name theirs by key."""

    key: str
    name: str


@dataclass(frozen=True)
class Opening:
    """What an item stood at when the plan was brought in: earlier months are not asked for."""

    percent: float
    on: date


@dataclass(frozen=True)
class Leader:
    """A lead leader by key (L1 …) and post; the person holding the post is in the roster, not in the plan."""

    key: str
    post: str = ""


@dataclass(frozen=True)
class ItemList:
    """One numbering of the plan, such as the special items or the tasks by month; `label` names its items.

    `words` are what people call one of its items (工程, 行动); `wants` lists what an item must have to be ready, and
    what the office is asked for once: units, when, measures, leaders.
    """

    key: str
    name: str
    label: str = "{no} {title}"
    words: tuple[str, ...] = ()
    wants: tuple[str, ...] = ("units",)


@dataclass(frozen=True)
class Item:
    """A numbered thing on one of the plan's lists. `no` is None where the paper prints no number.

    `parts` are the boxes of a checklist or the results of one task; `stages` those of a document; `count` how many of
    `unit_word` make it done. `each` means that every unit has to do it by itself: it is done when all have. `lasting`
    work has no end and is never done; `history` was due before the paper was issued: it is confirmed, never chased;
    `private` items concern the office only. `labels` are campaigns it serves too;
    `part_of` is the item whose part it is (a document that a point of the plan orders).
    """

    id: str
    list_key: str
    no: int | None
    title: str
    units: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    kind: Kind = "progress"
    window: Window | None = None
    aliases: tuple[str, ...] = ()
    label_form: str = "{no} {title}"
    section: str = ""
    target: str = ""
    measures: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    stages: tuple[str, ...] = STAGES
    count: int | None = None
    unit_word: str = ""
    issuer: str = ""
    labels: tuple[str, ...] = ()
    part_of: str = ""
    support: tuple[str, ...] = ()
    each: bool = False
    lasting: bool = False
    private: bool = False
    opening: Opening | None = None
    when: str = ""
    closed: str = ""
    history: bool = False

    @property
    def label(self) -> str:
        """Name the item as people do: 4 职业学校达标, or 3月任务（4）… where the list says so."""
        if self.no is None:
            return self.title
        month = self.window.due_on.month if self.window else ""
        return self.label_form.format(no=self.no, title=self.title, month=month)


@dataclass(frozen=True)
class Duty:
    """An obligation to report: who, when, in which form and with which ladder of asks.

    `units` are those it is asked of (empty: all that report). A duty of form register is fulfilled by `need` entries
    of `register` in its period; with `by_plan` one slot serves the whole plan and `units` organise it. Without
    `cadences` its interval is not set yet (定期): the office is asked once. `within` narrows the days it may fall due.
    A `named` one counts only what is said under its name, such as a collection the office made.
    """

    id: str
    name: str
    words: str
    cadences: tuple[Cadence, ...]
    form: Form = "text"
    covers: Covers = "month"
    ladder: str = "report"
    list_key: str = ""
    sections: tuple[str, ...] = ()
    rest_day: RestDay = "提前"
    league: bool = False
    units: tuple[str, ...] = ()
    register: str = ""
    need: int = 1
    where: tuple[tuple[str, str], ...] = ()
    by_plan: bool = False
    steps: tuple[Step, ...] = ()
    figures: tuple[str, ...] = ()
    asks_for: tuple[str, ...] = ()
    named: bool = False
    within: tuple[date, date] | None = None

    @property
    def is_report(self) -> bool:
        """Tell whether it is a report of the units, which on-time rates count."""
        return self.form in ("progress", "sections", "text", "figures")

    @property
    def asks_units(self) -> bool:
        """Tell whether each unit owes it something by itself, so that it can be missing."""
        return self.is_report or (self.form == "register" and not self.by_plan)


@dataclass(frozen=True)
class Period:
    """One piece of a duty's time: `key` as in 2023-W12, 2023-03b, 2023-03, 2023-Q1, 2023-H1, 2023."""

    key: str
    window: Window


@dataclass(frozen=True)
class Demo:
    """How the demo opens on this plan: the first day played and the local moment it stops at."""

    at: str = ""
    since: str = ""


@dataclass(frozen=True)
class Plan:
    """One campaign of one organisation. `key` names it in the database; `code` in recorded replies.

    `empty_groups` are kinds of units the paper means without naming one: the office fills them in.
    """

    key: str
    code: str
    name: str
    year: int
    first_on: date
    last_on: date
    receiver: str
    units: tuple[Unit, ...]
    leaders: tuple[Leader, ...]
    lists: tuple[ItemList, ...]
    items: tuple[Item, ...]
    duties: tuple[Duty, ...]
    groups: tuple[str, ...] = ()
    league: League = "group"
    demo: Demo | None = None
    issued_on: date | None = None
    sections: tuple[Section, ...] = ()
    registers: tuple[Register, ...] = ()
    quotas: tuple[Quota, ...] = ()
    figures: tuple[FigureKind, ...] = ()
    digest_by: Literal["", "section"] = ""
    messages_per_month: int | None = None
    annexes: tuple[str, ...] = ()
    empty_groups: tuple[str, ...] = ()
    _items: dict[str, Item] = field(default_factory=dict, init=False, repr=False, compare=False)
    _units: dict[str, Unit] = field(default_factory=dict, init=False, repr=False, compare=False)
    _duties: dict[str, Duty] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._items.update((item.id, item) for item in self.items)
        self._units.update((unit.name, unit) for unit in self.units)
        self._duties.update((duty.id, duty) for duty in self.duties)

    def item(self, item_id: str) -> Item:
        """Return the item of that id; raises KeyError."""
        return self._items[item_id]

    def find_item(self, item_id: str) -> Item | None:
        return self._items.get(item_id)

    def find_register(self, key: str) -> Register | None:
        return next((register for register in self.registers if register.key == key), None)

    def find_quota(self, quota_id: str) -> Quota | None:
        return next((quota for quota in self.quotas if quota.id == quota_id), None)

    def find_figure(self, figure_id: str) -> FigureKind | None:
        return next((figure for figure in self.figures if figure.id == figure_id), None)

    def register_called(self, words: str) -> Register | None:
        """Find a register by its key or a name, else by what its entries are called."""
        named = [register for register in self.registers if words in (register.key, register.name, *register.words)]
        return next(iter(named or [register for register in self.registers if words == register.noun]), None)

    def quota_called(self, words: str) -> Quota | None:
        """Find a quota by its id or a name."""
        upper = words.upper()
        return next((q for q in self.quotas if upper == q.id.upper() or words in (q.name, *q.words)), None)

    def figure_called(self, words: str) -> FigureKind | None:
        """Find a figure by its id or a name."""
        return next((figure for figure in self.figures if words in (figure.id, *figure.names)), None)

    def duty(self, duty_id: str) -> Duty:
        """Return the duty of that id; raises KeyError."""
        return self._duties[duty_id]

    def find_unit(self, name: str) -> Unit | None:
        """Find a unit by its short name, full name or an alias."""
        return self._units.get(name) or next(
            (unit for unit in self.units if name == unit.full or name in unit.aliases), None
        )

    @property
    def reporting_units(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units if unit.reports)

    @property
    def live_items(self) -> tuple[Item, ...]:
        """Return the items that are not closed; `items` holds the closed ones too, for their history."""
        return tuple(item for item in self.items if not item.closed)

    @property
    def main_items(self) -> tuple[Item, ...]:
        """Return the live items the plan is known for: of its first list, and of the others with words of their own.

        工程3 and 行动2 stand beside each other; tasks by month and papers do not count here.
        """
        main = {known.key for at, known in enumerate(self.lists) if at == 0 or known.words}
        return tuple(item for item in self.live_items if item.list_key in main)

    def items_of_unit(self, unit: str, list_key: str | None = None) -> tuple[Item, ...]:
        """Return the live items a unit leads, of one list when `list_key` names it."""
        return tuple(item for item in self.live_items if unit in item.units and list_key in (None, item.list_key))

    def items_of_leader(self, leader: str) -> tuple[Item, ...]:
        return tuple(item for item in self.live_items if leader in item.leaders)

    def items_of_round(self, duty: Duty, period: Period) -> tuple[Item, ...]:
        """Return the live items a round of this duty is about: its list, for month tasks those due in the window."""
        items = tuple(item for item in self.live_items if item.list_key == duty.list_key)
        if duty.form != "tasks":
            return items
        first, last = period.window.opens_on, period.window.due_on
        return tuple(item for item in items if item.window is not None and first <= item.window.due_on <= last)
