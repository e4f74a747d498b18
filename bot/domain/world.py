"""What every story stands on: the plans served, the working days, the office's policy and its groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.changes import Change, amended
from bot.domain.evidence import Limits
from bot.domain.instructions import with_instructions
from bot.domain.links import Links
from bot.domain.plans import Plan
from bot.domain.policy import Policy
from bot.domain.rounds import Occasion, Round, occasions, rounds_of
from bot.domain.workdays import Workdays
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.domain.reading import Reader


@dataclass(frozen=True)
class Group:
    """One chat group of the configuration, on one platform."""

    id: str
    name: str
    platform: str


class World:
    """The plans served and their surroundings, built once at start. A plan changes in one way only: `amend`.

    `links` is None where the configuration gives no public address; `evidence` is what may be sent along.
    """

    links: Links | None = None
    evidence: Limits = Limits()

    def __init__(
        self, plans: Iterable[Plan], workdays: Workdays, policy: Policy, groups: tuple[Group, ...] = ()
    ) -> None:
        self.files = {plan.key: with_instructions(plan) for plan in plans}
        self.workdays, self.policy, self.groups = workdays, policy, groups
        self.by_key = dict(self.files)
        # The number of the last change each plan in force includes.
        self.revisions: dict[str, int] = {}
        self._readers: dict[str, Reader] = {}
        self._rounds: dict[str, tuple[Round, ...]] = {}
        self._occasions: dict[str, tuple[Occasion, ...]] = {}

    @property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(self.by_key.values())

    def amend(self, key: str, changes: Iterable[Change], revision: int) -> None:
        """Put the file's plan with all its changes in force."""
        self.by_key[key] = amended(self.files[key], changes)
        self.revisions[key] = revision
        for cache in (self._readers, self._rounds, self._occasions):
            cache.pop(key, None)

    def rounds_of(self, plan: Plan) -> tuple[Round, ...]:
        """Return every round of a plan in order of due dates."""
        if plan.key not in self._rounds:
            self._rounds[plan.key] = tuple(rounds_of(self.by_key[plan.key], self.workdays))
        return self._rounds[plan.key]

    def find_round(self, plan: Plan, duty: str, period: str) -> Round | None:
        return next((r for r in self.rounds_of(plan) if r.duty.id == duty and r.period.key == period), None)

    def occasions_of(self, plan: Plan) -> tuple[Occasion, ...]:
        """Return every sending of a plan in order of time."""
        if plan.key not in self._occasions:
            self._occasions[plan.key] = tuple(occasions(self.by_key[plan.key], self.workdays, self.policy))
        return self._occasions[plan.key]

    def plan(self, key: str) -> Plan:
        """Return a served plan; raises `UserError` when it is not served."""
        if key not in self.by_key:
            served = "、".join(self.by_key) or "无"
            raise UserError(f"没有加载计划“{key}”。已加载：{served}")
        return self.by_key[key]

    def reader(self, plan: Plan) -> "Reader":
        """Return the plan's reader; it is built once, because compiling its titles takes time."""
        # Imported where used: compiling its patterns takes a third of a second, and previews read nothing.
        from bot.domain.reading import Reader

        if plan.key not in self._readers:
            self._readers[plan.key] = Reader(self.by_key[plan.key], self.workdays)
        return self._readers[plan.key]

    def groups_of(self, plan: Plan) -> tuple[Group, ...]:
        """Return the plan's groups that the configuration knows."""
        return tuple(group for group in self.groups if group.id in plan.groups)

    def plans_of_group(self, group_id: str) -> tuple[Plan, ...]:
        return tuple(plan for plan in self.plans if group_id in plan.groups)
