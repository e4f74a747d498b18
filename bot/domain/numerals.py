"""Chinese numerals, read by cn2an; what is no numeral is an error, never a guess."""

from functools import lru_cache
from typing import Any

FOLD = str.maketrans({"〇": "零", "两": "二", "廿": "二十", "卅": "三十", "百": "百"})

# A whole or decimal number in digits (thousands marks allowed) or in Chinese words, for use inside a regex. The words
# are well formed: speech runs 七十 and 十九 together, and 七十十九 is two numbers.
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_D = "[一二两三四五六七八九]"
_POINT = "(?:点[零〇一二三四五六七八九]+)?"
WORDS = (
    rf"(?:{_D}?十{_D}?万(?:{_D}千)?|{_D}[百千]?万零?(?:{_D}千)?零?(?:{_D}百)?零?(?:{_D}?十{_D}?|{_D})?"
    rf"|{_D}千零?(?:{_D}百)?零?(?:{_D}?十{_D}?|{_D})?|{_D}百零?(?:{_D}?十{_D}?|{_D})?"
    rf"|(?:{_D}?十{_D}?|{_D}|[零〇百]|[廿卅]{_D}?){_POINT})"
)
NUMBER = rf"(?:{DIGITS}|{WORDS})"


@lru_cache(maxsize=4096)
def to_int(numeral: str) -> int:
    """Read 二十五, 廿三, 一百二, 25 as an integer; raises ValueError when it is no whole number."""
    number = _cn2an(numeral)
    if number != int(number):
        raise ValueError(f"not a whole number: {numeral}")
    return int(number)


def to_number(numeral: str) -> float:
    """Read 48.6, 2,430, 八十, 四十五点五 as a number; raises ValueError when it is none."""
    if numeral[:1].isdigit() and numeral.isascii():
        return float(numeral.replace(",", ""))
    return _spoken(numeral)


@lru_cache(maxsize=4096)
def _spoken(numeral: str) -> float:
    return float(_cn2an(numeral))


def find_number(numeral: str) -> float | None:
    """Read a numeral, or return None for what only looks like one (十百, 万万)."""
    try:
        return to_number(numeral)
    except (ValueError, OverflowError):
        return None


def _cn2an(numeral: str) -> Any:
    # Imported where used: it takes a fifth of a second, and most programs never meet a Chinese numeral.
    import cn2an

    return cn2an.cn2an(numeral.translate(FOLD), "smart")
