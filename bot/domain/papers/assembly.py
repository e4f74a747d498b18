"""One plan of a whole paper: its blocks understood in order, with ids, lists, units, leaders and sections."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from bot.domain.cadences import month_end
from bot.domain.papers.drafts import Aside, Draft, Drafted, Remark
from bot.domain.papers.paper import Grid, Paper, Passage
from bot.domain.papers.prose import read_prose
from bot.domain.papers.tables import Reading, read_grid
from bot.domain.papers.words import folded, joined, simplified

NEAR = 78
MOST_NAMED = 30
TITLE = re.compile(r"方案|计划|要点|清单|规划|任务|台账|安排|一览表|分工|实事|项目表|行动")
NUMBERED = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳]")
AS_OF = re.compile(r"截[至止到]?(?:至|到)?(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})[日号]|[底末])?")
REPORTED = re.compile(
    r"[^。；;\n]*?(每(?:个?月|季度?|半个?月|周)[^，,。；;、]{0,6}?前?)(?=[^。；;\n]{0,40}?(?:报送|上报|报告|小结|总结))"
)


@dataclass(frozen=True)
class Coded:
    """A draft with its place in the plan: its id, the key of its list, the keys of its leaders and section."""

    id: str
    list_key: str
    draft: Draft
    leaders: tuple[str, ...] = ()
    section: str = ""


@dataclass
class Understood:
    """A paper understood as a plan. `rows` counts what was read, and each of them is an item or a refusal."""

    name: str
    year: int
    as_of: date
    lists: dict[str, tuple[str, bool]] = field(default_factory=dict)
    items: list[Coded] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    leaders: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    last_year: int = 0

    @property
    def rows(self) -> int:
        return len(self.items) + len(self.refusals)

    @property
    def under_way(self) -> bool:
        """Tell whether the plan is brought in mid-year: the paper says how far its items are."""
        return any(coded.draft.standing is not None for coded in self.items)


def understand(
    paper: Paper, today: date, year: int | None = None, known: Mapping[str, str] | None = None
) -> Understood:
    """Understand a paper as a plan of `year` (else the year its title names, else this one).

    `known` maps names of units that are registered already to the short names they stand for.
    """
    year = year or _year_of(paper) or today.year
    reading = Reading(year)
    passages: list[Passage] = []
    for block in paper.blocks:
        if isinstance(block, Passage) and block.aside:
            reading.asides.append(Aside(block.place, joined(block.text), block.aside))
        elif isinstance(block, Passage):
            passages.append(block)
            text = joined(block.text)
            if len(text) <= 60 and not re.match(r"附\s*件|附\s*表|[（(]?单位[:：]", text):
                reading.caption = text
        else:
            read_grid(reading, block)
    alone = not any(drafted.items for drafted in reading.lists)
    told, asides = read_prose(passages, year, alone=alone)
    lists = [*reading.lists, *told]
    found = Understood(_name_of(paper, year), year, _as_of(paper, year) or today)
    found.asides = [*reading.asides, *asides]
    found.refusals = [refusal for drafted in lists for refusal in drafted.refusals]
    found.last_year = _last_year(paper, year)
    found.unused = list(dict.fromkeys(reading.unused))
    found.reported = _reported(passages)
    _take_units(found, [draft for drafted in lists for draft in drafted.items], known or {})
    for drafted in lists:
        for part in _by_number(drafted):
            _take_list(found, part)
    return found


def _titles(paper: Paper) -> list[str]:
    """Return what may be titles: the file's name, sheets' names, short passages, rows of one cell above a table."""
    texts = [paper.name]
    for block in paper.blocks[:40]:
        if isinstance(block, Passage):
            texts.append(block.text)
        else:
            lone = [line for line in block.lines[:6] if len([cell for cell in line.cells if cell]) == 1]
            texts += [block.name, *(line.text for line in lone)]
    return [text for text in (joined(simplified(text)) for text in texts) if text and len(text) <= 60]


def _year_of(paper: Paper) -> int | None:
    """Return the year a title names; a numbered task that names another year is no title."""
    titles = [title for title in _titles(paper) if not NUMBERED.match(title)]
    for text in (*[title for title in titles if TITLE.search(title)], *titles):
        found = re.search(r"(20\d\d)(?!\d)", text)
        if found:
            return int(found[1])
    return None


def _last_year(paper: Paper, year: int) -> int:
    """Return the last year of a plan whose title names several: 2019—2022年."""
    for title in _titles(paper):
        found = re.search(rf"{year}年?\s*[-—–－~～至]+\s*(20\d\d)年", title)
        if found and year < int(found[1]) < year + 10:
            return int(found[1])
    return year


def _name_of(paper: Paper, year: int) -> str:
    titles = [title for title in _titles(paper)[1:] if len(title) > 3 and TITLE.search(title)]
    heads = [title for title in titles if not NUMBERED.match(title) and not re.match(r"附\s*件|关于|.*[。:：]", title)]
    name = re.sub(r"[(（][^()（）]*截[至止][^()（）]*[)）]", "", heads[0] if heads else paper.name)
    return name.strip("《》 ").replace(str(year), "{year}")


def _as_of(paper: Paper, year: int) -> date | None:
    """Return the day the paper's figures are of, where it says 截至5月底."""
    heads = [line.text for block in paper.blocks if isinstance(block, Grid) for line in block.lines[:6]]
    for text in (*_titles(paper), *map(simplified, heads)):
        found = AS_OF.search(text)
        if found and 1 <= int(found[2]) <= 12:
            of_year, month = int(found[1] or year), int(found[2])
            last = month_end(of_year, month)
            return last.replace(day=min(int(found[3]), last.day)) if found[3] and int(found[3]) else last
    return None


def _reported(passages: Sequence[Passage]) -> list[str]:
    """List what the paper says of reports: the time and the sentence it stands in."""
    found = (REPORTED.search(joined(simplified(passage.text))) for passage in passages)
    return list(dict.fromkeys(match[1] for match in found if match))


def _take_units(found: Understood, drafts: Sequence[Draft], known: Mapping[str, str]) -> None:
    """Bring each name of a unit into one form, and list the units that lead and the groups that are named."""
    forms: dict[str, str] = {}
    for draft in drafts:
        for names in (draft.units, draft.support):
            names[:] = dict.fromkeys(_one_form(draft, name, forms, known) for name in names)
        draft.everybody = forms.setdefault(folded(draft.everybody), draft.everybody)
    counts = Counter(unit for draft in drafts for unit in draft.units)
    found.units = list(counts)
    groups = [draft.everybody for draft in drafts] + [name for draft in drafts for name in draft.support]
    found.groups = [name for name in dict.fromkeys(groups) if name and re.search(r"各|全体|所有", name)]
    _doubt_likeness(found, counts, drafts)


def _one_form(draft: Draft, name: str, forms: dict[str, str], known: Mapping[str, str]) -> str:
    key = folded(name)
    if key in known:
        return known[key]
    near = process.extract(key, list(known), scorer=fuzz.ratio, score_cutoff=NEAR, limit=5)
    names = {known[match[0]] for match in near}
    if len(names) == 1:
        (form,) = names
        draft.open.append(Remark(draft.cell, name, f"按已登记的“{form}”算", "不对就改 units 这一行"))
        return form
    return forms.setdefault(key, name)


def _doubt_likeness(found: Understood, counts: Counter[str], drafts: Sequence[Draft]) -> None:
    """Ask about a unit named once that is spelled almost like one named often."""
    often = [name for name, count in counts.items() if count > 1]
    for name in (name for name, count in counts.items() if count == 1):
        near = process.extractOne(name, often, scorer=fuzz.ratio, score_cutoff=60)
        if near and abs(len(near[0]) - len(name)) <= 1 and len(name) > 2 and _one_letter_apart(near[0], name):
            cell = next(draft.cell for draft in drafts if name in draft.units)
            fix = "是同一个就改成一样的写法；不是就不用改"
            found.doubts.append(Remark(cell, name, f"和“{near[0]}”只差一个字，是不是同一个单位", fix))


def _one_letter_apart(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=False)) <= 1 or one in other or other in one


def _by_number(drafted: Drafted) -> list[Drafted]:
    """Make a list of each chapter where the numbers begin anew in it; in one list a number stands once."""
    if not drafted.items:
        return []
    numbered = [draft for draft in drafted.items if draft.no is not None and not drafted.monthly]
    twice = len({draft.no for draft in numbered}) < len(numbered)
    chapters = dict.fromkeys(draft.section for draft in drafted.items)
    apart = len({(draft.section, draft.no) for draft in numbered}) == len(numbered)
    if twice and apart and len(chapters) > 1:
        parts = {name: Drafted(name or drafted.name) for name in chapters}
        for draft in drafted.items:
            parts[draft.section].items.append(draft)
        return list(parts.values())
    seen: dict[tuple[int | None, int], Draft] = {}
    for draft in drafted.items:
        if draft.no is None:
            continue
        first = seen.setdefault((draft.month, draft.no), draft)
        if first is not draft:
            reason = f"编号 {draft.no} 和 {first.cell} 重复，没有用"
            draft.open.append(Remark(draft.cell, str(draft.no), reason, "请改成不重复的编号"))
            draft.no = None
    return [drafted]


def _take_list(found: Understood, drafted: Drafted) -> None:
    number = sum(not monthly for _, monthly in found.lists.values()) + 1
    key = "tasks" if drafted.monthly else f"list{number}"
    named = drafted.name if drafted.name not in ("", found.name.replace("{year}", str(found.year))) else ""
    found.lists[key] = (named or ("重点任务" if number == 1 else f"清单{number}"), drafted.monthly)
    letter = chr(ord("A") + number - 1) if number <= 26 else f"L{number}-"
    by_number = all(draft.no is not None for draft in drafted.items)
    places: Counter[int | None] = Counter()
    for place, draft in enumerate(drafted.items, 1):
        places[draft.month] += 1
        if drafted.monthly:
            code = f"M{draft.month:02}-{places[draft.month]:02}"
        else:
            code = f"{letter}{draft.no if by_number else place:02}"
        leaders = tuple(_leader_key(found, name) for name in draft.leaders)
        found.items.append(Coded(code, key, draft, leaders, _section_key(found, draft.section)))


def _leader_key(found: Understood, name: str) -> str:
    form = folded(name)
    for key, known in found.leaders.items():
        if folded(known) == form:
            return key
    key = f"L{len(found.leaders) + 1}"
    found.leaders[key] = name
    return key


def _section_key(found: Understood, name: str) -> str:
    if not name:
        return ""
    for key, known in found.sections.items():
        if known == name:
            return key
    found.sections[f"S{len(found.sections) + 1}"] = name
    return f"S{len(found.sections)}"


def first_day(found: Understood) -> date:
    """Return the first day of the plan: the import's month where the paper says how far things are."""
    if found.under_way and found.as_of.year == found.year:
        return found.as_of.replace(day=1)
    return date(found.year, 1, 1)


def open_points(found: Understood) -> list[str]:
    """Say in a few lines what the paper leaves open, for the office to settle once."""
    unset = {"units": "没有牵头单位", "when": "没有完成时限"}
    lines = []
    for key, words in unset.items():
        ids = [coded.id for coded in found.items if key in coded.draft.unset]
        if ids:
            some = "、".join(ids[:MOST_NAMED]) + (f" 等 {len(ids)} 项" if len(ids) > MOST_NAMED else "")
            lines.append(f"· {words}：{f'全部 {len(ids)} 项' if len(ids) == len(found.items) > 1 else some}")
    lines += [f"· {remark.cell} {remark.text}：{remark.reason}。{remark.fix}" for remark in found.doubts]
    return ["未设定（请办公室定下来，补在下面各项里）：", *lines] if lines else []
