"""The time a cell names, as words a plan can hold; what names none is left open and never guessed."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.cadences import Throughout, UnreadableCadence, read_cadence, windows_of
from bot.domain.papers.words import folded

LASTING = re.compile(r"长期|常态|持续|常年|一以贯之")
UNDATED = re.compile(
    r"定期|及时|适时|随时|日常|经常|活动期间|即日起|按(?:上级|要求|时间|进度|通知|计划)|另行|待定|视情|分阶段|分批|长期|常态|持续|常年"
)
NONE = re.compile(r"[-—–/\\无未空*]*")
_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
_DAY = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})[日号]"
_TAIL = r"(?:(?:以|之)?前)?"
# One time inside a longer text, the longest form first.
PHRASE = re.compile(
    rf"(?:\d{{4}}年)?(?:(?:\d{{1,2}}月?(?:-|至|到|~){_MONTH}|{_MONTH})(?:{_DAY}|[上中下]旬|月?[底末]|份)?{_TAIL}"
    rf"|第?[一二三四]季度[底末]?{_TAIL}|[上下]半年[底末]?{_TAIL}|(?:全年|年底|年末|年内){_TAIL})"
    r"|每(?:季度?|半个?月|个?月(?:\d{1,2}[日号]|月?底)?|年|周[一二三四五六日])前?"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
)
_WORDS_AFTER = re.compile(r"(?:之?前)?(?:完成|办结|办完|落实|实施|结束|到位|报送|印发|出台|开展|一次|1次)+$")
ASK = "请定下时间，写成“3月底前”“10月15日前”“每季度”这样"


@dataclass(frozen=True)
class When:
    """`words` a plan reads, or "" with the reason why there are none (empty where the cell is empty).

    `lasting` says that the paper means work without an end (长期坚持).
    """

    words: str = ""
    reason: str = ""
    lasting: bool = False


def read_when(text: str, year: int) -> When:
    """Read the time a cell names for a plan of `year`."""
    plain = re.sub(r"[—–－−―~～]+", "-", folded(text)).replace("--", "-").strip("。.;；、,")
    if NONE.fullmatch(plain):
        return When()
    words = _plain_form(_WORDS_AFTER.sub("", _without_brackets(plain)), year)
    if _is_readable(words):
        inside = _falls_in(words, year)
        return When(words) if inside else When(reason=f"这个时间不在 {year} 年")
    phrases = list(dict.fromkeys(_plain_form(found[0], year) for found in PHRASE.finditer(plain)))
    readable = [phrase for phrase in phrases if _is_readable(phrase)]
    if len(readable) == 1 and len(phrases) == 1 and not UNDATED.search(plain) and _falls_in(readable[0], year):
        return When(readable[0])
    if len(readable) > 1:
        return When(reason=f"写了几个时间（{'、'.join(readable)}），不知道以哪个为准")
    if UNDATED.search(plain):
        lasting = bool(LASTING.search(plain)) and not readable
        return When(reason="没有写具体时间" + ("，先按没有终点的工作处理" if lasting else ""), lasting=lasting)
    return When(reason="时间看不懂")


def times_in(text: str, year: int) -> list[str]:
    """List the times a longer text mentions, as words a plan can hold."""
    plain = re.sub(r"[—–－−―~～]+", "-", folded(text))
    found = (_plain_form(match[0], year) for match in PHRASE.finditer(plain))
    return [words for words in dict.fromkeys(found) if _is_readable(words)]


def _without_brackets(text: str) -> str:
    return re.sub(r"[(（【\[][^)）】\]]*[)）】\]]", "", text)


def _plain_form(words: str, year: int) -> str:
    """Bring a time into the forms a plan knows: its own year is left out, other years stay as whole days."""
    words = re.sub(r"(\d{4}-\d{1,2}-\d{1,2})00:00:00", r"\1", words).replace("之前", "前").replace("以前", "前")
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?前?", words)
    if found:
        own = int(found[1]) == year
        return f"{int(found[2])}月{int(found[3])}日前" if own else f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    found = re.fullmatch(r"(\d{4})[-./](\d{1,2})前?", words)
    if found:
        words = f"{found[1]}年{int(found[2])}月底前"
    words = re.sub(r"^(?:今年|本年度?)(?=.)", "", words)
    words = re.sub(rf"{year}年(?=.)", "", words)
    words = {f"{year}年": "全年", f"{year}年度": "全年", f"{year}年底前": "年底前"}.get(words, words)
    words = re.sub(r"月份?[末底](?:以?前)?", "月底前", words)
    words = re.sub(r"(月份|[上中下]旬)前", r"\1", words)
    words = re.sub(r"月前", "月底前", words)
    words = re.sub(r"^(年[底末]|季度末)$", r"\1前", words)
    return words.replace("月份底", "月底")


def _falls_in(words: str, year: int) -> bool:
    cadences = read_cadence(words)
    throughout = any(isinstance(cadence, Throughout) for cadence in cadences)
    return throughout or bool(windows_of(cadences, date(year, 1, 1), date(year, 12, 31)))


def _is_readable(words: str) -> bool:
    try:
        return bool(words and read_cadence(words))
    except UnreadableCadence:
        return False
