"""Periods by name: which days 2023-03, 2023-Q1, 2023-H1 or 2023 hold, and which period comes before."""

import re
from datetime import date, timedelta

from bot.domain.cadences import month_end

_NAMED = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])))?")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def days_of(key: str) -> tuple[date, date]:
    """Return the first and last day of a period; raises ValueError for what is no period."""
    found = _NAMED.fullmatch(key)
    if found is None:
        raise ValueError(key)
    year, month, quarter, half = int(found[1]), found[2], found[3], found[4]
    if month:
        return date(year, int(month), 1), month_end(year, int(month))
    if quarter:
        return date(year, int(quarter) * 3 - 2, 1), month_end(year, int(quarter) * 3)
    if half:
        return date(year, int(half) * 6 - 5, 1), month_end(year, int(half) * 6)
    return date(year, 1, 1), date(year, 12, 31)


def before(key: str) -> str:
    """Return the period of the same length that comes before."""
    last = days_of(key)[0] - timedelta(days=1)
    if "-Q" in key:
        return f"{last.year}-Q{(last.month + 2) // 3}"
    if "-H" in key:
        return f"{last.year}-H{1 if last.month <= 6 else 2}"
    return f"{last:%Y-%m}" if "-" in key else str(last.year)


def read_period(words: str, today: date) -> str | None:
    """Read 3月, 2023-03, 一季度, 上半年, 年度 as a period of this year; None when it is none."""
    text = words.strip()
    if _NAMED.fullmatch(text):
        return text
    if found := re.fullmatch(r"(?:(\d{4})年)?(\d{1,2})月份?", text):
        return f"{found[1] or today.year}-{int(found[2]):02d}"
    if found := re.fullmatch(r"(?:(\d{4})年)?第?([一二三四1-4])季度?", text):
        return f"{found[1] or today.year}-Q{_QUARTERS.get(found[2], found[2])}"
    if found := re.fullmatch(r"(?:(\d{4})年)?([上下])半年", text):
        return f"{found[1] or today.year}-H{1 if found[2] == '上' else 2}"
    if found := re.fullmatch(r"(?:(\d{4})年?)?(?:全年|年度|本年)?", text):
        return found[1] or str(today.year)
    return None
