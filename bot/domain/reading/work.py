"""An entry of a register while it is read: where it is said, the words not taken yet, and the values found."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.domain.plans import Plan
from bot.domain.reading.dates import find_dates
from bot.domain.registers import Field, Register
from bot.domain.workdays import Workdays


@dataclass(frozen=True)
class Setting:
    """Where an entry is logged: the plan, the day, who is on the roster, and how items are found in words."""

    plan: Plan
    today: date
    workdays: Workdays
    people: Sequence[str] = ()
    find_item: Callable[[str], str | None] = lambda text: None


@dataclass
class Work:
    """One entry being read: the words not taken yet, and the values found."""

    register: Register
    setting: Setting
    said: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def take(self, wanted: Field, found: re.Match[str], value: Any) -> None:
        """Keep a value and blank out the words that gave it."""
        if value is None:
            return
        self.values[wanted.key] = value
        self.text = self.text[: found.start()] + "，" + self.text[found.end() :]

    def day(self, words: str, *, ahead: bool) -> date | None:
        """Read the first day in words; what happened lies behind, what is due lies ahead."""
        days = find_dates(words, self.setting.today, self.setting.workdays)
        if not days:
            return None
        day, plan = days[0], self.setting.plan
        if ahead or re.search(r"\d{4}", words):
            return day
        # 3月18日 said in December is this year's, while the plan runs; what happened lies behind.
        back = day - relativedelta(years=1)
        if (day > plan.last_on and back >= plan.first_on) or day > self.setting.today + timedelta(183):
            return back
        return day

    @property
    def labels(self) -> str:
        names = {name for wanted in self.register.fields for name in wanted.names}
        return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
