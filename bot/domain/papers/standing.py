"""How far an item is, as the paper's column of progress says."""

import re

from bot.domain.numerals import find_number
from bot.domain.papers.drafts import Standing
from bot.domain.papers.words import folded, joined, simplified

_PERCENT = re.compile(
    r"(\d+(?:\.\d+)?)\s*%|百分之([零一二三四五六七八九十百点]+)|([一二三四五六七八九]|\d)成(?![立为员效果就功熟])"
)
DONE = re.compile(r"(?:已|全部|按时|均已|现已|已经)*(?:完成|办结|结束|落实|完结|销号)[。!！]?|是|√|100")
NOT_YET = re.compile(r"(?:尚|还|暂)?(?:未|没有?)(?:启动|开展|开始|实施|推进)[。!！]?|待启动|否")


def read_standing(text: str, *, shares: bool = False) -> tuple[Standing | None, str]:
    """Read a cell of progress; also the reason where its figure stays open.

    `shares` says that bare numbers of this column are parts of one, as spreadsheets keep percentages.
    """
    said = joined(simplified(text))
    plain = folded(text)
    if not plain.strip("-—/\\无"):
        return None, ""
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        value = float(plain) * (100 if shares else 1)
        return (Standing(round(value)), "") if value <= 100 else (Standing(said=said), "进度超过了 100")
    found = {_value(match) for match in _PERCENT.finditer(plain)} - {None}
    if len(found) == 1 and (value := found.pop() or 0) <= 100:
        return Standing(round(value), "" if re.fullmatch(r"约?\d+(\.\d+)?%", plain) else said), ""
    if DONE.fullmatch(plain):
        return Standing(100, said), ""
    if NOT_YET.fullmatch(plain):
        return Standing(0, said), ""
    return Standing(said=said), "没有写完成百分之几" if not found else "写了几个百分数，不知道以哪个为准"


def are_shares(cells: list[str]) -> bool:
    """Tell whether the bare numbers of a column are parts of one: all of them at most 1, and one below."""
    numbers = [float(cell) for cell in map(folded, cells) if re.fullmatch(r"\d+(?:\.\d+)?", cell)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < number < 1 for number in numbers)


def _value(match: re.Match[str]) -> float | None:
    if match[1]:
        return float(match[1])
    return find_number(match[2]) if match[2] else (find_number(match[3]) or 0) * 10
