"""What every story stands on: the plans served, the working days, the office's policy and its groups."""

from dataclasses import dataclass, field

from bot.domain.plans import Plan
from bot.domain.policy import Policy
from bot.domain.reading import Reader
from bot.domain.rounds import Occasion, Round, occasions, rounds_of
from bot.domain.workdays import Workdays
from bot.errors import UserError


@dataclass(frozen=True)
class Group:
    """One chat group of the configuration, on one platform."""

    id: str
    name: str
    platform: str


@dataclass(frozen=True)
class World:
    """The plans served and their surroundings; built once at start, never changed."""

    plans: tuple[Plan, ...]
    workdays: Workdays
    policy: Policy
    groups: tuple[Group, ...] = ()
    by_key: dict[str, Plan] = field(default_factory=dict, init=False, repr=False, compare=False)
    _readers: dict[str, Reader] = field(default_factory=dict, init=False, repr=False, compare=False)
    _rounds: dict[str, tuple[Round, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _occasions: dict[str, tuple[Occasion, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for plan in self.plans:
            self.by_key[plan.key] = plan
            self._rounds[plan.key] = tuple(rounds_of(plan, self.workdays))
            self._occasions[plan.key] = tuple(occasions(plan, self.workdays, self.policy))

    def rounds_of(self, plan: Plan) -> tuple[Round, ...]:
        """Return every round of a plan in order of due dates."""
        return self._rounds[plan.key]

    def find_round(self, plan: Plan, duty: str, period: str) -> Round | None:
        return next((r for r in self._rounds[plan.key] if r.duty.id == duty and r.period.key == period), None)

    def occasions_of(self, plan: Plan) -> tuple[Occasion, ...]:
        """Return every sending of a plan in order of time."""
        return self._occasions[plan.key]

    def plan(self, key: str) -> Plan:
        """Return a served plan; raises `UserError` when it is not served."""
        if key not in self.by_key:
            served = "、".join(self.by_key) or "无"
            raise UserError(f"没有加载计划“{key}”。已加载：{served}")
        return self.by_key[key]

    def reader(self, plan: Plan) -> Reader:
        """Return the plan's reader; it is built once, because compiling its titles takes time."""
        if plan.key not in self._readers:
            self._readers[plan.key] = Reader(plan, self.workdays)
        return self._readers[plan.key]

    def groups_of(self, plan: Plan) -> tuple[Group, ...]:
        """Return the plan's groups that the configuration knows."""
        return tuple(group for group in self.groups if group.id in plan.groups)

    def plans_of_group(self, group_id: str) -> tuple[Plan, ...]:
        return tuple(plan for plan in self.plans if group_id in plan.groups)
