"""Answers to the bot's own question: the item, the percent, yes or no, the missing section, the date, the person."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading.dates import find_dates
from bot.domain.reading.items import find_refs, numbers_in
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Entry, Reading
from bot.domain.reading.report import read_report
from bot.domain.reading.sections import find_blocks, sections_of, sentences

YES = re.compile(
    r"^(?:对的?|是的?|没错|确认|正确|嗯+|好的?|可以|ok|OK|yes|Y|y"
    r"|属实|准确|确定|确认无误|对对+|是这样|1|👌|👍|同意)[的啊呀，。！! ]*$"
)
NO = re.compile(r"^(?:不对?|不是|否|错了?|没有|不正确|no|N|n|不确认|取消|有误)(?:的|啊)?(?:[，。！ ]|$)")
ALL = re.compile(r"^(?:[两二三四五六]个|[两二三四五六]项)?(?:都是|全部|全都是?|所有|都有)")
OWN_STATE = re.compile(r"%|百分之|[一二三四五六七八九十\d]成|过半|完成|启动|受阻|无进展")
ORDINAL = re.compile(
    rf"第\s*(?P<nth>{NUMBER})\s*个|(?P<last>最?后(?:面)?(?:的)?(?:那|一)个?)|(?P<first>[头前](?:面)?(?:的)?(?:那|一)个?)"
)
NUMBERS = re.compile(rf"\s*(?:是|选)?第?{NUMBER}(?:项|号)?(?:\s*(?:、|，|和|及|与|跟|\s)\s*第?{NUMBER}(?:项|号)?)+\s*")
UNDECIDED = re.compile(r"还没|未定|没定|不知|不清楚|待定|再说")


def answer(message: Message) -> Reading | None:
    """Read a reply as the answer to the pending question; None when it is none."""
    question = message.ctx.pending_question
    if not question:
        return None
    kind = _KINDS.get(str(question.get("about")))
    return kind(message, question) if kind else None


def _which(message: Message, question: Mapping[str, Any]) -> Reading | None:
    options = tuple(str(option) for option in question.get("options") or ()) or message.speaker.own
    ids = _picked(message, options)
    if ids is None:
        return None
    if ids and OWN_STATE.search(message.text) and not ALL.match(message.text):
        return _with_state(message, ids)
    if not ids:
        return Reading(("answer",), (), Ask("item", options, percent=question.get("percent")))
    said = read_report(replace(message, text=re.sub(r"^.*?(?=\d+\s*%|百分之)", "", message.text)))
    percent, status = question.get("percent"), question.get("status")
    own = next((entry.percent for entry in said.entries if entry.percent is not None), None)
    percent = own if own is not None and "%" in message.text else percent
    if percent is None and status is None:
        return Reading(("answer",), (), Ask("percent", tuple(ids), item=ids[0]))
    entries = tuple(_entry(item, percent, status, message) for item in ids)
    return Reading(("answer", "report"), entries)


def _with_state(message: Message, ids: list[str]) -> Reading | None:
    """An answer that says how far the item is, too: 12，不过是85%. Its own figure counts, not the waiting one."""
    if len(ids) != 1 or read_report(message).entries:
        return None
    rest = re.sub(rf"^\D{{0,3}}{NUMBER}\s*(?:项|号)?[，。\s]*(?:不过|但)?", "", message.text)
    said = _told(message, rest, ids[0])
    return Reading(("answer", "report"), said) if said else None


def _entry(item: str, percent: float | None, status: str | None, message: Message) -> Entry:
    if percent is not None and not 0 <= percent <= 100:
        percent = None
    if status is None or percent is not None:
        status = (
            {100: "done", 0: "not_started"}.get(int(percent), "in_progress")
            if percent is not None and percent == int(percent)
            else status or "in_progress"
        )
    return Entry(item, percent, status, because=message.text[:40])


def _picked(message: Message, options: tuple[str, ...]) -> list[str] | None:
    """Return the options an answer picks, [] for a number that is none of them, None for other words."""
    text = message.text.strip(" 。！，")
    if ALL.match(text):
        return list(options)
    ordinal = ORDINAL.fullmatch(text)
    if ordinal:
        place = len(options) if ordinal["last"] else 1 if ordinal["first"] else int(find_number(ordinal["nth"]) or 0)
        return [options[place - 1]] if 0 < place <= len(options) else []
    plain = re.fullmatch(rf"(?:是|选|应该是|就是)?第?\s*({NUMBER})\s*(?:项|号|条)?(?:的|吧)?", text)
    if plain:
        item = message.speaker.id_of(int(find_number(plain[1]) or -1))
        return [item] if item in options else []
    leading = re.match(rf"(?:是|选)?第?\s*({NUMBER})\s*(?:项|号)?[，。]", text)
    if leading and (item := message.speaker.id_of(int(find_number(leading[1]) or -1))) in options:
        return [item]
    if NUMBERS.fullmatch(text):
        several = [message.speaker.id_of(number) for number in numbers_in(re.sub(r"[项号选是\s]+", "、", text))]
        if several and all(item in options for item in several):
            return several
    refs = find_refs(text, message.index, message.speaker)
    ids = list(dict.fromkeys(item for ref in refs for item in ref.ids if item in options))
    if ids and (len(text) <= 30):
        return ids
    near = [item for score, item in message.index.near(text, options)] if len(text) <= 16 else []
    return near[:1] if len(near) == 1 else None


def _confirm(message: Message, question: Mapping[str, Any]) -> Reading | None:
    item, percent, status = question.get("item"), question.get("percent"), question.get("status")
    item = str(item) if item else next(iter(question.get("options") or ()), None)
    first, _, more = message.text.partition("，")
    if YES.match(message.text) or (YES.match(first) and _agrees(more, percent)):
        if item is None or (percent is None and status is None):
            return Reading(("confirm",))
        return Reading(("confirm",), (_entry(item, percent, status, message),))
    if not NO.match(message.text):
        return None
    rest = re.sub(r"^(?:应该|应当|应|其实|实际)?[是为]?(?=\s*\d)", "", NO.sub("", message.text).strip(" ，。"))
    said = _told(message, rest, item) if rest else ()
    if said:
        return Reading(("answer", "correction"), said)
    return Reading(("answer",), (), Ask("percent", (item,) if item else (), item=item))


def _agrees(more: str, percent: float | None) -> bool:
    """Say whether the words behind a yes only say it again: 是的，确认完成; 对，就是100%."""
    figures = {float(figure) for figure in re.findall(r"\d+(?:\.\d+)?", more)}
    return not re.search(r"[不没未但还差]|[一二三四五六七八九]成|百分之", more) and figures <= {percent}


def _percent(message: Message, question: Mapping[str, Any]) -> Reading | None:
    item = question.get("item") or next(iter(question.get("options") or ()), None)
    if not item or find_refs(message.text, message.index, message.speaker):
        return None
    text = message.text
    if re.fullmatch(rf"\s*{NUMBER}\s*", text):
        text = "进度" + text
    said = _told(message, text, str(item))
    return Reading(("answer", "report"), said) if said else None


def _told(message: Message, text: str, item: str | None) -> tuple[Entry, ...]:
    """Read words as said of one item."""
    speaker = message.speaker
    if item and item in speaker.own:
        speaker = replace(speaker, own=(item,), own_numbers=frozenset())
    report = read_report(replace(message, text=text, speaker=speaker, correcting=True))
    return tuple(
        e
        for e in report.entries
        if e.percent is not None or e.percent_range or e.status in ("done", "not_started", "nearly_done", "stalled")
    )


def _section(message: Message, question: Mapping[str, Any]) -> Reading | None:
    missing = [str(key) for key in question.get("options") or ()]
    item = question.get("item") or message.speaker.only
    found = sections_of(find_blocks(message.text, message.voice))
    if not found and len(missing) == 1:
        none = re.fullmatch(r"(?:暂|目前)?(?:无|没有)(?:问题|困难)?[。！]?", message.text)
        found = {missing[0]: "none" if none else sentences(message.text)}
    if not found:
        return None
    left = tuple(key for key in missing if key not in found)
    entry = Entry(str(item) if item else None, status="in_progress" if item else None, sections=found)
    return Reading(("answer", "special_report"), (entry,), Ask("section", left) if left else None)


def _date(message: Message, question: Mapping[str, Any]) -> Reading | None:
    days = find_dates(message.text, message.ctx.today, message.workdays)
    if not days:
        return None
    target = question.get("item") or question.get("target") or message.speaker.only
    return Reading(("answer", "extension"), others={"extension": {"target": target, "to": days[-1].isoformat()}})


def _person(message: Message, question: Mapping[str, Any]) -> Reading | None:
    if UNDECIDED.search(message.text):
        return Reading(("answer",), (), Ask("person"))
    name = re.fullmatch(
        r"(?:是|由|叫)?([\u4e00-\u9fff]{2,4}?)(?:同志|老师|科长|接替|负责)?(?:[，。！].*)?", message.text
    )
    return Reading(("answer", "successor"), others={"delegate": {"to": name[1], "scope": "all"}}) if name else None


_KINDS: dict[str, Callable[[Message, Mapping[str, Any]], Reading | None]] = {
    "item": _which, "entry": _which, "confirm": _confirm, "meaning": _which, "percent": _percent, "status": _percent,
    "section": _section, "date": _date, "person": _person,
}  # fmt: skip
