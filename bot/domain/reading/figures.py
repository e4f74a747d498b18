"""The figures of a text that are not progress: counts with a measure word, rates, shares of a total."""

from collections.abc import Sequence
from functools import lru_cache

from bot.domain.reading import words
from bot.domain.reading.lexer import KEPT, Clause, Token, Words
from bot.domain.reading.model import Metric

# Kinds that carry no part of a figure's name.
_UNNAMED = frozenset("fNLFTAkObBMGZwpud-/")


def find_metrics(found: Sequence[Clause], voice: bool = False, unit: str = "") -> tuple[Metric, ...]:
    """List the figures of some clauses: numbers with a measure word, percents, k/n of `unit`, and counts of papers."""
    metrics: tuple[Metric, ...] = ()
    for clause in found:
        metrics += _in_words(clause.words, voice, unit)
    return metrics


@lru_cache(maxsize=KEPT)
def _in_words(part: Words, voice: bool, unit: str) -> tuple[Metric, ...]:
    metrics: list[Metric] = []
    last = 0
    for at, token in enumerate(part.tokens):
        if token.inner:
            metrics += [metric for inner in token.inner for metric in _in_words(inner, voice, unit)]
        if token.kind not in "qPt" or token.value is None:
            continue
        left = part.tokens[last:at]
        if token.kind == "P" and left and left[-1].kind == "Z":
            continue  # 由49.2%降至48.1%: the old rate is no figure of now
        if token.kind == "t":
            metrics += _share(token, _name(left, part), unit)
        elif not _idle(token, left, voice):
            metrics.append(_metric(token, left, part.tokens[at + 1 :], part))
        else:
            continue
        last = at + 1
    return (*metrics, *_counts_of_papers(part.text))


def _counts_of_papers(text: str) -> list[Metric]:
    return [Metric(match[1], float(match[2]), "件", because=match[0]) for match in words.BARE_COUNTS.finditer(text)]


def _share(token: Token, name: str, unit: str) -> list[Metric]:
    """Read 5/8 with words before it, or of an item that counts, as k of n."""
    part, total = token.value or 0, token.top or 0
    if part > total or total <= 1 or not (name or unit):
        return []
    said = name + token.text
    return [
        Metric(f"已{name[-8:]}", part, unit or "个", because=said),
        Metric("总数", total, unit or "个", because=said),
    ]


def _idle(token: Token, left: Sequence[Token], voice: bool) -> bool:
    """Say whether the numeral only looks like a figure: 一项工作, 三个阶段, 两种, 十分."""
    numeral, unit = token.text, token.unit
    if token.kind == "P":
        return False
    if unit in ("日", "点") or (unit == "期" and bool(left) and left[-1].text == "第"):
        return True
    if numeral[0].isdigit() or (len(numeral) > 1 + len(unit) and numeral not in ("十分", "万一")):
        return False
    return not voice and (numeral[0] in "一万百千十" or unit in ("个", "种", "类", "级", "点", "方"))


def _name(left: Sequence[Token], part: Words) -> str:
    """Return the words that name a figure, without the fillers at either end."""
    since = next((at for at, token in enumerate(left) if at and token.kind == "Z"), len(left))
    said = [token for token in left[:since] if token.kind != "("]
    while said and said[0].kind in _UNNAMED:
        said = said[1:]
    while said and said[-1].kind in _UNNAMED and said[-1].text != "均":
        said = said[:-1]
    if not said:
        return ""
    return part.text[said[0].start : said[-1].end].strip(" ：、，")[-14:]


def _metric(token: Token, left: Sequence[Token], right: Sequence[Token], part: Words) -> Metric:
    near = left[-1].kind if left else ""
    approx = token.top is not None or near in ("A", "k", "O") or (bool(right) and right[0].kind in "au")
    at = token.start
    before = part.text[max(0, at - 8) : at]
    mode = "increment" if words.INCREMENT.search(before) else "cumulative" if words.CUMULATIVE.search(before) else ""
    follows = right[0].text[:8] if right and right[0].kind in "x@" and right[0].start == token.end else ""
    name = _name(left, part)
    begin = part.text.rfind(name, 0, at) if name else at
    because = part.text[begin : token.end + (0 if name else len(follows))]
    return Metric(name or follows, token.value or 0, token.unit or "%", approx, mode, because=because)
