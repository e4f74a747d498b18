"""Running text as items: tasks under month headings, and numbered points with their target, measures and owners."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.papers.drafts import NOTHING_TO_DO, Aside, Draft, Drafted, Remark
from bot.domain.papers.owners import read_owners, read_people
from bot.domain.papers.paper import Passage
from bot.domain.papers.standing import read_standing
from bot.domain.papers.times import ASK, read_when, times_in
from bot.domain.papers.words import joined, number_of, simplified

_CN = "一二三四五六七八九十"
# The levels of official numbering, outermost first.
LEVELS = (
    re.compile(rf"([{_CN}]{{1,3}})[、.．]\s*"),
    re.compile(rf"[(（]([{_CN}]{{1,3}})[)）][、.．]?\s*"),
    re.compile(r"(\d{1,3})(?:[.．、](?!\d)|[)）])\s*"),
    re.compile(r"[(（](\d{1,3})[)）]\s*|([①-⑳])\s*"),
)
MONTH = re.compile(rf"(?:20\d\d年)?(\d{{1,2}}|[{_CN}]{{1,2}})\s*月份?(?:工作(?:任务|安排|要点)?|任务)?\s*(?:[。:：]|$)")
INNER = re.compile(r"(?:^|(?<=[；;。:：\s]))[(（](\d{1,3})[)）]\s*")
LABELS = {
    "target": "目标任务|工作目标|主要目标|任务目标|年度目标|预期目标|目标",
    "measures": "主要措施|工作措施|具体措施|工作举措|主要举措|推进措施|措施|工作内容|主要任务|具体任务|工作任务",
    "leader": "(?:牵头|分管|责任|主管)(?:局|厅|委|市|校|院)?领导",
    "support": "(?:配合|协办|参与|协同|协助)(?:单位|科室|部门|处室)",
    "unit": "(?:牵头|责任|主办|承办|主责|实施)(?:单位|科室|部门|处室)|责任主体",
    "when": "完成时限|完成时间|时间节点|完成期限|时限要求|办结时限|时限|时间安排",
    "standing": "当前进度|完成情况|进展情况|工作进展|目前进展",
}
_LABEL = re.compile(
    r"(?:^|(?<=[\s。；;，,、（(]))(?:[(（]\d[)）]|\d[.、])?(?:"
    + "|".join(f"(?P<{key}>{words})" for key, words in LABELS.items())
    + r")\s*[:：]"
)
BODY = "没有编号的段落"


@dataclass
class Point:
    """One numbered passage with what is written under it."""

    number: int | None
    level: int
    text: str
    place: str
    body: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    children: int = 0
    chapter: str = ""


def read_prose(passages: Sequence[Passage], year: int, *, alone: bool) -> tuple[list[Drafted], list[Aside]]:
    """Read running text; `alone` says that the paper has no table, so that bare points are its items.

    Every numbered point becomes an item or a refusal; headings and text without numbers are asides.
    """
    asides: list[Aside] = []
    months, points = Drafted("月度任务", monthly=True), Drafted("重点工作")
    month: tuple[int, int] | None = None
    found: list[Point] = []
    for passage in passages:
        text = simplified(passage.text).strip()
        level, number, rest = level_of(text)
        heading = MONTH.match(rest)
        if heading and 1 <= (number_of(heading[1]) or 0) <= 12:
            # Under 3月份 without a number of its own the tasks are 1. or （1）.
            month = (number_of(heading[1]) or 0, level if number is not None else 1)
            asides.append(Aside(passage.place, joined(text[: len(text) - len(rest) + heading.end()]), "月份"))
            _read_tasks(months, month[0], rest[heading.end() :], passage.place)
        elif month and level > month[1] and number is not None:
            _read_tasks(months, month[0], text, passage.place)
        else:
            month = None
            _read_point(found, passage, text)
    _settle(found, points, asides, year, alone=alone and not months.items)
    return [drafted for drafted in (months, points) if drafted.rows], asides


def level_of(text: str) -> tuple[int, int | None, str]:
    """Return the level of a passage's number (0 to 3; 9 without one), the number and the rest."""
    for level, pattern in enumerate(LEVELS):
        found = pattern.match(text)
        if found:
            number = number_of(next(group for group in found.groups() if group))
            return level, number, text[found.end() :]
    return 9, None, text


def _read_tasks(months: Drafted, month: int, text: str, place: str) -> None:
    """Read the tasks of a month: （1）…；（2）…；, or the whole text as one without a number."""
    cuts = list(INNER.finditer(text))
    parts = [(cut[1], text[cut.end() : after.start() if after else None]) for cut, after in _pairs(cuts)]
    if not cuts:
        _, number, rest = level_of(text)
        parts = [(str(number) if number else "", rest)]
    elif text[: cuts[0].start()].strip():
        parts.insert(0, ("", text[: cuts[0].start()]))
    for number_text, part in parts:
        title = joined(part).strip("；;。 ")
        if title:
            where = f"{place}（{number_text}）" if number_text and len(parts) > 1 else place
            draft = Draft(where, title, number_of(number_text), month=month, when=f"{month}月份")
            draft.open.append(Remark(where, title, "没有写牵头单位", "请向办公室确认由谁牵头"))
            months.items.append(draft)


def _pairs(cuts: list[re.Match[str]]) -> list[tuple[re.Match[str], re.Match[str] | None]]:
    return list(zip(cuts, [*cuts[1:], None], strict=True)) if cuts else []


def _read_point(found: list[Point], passage: Passage, text: str) -> None:
    """Begin a point with a numbered passage, or put the passage under the point before it."""
    level, number, rest = level_of(text)
    if number is not None and not _LABEL.match(rest):
        _count_child(found, level)
        found.append(Point(number, level, "", passage.place))
        text = rest
    elif not found or (found[-1].level == 9 and not _LABEL.search(text)):
        found.append(Point(None, 9, text, passage.place))
        return
    _put_text(found[-1], text, first=number is not None and not found[-1].text)


def _count_child(found: list[Point], level: int) -> None:
    for point in reversed(found):
        if point.level < level:
            point.children += 1
            return


def _put_text(point: Point, text: str, *, first: bool) -> None:
    cuts = list(_LABEL.finditer(text))
    before = text[: cuts[0].start()] if cuts else text
    before = re.sub(r"[(（]\s*$", "", before).strip()
    if first:
        title, body = _headline(before)
        point.text = title
        point.body += [body] if body else []
    elif before:
        # What follows a target or measures goes on with them; what follows an owner does not.
        last = next(reversed(point.said), "")
        (point.said[last] if last in ("target", "measures") else point.body).append(before)
    for cut, after in _pairs(cuts):
        value = text[cut.end() : after.start() if after else None].strip(" ，,；;、")
        point.said.setdefault(cut.lastgroup or "", []).append(_unclosed(value))


def _unclosed(value: str) -> str:
    """Drop the bracket that closes （责任单位：甲科，完成时限：5月底前）."""
    opened, closed = (sum(value.count(mark) for mark in marks) for marks in ("(（", ")）"))
    return re.sub(r"[)）]\s*[。.]?$", "", value) if closed > opened else value


def _headline(text: str) -> tuple[str, str]:
    """Cut 聚焦系统学习。突出… into its headline and the text behind; a text of one sentence is all headline."""
    found = re.match(r"([^。；;\n]{2,60})[。\n]\s*(?=\S)", text)
    return (found[1], text[found.end() :]) if found else (text.rstrip("。；; "), "")


def _settle(found: list[Point], points: Drafted, asides: list[Aside], year: int, *, alone: bool) -> None:
    """Decide which points are items: those that say a target, measures, owners or a time; else the innermost."""
    owning = any(point.said for point in found)
    innermost = max((point.level for point in found if point.level < 9 and not point.children), default=0)
    chapter: dict[int, str] = {}
    for point in found:
        text = joined(point.text or " ".join(point.body))
        if point.level == 9 and not point.said:
            asides.append(Aside(point.place, text, BODY))
            continue
        chapter = {level: name for level, name in chapter.items() if level < point.level}
        point.chapter = next((chapter[level] for level in sorted(chapter, reverse=True)), "")
        if not text and not any(map("".join, point.said.values())):
            points.refusals.append(
                Remark(point.place, str(point.number or ""), "只有编号，没有内容", "请补上内容，或删掉")
            )
        elif point.said or (alone and not owning and not point.children and point.level == innermost):
            points.items.append(_item(point, year))
        elif point.children or not point.body:
            chapter[point.level] = text
            asides += [Aside(point.place, text, "标题"), *(Aside(point.place, joined(t), BODY) for t in point.body)]
        else:
            text = joined("。".join((text, *point.body)))
            points.refusals.append(Remark(point.place, text, "正文，没有写目标、措施、责任单位或时限", NOTHING_TO_DO))


def _item(point: Point, year: int) -> Draft:
    said = {key: "\n".join(texts) for key, texts in point.said.items()}
    title = joined(point.text) or joined(" ".join((*point.body, *said.values())))[:40]
    draft = Draft(point.place, title, point.number, section=point.chapter)
    draft.target = joined(said.get("target", ""))
    draft.measures = [joined(text) for text in (*point.body, *point.said.get("measures", [])) if joined(text)]
    owners, support = read_owners(said.get("unit", "")), read_owners(said.get("support", ""))
    draft.units = owners.lead
    draft.everybody = "" if owners.lead else owners.everybody
    groups = [owners.everybody if owners.lead else "", support.everybody]
    helpers = (*owners.support, *support.lead, *support.support, *groups)
    draft.support = [unit for unit in dict.fromkeys(helpers) if unit and unit not in draft.units]
    draft.leaders = read_people(said.get("leader", ""))
    if not draft.units and not draft.everybody:
        reason = f"“{owners.vague}”没有写明是哪些单位" if owners.vague else "没有写牵头单位"
        draft.open.append(Remark(point.place, said.get("unit", ""), reason, "请向办公室确认由谁牵头"))
    when = read_when(said.get("when", ""), year)
    draft.when, draft.lasting = when.words, when.lasting
    if not when.words:
        named = times_in(" ".join((draft.title, draft.target, *draft.measures)), year)
        reason = when.reason or "没有写完成时限" + (f"，正文里提到：{'、'.join(named)}" if named else "")
        draft.open.append(Remark(point.place, said.get("when", ""), reason, ASK))
    if "standing" in said:
        draft.standing, _ = read_standing(said["standing"])
    return draft
