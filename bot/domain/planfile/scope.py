"""The year a plan file is read for, and the words for time in it."""

from dataclasses import dataclass, field
from datetime import date

from bot.domain.cadences import (
    Cadence,
    FromTo,
    OnDate,
    Throughout,
    UnreadableCadence,
    Window,
    clamped,
    read_cadence,
    windows_of,
)
from bot.domain.planfile.table import Fault, Table

YEARS = (2000, 2099)
# Words that name no time: the interval is a setting of the office, or the work has no end.
UNSET = ("定期", "适时", "及时")
LASTING = ("长期", "长期坚持", "常态化", "持续")


@dataclass
class Scope:
    """The year a plan was written for and the year it is read for."""

    own_year: int
    year: int
    faults: list[Fault]
    first_on: date = date.min
    last_on: date = date.max
    issued_on: date | None = None
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def units(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return units with the groups among the names written out, each once."""
        return tuple(dict.fromkeys(unit for name in names for unit in self.groups.get(name, (name,))))

    def item_windows(self, cadences: tuple[Cadence, ...]) -> list[Window]:
        """List an item's windows in the years of the plan; 活动期间 is the plan's own period."""
        if any(isinstance(cadence, Throughout) for cadence in cadences):
            return [Window(self.first_on, self.last_on)]
        return windows_of(cadences, date(self.first_on.year, 1, 1), date(self.last_on.year, 12, 31))

    def words(self, text: str) -> str:
        return text.replace("{year}", str(self.year))

    def span(self, table: Table, key: str = "period") -> tuple[date, date]:
        words = table.texts(key) or ("1月1日", "12月31日")
        days = [self.day(part, table, key) for part in words]
        if len(days) != 2 or days[0] > days[1]:
            table.fault(key, f"“{words}”不是起止两天", f'应写成 {key} = ["2月1日", "12月31日"]')
            return date(self.year, 1, 1), date(self.year, 12, 31)
        return days[0], days[1]

    def day(self, words: str, table: Table, key: str) -> date:
        windows = windows_of(self.cadence(words, table, key), date(self.year - 9, 1, 1), date(self.year + 9, 12, 31))
        near = [window.due_on for window in windows if window.due_on.year == self.year] or [
            window.due_on for window in windows
        ]
        return near[0] if near else date(self.year, 1, 1)

    def cadence(self, words: str, table: Table, key: str) -> tuple[Cadence, ...]:
        try:
            found = read_cadence(words)
        except UnreadableCadence as error:
            table.fault(key, "时间看不懂", str(error))
            return ()
        return tuple(self._rolled(cadence) for cadence in found)

    def _rolled(self, cadence: Cadence) -> Cadence:
        if isinstance(cadence, FromTo):
            return FromTo(self._moved(cadence.first), self._moved(cadence.last))
        return OnDate(self._moved(cadence.day)) if isinstance(cadence, OnDate) else cadence

    def _moved(self, day: date) -> date:
        # Kept within what a date can hold; a day that far away falls outside the plan and is a fault there.
        year = min(max(day.year + self.year - self.own_year, 1), 9999)
        return clamped(year, day.month, day.day)


def read_year(value: int, head: Table) -> int:
    if YEARS[0] <= value <= YEARS[1]:
        return value
    head.fault("year", f"“{value}”不是可用的年份", f"应在 {YEARS[0]} 至 {YEARS[1]} 之间")
    return YEARS[0]
