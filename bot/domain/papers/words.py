"""One writing for the words of a paper: simplified script, half-width digits, no blanks inside Chinese."""

import re
import unicodedata

import opencc

from bot.domain.numerals import to_int

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_HAN = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’—…]"
_WRAPPED = re.compile(rf"(?<={_HAN})[^\S\n]*\n?[^\S\n]*(?={_HAN})|(?<={_HAN})\s+(?=\d)|(?<=\d)\s+(?={_HAN})")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= {ord("％"): "%", ord("．"): ".", ord("　"): " ", 0xA0: " "}
_LEADING = re.compile(
    r"\s*(?:[(（\[【〔]\s*([一二三四五六七八九十百\d]{1,4})\s*[)）\]】〕]|第?([一二三四五六七八九十百\d]{1,4})(?:[、.．:：)）项]|$))\s*[、.．]?"
)


def simplified(text: str) -> str:
    """Return the text in simplified script with half-width digits and letters; marks and line breaks stay."""
    text = text.translate(_WIDE)
    return text if text.isascii() else _TO_SIMPLIFIED.convert(text)


def joined(text: str) -> str:
    """Undo the line breaks and blanks a narrow column puts inside Chinese: 激发 办学\\n活力 → 激发办学活力."""
    return " ".join(_WRAPPED.sub("", text).split())


def folded(text: str) -> str:
    """Return the text for comparing: simplified, without blanks, width and capitals."""
    return "".join(unicodedata.normalize("NFKC", simplified(text)).split()).casefold()


def number_of(text: str) -> int | None:
    """Read the number in a cell for numbers: 3, 3.0, 三, （三）, 3、, ③; None when it is none or is 3-1."""
    word = re.sub(r"\.0+$", "", folded(text)).strip("()[]【】〔〕、.．:第项号")
    try:
        number = to_int(word) if word else 0
    except (ValueError, OverflowError):
        return None
    return number if 0 < number < 10000 else None


def split_number(text: str) -> tuple[int | None, str]:
    """Cut the number a title begins with: 3.推进… → 3, 推进…; a title that begins with 2026年 keeps it."""
    found = _LEADING.match(text)
    rest = text[found.end() :].strip() if found else ""
    if not found or not rest or re.match(r"\d", rest):
        return None, text.strip()
    return number_of(found[1] or found[2]), rest
