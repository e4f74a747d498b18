"""What one clause says of the state of its item: a percent, a state, the old figure again, or only a doubt."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading import words
from bot.domain.reading.model import Metric

_D = r"[一二两三四五六七八九]"
PERCENT = re.compile(
    rf"(?P<sign>(?<![\d%成])-)?(?P<r1>{NUMBER})\s*%?\s*(?:-+|~|—+|至|到|或)\s*(?P<r2>{NUMBER})\s*%"
    rf"|(?P<a1>{NUMBER})\s*%?\s*(?:→|-+>|=>|提高到|提升到|升到|升至|提升至|增至)\s*(?P<a2>{NUMBER})\s*%?"
    rf"|百分之(?P<p1>{NUMBER})(?:(?:到|至|-|~)(?:百分之)?(?P<p2>{NUMBER}))?"
    rf"|(?P<c1>{_D}|\d)(?:到|至|-|~)?(?P<c2>{_D}|(?<=\D)\d)成(?![立果员效本功绩长为熟都型])"
    rf"|(?P<t>\d(?:\.\d)?|10|{_D}|十)\s*成(?P<h>半|{_D}|\d(?!\d))?(?![立果员效本功绩长为熟都型])"
    rf"|(?P<neg>(?<![\d%成])-)?(?P<n>{NUMBER})\s*%"
    rf"|(?P<f1>{NUMBER})分之(?P<f2>{NUMBER})"
    r"|(?P<most>一?大半|一多半|过半|超半|超过一半|大部分|多半|一半以上|一半多)|(?P<half>(?<!每)一半|(?<=完成)半)"
)
_HAS_PERCENT = re.compile(r"[%成半→>=~]|分之|大部分|[提升增][高升至到]")
# No sentence people write is longer; without this bound a wall of marks could cost seconds.
LONGEST_CLAUSE = 400
_ABOUT_END = re.compile(rf"(?:{words.ABOUT.pattern})\s*$")
_NAME_EDGES = re.compile(r"^(?:[\s.\d、]|已经|已|目前|共|新增|累计|达到|了)+|(?:\s|约|近|达到|达|共|为|是|了)+$")
OVERALL = re.compile(r"总体|累计|整体|总进度|进度|完成度|完成率|总的|全部工作|总任务")
BARE = re.compile(
    rf"(?<![第\d.:/,~A-Za-z零〇一二两三四五六七八九十百千万-])(?P<n>{NUMBER})(?![\d项号条级日月年时点:/%成分A-Za-z期届批楼室栋版楼季]|\.\d)"
)
LATER = re.compile(
    r"(?:(?P<m>\d{1,2})月份?|下个?月|下半年|下周|下季度|明年|年底|暑假|秋季)(?:\d{1,2}[日号]|[初中底])?"
    r".{0,4}?(?:启动|开始|开展|实施|动工)"
)
RIGHT = re.compile(
    r"\s*(?:$|[（【]|不到|不足|还|需|待|等|因|但|主要|剩|余|正|请|由|后|下|预|计|问题|困难|存在|未|没|尚|力|争|目|现|这|较|比|同|与|增|提|仍|基本|已|\d|其|有)"
)
PAREN = re.compile(r"[（【]([^（）【】]*)[）】]?")


@dataclass(frozen=True)
class Value:
    """One finding of a clause. `kind`: percent, status, carry, doubt, target; `exact` when nothing else was said."""

    kind: str
    percent: float | None = None
    span: tuple[int, int] | None = None
    approx: bool = False
    status: str | None = None
    because: str = ""
    exact: bool = False
    overall: bool = False


@dataclass(frozen=True)
class Frame:
    """What a clause is read against: the day, whether the item is named, and what takes its name out of a text."""

    today: date
    named: bool
    nameless: Callable[[str], str]
    kind: str = "progress"
    numbers: frozenset[int] = frozenset()
    voice: bool = False


def residue(text: str, frame: Frame) -> str:
    """Return what a text says beside fillers and the item's own name."""
    left = frame.nameless(text)
    rest = words.FILLER.sub("", left)
    return "" if not rest else frame.nameless(rest)


@lru_cache(maxsize=8192)
def read_clause(text: str, frame: Frame) -> tuple[Value, ...]:
    """Read one clause; what stands in brackets is heard only when the rest says nothing."""
    if len(text) > LONGEST_CLAUSE:
        return ()
    outer = PAREN.sub(" ", text) if "（" in text or "【" in text else text
    found = _read_plain(outer, frame)
    if not found and outer != text and not residue(outer, frame):
        for inner in PAREN.findall(text)[:3]:
            if not words.ASIDE.search(inner):
                found = [value for value in _read_plain(inner, frame) if value.exact or value.kind == "doubt"] or found
    elif len(found) == 1 and found[0].status == "nearly_done" and outer != text:
        found += [value for inner in PAREN.findall(text)[:3] for value in _read_plain(inner, frame) if value.exact]
    return tuple(found)


def _read_plain(text: str, frame: Frame) -> list[Value]:
    if not text.strip():
        return []
    found = _percents(text, frame)
    if not found:
        found = _state(text, frame)
    if not any(value.exact for value in found):
        found = _bare(text, frame) or found
    return [replace(value, because=text.strip()[:40]) for value in found]


def _percents(text: str, frame: Frame) -> list[Value]:
    found: list[Value] = []
    last, named = 0, False
    if not _HAS_PERCENT.search(text):
        return found
    for match in PERCENT.finditer(text):
        left, right = text[last : match.start()], text[match.end() :]
        last = match.end()
        value = _sized(match, left, right, frame.numbers)
        if value is None or (words.FROM.search(left) and right.strip()):
            continue
        value = _placed(value, text[: match.start()], left, right, frame)
        named = named or value.kind == "named"
        if value.kind == "named" or (named and not value.overall):
            value = replace(value, kind="named", exact=False)
        found.append(value)
    return found


def _placed(value: Value, before: str, left: str, right: str, frame: Frame) -> Value:
    """Decide what the number is a percent of: the item now, the item another day, or something else."""
    since = list(words.NOW.finditer(before))
    recent = before[since[-1].start() :] if since else before
    overall = bool(OVERALL.search(left))
    if re.match(r"\s*个?百分点", right) or words.RANK.search(left) or words.ASIDE.search(before):
        return replace(value, kind="figure")
    if words.CONDITION.search(before) or words.TARGET.search(recent) or _other_month(recent, frame.today) > 0:
        return replace(value, kind="target")
    if (words.PAST.search(recent) and not since) or _other_month(recent, frame.today) < 0:
        return replace(value, kind="past")
    if words.REMAIN.search(left) or words.CHANGE.search(left):
        return replace(value, kind="doubt", status="in_progress")
    rest = residue(_ABOUT_END.sub("", words.BELOW.sub("", words.ABOVE.sub("", _spoken_end(left)))), frame)
    if rest or not _ends_well(right):
        return replace(value, kind="named", overall=False)
    return replace(value, exact=True, overall=overall)


def _spoken_end(left: str) -> str:
    """Drop a finished side remark before the figure: 开完会 80%."""
    return re.sub(r"^.*(?:完[会了]?|过|了)\s+", "", left) if " " in left.strip() + " " else left


def _ends_well(right: str) -> bool:
    if re.match(r"\s*的(?!样子|进度|任务|工作|目标)", right):
        return False
    return bool(
        RIGHT.match(right)
        or words.FILLER.match(right.strip() or "的")
        or any(r.pattern.match(right.strip()) for r in words.STATUS)
    )


def _other_month(text: str, today: date) -> int:
    """Return 1 when the words name a later month, -1 for an earlier one, 0 for none or this."""
    months = re.findall(r"(?<!截至)(?<!\d)(\d{1,2})月(?:份|底|末)?", text)
    month = int(months[-1]) if months else today.month
    return (month > today.month) - (month < today.month)


def _sized(match: re.Match[str], left: str, right: str, numbers: frozenset[int]) -> Value | None:
    """Turn the words of a percent into a figure, a span, or a doubt about its size."""
    group = match.groupdict()
    span = _span(group, left)
    if span is not None:
        fine = 0 <= span[0] < span[1] <= 100 and not group["sign"]
        return Value("percent", span=span) if fine else Value("doubt", status="in_progress")
    if group["most"] or group["half"]:
        return _half(group, left, right)
    number = _number(group)
    if number is None:
        return Value("doubt", status="in_progress") if group["p1"] else None
    if number > 100 or group["neg"] or (number != int(number) and int(number) in numbers):
        return Value("doubt", status="in_progress")
    return _vague(number, left, right)


def _span(group: dict[str, str | None], left: str) -> tuple[int, int] | None:
    for low, high, scale in (("r1", "r2", 1), ("p1", "p2", 1), ("c1", "c2", 10)):
        first, second = find_number(group[low] or ""), find_number(group[high] or "")
        if first is None or second is None or (scale == 10 and second != first + 1):
            continue
        if low == "r1" and re.search(r"[从由]\s*$", left):
            return None
        return int(first * scale), int(second * scale)
    return None


def _number(group: dict[str, str | None]) -> float | None:
    if group["f1"]:
        parts, share = find_number(group["f1"]), find_number(group["f2"] or "")
        return round(100 * share / parts) if parts and share is not None and parts >= share else None
    if group["t"]:
        tens, half = find_number(group["t"]), group["h"]
        extra = 5.0 if half == "半" else find_number(half or "零")
        return None if tens is None or extra is None else tens * 10 + extra
    raw = group["a2"] or group["r2"] or group["p1"] or group["n"] or ""
    return 100.0 if raw == "百" else find_number(raw)


def _half(group: dict[str, str | None], left: str, right: str) -> Value:
    if group["most"]:
        return Value("doubt", status="in_progress") if words.BELOW.search(left) else Value("percent", span=(50, 99))
    if words.BELOW.search(left):
        return Value("percent", span=(0, 49))
    if re.search(r"近|接近|快到?|差不多$", left):
        return Value("percent", span=(40, 50))
    if words.ABOVE.search(left) or words.ABOVE_AFTER.match(right):
        return Value("percent", span=(50, 99))
    return Value("percent", percent=50, approx=True)


def _vague(number: float, left: str, right: str) -> Value:
    if words.BELOW.search(left) or re.match(r"\s*(?:都|还)?(?:不到|不足)", right):
        return Value("percent", span=(int(max(number - 10, 0)), int(max(number - 1, 0))))
    if words.ABOVE.search(left) or words.ABOVE_AFTER.match(right):
        top = int(min(number + 9, 99)) if re.match(r"\s*多", right) else 99
        return Value("percent", percent=number, approx=True, span=(int(number), max(top, int(number))))
    approx = bool(words.ABOUT.search(left) or words.ABOUT_AFTER.match(right))
    return Value("percent", percent=number, approx=approx)


def _state(text: str, frame: Frame) -> list[Value]:
    later = LATER.search(text)
    if later and "已" not in text and int(later["m"] or 13) > frame.today.month:
        rest = residue(words.TARGET.sub("", text.replace(later[0], "")), frame)
        return [Value("status", status="not_started" if not rest else "in_progress", exact=not rest)]
    for row in words.STATUS:
        match = row.pattern.search(text)
        if match:
            return [_meant(row.name, match, text, frame)]
    return [Value("target")] if words.TARGET.search(text) and frame.named else []


WHOLE = {"issued": "document", "held": "event"}


def _meant(name: str, match: re.Match[str], text: str, frame: Frame) -> Value:
    """Weigh the state's word: of the whole item only when nothing but the item's name stands beside it."""
    rest = residue(text[: match.start()] + " " + text[match.end() :], frame)
    before = text[: match.start() + 2]  # two more, so that 能完成 and 前已完成 are seen whole
    if name != "carry" and words.CONDITION.search(text):
        return Value("none")
    if name == "done" and words.ABOUT.search(before):
        return Value("doubt", status="in_progress")
    if name in ("done", "issued", "held", "nearly_done") and words.TARGET.search(before):
        return Value("target")
    if name in WHOLE:
        whole = not rest and frame.kind == WHOLE[name] and bool(re.search(r"已|了|完", match[0] + text[match.end() :]))
        return Value("status", status="done" if whole else "in_progress", exact=whole)
    if name == "carry":
        return Value("carry", exact=True) if not rest else Value("status", status="in_progress")
    if name == "undone":
        return Value("status", status="undone" if not rest else "in_progress", exact=not rest)
    if name in ("done", "not_started", "nearly_done") and rest:
        return Value("status", status="in_progress")
    return Value("status", status=name, exact=not rest)


def _bare(text: str, frame: Frame) -> list[Value]:
    """Read a number that stands alone, or with 进度 and the like, as a percent."""
    if re.fullmatch(r"\s*\d{1,2}\s*/\s*\d{1,2}\s*", text):
        return [Value("doubt")]
    matches = list(BARE.finditer(text))
    if len(matches) != 1 or words.TARGET.search(text) or words.PAST.search(text) or words.CONDITION.search(text):
        return []
    match = matches[0]
    left, right = text[: match.start()], text[match.end() :]
    number = find_number(match["n"])
    if number is None or residue(left, frame) or residue(words.ABOVE_AFTER.sub("", right, count=1), frame):
        return []
    said = frame.named or bool(re.search(r"进度|完成|推进|达到|做到|到了?\s*$", left))
    if left.rstrip().endswith("-") or words.REMAIN.search(left) or words.CHANGE.search(left) or number > 100:
        return [Value("doubt")]
    if not said and (0 < number < 10 or number in frame.numbers or number != int(number)):
        return [Value("doubt")]
    return [replace(_vague(number, left, right), exact=True)]


def find_metrics(text: str, voice: bool = False) -> tuple[Metric, ...]:
    """List the figures of a text: numbers with a measure word, and rates that are no progress."""
    found = []
    last = 0
    for match in words.FIGURE.finditer(text):
        left = text[last : match.start()]
        number = find_number(match["n"])
        if number is None or words.NOT_FIGURE.search(left) or _idle(match, left, voice):
            continue
        last = match.end()
        found.append(_metric(number, match, left, text))
    for match in words.OF_TOTAL.finditer(text):
        part, total = float(match[1]), float(match[2])
        if part <= total and total > 1 and text[: match.start()].strip():
            name = words.FILLER.sub("", re.split(r"[，。；、：\n]", text[: match.start()])[-1])[-8:]
            found += [Metric(f"已{name}", part, "个"), Metric("总数", total, "个")]
    found += [Metric(match[1], float(match[2]), "件") for match in words.BARE_COUNTS.finditer(text)]
    return tuple(found)


def _idle(match: re.Match[str], left: str, voice: bool) -> bool:
    """Say whether the numeral only looks like a figure: 一项工作, 三个阶段, 两种, a date, a time."""
    numeral, unit = match["n"], match["u"]
    if unit in ("日", "点", "天", "期") and (left.endswith("月") or unit in ("日", "点")):
        return True
    if numeral[0].isdigit() or (len(numeral) > 1 and numeral not in ("十分", "万一")):
        return False
    return not voice and (numeral in "一万百千十" or unit in ("个", "种", "类", "级", "点", "方"))


def _metric(number: float, match: re.Match[str], left: str, text: str) -> Metric:
    clause = re.split(r"[，。；、：\n！]", left)[-1]
    approx = bool(match["more"] or match["tail"] or re.search(r"约|近|大概|超|逾", clause[-4:]))
    near = clause[-8:]
    mode = "increment" if words.INCREMENT.search(near) else "cumulative" if words.CUMULATIVE.search(near) else ""
    name = _NAME_EDGES.sub("", clause)[-12:]
    after = re.match(r"[\u4e00-\u9fff]{1,8}", text[match.end() :])
    return Metric(name or (after[0] if after else ""), number, "%" if match["u"] == "％" else match["u"], approx, mode)
