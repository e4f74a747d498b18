"""Which items a reply is about: numbers, ids, titles, short names and near misses, each with its place in the text."""

import re
from collections.abc import Iterable
from itertools import islice

from bot.domain.numerals import find_number
from bot.domain.reading.index import ItemIndex, Ref
from bot.domain.reading.lexer import first_words, residue
from bot.domain.reading.speaker import Speaker

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_JOIN = r"\s*(?:、|，|,|和|及|与|跟|以及|/)\s*"
_TO = "(?:-|~|—+|至|到)"
BY_NUMBER = re.compile(
    rf"第\s*[（【]?(?P<list>{_N}(?:(?:{_JOIN}|{_TO})第?{_N}){{0,20}})[）】]?\s*(?:个?专项|项|条|号|点|个任务|个重点)"
    rf"|(?:^|(?<=[，；。\s]))(?P<pair>{_N}(?:\s*、\s*{_N}){{1,20}})(?=\s*(?:已|均|都|完成|没|未|尚|在推|正在|进行|推进|启动))"
    rf"|(?P<marks>(?:（\s*{_N}\s*）[、，\s]*){{2,}})"
    rf"|(?:专项|任务|重点|项目|序号|[Nn][Oo]\.?|№|#)\s*(?P<kind>\d{{1,2}})(?![\d.%个所家场])"
    rf"|(?P<head>(?:^|(?<=[\s\n；;，。、：/｜和是%除])|(?<=[\d一二三四五六七八九]成)(?![一二三四五六七八九半]，))(?P<heads>{_N}(?:(?:{_JOIN}|{_TO})第?{_N}){{0,20}})\s*(?:项|号(?!楼)))"
)
_LATIN, _LEADING = re.compile("[A-Za-z]"), re.compile(r"\d|[一二三四五六七八九十][、.．]")
BY_ID = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]\d{1,2}(?:-\d{1,2})?)(?![\d.%A-Za-z])")
BY_MONTH = re.compile(
    rf"(?<![\d.])(\d{{1,2}}|[一二三四五六七八九十]{{1,2}}(?=月))\s*(?:月份?(?:的)?(?:任务的?第?|第)\s*[（(]?|[.\-](?=\d))({_N})[)）]?(?:项|条|号)?(?![\d.%月日成])"
)
# More leading numbers than this are a table pasted by mistake.
MOST_LEADS = 120
LEAD = re.compile(
    r"(?:^|(?<=[\n；;，,。/｜\s】]))[（【]?(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3}(?=[、.．]))"
    r"(?P<sep>\s*[、．:：)）】#｜]+\s*|\s*(?:-+|—+|→)\s*(?=\d+\s*%|[\u4e00-\u9fff]{2})|(?=（\s*\d+\s*%)|\.+(?!\d)\s*|\.(?=\d\d(?!\d)\s*[%成])"
    r"|\s*=\s*|\s+|(?=[^\d\s.、：:）%,，。；;/成到至~-]))"
)


def numbers_in(said: str) -> list[int]:
    """Read 9、10 and 9-13 and 三 as numbers."""
    found: list[int] = []
    for part in re.split(
        r"(?:、|，|,|和|以及|及|与|跟|/|）（?)", said.replace("第", "").replace(" ", "").strip("（）")
    ):
        ends = [find_number(end) for end in re.split(r"[-~至到—]+", part)]
        whole = [int(end) for end in ends if end is not None]
        if len(whole) == 2 and 0 < whole[1] - whole[0] < 30:
            found += range(whole[0], whole[1] + 1)
        else:
            found += whole
    return found


def find_refs(text: str, index: ItemIndex, speaker: Speaker) -> list[Ref]:
    """List the mentions of items in a text, in order, one for each place."""
    titles = index.titles_in(text)
    refs = [*index.listed_in(text), *titles]
    refs += [*_number_refs(text, speaker), *_id_refs(text, speaker), *_month_refs(text, speaker)]
    refs += _lead_refs(text, titles, index, speaker)
    refs.sort(key=lambda ref: (ref.start, ref.start - ref.end))
    return [_of_whole(ref, speaker) for ref in _joined(_without_overlap(refs), text, speaker)]


def _of_whole(ref: Ref, speaker: Speaker) -> Ref:
    """Take a part of an item that is asked for as said of the item; what is done with a part is not done with it."""
    whole = tuple(dict.fromkeys(speaker.whole_of(item) for item in ref.ids))
    return ref if whole == ref.ids else Ref(ref.start, ref.end, whole, "part", len(whole) > 1)


def _number_refs(text: str, speaker: Speaker) -> Iterable[Ref]:
    for match in BY_NUMBER.finditer(text):
        short = match["heads"] or match["marks"] or match["pair"]
        numbers = numbers_in(match["list"] or match["kind"] or short)
        if short and not all(number in speaker.own_numbers for number in numbers):
            continue
        if (
            match["head"]
            and re.match(r"\s*(?:工作|任务|措施)?(?:已|都|均)", text[match.end() :])
            and match["heads"] in "二三四五六七八九十两"
        ):
            continue
        ids = tuple(speaker.id_of(number) for number in numbers)
        yield Ref(match.start(), match.end(), ids, "number", spread=len(ids) > 1)


def _id_refs(text: str, speaker: Speaker) -> Iterable[Ref]:
    for match in BY_ID.finditer(text) if _LATIN.search(text) else ():
        letter, rest = match[1][0].upper(), match[1][1:]
        wanted = letter + "-".join(part.zfill(2) for part in rest.split("-"))
        if wanted in speaker.known:
            yield Ref(match.start(), match.end(), (wanted,), "id")


def _month_refs(text: str, speaker: Speaker) -> Iterable[Ref]:
    for match in BY_MONTH.finditer(text):
        month, number = int(find_number(match[1]) or 0), find_number(match[2])
        item = speaker.monthly.get((month, int(number or 0)))
        dotted = "月" not in match[0]
        if number in speaker.own_numbers and "任务" not in match[0] and item not in speaker.own:
            continue
        if item and (not dotted or item in speaker.own):
            yield Ref(match.start(), match.end(), (item,), "number")
        elif "任务" in match[0]:
            # A task the plan does not have must not be taken for the item of that number on another list.
            yield Ref(match.start(), match.end(), (f"?{match[0]}",), "number")


def _lead_refs(text: str, titles: list[Ref], index: ItemIndex, speaker: Speaker) -> Iterable[Ref]:
    """Tell item numbers from list marks: a mark is a number only when a name, or nothing but a value, follows."""
    leads = list(islice(LEAD.finditer(text), MOST_LEADS)) if _LEADING.search(text) else []
    numbers = [int(find_number(lead["n"]) or 0) for lead in leads]
    own = [number in speaker.own_numbers for number in numbers]
    seps = [lead["sep"].strip() for mine, lead in zip(own, leads, strict=True) if mine]
    colons, dashes = sum(sep in (":", "：") for sep in seps), sum(sep[:1] in ("-", "—") for sep in seps if sep)
    for at, match in enumerate(leads):
        stop = next(
            (lead.start() for mine, lead in zip(own[at + 1 :], leads[at + 1 :], strict=True) if mine), len(text)
        )
        rest = re.split(r"[\n；;。｜，]|\s/\s", text[match.end() : stop])[0]
        item, sep = speaker.id_of(numbers[at]), match["sep"].strip()
        named = next((ref for ref in titles if match.end() <= ref.start <= match.end() + 2), None)
        if named:
            if item in named.ids:
                yield Ref(match.start(), match.end(), (item,), "lead")
        elif (
            (sep == "." and not own[at])
            or (colons < 2 and _is_clock(match, text))
            or (dashes < 3 and _is_span(match, text))
        ):
            continue
        elif (_is_value(rest, bool(sep)) and (own[at] or sep)) or (own[at] and sep and _is_heading(match, leads, text)):
            yield Ref(match.start(), match.end(), (item,), "lead")
        elif own[at] and sep and (name := _short_name(rest)) and index.near(name, (item,)):
            yield Ref(match.start(), match.end() + len(name), (item,), "lead")


def _is_heading(lead: re.Match[str], leads: list[re.Match[str]], text: str) -> bool:
    """Say whether a number opens the whole reply: 9.近视率降0.7个百分点. Several of them may as well be list marks."""
    return len(leads) == 1 and not text[: lead.start()].strip()


def _is_clock(lead: re.Match[str], text: str) -> bool:
    """Say whether 18:30 may be a time of day; two such pairs of one's own numbers are not."""
    return lead["sep"].strip() in (":", "：") and bool(re.match(r"[0-5]\d(?!\d|\s*[%成])", text[lead.end() :]))


def _is_span(lead: re.Match[str], text: str) -> bool:
    """Say whether 10-15% may be a span: its ends lie close together."""
    number = int(find_number(lead["n"]) or 0)
    tenths = re.match(r"\s*([一二三四五六七八九\d])成", text[lead.end() :])
    if tenths and lead["sep"].strip() == "、" and find_number(tenths[1]) == number + 1:
        return True  # 七、八成 is 七八成
    ends = re.match(r"\s*(\d+)\s*%", text[lead.end() :]) if lead["sep"].strip()[:1] in ("-", "—") else None
    return bool(ends) and 0 < int(ends[1]) - int(find_number(lead["n"]) or 0) <= 20 if ends else False


def _short_name(rest: str) -> str:
    """Return the words between a leading number and what is said of it."""
    return re.split(r"[：:\s（]|(?<=.{2})(?=\d|百分|[一二三四五六七八九]成|已|未|尚)", rest)[0][:20]


def _is_value(rest: str, marked: bool) -> bool:
    """Say whether words tell nothing but a value: 80%, 已完成, 未启动（等批复）, 70. 工作进展：… is a heading."""
    tokens = first_words(rest)
    if tokens and tokens[0].inner:
        tokens = tokens[0].inner[0].tokens
    told = [token for token in tokens if token.kind not in "fpN("]
    if not told:
        return False
    kind = told[0].kind
    if kind in "PRHAkBO":
        return len(residue(rest)) <= 6
    if kind == "n":
        return len(told) == 1
    if kind not in "VWUYKDIJQE!s" or any(token.kind == "p" for token in tokens):
        return False
    return len(residue(rest)) <= 6 if marked else len(rest.strip()) <= 8


def _without_overlap(refs: list[Ref]) -> list[Ref]:
    kept: list[Ref] = []
    for ref in refs:
        if not kept or ref.start >= kept[-1].end:
            kept.append(ref)
    return kept


_BETWEEN = re.compile(r"(?:[\s“”\"《》【】：:.、（）\-—]|专项|行动|重点|任务|工作|项目|活动)*")
_LISTED = re.compile(r"[\s”》】]*(?:、|，|,|和|及|与|跟|以及|/)[\s“《【]*(?:第)?")


def _joined(refs: list[Ref], text: str, speaker: Speaker) -> list[Ref]:
    """Make one mention of a number with its title, and of items listed with 、 and 和."""
    kept: list[Ref] = []
    for ref in refs:
        if kept:
            last, gap = kept[-1], text[kept[-1].end : ref.start]
            if set(last.ids) & set(ref.ids) and _BETWEEN.fullmatch(gap):
                both = tuple(item for item in last.ids if item in ref.ids)
                kept[-1] = Ref(
                    last.start,
                    ref.end,
                    both if len(ref.ids) > 1 or len(last.ids) == 1 else last.ids,
                    "number",
                    last.spread,
                )
                continue
            if last.how in ("number", "lead") and ref.how in ("title", "alias") and _BETWEEN.fullmatch(gap):
                kept[-1] = _settled(last, ref, speaker)
                continue
            if _LISTED.fullmatch(gap) and ref.how != "lead" and not (set(last.ids) & set(ref.ids)):
                kept[-1] = Ref(last.start, ref.end, (*last.ids, *ref.ids), last.how, spread=True)
                continue
        kept.append(ref)
    return kept


def _settled(number: Ref, title: Ref, speaker: Speaker) -> Ref:
    """Number and name disagree: a leading number of somebody else is a list mark; all others are a question."""
    if number.how == "lead" and not any(item in speaker.own for item in number.ids):
        return Ref(number.start, title.end, title.ids, title.how)
    return Ref(number.start, title.end, (*number.ids, *title.ids), "clash")
