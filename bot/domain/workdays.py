"""Chinese working days, make-up days (调休) included.

Order of authority for one day: a holiday file of the office, then the ``chinesecalendar`` package, then plain
weekdays. The last is a guess, so `Workdays.guessed_years` says which years were asked for without knowledge.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import chinese_calendar

from bot.errors import UserError

Source = Literal["file", "package", "weekdays"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class HolidayFile:
    """What one year's holiday file says: days off and working weekend days."""

    year: int
    rest: frozenset[date]
    work: frozenset[date]


class Workdays:
    """Answers "is this a working day" and walks to the next or last one."""

    def __init__(self, files: Iterable[HolidayFile] = ()) -> None:
        self._files = {file.year: file for file in files}
        self.guessed_years: set[int] = set()

    def source(self, year: int) -> Source:
        """Return where the knowledge about a year comes from."""
        if year in self._files:
            return "file"
        return "package" if _package_knows(year) else "weekdays"

    def is_workday(self, day: date) -> bool:
        file = self._files.get(day.year)
        if file is not None:
            return day in file.work or (day.weekday() < 5 and day not in file.rest)
        if _package_knows(day.year):
            return bool(chinese_calendar.is_workday(day))
        self.guessed_years.add(day.year)
        return day.weekday() < 5

    def on_or_before(self, day: date) -> date:
        while not self.is_workday(day):
            day -= DAY
        return day

    def on_or_after(self, day: date) -> date:
        while not self.is_workday(day):
            day += DAY
        return day

    def before(self, day: date, count: int = 1) -> date:
        """Return the `count`-th working day before `day`."""
        for _ in range(count):
            day = self.on_or_before(day - DAY)
        return day

    def after(self, day: date, count: int = 1) -> date:
        """Return the `count`-th working day after `day`."""
        for _ in range(count):
            day = self.on_or_after(day + DAY)
        return day


def _package_knows(year: int) -> bool:
    return bool(date(year, 1, 1) in chinese_calendar.holidays or date(year, 10, 1) in chinese_calendar.holidays)


def parse_holiday_toml(text: str, name: str) -> HolidayFile:
    """Read our own form: ``year``, ``rest = [[from, to, name] | day …]``, ``work = [day …]``.

    Raises `UserError` naming `name` and the key that is wrong.
    """
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"节假日文件 {name} 不是有效的 TOML：{error}") from error
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise UserError(f"节假日文件 {name} 缺少 year，应写成 year = 2027")
    unknown = "、".join(sorted(data.keys() - {"year", "rest", "work"}))
    if unknown:
        raise UserError(f"节假日文件 {name} 里没有“{unknown}”这个设置，可用的是：year、rest、work")
    rest = {day for value in _list(data, "rest", name) for day in _stretch(value, name)}
    work = {_day(value, name, "work") for value in _list(data, "work", name)}
    return HolidayFile(year, frozenset(rest), frozenset(work))


def _list(data: Mapping[str, Any], key: str, name: str) -> list[object]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise UserError(f"节假日文件 {name} 的 {key} 应是清单，写成 {key} = [2027-02-05]")
    return value


def _stretch(value: object, name: str) -> list[date]:
    """Return the days of one entry of `rest`: a day, or [from, to, name]."""
    ends = value if isinstance(value, list) and value else [value]
    first = _day(ends[0], name, "rest")
    last = _day(ends[1], name, "rest") if len(ends) > 1 else first
    if last < first:
        raise UserError(f"节假日文件 {name} 的 rest 里 {first} 在 {last} 之后，应先写起日、再写止日")
    return [first + DAY * n for n in range((last - first).days + 1)]


def parse_holiday_cn(data: Mapping[str, Any], name: str) -> HolidayFile:
    """Read the JSON of the holiday-cn project: ``{"year", "days": [{"date", "isOffDay"}]}``."""
    try:
        days = [(date.fromisoformat(entry["date"]), bool(entry["isOffDay"])) for entry in data["days"]]
        year = int(data["year"])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"节假日文件 {name} 应含 year 和 days（每项有 date、isOffDay）：{error}") from error
    rest = frozenset(day for day, off in days if off)
    return HolidayFile(year, rest, frozenset(day for day, off in days if not off))


def _day(value: object, name: str, key: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise UserError(f"节假日文件 {name} 的 {key} 里“{value}”不是日期，应写成 2027-02-05") from error
