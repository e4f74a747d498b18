"""The reader: normalise, cut what is quoted, see what kind of talk it is, read the report, ask what is not plain."""

import re
from dataclasses import replace
from typing import Any

from bot.domain.plans import Plan
from bot.domain.reading import talk, words
from bot.domain.reading.answers import answer
from bot.domain.reading.corrections import correction
from bot.domain.reading.figures import find_metrics
from bot.domain.reading.index import ItemIndex
from bot.domain.reading.ledgers import read_register
from bot.domain.reading.message import Message
from bot.domain.reading.model import Ask, Context, Entry, Reading
from bot.domain.reading.normalise import normalise, strip_mentions, strip_quotes
from bot.domain.reading.quotas import contradiction, period_of, placed, verdict_of
from bot.domain.reading.report import read_report
from bot.domain.reading.scope import Report
from bot.domain.reading.speaker import Speakers
from bot.domain.reading.submissions import SUBMIT
from bot.domain.rounds import Round, rounds_of
from bot.domain.workdays import Workdays

LONGEST = 5000
SET_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]")
# A tick beside an item says it is done; alone it may as well be a receipt.
_TICKS = re.compile("[\\s✅☑✔√\ufe0f👌👍]+")
_ORDER = ("permission", "item", "meaning", "percent", "section", "confirm")
_FOR = (
    r"(?:代|替|帮|为|受)\s*(?P<unit>{units})(?:委托[，,]?)?"
    r"(?:代?(?:填?报送?|上报|汇报|回复|更新|登记|录入|填写|补报))?(?:一下|下)?"
)
_ON_BEHALF = re.compile(r"代报|代为?(?:填报|上报|汇报)|替.{2,8}报|帮.{2,8}报|on behalf")


class Reader:
    """Reads replies of one plan; made once, its tables are shared by all readings."""

    def __init__(self, plan: Plan, workdays: Workdays) -> None:
        self.plan = plan
        self.workdays = workdays
        self.index = ItemIndex(plan)
        self._none = ItemIndex(replace(plan, items=()))
        names = {name for unit in plan.units for name in (unit.name, unit.full, *unit.aliases) if name}
        units = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
        self._for = re.compile(_FOR.format(units=units))
        self._speakers = Speakers(plan, rounds_of(plan, workdays))

    def read(self, text: str, ctx: Context) -> Reading:
        """Read one reply. The same text and context always give the same reading."""
        if len(text) > LONGEST:
            return Reading((), (), Ask("meaning"))
        if _TICKS.fullmatch(text):
            if not ctx.pending_question or ctx.pending_question.get("about") != "confirm":
                return Reading(("ack",))
            text = "对"
        own, quoted = strip_quotes(normalise(text, ctx.msgtype == "voice"))
        plain, names = strip_mentions(own)
        if names and talk.DELEGATE.search(plain):
            ctx = replace(ctx, prompt=f"{ctx.prompt or ''}@{names[0]}")
        message = self._message(plain, ctx)
        special = _unread(message, quoted)
        return special or self._read(message)

    def _message(self, text: str, ctx: Context) -> Message:
        speaker = self._speakers.of(ctx)
        return Message(text, ctx, speaker, self.index if speaker.home else self._none, self.workdays)

    def _read(self, message: Message) -> Reading:
        answered = answer(message)
        if answered:
            return _guarded(answered, message)
        behalf, message = self._on_behalf(message)
        found = (
            talk.first_that_reads(talk.BEFORE, message)
            or correction(message)
            or read_register(message)
            or talk.first_that_reads(talk.AFTER_CORRECTIONS, message)
        )
        if found:
            return _for(behalf, _guarded(found, message))
        return _for(behalf, _guarded(_reported(message), message))

    def _on_behalf(self, message: Message) -> tuple[str | None, Message]:
        """Read 代某科报 … as that unit's own words, kept with its name."""
        found = self._for.search(message.text)
        unit = self.plan.find_unit(found["unit"]) if found else None
        if found and unit:
            text = message.text[: found.start()] + " " + message.text[found.end() :]
            return unit.name, self._message(text.strip(" ：:"), replace(message.ctx, unit=unit.name))
        marked = _ON_BEHALF.search(message.text)
        asked = talk.DELEGATE.search(message.text)
        if not marked or (asked and asked["to"]):
            return None, message
        reading = read_report(replace(message, speaker=replace(message.speaker, role="office")))
        units = [unit for entry in reading.entries if entry.item for unit in self._units(entry.item)]
        text = message.text.replace(marked[0], " ")
        free = message.speaker.role in ("contact", "office")
        speaker = replace(message.speaker, role="office") if units and free else message.speaker
        return (units[0] if units else None), replace(message, text=text, speaker=speaker)

    def _units(self, item: str) -> tuple[str, ...]:
        found = self.plan.find_item(item)
        return found.units if found else ()


def _unread(message: Message, quoted: bool) -> Reading | None:
    """What is not read at all: nothing said, a picture, words of others passed on."""
    kind = message.ctx.msgtype
    if kind == "forward":
        return Reading((), (), Ask("confirm"))
    if kind == "image":
        return Reading((), (), Ask("meaning"))
    if not message.text.strip():
        return Reading(("submit_file",)) if kind == "file" else Reading(("chat",))
    if quoted and re.search(r"差不多|一样|同上|也是|同样|跟.{0,6}一样", message.text):
        return Reading((), (), Ask("percent", message.speaker.own))
    return None


def _for(unit: str | None, reading: Reading) -> Reading:
    """Note the unit a report is made for, when it is another's."""
    reported = reading.entries or "nil_report" in reading.intents
    return replace(reading, others={**reading.others, "on_behalf": unit}) if unit and reported else reading


def _guarded(reading: Reading, message: Message) -> Reading:
    """Only contacts and the office report; anybody else's figures are a question of permission."""
    if message.speaker.role in ("contact", "office") or not reading.entries:
        return reading
    if message.speaker.role == "leader":
        return Reading(("query",) if words.QUESTION.search(message.text) else ("chat",), (), Ask("permission"))
    return Reading(reading.intents, (), Ask("permission"))


def _reported(message: Message) -> Reading:
    report = read_report(message)
    asks = sorted((ask for ask in report.asks if ask.about in _ORDER), key=lambda ask: _ORDER.index(ask.about))
    ask = asks[0] if asks else None
    if not report.entries and ask is None:
        return _untold(message, report)
    entries = tuple(report.entries)
    intents = _intents(entries, report, message)
    ask = ask or _missing(entries, message)
    entries = placed(entries, message)
    ask = ask or contradiction(entries, message)
    others: dict[str, Any] = {}
    if (verdict := verdict_of(entries, message)) is not None:
        others["meets"] = verdict
    if not message.speaker.rounds and (period := period_of(message.text, message.ctx.today)):
        others["period"] = period
    fulfils = _fulfilled(entries, ask, message)
    if fulfils:
        others["fulfils"] = fulfils
    if SUBMIT.search(message.text):
        intents = (*intents, "submit_file")
    return Reading(intents if entries or report.said else (), entries, ask, others)


def _untold(message: Message, report: Report) -> Reading:
    """What reports nothing: a promise, a question, a chat; a figure nobody can place is asked about."""
    if re.fullmatch(r"[^，。]{0,12}\d\s*%\s*[？吗吧]+", message.text):
        return Reading((), (), Ask("confirm", message.speaker.own if message.speaker.only else ()))
    if report.doubted:
        return Reading(("chat",), (), Ask("percent", message.speaker.own))
    if told := _planned(message) or _figures(message):
        return told
    return (Reading(("promise",)) if report.promised else None) or talk.promise(message) or talk.query_or_chat(message)


def _planned(message: Message) -> Reading | None:
    """研讨班定于6月10日: a meeting's day is set; that is no promise to report."""
    named = {item for ref in message.index.titles_in(message.text) for item in ref.ids}
    events = [item for key in named if (item := message.index.plan.find_item(key)) and item.kind == "event"]
    if len(named) != 1 or not events or message.text.endswith("？") or not SET_DAY.search(message.text):
        return None
    return Reading(("report",), (Entry(events[0].id, status="in_progress", because=message.text),), None)


def _figures(message: Message) -> Reading | None:
    """辍学3人: a figure of the plan by its name, with nothing else said."""
    if message.speaker.role not in ("contact", "office") or words.QUESTION.search(message.text):
        return None
    metrics = find_metrics(message.index.lexer.clauses(message.text, message.ctx.today), message.voice)
    names = {name for kind in message.index.plan.figures for name in kind.names}
    told = tuple(metric for metric in metrics if metric.name in names)
    return Reading(("metrics",), (Entry(None, metrics=told, because=message.text),), None) if told else None


def _intents(entries: tuple[Entry, ...], report: Report, message: Message) -> tuple[str, ...]:
    """Name the report by the duty it answers: sections make a special report, a half-year round its summary."""
    headed = bool(report.sections) or any(entry.sections for entry in entries)
    forms = {found.duty.form for found in message.speaker.rounds}
    covers = {found.duty.covers for found in message.speaker.rounds}
    names: list[str] = []
    if "sections" in forms and (headed or forms == {"sections"}):
        names.append("special_report")
    if "half-year" in covers:
        names.append("half_year_summary")
    if not names or len(forms) > 1:
        figures_only = entries and all(
            entry.metrics and entry.percent is None and entry.status is None for entry in entries
        )
        names.append("metrics" if figures_only else "report")
    return tuple(names)


def _wanted(found: Round) -> tuple[str, ...]:
    return found.duty.sections if found.duty.form == "sections" else ()


def _missing(entries: tuple[Entry, ...], message: Message) -> Ask | None:
    """Ask for the sections a report owes, when it is such a report."""
    given = {key for entry in entries for key in entry.sections}
    rounds = message.speaker.rounds
    if not given and any(not _wanted(found) for found in rounds):
        return None
    missing = tuple(key for found in rounds for key in _wanted(found) if key not in given)
    item = entries[0].item if len(entries) == 1 else None
    return Ask("section", missing, item=item) if missing and entries else None


def _fulfilled(entries: tuple[Entry, ...], ask: Ask | None, message: Message) -> list[str]:
    """The duties a reply fulfils: those with sections need all of them, the others any report."""
    given = {key for entry in entries for key in entry.sections}
    if (
        not any(
            entry.percent is not None or entry.percent_range or entry.sections or entry.metrics for entry in entries
        )
        and ask
    ):
        return []
    pairs = zip(message.speaker.pending, message.speaker.rounds, strict=False)
    return [name for name, found in pairs if entries and set(_wanted(found)) <= given]
