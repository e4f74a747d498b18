"""Spoken dates: 下周三前, 5月10日, 下月底, 三个工作日内, read from the day they were said."""

import re
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from bot.domain.cadences import THIRDS, WEEKDAYS, clamped, month_end
from bot.domain.numerals import find_number
from bot.domain.workdays import Workdays

_N = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})"
DATE = re.compile(
    r"(?P<y>\d{4})[-年/.](?P<ym>\d{1,2})[-月/.](?P<yd>\d{1,2})[日号]?"
    rf"|(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月份?(?:(?P<d>\d{{1,2}}|[一二三四五六七八九十廿]{{1,3}})[日号]?|(?P<part>上旬|中旬|下旬|底|末|初|中))?"
    r"|(?P<rel>本|这个?|下下个?|下个?|次|当)月(?:份)?(?:(?P<rd>\d{1,2})[日号]|(?P<rpart>上旬|中旬|下旬|底|末|初|中))?|(?P<me>月底|月末)"
    r"|(?P<week>下下个?|下个?|本|这个?)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末])|(?P<wonly>下周|本周|这周)"
    r"|(?P<near>昨天|昨日|前天|今天|今日|今晚|明天|明日|明早|后天|大后天)|(?P<ye>年底|年末)|(?P<qe>季度末|季末)"
    rf"|(?P<n>{_N})(?:个?(?P<unit>工作日|天|日(?=之?[内后]|以[内后])|周|星期|礼拜)|个(?P<months>月))(?:之?内|之?后|以内|以后)?"
    r"|(?P<only>\d{1,2})[日号]|(?<![\d.])(?P<dm>\d{1,2})[./](?P<dd>\d{1,2})(?![\d.%/])"
)
_NEAR = {
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "后天": 2,
    "大后天": 3,
}


_AS_OF = re.compile(r"截[至止]到?\s*")
HALF_YEAR = timedelta(days=183)


@lru_cache(maxsize=4096)
def find_dates(text: str, today: date, workdays: Workdays) -> tuple[date, ...]:
    """List the days a text names, in order; a length of time counts from today."""
    found = (_day(match, today, workdays) for match in DATE.finditer(text))
    return tuple(day for day in found if day is not None)


def as_of_day(text: str, today: date, workdays: Workdays) -> date:
    """Return the day the numbers of a text hold for: 截至3月5日; today where no such day, or one to come, is named."""
    for said in _AS_OF.finditer(text):
        match = DATE.match(text, said.end())
        day = _day(match, today, workdays) if match else None
        if day is not None and day > today:
            day -= relativedelta(years=1)
        if day is not None and today - day < HALF_YEAR:
            return day
    return today


def find_length(text: str) -> int | None:
    """Return the days of 延期三天, 晚一周; None where a text names no length of time."""
    match = re.search(rf"(?P<n>{_N})个?(?P<unit>天|日(?!前)|周|星期|礼拜)", text)
    number = find_number(match["n"]) if match else None
    return int(number * (1 if match["unit"] in "天日" else 7)) if match and number else None


def _day(match: re.Match[str], today: date, workdays: Workdays) -> date | None:
    group = match.groupdict()
    try:
        if group["y"]:
            return date(int(group["y"]), int(group["ym"]), int(group["yd"]))
        if group["m"]:
            return _in_month(_upcoming(_whole(group["m"]), today), group["d"], group["part"])
        if group["dm"]:
            return _in_month(_upcoming(int(group["dm"]), today), group["dd"], None)
        if group["only"]:
            return _this_or_next(int(group["only"]), today)
        if group["n"]:
            return _after(group["n"], group["unit"] or "月", today, workdays)
        return _relative(group, today)
    except ValueError:
        return None


def _whole(numeral: str | None) -> int:
    number = find_number(numeral or "")
    if number is None:
        raise ValueError(numeral)
    return int(number)


def _upcoming(month: int, today: date) -> date:
    """The month meant: this year's, or next year's when it lies half a year back (1月 said in December)."""
    return date(today.year + (1 if today.month - month > 6 else 0), month, 1)


def _in_month(first: date, day: str | None, part: str | None) -> date:
    if day:
        return first.replace(day=_whole(day))
    ends = {"底": 31, "末": 31, "初": 5, "中": 15, **{name: end or 31 for name, (_, end) in THIRDS.items()}}
    return clamped(first.year, first.month, ends.get(part or "底", 31))


def _this_or_next(day: int, today: date) -> date:
    if day >= today.day:
        return today.replace(day=day)
    return (month_end(today.year, today.month) + timedelta(days=1)).replace(day=day)


def _after(numeral: str, unit: str, today: date, workdays: Workdays) -> date | None:
    if numeral == "半":
        return today + timedelta(days=15) if unit == "月" else None
    count = _whole(numeral)
    if count > 400:
        return None
    if unit == "工作日":
        return workdays.after(today, count)
    if unit == "月":
        return _shifted(today, count, today.day)
    return today + timedelta(days=count * (1 if unit in "天日" else 7))


def _shifted(today: date, months: int, day: int) -> date:
    at = today.year * 12 + today.month - 1 + months
    return clamped(at // 12, at % 12 + 1, day)


def _relative(group: dict[str, str | None], today: date) -> date | None:
    if group["near"]:
        return today + timedelta(days=_NEAR[group["near"]])
    if group["ye"]:
        return date(today.year, 12, 31)
    if group["qe"]:
        return month_end(today.year, (today.month + 2) // 3 * 3)
    if group["me"]:
        return month_end(today.year, today.month)
    if group["rel"]:
        ahead = group["rel"].count("下") + (group["rel"] == "次")
        return _in_month(_shifted(today, ahead, 1), group["rd"], group["rpart"])
    return _in_week(group, today)


def _in_week(group: dict[str, str | None], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    if group["wonly"]:
        return monday + timedelta(days=4 + 7 * (group["wonly"] == "下周"))
    named = (group["wd"] or "五").replace("天", "日").replace("末", "日")
    weeks = (group["week"] or "").count("下")
    day = monday + timedelta(days=WEEKDAYS.index(named) + 7 * weeks)
    return day + timedelta(days=7) if not group["week"] and day < today else day
