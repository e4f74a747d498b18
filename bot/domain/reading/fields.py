"""Reading a register entry: one grammar made from the register's own fields.

A value is taken where its label stands (题目：…, 参加40人, 因开会), then where its kind can be told without one (a day,
a number with its unit, an option, a name of the roster). What is taken is blanked out; the words that are left are the
entry's text. Nothing is guessed: a needed field without a value is asked for.
"""

import re
from datetime import date
from typing import Any

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading.fieldkinds import BREAK, EDGE, NAME, ORDER, READERS, text_in_clause
from bot.domain.reading.normalise import normalise
from bot.domain.reading.work import Setting, Work
from bot.domain.registers import Draft, Field, Register, doubts_of

__all__ = ["ADDRESS", "Setting", "named_by_opening", "opened", "read_entry", "read_value"]

_VERBS = r"(?:登记|记录|新增|补报|报送|上报|提交|填报|报|记)?(?:一(?:条|个|下|笔|次|场))?"
# Words that only say that something was done, and names of fields that say what it was about.
_EMPTY = re.compile(r"(?:已经?|都|均|今天|刚)?(?:开展|举办|完成|办|组织|进行|结束|上报|报)(?:了|过|完)?")
_ABOUT = re.compile(r"题|内容|事|情况|名称|问题|目标")
ADDRESS = re.compile(r"https?://[^\s，。；、）]+")
_NAMED = re.compile(r"名$|名称")
_TITLE = re.compile(r"《[^》]{1,80}》")


def opened(register: Register, text: str) -> str | None:
    """Return what follows when a text opens an entry of this register by its name; None when it does not."""
    names = sorted({register.noun, register.name, *register.words}, key=len, reverse=True)
    alternatives = "|".join(re.escape(name) for name in names)
    options = [option for wanted in register.of_kind("choice", "boxes") for option in wanted.options]
    # 推荐担当者：… needs no colon; a short option may be part of another word.
    ahead = "|".join((r"\d", *(re.escape(option) for option in options if len(option) > 2)))
    found = re.match(rf"\s*/?{_VERBS}\s*({alternatives})(?:[：:，,\s]+|(?={ahead})|$)", normalise(text))
    if found is None:
        return None
    rest = normalise(text)[found.end() :].strip()
    # 民主生活会：… opens the register of such meetings and says which kind it was as well.
    said = [option for option in options if len(found[1]) > 2 and option.endswith(found[1])]
    return f"{said[0]}，{rest}" if len(said) == 1 and said[0] not in rest else rest


def named_by_opening(register: Register, draft: Draft, opening: str) -> Draft:
    """Let the word that opened an entry be its name where none was said: 优质课展评：10月12日举办."""
    title = next((f for f in draft.missing if f.kind == "text" and f.name.endswith("名称")), None)
    word = next((word for word in register.words if word in opening), "")
    if title is None or not word:
        return draft
    rest = tuple(field for field in draft.missing if field is not title)
    return Draft({**draft.values, title.key: word}, rest, draft.doubts)


def read_entry(register: Register, text: str, setting: Setting) -> Draft:
    """Read one entry's fields out of words; what is needed and not said is missing, what does not fit is a doubt."""
    said = normalise(text)
    work = Work(register, setting, said, said)
    _link(work, text)
    state = _state(work)
    for kind in ORDER:
        for read in READERS[kind]:
            for wanted in register.of_kind(kind):
                if wanted.key not in work.values:
                    read(work, wanted)
    for wanted in register.of_kind("text"):
        if wanted.key not in work.values:
            text_in_clause(work, wanted)
    _rest(work)
    _lasting(work)
    missing = tuple(wanted for wanted in register.fields if wanted.needed and wanted.key not in work.values)
    doubts = (*work.doubts, *_below_nothing(work), *doubts_of(register, work.values))
    return Draft(work.values, missing, doubts, state)


def _state(work: Work) -> str:
    """Take the state out of an entry where it stands by itself: 图书馆 复工, 3月2日.

    Where closing needs a proof or the office, an entry begins at its first state whatever it says.
    """
    register = work.register
    guarded = register.proof or register.closers == "office"
    states = register.states[:-1] if guarded else register.states
    for state in states:
        found = re.search(rf"(?<![^\s，。；：]){re.escape(state)}(?![^\s，。；：])", work.text)
        if found:
            work.text = work.text[: found.start()] + "，" + work.text[found.end() :]
            return state
    return ""


def _below_nothing(work: Work) -> list[str]:
    """清查-5种: the sign is no part of a number as it is read, so it is looked for at the label."""
    bounded = [wanted for wanted in work.register.of_kind("number") if wanted.low is not None and wanted.low >= 0]
    sign = r"\s*[：:]?\s*[-负]\s*\d"
    return [
        f"{wanted.name}不会是负数"
        for wanted in bounded
        if any(re.search(re.escape(name) + sign, work.said) for name in wanted.names)
    ]


def read_value(register: Register, wanted: Field, text: str, setting: Setting) -> Any:
    """Read the answer to a question about one field; None when it holds no such value."""
    said = normalise(text).strip(EDGE)
    work = Work(register, setting, said, said)
    if wanted.kind == "text":
        return said or None
    for read in READERS[wanted.kind]:
        if wanted.key not in work.values:
            read(work, wanted)
    if wanted.kind in ("person", "people") and wanted.key not in work.values:
        names = re.findall(NAME, work.text)
        work.values[wanted.key] = names[0] if wanted.kind == "person" and names else names
    if wanted.kind == "number" and wanted.key not in work.values and (found := re.search(NUMBER, work.text)):
        work.take(wanted, found, find_number(found[0]))
    return work.values.get(wanted.key) or None


def _link(work: Work, text: str) -> None:
    """Keep an address for the field of links; normalising leaves addresses out."""
    address = ADDRESS.search(text)
    field = next((f for f in work.register.of_kind("text") if "链接" in f.names or "网址" in f.names), None)
    if address and field is not None:
        work.values[field.key] = address[0]
        work.text = re.sub(r"(?:链接|网址)\s*[：:]?(?=\s|$)", "", work.text)


def _rest(work: Work) -> None:
    """Give the words that are left to the text field they must be; a title in 《》 to a field for one."""
    empty = [wanted for wanted in work.register.of_kind("text") if wanted.key not in work.values]
    title = _TITLE.search(work.text)
    named = next((wanted for wanted in empty if re.search(r"题|名称", wanted.name)), None)
    if title and named:
        work.take(named, title, title[0])
        empty.remove(named)
    parts = (part.strip(EDGE) for part in BREAK.split(work.text))
    said = [part for part in parts if len(part) > 1 and not _EMPTY.fullmatch(part) and part not in work.labels]
    target = next((wanted for wanted in empty if wanted.needed), None)
    if target is not None and len(said) > 1 and len(empty) > 1 and _NAMED.search(target.name):
        # A name ends with its clause; what follows is about it.
        work.values[target.key] = said.pop(0)
        empty.remove(target)
        target = None
    left = "，".join(said)
    target = target or next((wanted for wanted in empty if _ABOUT.search(wanted.name)), next(iter(empty), None))
    if left and target is not None:
        work.values[target.key] = left


def _lasting(work: Work) -> None:
    """Work out what was not said: months or days from the span or the days."""
    for wanted in work.register.of_kind("number"):
        if wanted.per_days is None or wanted.key in work.values:
            continue
        days = work.values.get("days")
        for span in work.register.of_kind("span"):
            value = work.values.get(span.key)
            if value and days is None:
                days = (date.fromisoformat(value["to"]) - date.fromisoformat(value["from"])).days + 1
        if days is not None:
            work.values[wanted.key] = round(days / wanted.per_days, 2)
