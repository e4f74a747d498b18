"""Cuts a text into words of known kinds and numbers with what they count, so that a clause can be read by kinds."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading import words
from bot.domain.reading.lexicon import AFTER_NUMBER, BEFORE_END, BEFORE_NUMBER, WORDS


class Token(NamedTuple):
    """One word. `kind` is a letter of the lexicon, or of a number: P percent, R span, n bare, q with a measure word,
    t share (5/8), o ordinal, d date; `x` is anything else, `@` a name of the plan, `(` a bracket with its words."""

    kind: str
    start: int
    end: int
    text: str
    value: float | None = None
    top: float | None = None
    unit: str = ""
    inner: "tuple[Words, ...]" = ()


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words between two marks, cut once. The same words are the same object, so that what they say is read once."""

    text: str
    tokens: tuple[Token, ...]


class Clause(NamedTuple):
    """Words up to a mark; `mark` is the mark that closed them."""

    words: Words
    mark: str

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.words.tokens


_D = "[一二两三四五六七八九]"
_NOT_CHENG = "(?![立果员效本功绩长为熟都型人份品])"
# What a number can be, tried in this order where a digit or numeral stands.
NUMERIC = re.compile(
    rf"(?P<date>(?:\d{{4}}|[二一][零〇\d一二三四五六七八九]{{3}})年(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号])?"
    rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|(?P<mon>1[0-2]|0?\d|十[一二]?|{_D})月(?:份|底|末|初|中旬|上旬|下旬|中)?(?:(?:\d{{1,2}}|{_D}?十{_D}?|{_D})[日号])?"
    r"|(?:1[0-2]|[1-9])\.(?:[12]\d|3[01]|[1-9])(?=\s+\d)|\d{1,2}[日号](?!楼|文|令)|\d{1,2}[:：][0-5]\d(?!\d|\s*[%成]))"
    rf"|(?P<span>(?P<r1>{NUMBER})\s*%?\s*(?:-+|~|—+|至|到|或)\s*(?P<r2>{NUMBER})\s*%"
    rf"|百分之(?P<p2>{NUMBER})\s*(?:到|至|-|~|—+)(?:百分之)?(?P<p3>{NUMBER})"
    rf"|(?:百分之)?(?P<t1>{_D})(?P<t2>{_D})十(?:%|(?<=百分之..十))?"
    rf"|(?P<c1>{_D}|\d)成?(?:到|至|-|~|—+|、)?(?P<c2>{_D}|(?<=\D)\d)成{_NOT_CHENG})"
    rf"|(?P<arrow>{NUMBER}\s*%?\s*(?:→|-+>|=>)\s*(?P<a2>{NUMBER})\s*%?)"
    rf"|(?P<percent>百分之(?P<p1>{NUMBER})|(?P<n1>{NUMBER})\s*%"
    rf"|(?P<ten>\d(?:\.\d)?|10|{_D}|十)\s*成(?P<half>半|{_D}|\d(?!\d))?{_NOT_CHENG}"
    rf"|(?P<f1>{NUMBER})分之(?P<f2>{NUMBER}))"
    rf"|(?P<ordinal>第\s*(?:{NUMBER}))"
    rf"|(?P<share>(?P<s1>\d{{1,4}})\s*/\s*(?P<s2>\d{{1,4}})(?![\d/年月日.]))"
    rf"|(?P<quantity>(?P<q>{NUMBER})\s*(?P<more>余|多|几)?\s*(?P<unit>{words.UNITS})(?P<tail>以上|左右|上下)?)"
    rf"|(?P<rough>(?P<lo>{NUMBER})\s*(?:-|~|—+|到|至)\s*(?P<hi>{NUMBER}))"
    rf"|(?P<number>{NUMBER})"
)
# What follows a number that counts or names something: 80后, 18号文, 305室; 2.0 is a version.
_COUNTED = frozenset("项号条级时点分版楼室栋季后度折")
_STARTS = frozenset("0123456789零〇一二两三四五六七八九十百廿卅第")
_MARKS = frozenset("。；，！？\n｜…")
_SILENT = frozenset(" ：:“”\"'‘’《》「」、·—-~+=<>*#_/.→↑↗】）☆★👍🙏😊😄💪🌹👌🎉～^&$")
_DIGITS = re.compile(r"[\d.,%]+")
_PICTURES = "\U0001f000"
_CJK = re.compile(r"[\u4e00-\u9fff]")
_ALIKE = {"个百分点": "百分点", "个点": "百分点", "所学校": "所"}
_HALVES = {"H": ("H", 50.0, None), "m": ("R", 50.0, 99.0), "l": ("R", 0.0, 49.0)}
_CLOSING = {"（": "）", "【": "】"}
# The lengths of the known words that begin with two letters; single letters stand by themselves.
_LENGTHS: dict[str, tuple[int, ...]] = {}
for _word in WORDS:
    if len(_word) > 1:
        _LENGTHS[_word[:2]] = tuple(sorted({*_LENGTHS.get(_word[:2], ()), len(_word)}, reverse=True))
_BEFORE, _AFTER, _WISH = frozenset(BEFORE_NUMBER), frozenset(AFTER_NUMBER), frozenset(BEFORE_END)

_TEXT = "[^。；，！？\\n｜…（【]*"
_CLAUSE = re.compile(rf"({_TEXT}(?:(?:（[^（）]{{0,200}}）|【[^【】]{{0,200}}】|[（【]){_TEXT})*)([。；，！？\n｜…]|$)")
KEPT = 8192


class Lexer:
    """Cuts texts with one plan's names among the known words. Equal words of a month are cut once."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, tuple[str, ...]] = {}
        for name in sorted(names, key=len, reverse=True):
            self._names[name[:2]] = (*self._names.get(name[:2], ()), name)
        self._cut = lru_cache(maxsize=KEPT)(self._words)

    def clauses(self, text: str, today: date) -> list[Clause]:
        """Cut a text at its marks, and the words between them into tokens. A bracket is one token of its clause."""
        month = today.year * 12 + today.month - 1
        return [Clause(self._cut(found[1], month), found[2]) for found in _CLAUSE.finditer(text) if found[0]]

    def _words(self, text: str, month: int) -> Words:
        tokens: list[Token] = []
        at = loose = 0
        end = len(text)
        while at < end:
            token = self._token(text, at, month)
            if token is None:
                at += 1
                continue
            if loose < at:
                tokens.append(Token("x", loose, at, text[loose:at]))
            if token.kind != " ":
                tokens.append(token)
            at = loose = token.end
        if loose < end:
            tokens.append(Token("x", loose, end, text[loose:]))
        return Words(text, _settled(tokens))

    def _token(self, text: str, at: int, month: int) -> Token | None:
        """Return the token at a place, or None where a letter belongs to no known word."""
        char = text[at]
        if char in _SILENT or char > _PICTURES or "\u2600" <= char <= "\u27bf":
            return Token(_sign(text, at), at, at + 1, char)
        if char in _CLOSING:
            return self._bracket(text, at, month)
        for name in self._names.get(text[at : at + 2], ()):
            if text.startswith(name, at):
                return Token("@", at, at + len(name), name)
        word = find_word(text, at)
        if word:
            size = _HALVES.get(word[0])
            if size:
                return Token(size[0], at, word[1], text[at : word[1]], size[1], size[2])
            return Token(word[0], at, word[1], text[at : word[1]])
        return _number(text, at, month) if char in _STARTS else None

    def _bracket(self, text: str, at: int, month: int) -> Token:
        close = text.find(_CLOSING[text[at]], at, at + 200)
        if close < 0:
            return Token(" ", at, at + 1, text[at])
        inside = text[at + 1 : close]
        inner = tuple(self._cut(found[1], month) for found in _CLAUSE.finditer(inside) if found[1])
        return Token("(", at, close + 1, inside, inner=inner)


def find_word(text: str, at: int) -> tuple[str, int] | None:
    """Return the kind and end of the longest known word at a place."""
    for length in _LENGTHS.get(text[at : at + 2], ()):
        kind = WORDS.get(text[at : at + length])
        if kind:
            return kind, at + length
    kind = WORDS.get(text[at])
    return (kind, at + 1) if kind else None


def _sign(text: str, at: int) -> str:
    """Tell a sign before a number from a dash: -5% is below nothing, +10% is a change."""
    if text[at] not in "+-" or not text[at + 1 : at + 2].isdigit() or text[:at].strip(" ：为是到达"):
        return " "
    return "-" if text[at] == "-" else "G"


def _number(text: str, at: int, month: int) -> Token | None:
    if text[at].isascii() and at and text[at - 1].isascii() and text[at - 1].isalpha():
        run = _DIGITS.match(text, at)  # G20 is a name, and so is A10%
        return Token("x", at, run.end(), run[0]) if run else None
    match = NUMERIC.match(text, at)
    if match is None:
        return None
    end = match.end()
    token = _READ[match.lastgroup or "number"](match, month) if match.lastgroup in _READ else None
    if token is None or (text[end : end + 1].isascii() and text[end : end + 1].isalpha()):
        return Token("x", at, end, match[0])
    return token


def _dated(match: re.Match[str], now: int) -> Token:
    """A day or month, told apart by when it lies: N this month, L an earlier one, F a later one, d any other."""
    text, end = match.string, match.end()
    month = int(find_number(match["mon"] or "") or 0)
    kind = "d"
    year = match[0][:4]
    if month:
        kind = "d" if month == now % 12 + 1 else "F" if _lies_ahead(month, now % 12 + 1) else "L"
    elif year.isdigit() and match[0].endswith("年"):
        kind = "d" if int(year) == now // 12 else "L" if int(year) < now // 12 else "F"
    ahead = re.match(r"(?:之|以)?前(?![期])", text[end : end + 3])
    if ahead:
        end += ahead.end()
        kind = "d" if text[end : end + 1] in ("已", "就") or text[end : end + 2] == "均已" else "F"
    elif (
        match[0][-1] in "底末"
        and kind == "d"
        and not text[: match.start()].endswith(("截至", "截止", "截止到", "截至到"))
    ):
        kind = "F"
    if text[: match.start()].endswith(("截至", "截止", "到")) and kind == "L":
        kind = "d"
    return Token(kind, match.start(), end, text[match.start() : end])


def _lies_ahead(month: int, now: int) -> bool:
    """In April 10月 is to come, and 12月 in January is over."""
    return (month - now) % 12 < 7 or now < month < now + 10


def _spanned(match: re.Match[str], _: int) -> Token:
    for low, high, scale in (("r1", "r2", 1), ("p2", "p3", 1), ("t1", "t2", 10), ("c1", "c2", 10)):
        first, second = find_number(match[low] or ""), find_number(match[high] or "")
        if first is None or second is None:
            continue
        if low == "r1" and match.string[: match.start()].rstrip().endswith(("从", "由")):
            return Token("P", match.start(), match.end(), match[0], second)
        return Token("R", match.start(), match.end(), match[0], first * scale, second * scale)
    return Token("x", match.start(), match.end(), match[0])


def _percent(match: re.Match[str], _: int) -> Token:
    value: float | None
    if match["f1"]:
        parts, share = find_number(match["f1"]), find_number(match["f2"])
        value = round(100 * share / parts) if parts and share is not None and parts >= share else None
    elif match["ten"]:
        tens, half = find_number(match["ten"]), match["half"]
        extra = 5.0 if half == "半" else find_number(half or "零")
        value = tens * 10 + extra if tens is not None and extra is not None else None
    else:
        raw = match["p1"] or match["n1"]
        value = 100.0 if raw == "百" else find_number(raw)
    return Token("P", match.start(), match.end(), match[0], value)


def _quantity(match: re.Match[str], _: int) -> Token:
    number, unit = find_number(match["q"]), _ALIKE.get(match["unit"], match["unit"])
    about = 1.0 if match["more"] or match["tail"] else None
    return Token("q", match.start(), match.end(), match[0], number, about, unit)


def _bare(match: re.Match[str], _: int) -> Token:
    """A number by itself; a numeral inside a word (一等, 三里) is no number."""
    numeral, text, end = match[0], match.string, match.end()
    follows = text[end : end + 1]
    if (follows and follows in _COUNTED) or numeral.endswith(".0"):
        return Token("x", match.start(), end, numeral)
    if numeral[0].isdigit():
        return Token("n", match.start(), end, numeral, find_number(numeral))
    inside = len(numeral) == 1 and bool(_CJK.match(follows)) and find_word(text, end) is None
    value = None if inside else find_number(numeral)
    return Token("x" if value is None else "n", match.start(), match.end(), numeral, value)


def _arrow(match: re.Match[str], _: int) -> Token:
    return Token("P", match.start(), match.end(), match[0], find_number(match["a2"]))


def _ordinal(match: re.Match[str], _: int) -> Token:
    return Token("o", match.start(), match.end(), match[0])


def _share(match: re.Match[str], _: int) -> Token:
    """Read 5/8; out of a hundred it is a percent."""
    kind = "P" if match["s2"] == "100" else "t"
    return Token(kind, match.start(), match.end(), match[0], find_number(match["s1"]), find_number(match["s2"]))


def _rough(match: re.Match[str], _: int) -> Token:
    return Token("?", match.start(), match.end(), match[0], find_number(match["lo"]), find_number(match["hi"]))


_READ: dict[str, Callable[[re.Match[str], int], Token]] = {
    "date": _dated, "span": _spanned, "percent": _percent, "quantity": _quantity, "number": _bare,
    "ordinal": _ordinal, "share": _share, "arrow": _arrow, "rough": _rough,
}  # fmt: skip


def _settled(tokens: list[Token]) -> tuple[Token, ...]:
    """Give up sizes that stand beside no number: 近 of 近视, 强 of 强化."""
    for at, token in enumerate(tokens):
        if token.text == "计划" and at and tokens[at - 1].kind in "x@" and tokens[at - 1].end == token.start:
            tokens[at] = token._replace(kind="x")  # 检查计划 is a paper, 计划检查 is a plan to do it
        if len(token.text) > 1:
            continue
        if token.text in _BEFORE:
            beside = at + 1 < len(tokens) and tokens[at + 1].kind in "PRHnqB?kADY"
        elif token.text in _WISH:
            beside = at + 1 < len(tokens) and (tokens[at + 1].kind in "Dp" or tokens[at + 1].text in ("到", "达"))
        elif token.text in _AFTER:
            beside = at > 0 and tokens[at - 1].kind in "PRn?"
        else:
            continue
        if not beside:
            tokens[at] = token._replace(kind="x")
    return tuple(tokens)


_PLAIN = Lexer()
_NO_DAY = date(2000, 1, 1)


def first_words(text: str) -> tuple[Token, ...]:
    """Return the tokens before the first mark."""
    found = _PLAIN.clauses(text[:60], _NO_DAY)
    return found[0].tokens if found else ()


@lru_cache(maxsize=KEPT)
def residue(text: str) -> str:
    """Return what is left of some words when all that says nothing by itself is taken out."""
    found = _PLAIN.clauses(text, _NO_DAY)
    return "".join(token.text for clause in found for token in clause.tokens if token.kind in "xoqnt@")
