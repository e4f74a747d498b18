"""Cadences: the words of a plan that divide time, read as periods.

Each class reads one family of words (`pattern`) and lists its periods inside a span. Adding a cadence is adding a
class here and naming it in `CADENCES`. Readings follow the usage of Chinese offices: 「25日前」 includes the 25th,
「中旬」 is the 11th to the 20th, a month without a day is due on its last day.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Protocol

from dateutil.rrule import MONTHLY, WEEKLY, rrule

from bot.domain.numerals import to_int

DAY = timedelta(days=1)
THIRDS: dict[str, tuple[int, int | None]] = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, None)}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Window:
    """Inclusive stretch of days; what falls in it is due on `due_on`.

    With `workdays` it ends on that working day counted from its opening; `due_on` then is the earliest it can be.
    """

    opens_on: date
    due_on: date
    workdays: int = 0


class Cadence(Protocol):
    """A rule that lists windows whose due date lies inside [first, last]."""

    def windows(self, first: date, last: date) -> Iterator[Window]: ...


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def clamped(year: int, month: int, day: int) -> date:
    """Return the day, or the month's last day where the month is shorter."""
    return date(year, month, min(day, month_end(year, month).day))


def _days(freq: int, first: date, last: date, **by: int) -> Iterator[date]:
    start = datetime(first.year, first.month, first.day)
    for moment in rrule(freq, dtstart=start, until=datetime(last.year, last.month, last.day), **by):  # type: ignore[arg-type]
        yield moment.date()


@dataclass(frozen=True)
class EveryMonth:
    """每月25日前 · 每月: due on a day of each month, or on its last day where it is shorter or none is named."""

    pattern: ClassVar[str] = r"每(?:个?月)(?:(\d{1,2})[日号]|(月?[底末]))?(?:以?前)?"
    day: int

    @classmethod
    def read(cls, found: re.Match[str]) -> "EveryMonth":
        return cls(int(found[1]) if found[1] else 31)

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for start in _days(MONTHLY, first.replace(day=1), last, bymonthday=1):
            due = clamped(start.year, start.month, self.day)
            if first <= due <= last:
                yield Window(start, due)


@dataclass(frozen=True)
class EveryQuarter:
    """每季度: one slot per calendar quarter, due on its last day."""

    pattern: ClassVar[str] = r"每个?季度?[底末]?前?"

    @classmethod
    def read(cls, found: re.Match[str]) -> "EveryQuarter":
        return cls()

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for year in range(first.year, last.year + 1):
            for month in (1, 4, 7, 10):
                due = month_end(year, month + 2)
                if first <= due <= last:
                    yield Window(date(year, month, 1), due)


@dataclass(frozen=True)
class EveryHalfMonth:
    """每半月: the 1st to the 15th and the 16th to the end."""

    pattern: ClassVar[str] = r"每半个?月"

    @classmethod
    def read(cls, found: re.Match[str]) -> "EveryHalfMonth":
        return cls()

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for start in _days(MONTHLY, first.replace(day=1), last, bymonthday=1):
            for opens, due in ((1, 15), (16, 31)):
                window = Window(start.replace(day=opens), clamped(start.year, start.month, due))
                if first <= window.due_on <= last:
                    yield window


@dataclass(frozen=True)
class EveryWeek:
    """每周三: that weekday of each ISO week; the week is its window."""

    pattern: ClassVar[str] = r"每(?:周|星期)([一二三四五六日天])"
    weekday: int

    @classmethod
    def read(cls, found: re.Match[str]) -> "EveryWeek":
        return cls(WEEKDAYS.index(found[1].replace("天", "日")))

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for day in _days(WEEKLY, first, last, byweekday=self.weekday):
            yield Window(day - DAY * self.weekday, day)


@dataclass(frozen=True)
class EveryYear:
    """每年 · 年度 · 全年 · 年底前: the calendar year, due on 31 December."""

    pattern: ClassVar[str] = r"[每全本]年(?:度|内|终)?|[每本]?年(?:度|内|终|[底末](?:以?前)?)"

    @classmethod
    def read(cls, found: re.Match[str]) -> "EveryYear":
        return cls()

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for year in range(first.year, last.year + 1):
            if first <= date(year, 12, 31) <= last:
                yield Window(date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True)
class AfterQuarter:
    """每季度后5个工作日内: the first working days after each quarter, about the quarter that ended."""

    pattern: ClassVar[str] = r"(?:每季度后|次季度前|季后)(\d{1,2})个工作日内?"
    days: int

    @classmethod
    def read(cls, found: re.Match[str]) -> "AfterQuarter":
        return cls(int(found[1]))

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for year in range(first.year, last.year + 1):
            for month in (1, 4, 7, 10):
                start = date(year, month, 1)
                if first <= start <= last:
                    yield Window(start, start + DAY * (self.days - 1), self.days)


@dataclass(frozen=True)
class Throughout:
    """活动期间 · 全程: the whole stretch that is asked about, which for a plan is its period."""

    pattern: ClassVar[str] = r"活动期间|全程"

    @classmethod
    def read(cls, found: re.Match[str]) -> "Throughout":
        return cls()

    def windows(self, first: date, last: date) -> Iterator[Window]:
        yield Window(first, last)


@dataclass(frozen=True)
class InMonths:
    """3月25日前 · 10月底前 · 12月中旬 · 4月份 · 1—4月 · 3月至12月: windows named by month, once a year each."""

    pattern: ClassVar[str] = (
        r"(?:(\d{1,2})月?(?:至|到|-|—|–|~|～)+(?=\d{1,2}月))?"
        r"(\d{1,2})月(?:(\d{1,2})[日号](?:以?前)?|(底)前?|(上旬|中旬|下旬)|份)?"
    )
    from_month: int
    month: int
    from_day: int
    to_day: int | None

    @classmethod
    def read(cls, found: re.Match[str]) -> "InMonths":
        month = int(found[2])
        low: int = 1
        high: int | None = None
        if found[3]:
            high = int(found[3])
        elif found[5]:
            low, high = THIRDS[found[5]]
            low = 1 if found[1] else low
        return cls(int(found[1] or month), month, low, high)

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for year in range(first.year, last.year + 1):
            # 11月至2月 opens in the year before it is due.
            opens_on = date(year - (self.from_month > self.month), self.from_month, self.from_day)
            window = Window(opens_on, clamped(year, self.month, self.to_day or 31))
            if first <= window.due_on <= last:
                yield window


@dataclass(frozen=True)
class InQuarter:
    """第一季度 · 二季度末前: one calendar quarter, once a year, due on its last day."""

    pattern: ClassVar[str] = r"第?([一二三四1-4])季度?[底末]?(?:以?前)?"
    quarter: int

    @classmethod
    def read(cls, found: re.Match[str]) -> "InQuarter":
        return cls(to_int(found[1]))

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for year in range(first.year, last.year + 1):
            window = Window(date(year, self.quarter * 3 - 2, 1), month_end(year, self.quarter * 3))
            if first <= window.due_on <= last:
                yield window


@dataclass(frozen=True)
class InHalf:
    """上半年 · 下半年: half a calendar year, due on its last day."""

    pattern: ClassVar[str] = r"([上下])半年[底末]?(?:以?前)?"
    half: int

    @classmethod
    def read(cls, found: re.Match[str]) -> "InHalf":
        return cls("上下".index(found[1]) + 1)

    def windows(self, first: date, last: date) -> Iterator[Window]:
        for year in range(first.year, last.year + 1):
            window = Window(date(year, self.half * 6 - 5, 1), month_end(year, self.half * 6))
            if first <= window.due_on <= last:
                yield window


@dataclass(frozen=True)
class OnDate:
    """2023年3月25日 · 2023-03-25: one day; rolling a plan moves its year (29 February becomes the 28th)."""

    pattern: ClassVar[str] = r"(\d{4})[-年/](\d{1,2})[-月/](\d{1,2})日?前?"
    day: date

    @classmethod
    def read(cls, found: re.Match[str]) -> "OnDate":
        return cls(date(int(found[1]), int(found[2]), int(found[3])))

    def windows(self, first: date, last: date) -> Iterator[Window]:
        if first <= self.day <= last:
            yield Window(self.day, self.day)


@dataclass(frozen=True)
class FromTo:
    """2023年4月10日至2023年5月20日: one stretch of days, due on its last."""

    pattern: ClassVar[str] = OnDate.pattern.removesuffix("日?前?") + r"日?(?:至|到|—|-)" + OnDate.pattern
    first: date
    last: date

    @classmethod
    def read(cls, found: re.Match[str]) -> "FromTo":
        year, month, day, *end = (int(part) for part in found.groups())
        return cls(date(year, month, day), date(*end))

    def windows(self, first: date, last: date) -> Iterator[Window]:
        if self.first <= self.last and first <= self.last <= last:
            yield Window(self.first, self.last)


CADENCES = (
    FromTo,
    OnDate,
    EveryMonth,
    AfterQuarter,
    EveryQuarter,
    EveryHalfMonth,
    EveryWeek,
    EveryYear,
    Throughout,
    InQuarter,
    InHalf,
    InMonths,
)
EXAMPLES = (
    "每月25日前、3月25日前、10月底前、12月中旬、4月份、1—4月、每季度、每季度后5个工作日内、"
    "每半月、每周三、每年、活动期间、2023年4月10日至2023年5月20日"
)


class UnreadableCadence(ValueError):
    """The words name no time this module knows; the text lists what would be right."""


def read_cadence(words: str) -> tuple[Cadence, ...]:
    """Read words such as 「3月25日前、9月25日前」 as cadences, one for each part.

    Raises `UnreadableCadence` when a part is not understood or names a day that does not exist.
    """
    found: list[Cadence] = []
    for part in re.split(r"[、，,；;]|和", _digits(words)):
        cadence = _read_one(part.strip())
        if cadence is None:
            raise UnreadableCadence(f"“{words}”不是能识别的时间，可写：{EXAMPLES}")
        found.append(cadence)
    return tuple(found)


def _read_one(part: str) -> Cadence | None:
    for kind in CADENCES:
        found = re.fullmatch(kind.pattern, part)
        if found:
            try:
                cadence: Cadence = kind.read(found)
                next(iter(cadence.windows(date(2024, 1, 1), date(2024, 12, 31))), None)
            except ValueError:
                return None
            return cadence if _real(cadence) else None
    return None


def _real(cadence: Cadence) -> bool:
    """Refuse 2月31日 and 13月: a named day must exist in a leap year."""
    if isinstance(cadence, EveryMonth):
        return 1 <= cadence.day <= 31
    if isinstance(cadence, InMonths):
        return cadence.to_day is None or 1 <= cadence.to_day <= month_end(2024, cadence.month).day
    return True


def _digits(words: str) -> str:
    """Write Chinese numerals before 月 and 日 as digits: 三月二十五日 → 3月25日."""
    return re.sub(r"[〇零一二两三四五六七八九十廿卅]+(?=[月日号])", lambda found: str(to_int(found[0])), words)


def windows_of(cadences: tuple[Cadence, ...], first: date, last: date) -> list[Window]:
    """List the windows of several cadences in order of their due dates."""
    return sorted((window for cadence in cadences for window in cadence.windows(first, last)), key=lambda w: w.due_on)
