"""Reading 请假到周五, 明天请假, 请假三天: from when until when somebody is away."""

import re
from datetime import date, timedelta

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading.dates import find_dates
from bot.domain.workdays import Workdays

LENGTH = re.compile(rf"(?P<n>{NUMBER}|半|两)个?(?P<unit>天|周|星期|礼拜)(?![一二三四五六日天])")
UNTIL = re.compile(r"[到至]|为止|截止")


def read_leave(text: str, today: date, workdays: Workdays) -> tuple[date, date] | None:
    """Return the first and last day away, both inclusive; None when no day is said."""
    length = LENGTH.search(text)
    named = find_dates(LENGTH.sub("", text), today, workdays)
    if length is not None:
        number = {"半": 1.0, "两": 2.0}.get(length["n"]) or find_number(length["n"]) or 1
        days = max(1, int(number * (1 if length["unit"] == "天" else 7)))
        first = named[0] if named else today
        return first, first + timedelta(days=days - 1)
    if not named:
        return None
    if len(named) == 1 and UNTIL.search(text):
        return today, named[0]
    return named[0], named[-1]
