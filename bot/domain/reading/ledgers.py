"""Replies to the plan's registers: a lecture held, a posting, a filing, a training record, each by its fields.

A register is told by the prompt, or by its words at the head of a reply. What is read goes into the reading's others.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz

from bot.domain.plans import Item, Plan
from bot.domain.quotas import Quota
from bot.domain.reading.dates import find_dates
from bot.domain.reading.figures import find_metrics
from bot.domain.reading.items import find_refs
from bot.domain.reading.message import Message, heard
from bot.domain.reading.model import Ask, Metric, Reading
from bot.domain.reading.quotas import decided
from bot.domain.registers import Register

_N = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)"
_SPAN = re.compile(r"(?P<from>[\d年月日号./-]{4,11})\s*(?:-+|—+|~|至|到)\s*(?P<to>[\d年月日号./-]{4,11})")
_LENGTH = re.compile(rf"{_N}(?P<half>个半)?\s*(?P<unit>年|个?月|周|个?星期)(?P<more>半)?(?![\d初底末中旬日号])")
_DIGIT = {"半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_PEOPLE = ("人", "名", "位")
_MOVED = re.compile(r"(?:(?:改|调|移|挪|推迟|顺延|延)(?:到|至|为|在)|改(?=[下本]?周|星期|\d))(?P<day>[^，。；]{1,12})")
_HELD = re.compile(r"已|了|开展|学习|集中|召开|举办|举行|主讲|讲|组织|完成|参加|照常|按时")
_NOT_HELD = re.compile(r"(?:未|没有?|尚未|还没)(?:能)?(?:开展|组织|举办|召开|举行|学习|安排)|取消|不开展|不举办")
_THIS_WEEK = re.compile("[本这]周(?![一二三四五六日天])")
_FILED = re.compile(r"备案|报备|报厅|报省|报送方案|方案已报")
_MAKEUP = re.compile(r"补训")
_OPEN, _DONE = re.compile(r"其?余|剩|还有|尚有|未补"), re.compile(r"已|完成")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹"
    "孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤某甲乙丙"
)
_PERSON = re.compile(
    rf"(?:^|[，。；：\s]|干部|同志|科长|处长|科员|主任)(?P<name>(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?|干部[甲乙丙丁]))(?:同志|老师|科长|处长)?"
    r"(?=（|，|：|\s|\d|五年|近|今年|本年|去年|已|共|累计|参加|参训|完成|脱产|培训|全年)"
)

Shape = Callable[[Register, Message], Reading | None]


def read_register(message: Message) -> Reading | None:
    """Read a reply as an entry of a register; None when it is none."""
    filed = _filing(message)
    if filed is not None or not message.index.plan.registers:
        return filed
    for register in _candidates(message):
        found = _SHAPES.get(register.key, _checkin)(register, message)
        if found:
            return found
    slots = message.speaker.asked.registers
    return Reading(("chat",)) if slots and _NOT_HELD.search(message.text) else None


def _candidates(message: Message) -> Iterable[Register]:
    """The registers asked for, then those that keep the items asked for, then those whose words open the reply."""
    plan, asked = message.index.plan, message.speaker.asked
    yield from asked.registers
    ids = {item.id for item in asked.items}
    keyed = [register for register in plan.registers if register.key in _SHAPES]
    yield from (register for register in keyed if ids or asked.quotas or asked.figures or asked.registers)
    if not asked.rounds:
        slots = {duty.register for duty in plan.duties}
        yield from (
            register
            for register in plan.registers
            if register.key in slots and register.item not in ids and message.text.startswith(register.words)
        )


def _segments(text: str) -> list[str]:
    return [part for part in re.split(r"[；。\n]", text) if part.strip()]


def _metrics(text: str, message: Message) -> tuple[Metric, ...]:
    return find_metrics(message.index.lexer.clauses(text, message.ctx.today), message.voice)


# --- postings


def _postings(register: Register, message: Message) -> Reading | None:
    """上挂5人，2022.7.1-2023.6.30；下派2人，工作体验一个半月: one posting for each item named."""
    if not register.of_kind("item") or not any(word in message.text for word in register.words):
        return None
    posts = [item.id for item in message.index.plan.live_items if _names_one_of(register, item)]
    found: list[dict[str, Any]] = []
    doubtful = False
    for segment in _segments(message.text):
        ids = [item for ref in find_refs(segment, message.index, message.speaker) for item in ref.ids]
        count = next((metric.value for metric in _metrics(segment, message) if metric.unit in _PEOPLE), None)
        ids = [item for item in ids if item in posts] or _nearest(segment, posts, message)
        if count is None or not ids:
            continue
        time = _time(segment, message)
        found.append({"item": ids[0], "n": int(count), **time})
        doubtful = doubtful or _out_of_bounds(register, segment, time)
    if not found:
        return None
    return Reading(("posting",), (), Ask("confirm") if doubtful else None, {"postings": found})


def _names_one_of(register: Register, item: Item) -> bool:
    return any(word in name for word in register.words for name in (item.title, *item.aliases))


def _nearest(segment: str, posts: list[str], message: Message) -> list[str]:
    """Return the posting asked for whose title a segment without its short name comes nearest to."""
    plain = message.index.plain
    scored = sorted(
        (
            (fuzz.partial_ratio(plain[item].split("|")[0], segment), item)
            for item in message.speaker.own
            if item in posts
        ),
        reverse=True,
    )
    clear = bool(scored) and (len(scored) == 1 or scored[0][0] - scored[1][0] >= 8)
    return [scored[0][1]] if clear else []


def _time(text: str, message: Message) -> dict[str, Any]:
    span = _SPAN.search(text)
    ends = [day for side in span.group("from", "to") for day in _days(side, message)] if span else []
    if len(ends) == 2:
        return {"from": ends[0].isoformat(), "to": ends[1].isoformat()}
    for length in _LENGTH.finditer(text):
        number = _digit(length[1]) + (0.5 if length["half"] or length["more"] else 0)
        unit = length["unit"]
        if unit == "年":
            return {"months": _plain(number * 12)}
        return {"months" if "月" in unit else "weeks": _plain(number)}
    return {}


def _out_of_bounds(register: Register, text: str, time: dict[str, Any]) -> bool:
    """Say whether a posting lasts shorter or longer than its kind may."""
    if "from" in time:
        days = (date.fromisoformat(time["to"]) - date.fromisoformat(time["from"])).days + 1.0
    elif "months" in time or "weeks" in time:
        days = time.get("months", 0) * 30.5 + time.get("weeks", 0) * 7
    else:
        return False
    fits = [span for span in register.spans if span.when and span.when in text]
    slack = 0 if "from" in time else 3
    return any(not span.low_days - slack <= days <= span.high_days + slack for span in fits[:1])


# --- filings


def _filing(message: Message) -> Reading | None:
    """我县方案3月9日已报备案: the day claimed; lateness is worked out from it."""
    item = _filed_item(message)
    if item is None or not _FILED.search(message.text) or re.search(r"未|没|？|吗|如何|怎", message.text):
        return None
    days = [day for day in _days(message.text, message) if day <= message.ctx.today]
    claimed = days[-1] if days else message.ctx.today
    return Reading(("filing",), others={"filing": {"item": item.id, "claimed": claimed.isoformat()}})


def _filed_item(message: Message) -> Item | None:
    asked = message.speaker.asked.items
    filed = [item for item in asked if _FILED.search(item.title)]
    return filed[0] if len(filed) == 1 else None


# --- training, make-up


def _training(register: Register, message: Message) -> Reading | None:
    """王某今年参加培训11.5天、89学时: one person's days and hours, and which quotas they meet."""
    person = _PERSON.search(message.text)
    metrics = _metrics(message.text, message)
    days = next((metric.value for metric in metrics if metric.unit == "天"), None)
    hours = next((metric.value for metric in metrics if metric.unit in ("学时", "课时")), None)
    months = next((metric.value for metric in metrics if metric.unit == "个月"), None)
    if person is None or (days is None and hours is None and months is None):
        return None
    meets = {
        quota.id: verdict
        for quota in _of_person(message)
        if (verdict := decided(quota, metrics, message.ctx.today)) is not None
    }
    said: dict[str, Any] = {"person": person["name"]}
    said |= {
        key: _plain(value) for key, value in (("days", days), ("hours", hours), ("months", months)) if value is not None
    }
    return Reading(("training_record",), others={"training": {**said, "meets": meets}})


def _of_person(message: Message) -> list[Quota]:
    """The quotas a person's record counts for: those asked for, else those of the grade the words name."""
    asked = [quota for quota in message.speaker.asked.quotas if quota.per == "person"]
    if asked:
        return asked
    text = message.text
    return [
        quota
        for quota in message.index.plan.quotas
        if quota.per == "person" and any(_core(grade) in text for grade in quota.grades)
    ]


def _core(grade: str) -> str:
    return re.sub(r"(?:及)?以[下上]|干部|领导|班子成员", "", grade) or grade


def _makeup(register: Register, message: Message) -> Reading | None:
    """5人未达标，已补训3人，其余2人11月底前完成."""
    if not _MAKEUP.search(message.text):
        return None
    counts: dict[str, int] = {}
    due: date | None = None
    for part in re.split(r"[，；。\n]", message.text):
        key = "open" if _OPEN.search(part) else "done" if _DONE.search(part) and "未" not in part else "total"
        counts = _people(part, key, message) | counts
        if key == "open" or ("前" in part and due is None):
            due = next(iter(_days(part, message)), due)
    if "done" not in counts and "open" not in counts:
        return None
    said: dict[str, Any] = _completed(counts)
    if due is not None:
        said["open_due"] = f"{due:%Y-%m}"
    return Reading(("makeup",), others={"makeup": said})


def _people(part: str, key: str, message: Message) -> dict[str, int]:
    """Read 5人已完成3人 and 5人全部补训 as a total with those done."""
    people = [int(metric.value) for metric in _metrics(part, message) if metric.unit in _PEOPLE]
    if key == "done" and people and (len(people) == 2 or "全部" in part):
        return {"total": people[0], "done": people[-1]}
    return {key: people[0]} if people else {}


def _completed(counts: dict[str, int]) -> dict[str, int]:
    """Work out the third of total, done and open from the other two."""
    if "total" not in counts and len(counts) == 2:
        counts["total"] = sum(counts.values())
    if "total" in counts:
        counts.setdefault("done", counts["total"] - counts.get("open", 0))
        counts.setdefault("open", counts["total"] - counts["done"])
    return counts


# --- slots: what is held once a week, half-month, month


def _checkin(register: Register, message: Message) -> Reading | None:
    """本周读书日已开展; 改到周四; 5月下半月讲课由李处长主讲: held, or moved."""
    text = heard(message.text)
    if not register.on or _NOT_HELD.search(text) or not text.strip("，。 "):
        return None
    today = message.ctx.today
    moved = _MOVED.search(text)
    if moved and (to := _days(moved["day"], message)):
        said = {"kind": register.key, "moved_to": to[0].isoformat()}
        return Reading(("checkin",), others={"checkin": said})
    days = [day for day in _days(_THIS_WEEK.sub("", text), message) if abs((day - today).days) <= 31]
    if not days and not _HELD.search(text):
        return None
    if days and days[0] > today and re.search(r"已|了", text) and "下" not in text and re.search("周|星期", text):
        days = [days[0] - timedelta(days=7)]  # 周三已开展, said on Friday, is of this week
    day = days[0] if days else _usual_day(register, message.index.plan, today)
    said = {"kind": register.key, "date": day.isoformat(), "slot": _slot(register, message.index.plan, text, day)}
    return Reading(("checkin",), others={"checkin": said})


def _usual_day(register: Register, plan: Plan, today: date) -> date:
    """Return today, or the weekday the register is asked for on, if it falls in this week before today."""
    duty = next((duty for duty in plan.duties if duty.register == register.key), None)
    named = re.search(r"周([一二三四五六日])", duty.words) if duty else None
    if named is None:
        return today
    day = today - timedelta(days=today.weekday()) + timedelta(days="一二三四五六日".index(named[1]))
    return min(day, today)


def _slot(register: Register, plan: Plan, text: str, day: date) -> str:
    """Name the piece of time an entry fills: 2022-05b, 2022-05, 2022-W19, 2022-Q2."""
    covers = next((duty.covers for duty in plan.duties if duty.register == register.key), "month")
    month = re.search(r"(\d{1,2})月", text)
    at = date(day.year, int(month[1]), 1) if month and 1 <= int(month[1]) <= 12 else day
    if covers == "half-month":
        late = "下半月" in text or ("上半月" not in text and day.day > 15)
        return f"{at:%Y-%m}{'b' if late else 'a'}"
    if covers == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{at.year}-Q{(at.month + 2) // 3}" if covers in ("quarter", "last-quarter") else f"{at:%Y-%m}"


def _days(text: str, message: Message) -> tuple[date, ...]:
    return find_dates(text, message.ctx.today, message.workdays)


def _digit(numeral: str) -> float:
    return _DIGIT[numeral] if numeral in _DIGIT else float(numeral) if numeral[0].isdigit() else 0.0


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _elsewhere(register: Register, message: Message) -> None:
    """Filings, nominations and newsletters are read by their own words, whatever the prompt."""


_SHAPES: dict[str, Shape] = {
    "posting": _postings, "training": _training, "makeup": _makeup,
    "filing": _elsewhere, "nomination": _elsewhere, "newsletter": _elsewhere,
}  # fmt: skip
