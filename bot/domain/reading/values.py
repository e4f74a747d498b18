"""What one clause says of the state of its item: a percent, a state, the old figure again, or only a doubt."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.reading.lexer import KEPT, Token, Words

# No sentence people write is longer; without this bound a wall of marks could cost seconds.
LONGEST_CLAUSE = 400
QUOTED = 60
# A span wider than half the scale tells nothing; 7~80% is more likely item 7 with its 80%.
WIDEST = 50


@dataclass(frozen=True, slots=True)
class Value:
    """One finding of a clause. `kind`: percent, status, carry, doubt, target, past, named (a share of something else),
    figure (a rank); `exact` when nothing else was said; `because` the very words; `overall` 2 for 累计, 1 for 进度."""

    kind: str
    percent: float | None = None
    span: tuple[int, int] | None = None
    approx: bool = False
    status: str | None = None
    because: str = ""
    exact: bool = False
    overall: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What words are read against: whether the item is named, and what takes its name out of a text."""

    named: bool
    nameless: Callable[[str], str]
    kind: str = "progress"
    numbers: frozenset[int] = frozenset()
    unit: str = ""


# 1.80% is a list mark with its figure as well as a number.
_MARKED = re.compile(r"1?\d\.\d\d\s*%")
# Why it is so says nothing against the state: 受疫情影响暂停.
_CAUSE = re.compile(r"受.{1,12}影响|^被$")
_WHY = ("因", "因为", "由于")
# Kinds that say something beside the value: other words, counts, ordinals, work of content.
BESIDE = frozenset("x@qo?tnJQEsy")
_WHOLE = {"Q": "document", "E": "event"}
_LATER = frozenset("TF")


@lru_cache(maxsize=KEPT)
def read_words(words: Words, frame: Frame) -> tuple[Value, ...]:
    """Read one clause; what stands in brackets is heard only when the rest says nothing."""
    if len(words.text) > LONGEST_CLAUSE:
        return ()
    tokens = words.tokens
    found = _read(tokens, frame, words.text)
    brackets = [token for token in tokens if token.kind == "("]
    open_ = not _rest(tokens, frame) if not found else len(found) == 1 and found[0].status == "nearly_done"
    if brackets and open_:
        found = found + [value for token in brackets[:3] for value in _inside(token, frame)]
    return tuple(found)


def _inside(token: Token, frame: Frame) -> list[Value]:
    found = []
    for words in token.inner:
        if any(part.kind == "i" for part in words.tokens):
            break
        found += [v for v in _read(words.tokens, frame, words.text) if v.exact or v.kind == "doubt"]
    return found


def _read(tokens: Sequence[Token], frame: Frame, text: str) -> list[Value]:
    kinds = "".join([token.kind for token in tokens])
    if not kinds:
        return []
    found: list[Value] = []
    if "P" in kinds or "R" in kinds or "H" in kinds:
        found = _percents(tokens, frame, text)
    if not found:
        found = _state(tokens, kinds, frame, text)
    if not any(value.exact for value in found):
        found = _bare(tokens, kinds, frame, text) or found
    return found


def _because(text: str, tokens: Sequence[Token], at: int) -> str:
    """Quote the clause, or the part around a value where it is long."""
    said = text.strip()
    if len(said) <= QUOTED:
        return said
    around = said.find(tokens[at].text)
    return said[max(0, around - 30) : around + 30]


def _rest(tokens: Sequence[Token], frame: Frame) -> bool:
    """Say whether words tell of something beside fillers, the item's own name and the sender's own unit."""
    for at, token in enumerate(tokens):
        if token.text in _WHY:
            tokens = tokens[:at]
            break
    other = "".join([token.text for token in tokens if token.kind in BESIDE])
    if other and frame.unit:
        other = other.replace(frame.unit, "")
    return bool(other) and bool(frame.nameless(_CAUSE.sub("", other)))


def _percents(tokens: Sequence[Token], frame: Frame, text: str) -> list[Value]:
    found: list[Value] = []
    last, named = 0, False
    for at, token in enumerate(tokens):
        if token.kind not in "PRH":
            continue
        left, right = tokens[last:at], tokens[at + 1 :]
        if left and left[-1].kind == "Z" and right:
            continue  # 近视率由49.2%降至48.1%: what the first is a figure of, the second is too
        last = at + 1
        value = _placed(_sized(token, left, right, frame.numbers), tokens[: at + 1], left, right, frame)
        named = named or value.kind == "named"
        if value.kind == "named" or (named and not value.overall):
            value = replace(value, kind="named", exact=False)
        found.append(replace(value, because=_because(text, tokens, at)))
    return found


def _sized(token: Token, left: Sequence[Token], right: Sequence[Token], numbers: frozenset[int]) -> Value:
    """Turn the words of a percent into a figure, a span, or a doubt about its size."""
    doubt = Value("doubt", status="in_progress")
    number, top = token.value, token.top
    near = next((t.kind for t in reversed(left) if t.kind != "f"), "")
    if token.kind == "H":
        return _half(near, right)
    if token.kind == "R":
        if near in ("B", "!"):
            return doubt
        fine = number is not None and top is not None and 0 <= number < top <= min(100, number + WIDEST)
        return Value("percent", span=(int(number or 0), int(top or 0))) if fine else doubt
    if (
        number is None
        or number > 100
        or _MARKED.match(token.text)
        or near == "-"
        or (number != int(number) and int(number) in numbers)
    ):
        return doubt
    return _vague(number, near, right)


def _half(near: str, right: Sequence[Token]) -> Value:
    if near in ("B", "!") or (right and right[0].kind == "B"):
        return Value("percent", span=(0, 49))
    if near == "k":
        return Value("percent", span=(40, 50))
    if near == "O" or (right and right[0].kind == "u"):
        return Value("percent", span=(50, 99))
    return Value("percent", percent=50, approx=True)


def _vague(number: float, near: str, right: Sequence[Token]) -> Value:
    after = right[0].kind if right else ""
    if near in ("B", "!") or after == "B":
        return Value("percent", span=(int(max(number - 10, 0)), int(max(number - 1, 0))))
    if near == "b":
        return Value("percent", span=(int(max(number - 10, 0)), int(number)))
    if near == "O" or after == "u":
        if number >= 100:
            return Value("doubt", status="in_progress")
        top = int(min(number + 9, 99)) if after == "u" and right[0].text[0] == "多" else 99
        return Value("percent", percent=number, approx=True, span=(int(number), max(top, int(number))))
    return Value("percent", percent=number, approx=near in ("A", "k") or after == "a")


def _placed(
    value: Value, before: Sequence[Token], left: Sequence[Token], right: Sequence[Token], frame: Frame
) -> Value:
    """Decide what the number is a percent of: the item now, the item another day, or something else. `before` ends
    with the number itself."""
    begin = before[-1].start
    kinds = "".join([token.kind for token in before])
    if "i" in kinds or (left and (left[-1].kind == "r" or left[-1].text == "前")):
        return replace(value, kind="figure")
    when = next((kind for kind in reversed(kinds) if kind in "NTFL"), "")
    if when in _LATER:
        return replace(value, kind="target")
    near = next((kind for kind in reversed([token.kind for token in left]) if kind not in "fA"), "")
    rest = _rest([token for token in _unremarked(left, begin) if token.kind != "y"], frame)
    if (near in ("M", "G") or _after("".join([token.kind for token in left]), "!", "D")) and not rest:
        return replace(value, kind="doubt", status="in_progress")
    risen = "Z" in kinds and bool(left) and left[-1].text.endswith(("到", "至"))  # 从上月的60%提高到75%
    if (when == "L" and "N" not in kinds and not risen) or _of_the_past(right):
        return replace(value, kind="past")
    overall = max([2 if token.kind == "w" else token.kind in "pND" for token in left], default=0)
    if rest or not _ends_well(right, frame, before[-1].end):
        return replace(value, kind="named")
    return replace(value, exact=True, overall=overall)


def _of_the_past(right: Sequence[Token]) -> bool:
    """Say whether a figure is put into the past behind it: 80%是去年的, 80%（上月）."""
    said = [token for token in right if token.kind != "f"][:1]
    if said and said[0].inner:
        said = [token for token in said[0].inner[0].tokens if token.kind != "f"]
    return bool(said) and all(token.kind == "L" for token in said)


def _unremarked(left: Sequence[Token], begin: int) -> Sequence[Token]:
    """Drop a finished side remark that a blank cuts off from the figure: 开完会 80%."""
    starts = [*(token.start for token in left[1:]), begin]
    for at, (token, following) in enumerate(zip(left, starts, strict=False)):
        if token.text.endswith(("完会", "完", "过", "了")) and following > token.end:
            return left[at + 1 :]
    return left


def _ends_well(right: Sequence[Token], frame: Frame, end: int) -> bool:
    """Say whether a percent stands by itself: 80%的班主任, 80%学校, 80%班主任已培训 are shares of something else."""
    after = next((token for token in right if token.kind != "f"), None)
    if after is None or after.kind not in "x@oqt":
        return True
    if after is right[0] and after.start == end and any(token.kind in "x@DJQEs" for token in right[1:]):
        return False
    return right[0].text not in ("的", "是", "为") and not frame.nameless(after.text)


STATUS = {"W": "not_started", "U": "undone", "Y": "nearly_done", "K": "stalled", "D": "done"}


def _state(tokens: Sequence[Token], kinds: str, frame: Frame, text: str) -> list[Value]:
    """Weigh the state's word: of the whole item only when nothing but the item's name stands beside it."""
    told = _told(kinds, tokens)
    if told is None:
        return [Value("target", because=text.strip()[:QUOTED])] if frame.named and _wanted(kinds) else []
    name, at, used = told
    because = _because(text, tokens, at)
    rest = _rest([token for place, token in enumerate(tokens) if place not in used], frame)
    if name == "later":
        return [Value("status", status="in_progress" if rest else "not_started", because=because, exact=not rest)]
    if name == "carry":
        kind = "status" if rest else "carry"
        return [Value(kind, status="in_progress" if rest else None, because=because, exact=not rest)]
    if name in ("done", "nearly_done", "Q", "E") and _wanted(kinds[:at]):
        return [Value("target", because=because)]
    if name == "guess":
        return [Value("doubt", status="in_progress", because=because)]
    if name in _WHOLE:
        whole = not rest and frame.kind == _WHOLE[name] and any(mark in text for mark in "已了完")
        return [Value("status", status="done" if whole else "in_progress", because=because, exact=whole)]
    if rest and name != "stalled":
        return [Value("status", status="in_progress", because=because)]
    return [Value("status", status=name, because=because, exact=not rest)]


def _wanted(kinds: str) -> bool:
    """Say whether the words are of a wish or a later day, and not brought back to now."""
    return next((kind for kind in reversed(kinds) if kind in "NTF"), "") in ("T", "F")


def _told(kinds: str, tokens: Sequence[Token]) -> tuple[str, int, set[int]] | None:
    """Find the state a clause tells: its name, its place and the places of all its words. Denied and weakened forms
    come before the plain ones."""
    at = kinds.find("V")
    if at >= 0 and "k" in kinds:
        return "guess", at, {at, kinds.index("k")}
    if at >= 0:
        return "carry", at, {at}
    denied = _after(kinds, "!", "DQEYs")
    if denied:
        return ("not_started" if kinds[denied[1]] == "s" else "undone"), denied[1], set(denied)
    start = kinds.find("s")
    if start >= 0 and _wanted(kinds[:start]) and not any(token.text.startswith("已") for token in tokens):
        return "later", start, {start}
    at = next((place for kind in "WUYK" if (place := kinds.find(kind)) >= 0), -1)
    if at >= 0:
        return STATUS[kinds[at]], at, {at}
    return _plainly(kinds)


def _plainly(kinds: str) -> tuple[str, int, set[int]] | None:
    """Find a state that is not denied: done, weakened to nearly done or a guess, issued, held, in progress."""
    at = kinds.find("D")
    if at >= 0:
        weak = next((place for place in range(at - 1, -1, -1) if kinds[place] in "kA"), None)
        if weak is None:
            return "done", at, {at}
        return ("nearly_done" if kinds[weak] == "k" else "guess"), at, {weak, at}
    at = next((place for kind in "QEIJs" if (place := kinds.find(kind)) >= 0), -1)
    if at < 0:
        return None
    return (kinds[at] if kinds[at] in _WHOLE else "in_progress"), at, {at}


def _after(kinds: str, first: str, then: str) -> tuple[int, int] | None:
    """Find a kind that is followed by one of others with only fillers between."""
    at = kinds.find(first)
    while at >= 0:
        for place in range(at + 1, len(kinds)):
            if kinds[place] in then:
                return at, place
            if kinds[place] not in "fpw":
                break
        at = kinds.find(first, at + 1)
    return None


def _bare(tokens: Sequence[Token], kinds: str, frame: Frame, text: str) -> list[Value]:
    """Read a number that stands alone, or with 进度 and the like, as a percent."""
    if any(token.unit.endswith("百分点") for token in tokens):
        rest = _rest([token for token in tokens if token.kind != "q"], frame)
        return [] if rest else [Value("doubt", status="in_progress", because=text.strip()[:QUOTED])]
    at = next((place for place, kind in enumerate(kinds) if kind in "n?t"), -1)
    if at < 0 or any(kind in "PRHTFLio" for kind in kinds):
        return []
    if sum(kind in "n?tq" for kind in kinds) != 1:
        return _several(tokens, frame, text)
    if tokens[at].value is None or _rest([*tokens[:at], *tokens[at + 1 :]], frame):
        return []
    value = _alone(tokens, at, frame)
    return [replace(value, because=_because(text, tokens, at))] if value else []


def _alone(tokens: Sequence[Token], at: int, frame: Frame) -> Value | None:
    token, left, doubt = tokens[at], tokens[:at], Value("doubt")
    number, top = token.value or 0.0, token.top or 0.0
    if token.kind == "t":
        return doubt if len(tokens) == 1 and not frame.named else None
    near = next((t.kind for t in reversed(left) if t.kind != "f"), "")
    if token.kind == "?":
        fine = 10 <= number < top <= 100
        return Value("percent", span=(int(number), int(top)), exact=True) if fine else doubt
    if near in ("-", "M", "G", "!") or number > 100:
        return doubt
    said = frame.named or any(t.kind in "pDw" or t.text == "到" for t in left)
    if not said and (0 < number < 10 or number in frame.numbers or number != int(number)):
        return doubt
    return replace(_vague(number, near, tokens[at + 1 :]), exact=True)


def _several(tokens: Sequence[Token], frame: Frame, text: str) -> list[Value]:
    """Read 70、55、40: one for each item where there are as many, else a doubt."""
    numbers = [token for token in tokens if token.kind == "n"]
    if len(numbers) < 2 or _rest([token for token in tokens if token.kind != "n"], frame):
        return []
    if not all(token.value is not None and 0 <= token.value <= 100 for token in numbers):
        return [Value("doubt", because=text.strip()[:QUOTED])]
    return [Value("percent", percent=token.value, because=text.strip()[:QUOTED], exact=True) for token in numbers]
