"""说错了, 改为90%, 是19项不是18项: a new value for the last reply, or its move to another item."""

import re
from dataclasses import replace

from bot.domain.numerals import NUMBER
from bot.domain.reading.items import find_refs
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Entry, Reading
from bot.domain.reading.report import read_report
from bot.domain.reading.talk import last_items

_V = rf"(?:\d{{1,3}}(?:\.\d+)?\s*%?(?!\s*[项号\d])|百分之{NUMBER}|{NUMBER}\s*成[半多]?)"
_I = r"第?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:项|号)"
_BEFORE = r"(?:之前|刚才|刚刚|原来|上次|上一?条|上面|前面)"
_SHOULD = r"(?:(?:正确|准确)的?(?:数据?|数字)?[是为]|应[填报写]|实为|应为|应该是|应该|应是|实际是|实际|其实是)"
MARK = re.compile(
    r"[写弄搞报填说]反|(?:说|打|写|报|填|搞|弄|发|看|记)错|[报填写打]的?[高低多少]了|[多少][报打填写]|更正|纠正|有误|手滑|笔误|手误|口误|勘误|错了|打成|写成"
    r"|改(?:为|成|到|一下)\s*(?=\d(?!\d?[:：点月])|百分|[一二三四五六七八九十]|已|未|第|[：:])"
    rf"|{_SHOULD}\s*(?={_V}|{_I}|第|已|未)|(?:^|[，。])不是.{{1,8}}?[，,]?\s*(?:而?是|应)|^不对|{_BEFORE}.{{0,8}}不[准对]|不算数?，|重新?[报填]|{_BEFORE}.{{0,6}}?是{_I}"
    rf"|恢复(?:为|到|成)?\s*(?={_V})"
)
# Cheap first look: without one of these there is no correction.
_LETTERS = re.compile(
    "[错反误滑改应实恢纠更重准]|不算|不[是对]|[报填写打]的?[高低多少]|[多少][报打填写]|[打写]成|刚[才刚]|上一?条|之前|[上前]面|原来|上次"
)
_OLD = re.compile(
    r"把\s*[^，。]{1,8}?(?:打|写|说|报|填|看)成了?\s*[^，。应改]{1,6}?(?=，|。|应|改|$)"
    r"|[多少][打写填](?:了)?(?:一|\d)?个?[零\d一二三四五六七八九]"
    rf"|{_BEFORE}(?:报|说|填|发|写)?的?(?:是|为)?\s*{_V}"
    rf"|(?:不是|而不是|并非|非)\s*{_V}|[将把]?\s*{_V}\s*(?=(?:改|更[正改新]|变更|修改|调整)(?:为|成)|{_SHOULD})"
    rf"|{_V}(?=(?:是)?(?:错|笔误|手误|口误|写错|打错|说错|有误|不对|多了|高了|低了))"
)
_OLD_ITEM = re.compile(
    rf"(?:不是|而不是|并非)\s*(?:{_I}|第?\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}}))(?![\d%成])|{_I}\s*(?=(?:应为|应该是|应是|改为|改成|写成)\s*{_I})"
)
_WORDS = re.compile(
    r"(?:刚才|刚刚|上面|上一?条|前面|之前|那条|这条|数据|数字|项目|的)*(?:说|打|写|报|填|搞|弄|发|看|记)?(?:项目)?错了?|更正(?:一下|为)?|纠正(?:一下)?|有误|手滑了?|笔误|手误|口误|勘误"
    r"|[修更]?改(?:为|成|到|一下)|变更为|(?:请|均)?以.{0,6}为准|重新?[报填]|.{0,4}不算数?|恢复(?:为|到|成)?|[报填写打]的?[高低多少]了|[多少][报填写打]了?"
    rf"|{_SHOULD}|不好意思|抱歉|(?:刚才|上一?条|上面)的?是?|而是|不对"
)
_STORED = re.compile(r"=\s*(\d{1,3}(?:\.\d+)?)|(\d{1,3}(?:\.\d+)?)\s*%")


def correction(message: Message) -> Reading | None:
    """Read a correction; without a new value it is a question."""
    if not _LETTERS.search(message.text) or not MARK.search(message.text):
        return None
    before = last_items(message)
    wrong = _wrong_items(message)
    text = _WORDS.sub(" ", _OLD_ITEM.sub(" ", _OLD.sub(" ", message.text))).strip(" ，。：")
    refs = find_refs(re.sub(r"(?<![\d第])是\s*(?=\d{1,2}(?:项|号))", "第", text), message.index, message.speaker)
    text = re.sub(r"(?<![\d第])是\s*(?=\d{1,2}(?:项|号))", "第", text)
    prompt = before[0] if len(before) == 1 else None
    report = read_report(replace(message, text=text, ctx=replace(message.ctx, prompt=prompt), correcting=True))
    moved = [item for ref in refs for item in ref.ids if item in message.speaker.own]
    if not _said(report.entries) and len(moved) == 1 and (wrong or moved != before):
        entry = _moved(moved[0], message)
        report.entries, report.asks = ([entry], []) if entry else ([], report.asks)
    entries = tuple(
        _in_own_words(entry, message.text)
        for entry in report.entries
        if entry.percent is not None or entry.percent_range or entry.status not in (None, "in_progress")
    )
    reverts = [
        item for item in (wrong or _left(before, entries, message)) if item not in {entry.item for entry in entries}
    ]
    ask = next(iter(report.asks), None) or (None if entries else Ask("percent", tuple(before)))
    return Reading(("correction",), entries, ask, {"reverts": reverts} if reverts and entries else {})


def _in_own_words(entry: Entry, text: str) -> Entry:
    """Quote the message itself where the words that were read had the old value taken out of them."""
    metrics = tuple(m if m.because in text else replace(m, because=text[:60]) for m in entry.metrics)
    return replace(entry, because=entry.because if entry.because in text else text[:60], metrics=metrics)


def _said(entries: list[Entry]) -> bool:
    return any(entry.percent is not None or entry.percent_range or entry.status == "done" for entry in entries)


def _wrong_items(message: Message) -> list[str]:
    """The items the sender says it was not."""
    found = []
    for match in _OLD_ITEM.finditer(message.text):
        number = re.search(r"\d{1,2}|[一二三四五六七八九十]{1,3}", match[0])
        refs = find_refs(f"第{number[0]}项", message.index, message.speaker) if number else []
        found += [item for ref in refs for item in ref.ids if not item.startswith("?")]
    return found


def _moved(item: str, message: Message) -> Entry | None:
    """Give the last reply's figure to another item; its number must be the only one it held."""
    figures = {float(a or b) for a, b in _STORED.findall(re.sub(r"before.*", "", message.ctx.last or ""))}
    if len(figures) != 1:
        return None
    percent = figures.pop()
    if percent > 100:
        return None
    status = "done" if percent == 100 else "not_started" if percent == 0 else "in_progress"
    return Entry(item, percent, status, because=message.text[:40])


def _left(before: list[str], entries: tuple[Entry, ...], message: Message) -> list[str]:
    """The last reply's items to undo: its figure now stands with another item."""
    held = {float(a or b) for a, b in _STORED.findall(message.ctx.last or "")}
    moved = len(before) == 1 and len(entries) == 1 and entries[0].item not in before and entries[0].percent in held
    return before if moved else []
