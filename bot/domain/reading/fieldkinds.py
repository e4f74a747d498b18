"""How each kind of field is read out of an entry: where its label stands, or where it can be told without one."""

import re
from collections.abc import Callable
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading.dates import DATE
from bot.domain.reading.work import Work
from bot.domain.registers import Field, FieldKind

BREAK = re.compile(r"[，。；！\n]")
EDGE = " ，。；、：！\n-—"
NAME = r"[一-鿿·]{2,4}"
_TO = r"\s*(?:至|到|-|—|~|－|起至)\s*"
_LENGTH = re.compile(rf"(?:为期|时长|期限|共|约)?\s*({NUMBER}|半)\s*个?(半)?(年|月|周|天)(半)?")
_NOT = re.compile(r"没|未|缺|还差|不|待")
_ALL = re.compile(r"全部|都|均|齐|全有|[一-鿿\d]项全")


def _names(wanted: Field) -> str:
    return "(?:" + "|".join(re.escape(name) for name in sorted(wanted.names, key=len, reverse=True)) + ")"


def _text_at_label(work: Work, wanted: Field) -> None:
    """题目：… up to the next label, line or clause that says something else."""
    stop = rf"(?!\s(?:{work.labels})\s*[：:])"
    found = re.search(rf"(?:(?<=[，。；、\s])|^){_names(wanted)}\s*[：:是为]\s*((?:{stop}[^；\n])+)", work.text)
    if found is None:
        return
    value = re.split(rf"\s(?=(?:{work.labels})\s*[：:]|\d{{1,4}}[年月.]\d)", found[1])[0]
    first, *clauses = re.split("([，。])", value)
    for mark, clause in zip(clauses[::2], clauses[1::2], strict=False):
        if _says_else(work, clause):
            break
        first += mark + clause
    if first.strip(EDGE):
        work.values[wanted.key] = first.strip(EDGE)
        work.text = work.text[: found.start()] + "，" + work.text[found.start(1) + len(first) :]


def _says_else(work: Work, clause: str) -> bool:
    """Tell whether a clause holds a value of another field: a label, a day, a number, an option, a name."""
    options = [option for wanted in work.register.fields for option in wanted.options]
    return bool(
        re.match(rf"\s*(?:{work.labels})", clause)
        or DATE.search(clause)
        or re.search(r"\d", clause)
        or any(word in clause for word in (*options, *work.setting.people))
    )


def text_in_clause(work: Work, wanted: Field) -> None:
    """因开会, 赴三亚, 下一步开协调会: a label that begins a clause, without a colon."""
    # A field's own short name may begin any sentence; it counts when a blank sets it apart.
    names = [re.escape(name) + ("" if name in wanted.words or len(name) > 2 else r"\s") for name in wanted.names]
    found = re.search(rf"(?:(?<=[，。；\s])|^)(?:{'|'.join(names)})\s*([^，。；\n：]{{2,60}})", work.text)
    if found and not DATE.match(found[1]):
        options = [option for other in work.register.fields for option in other.options]
        value = found[1].strip(EDGE)
        trailing = next((option for option in options if value.endswith(option) and value != option), "")
        work.take(wanted, found, value.removesuffix(trailing))


def _item(work: Work, wanted: Field) -> None:
    found = re.search(r"第?\s*\d{1,3}\s*项|[A-Z]{1,2}\d{1,2}(?:-\d{1,2})?", work.text)
    item = work.setting.find_item(found[0]) if found else None
    if found and item:
        work.take(wanted, found, item)
        return
    # By its name at the beginning, a number behind it or not: 上挂5人.
    for head in (r"[^，：]+", r"[^，：\d]+"):
        found = re.match(head, work.text)
        if found and (item := work.setting.find_item(found[0].strip())):
            work.take(wanted, found, item)
            return


def _span_anywhere(work: Work, wanted: Field) -> None:
    """2022.7.1-2023.6.30, 7月1日至8月15日, 从7月1日起一年."""
    both = re.search(rf"(?:自|从)?({DATE_WORDS}){_TO}({DATE_WORDS})", work.text)
    if both:
        start, end = work.day(both[1], ahead=False), work.day(both[2], ahead=True)
        if start and end:
            work.take(wanted, both, {"from": start.isoformat(), "to": end.isoformat()})
            return
    since = re.search(rf"(?:自|从)?({DATE_WORDS})\s*(?:起|开始)?[，\s]*({_LENGTH.pattern})", work.text)
    if since and (start := work.day(since[1], ahead=False)) and (length := _length(since[2])):
        _days_said(work, since[2])
        work.take(wanted, since, {"from": start.isoformat(), "to": (start + length - timedelta(1)).isoformat()})
        return
    only = ONE_DAY.search(work.text)
    if only and not work.register.of_kind("date") and (day := work.day(only[0], ahead=False)):
        work.take(wanted, only, {"from": day.isoformat(), "to": day.isoformat()})


def _days_said(work: Work, words: str) -> None:
    """Keep 11.5天 as it was said: the span can only tell whole days."""
    said = re.fullmatch(rf"\D*({NUMBER})\s*天", words)
    for wanted in work.register.of_kind("number"):
        if said and wanted.unit == "天":
            work.values[wanted.key] = find_number(said[1])


def _length(words: str) -> relativedelta | None:
    found = _LENGTH.search(words)
    number = (0.5 if found[1] == "半" else find_number(found[1])) if found else None
    if found is None or number is None:
        return None
    number += 0.5 if found[2] or found[4] else 0
    unit = found[3]
    if unit == "年":
        return relativedelta(months=round(number * 12))
    if unit == "月":
        return relativedelta(months=int(number), days=15 if number % 1 else 0)
    return relativedelta(days=round(number * (7 if unit == "周" else 1)))


def _date_at_label(work: Work, wanted: Field) -> None:
    found = re.search(rf"{_names(wanted)}\s*[：:是为]?\s*({DATE_WORDS})\s*(?:以?前|之前)?", work.text)
    if found:
        day = work.day(found[1], ahead=wanted.key == work.register.due.split("+")[0] or wanted.key == "moved_to")
        work.take(wanted, found, day.isoformat() if day else None)


def _date_anywhere(work: Work, wanted: Field) -> None:
    """A day with 前 is a due date; without it the day something happened."""
    is_due = wanted.key == work.register.due
    for found in re.finditer(rf"({DATE_WORDS})(\s*(?:以前|之前|前))?", work.text):
        only_date = len(work.register.of_kind("date")) == 1
        if is_due == bool(found[len(found.groups())]) or only_date:
            day = work.day(found[1], ahead=is_due)
            work.take(wanted, found, day.isoformat() if day else None)
            return


def _number_at_label(work: Work, wanted: Field) -> None:
    unit = re.escape(wanted.unit)
    tail = rf"\s*(?:个|名|位)?{unit}" if wanted.unit else r"\s*(?:个|名|位|人|次|件|篇|%)?"
    before = re.search(rf"{_names(wanted)}\s*[：:是为共计约达]*\s*({NUMBER})(?:{tail})?", work.text)
    after = re.search(rf"({NUMBER}){tail}\s*{_names(wanted)}", work.text)
    found = before or after
    if found:
        work.take(wanted, found, find_number(found[1]))


def _number_with_unit(work: Work, wanted: Field) -> None:
    if not wanted.unit:
        return
    word = "[人名位]" if wanted.unit in ("人", "名") else re.escape(wanted.unit)
    found = re.search(rf"(?<!第)({NUMBER})\s*个?{word}", work.text)
    if found:
        work.take(wanted, found, find_number(found[1]))
    elif ordinal := re.search(rf"第\s*({NUMBER})\s*{word}", work.text):
        work.take(wanted, ordinal, find_number(ordinal[1]))


def _choice_at_label(work: Work, wanted: Field) -> None:
    options = "|".join(re.escape(option) for option in sorted(wanted.options, key=len, reverse=True))
    found = re.search(rf"{_names(wanted)}\s*[：:是为]?\s*({options})", work.text)
    if found:
        work.take(wanted, found, found[1])


def _choice_anywhere(work: Work, wanted: Field) -> None:
    """An option in the words; one of a single character must stand alone. Of several the first counts, or is asked."""
    hits: list[re.Match[str]] = []
    for option in sorted(wanted.options, key=len, reverse=True):
        lone = rf"(?<![一-鿿]){re.escape(option)}(?![一-鿿])" if len(option) == 1 else re.escape(option)
        found = re.search(lone, work.said)
        if found and not any(option in other[0] for other in hits):
            hits.append(found)
    hits.sort(key=lambda hit: hit.start())
    if not hits and (ending := _by_ending(work, wanted)):
        work.values[wanted.key], word = ending
        work.text = work.text.replace(word, "", 1)
    if len(hits) > 1 and wanted.needed:
        work.doubts.append(f"{wanted.name}是{'还是'.join(hit[0] for hit in hits)}")
    elif hits:
        work.values[wanted.key] = hits[0][0]
        option = re.escape(hits[0][0])
        alone = re.compile(rf"(?<![^\s，。；]){option}(?![^\s，。；])")
        work.text = alone.sub("，", work.text, 1) if alone.search(work.text) else work.text.replace(hits[0][0], "", 1)


def _by_ending(work: Work, wanted: Field) -> tuple[str, str] | None:
    """示范学校 for the one option that ends with it, as (option, words): people leave out how a long name begins."""
    for length in range(8, 3, -1):
        for option in wanted.options:
            word = option[-length:]
            alone = sum(1 for other in wanted.options if other.endswith(word)) == 1
            if len(option) > length and alone and word in work.text:
                return option, word
    return None


def _boxes(work: Work, wanted: Field) -> None:
    """Which boxes are ticked: those named without 未 or 缺 in their clause, or all of them."""
    named = [option for option in wanted.options if option in work.text]
    ticked = [option for option in named if not _denied(work.text, option)]
    if not named and _ALL.search(work.text):
        ticked = list(wanted.options)
    if named and not ticked and re.search(r"其余|其他|别的", work.text):
        ticked = [option for option in wanted.options if option not in named]
    if ticked or named:
        work.values[wanted.key] = ticked
        for option in named:
            work.text = work.text.replace(option, "，", 1)


def _denied(text: str, option: str) -> bool:
    clause = next(part for part in BREAK.split(text) if option in part)
    return _NOT.search(clause) is not None


def _unit(work: Work, wanted: Field) -> None:
    names = {name: unit.name for unit in work.setting.plan.units for name in (unit.name, unit.full, *unit.aliases)}
    for name in sorted(filter(None, names), key=len, reverse=True):
        found = re.search(rf"(?:{_names(wanted)}\s*[：:是为]?\s*)?{re.escape(name)}", work.text)
        if found:
            work.take(wanted, found, names[name])
            return


def _leader(work: Work, wanted: Field) -> None:
    for leader in work.setting.plan.leaders:
        names = "|".join(re.escape(name) for name in (leader.key, leader.post) if name)
        found = re.search(rf"(?:{_names(wanted)}\s*[：:是为]?\s*)?(?:{names})(?![0-9])", work.text)
        if found:
            work.take(wanted, found, leader.key)
            return


def _people(work: Work, wanted: Field) -> None:
    listed = re.search(rf"{_names(wanted)}\s*[：:是为有]?\s*({NAME}(?:[、和及,]\s*{NAME})*)", work.text)
    if listed:
        work.take(wanted, listed, re.findall(NAME, listed[1]))
        return
    several = re.search(r"(?:^|[，；\s])([一-鿿·]{2,3}(?:、[一-鿿·]{2,3})+)(?=[，；\s到赴去]|$)", work.text)
    if several:
        work.take(wanted, several, several[1].split("、"))
        return
    known = [name for name in work.setting.people if name in work.text]
    if known:
        work.values[wanted.key] = known
        for name in known:
            work.text = work.text.replace(name, "，", 1)


def _person_at_label(work: Work, wanted: Field) -> None:
    """负责人 甲某: a name of the roster behind the field's own label, whichever field is read first."""
    for name in sorted(work.setting.people, key=len, reverse=True):
        if found := re.search(rf"{_names(wanted)}\s*[：:是为]?\s*{re.escape(name)}", work.text):
            work.take(wanted, found, name)
            return


def _person(work: Work, wanted: Field) -> None:
    """主讲人：王某, 王某主讲, a name of the roster, or the name an entry begins with."""
    for name in sorted(work.setting.people, key=len, reverse=True):
        found = re.search(re.escape(name), work.text)
        if found and name not in work.values.values():
            work.take(wanted, found, name)
            return
    label = re.search(rf"{_names(wanted)}\s*(?:[：:是为]\s*|(?=[一-鿿])|\s)({NAME})(?=[，。；、\s（(]|$)", work.text)
    before = re.search(rf"(?:(?<=[，。；由\s])|^)({NAME}?){_names(wanted)}", work.text)
    first = re.match(rf"\s*({NAME})(?=[：:\s])", work.text) if wanted.needed else None
    found = label or (before if before and len(before[1]) > 1 else None) or first
    if found:
        work.take(wanted, found, found[1])


# One whole day, as it is written where a span was expected.
ONE_DAY = re.compile(r"\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]?|今天|昨天")
# The words of a day, without the names of the pattern's groups, so that it may stand twice in one expression.
DATE_WORDS = "(?:" + re.sub(r"\(\?P<\w+>", "(?:", DATE.pattern) + ")"

Reader = Callable[[Work, Field], None]
# What is read first takes its words away from what is read later: days before numbers, names before options.
ORDER: tuple[FieldKind, ...] = (
    "text",
    "item",
    "span",
    "date",
    "number",
    "leader",
    "unit",
    "people",
    "person",
    "choice",
    "boxes",
)
READERS: dict[FieldKind, tuple[Reader, ...]] = {
    "text": (_text_at_label,),
    "item": (_item,),
    "span": (_span_anywhere,),
    "date": (_date_at_label, _date_anywhere),
    "number": (_number_at_label, _number_with_unit),
    "leader": (_leader,),
    "unit": (_unit,),
    "people": (_people,),
    "person": (_person_at_label, _person),
    "choice": (_choice_at_label, _choice_anywhere),
    "boxes": (_boxes,),
}
