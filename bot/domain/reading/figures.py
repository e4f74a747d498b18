"""The figures of a text that are not progress: counts with a measure word, rates, shares of a total."""

from collections.abc import Sequence

from bot.domain.reading import words
from bot.domain.reading.lexer import Clause, Token
from bot.domain.reading.model import Metric

# Kinds that carry no part of a figure's name.
_UNNAMED = frozenset("fNLFTAkOBMGZwpud-/")
_SPANS = 20


def find_metrics(found: Sequence[Clause], voice: bool = False) -> tuple[Metric, ...]:
    """List the figures of some clauses: numbers with a measure word, percents, k/n, and counts of papers."""
    metrics: list[Metric] = []
    for clause in found:
        for part in _with_brackets(clause):
            last = 0
            for at, token in enumerate(part.tokens):
                if token.kind not in "qPt" or token.value is None:
                    continue
                left = part.tokens[last:at]
                if token.kind == "t":
                    metrics += _share(token, left)
                elif not _idle(token, left, voice):
                    metrics.append(_metric(token, left, part.tokens[at + 1 :], part.text))
                else:
                    continue
                last = at + 1
            metrics += [
                Metric(match[1], float(match[2]), "件", because=match[0])
                for match in words.BARE_COUNTS.finditer(part.text)
            ]
    return tuple(metrics)


def _with_brackets(clause: Clause) -> list[Clause]:
    return [clause, *(inner for token in clause.tokens if token.kind == "(" for inner in token.inner[:_SPANS])]


def _share(token: Token, left: Sequence[Token]) -> list[Metric]:
    """Read 5/8 with words before it as k of n."""
    part, total = token.value or 0, token.top or 0
    name = _name(left)[-8:]
    if part > total or total <= 1 or not left:
        return []
    return [
        Metric(f"已{name}", part, "个", because=token.text),
        Metric("总数", total, "个", because=token.text),
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


def _name(left: Sequence[Token]) -> str:
    return "".join(token.text for token in left if token.kind not in _UNNAMED and token.kind not in "(").strip(" ：")


def _metric(token: Token, left: Sequence[Token], right: Sequence[Token], text: str) -> Metric:
    near = left[-1].kind if left else ""
    approx = token.top is not None or near in ("A", "k", "O") or (bool(right) and right[0].kind in "au")
    before = text[: text.find(token.text)][-8:]
    mode = "increment" if words.INCREMENT.search(before) else "cumulative" if words.CUMULATIVE.search(before) else ""
    follows = right[0].text[:8] if right and right[0].kind in "x@" and right[0].start == token.end else ""
    name = _name(left)[-12:] or follows
    because = (name if name and name in text else "") and text[text.find(name) :].strip()[:40]
    value = token.value or 0
    return Metric(name, value, token.unit or "%", approx, mode, because=because or token.text)
