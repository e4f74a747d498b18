"""One writing for all the ways a keyboard, a phone or a voice engine writes the same words."""

import re
import unicodedata

import opencc

from bot.domain.numerals import WORDS

_TO_SIMPLIFIED = opencc.OpenCC("t2s")

_FULL = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_MARKS = str.maketrans({
    **_FULL, "％": "%", "﹪": "%", "٪": "%", "≈": "约", "≥": "不低于", "≤": "不超过",
    "≧": "不低于", "≦": "不超过",
    "．": ".", "＋": "+", "－": "-", "–": "-", "−": "-", "‐": "-", "‑": "-",
    "～": "~", "〜": "~", "∼": "~", "／": "/", "＝": "=", "＠": "@", "＃": "#", "→": "→", "➡": "→",
    "﹕": "：", "﹔": "；", "﹑": "、", "|": "｜", "│": "｜",
    "＊": "*", "　": " ", "\xa0": " ", "\t": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\r": "\n",
    "(": "（", ")": "）", "[": "【", "]": "】", ";": "；", "?": "？", "!": "！", "﹐": "，", "｡": "。", "､": "、",
    "✅": " 已完成 ", "☑": " 已完成 ", "✔": " 已完成 ", "√": " 已完成 ", "㊀": "一", "＜": "<", "＞": ">",
})  # fmt: skip
_CIRCLED = {chr(0x2460 + n): str(n + 1) for n in range(20)}
_CIRCLED |= {chr(0x2776 + n): str(n + 1) for n in range(10)} | {chr(0x2780 + n): str(n % 10 + 1) for n in range(20)}
_CIRCLED |= {chr(0x2474 + n): str(n + 1) for n in range(20)} | {chr(0x2488 + n): str(n + 1) for n in range(20)}
_CIRCLED |= {chr(0x24EB + n): str(n + 11) for n in range(10)} | {chr(0x3251 + n): str(n + 21) for n in range(15)}
_CIRCLED |= {chr(0x3220 + n): "一二三四五六七八九十"[n] for n in range(10)}
# A circled number stands before what it numbers; written "18、" it is read like any leading number.
_CIRCLES = str.maketrans({mark: f" {number}、" for mark, number in _CIRCLED.items()})

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufe0e\ufe0f\u20e3\x00-\x09\x0b-\x1f\x7f]")
_STRUCK = re.compile(r"~~[^~\n]{1,200}~~")
_MARKDOWN = re.compile(r"\*\*|__|`+|^\s{0,3}#{1,6}\s+|^\s{0,3}[-*•·▪●]\s+(?=\S)", re.MULTILINE)
_TABLE_ROW = re.compile(r"^[ ]*｜([^\n]*)｜[ ]*$", re.MULTILINE)
# A tick or a cross before a number tells of the item of that number.
_TICKED = re.compile("(?<![\\d项])([✅☑✔√❌✗✘])\ufe0f?\\s*(第?\\d{1,2}(?:项|、)?)(?![\\d%.])")
_KEYCAPS = re.compile("((?:\\d\ufe0f?\u20e3)+)(\\s*%)?")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_FORMAL = str.maketrans("零壹贰叁肆伍陆柒捌玖拾佰仟", "零一二三四五六七八九十百千")
_FORMAL_RUN = re.compile(
    r"(?<=[第之])[零壹贰叁肆伍陆柒捌玖拾佰仟]+|[壹贰叁肆伍陆柒捌玖]?拾[壹贰叁肆伍陆柒捌玖]?(?=[%项])"
)
_MORE, _LESS = re.compile(r"(?:(?<=[^\s\-=])|^)>(?=\d)", re.MULTILINE), re.compile(r"<\s*(?=\d)")
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。；]+|[\w.]+@[\w-]+\.[\w.]+")
_HALF = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|,(?!\d{3}(?!\d))")
_SPACED_PERCENT = re.compile(r"(?<=\d)(?:\s+(?=%)|\s*(?:percent|pct)\b)", re.IGNORECASE)

# What speech recognition writes for what people say; each pair is a habit of the engines, not of one plan.
HOMOPHONES: tuple[tuple[str, str], ...] = (
    (r"第([零一二三四五六七八九十\d]{1,3})(?:向|像|相|象|箱|巷)", r"第\1项"),
    (r"百分[只支知指制]", "百分之"),
    (r"近度|进渡|晋度|进肚|劲度", "进度"),
    (r"完城|完程|玩成|完诚", "完成"),
    (r"起动", "启动"),
    (r"推近", "推进"),
    (r"(?<=已)[经进](?=完成)", "经"),
)
# Speech has no marks: a value is over where the next item's number begins.
_RUN_TOGETHER = re.compile(
    rf"(百分之{WORDS}|[一二三四五六七八九]成(?:半|[一二三四五六七八九](?!十))?|完成|启动|了)(?=第?{WORDS}项)"
)
_OF_HUNDRED = re.compile(r"百份之|(?<![\u4e00-\u9fff])百分(?=百(?![一-九]))|百分(?=[一二三四五六七八九]?十)")
_LETTERS = re.compile(r"[A-Za-z]{4}")
# English words for a state, safe to put right in any text.
SLIPS: tuple[tuple[str, str], ...] = (
    (r"(?i)\b(?:not started)\b", "未启动"),
    (r"(?i)\b(?:in progress|ongoing)\b", "进行中"),
    (r"(?i)\b(?:done|finished|completed?)\b", "已完成"),
)
_SLIPS = tuple((re.compile(pattern), right) for pattern, right in SLIPS)
_SPOKEN = tuple((re.compile(pattern), right) for pattern, right in HOMOPHONES)


def _half_to_full(found: re.Match[str]) -> str:
    return "，" if found[0] == "," else "："


def _keycap(found: re.Match[str]) -> str:
    """A number of keycaps numbers what follows it, unless it is a percent itself."""
    digits = "".join(letter for letter in found[1] if letter.isdigit())
    return f"{digits}%" if found[2] else f" {digits}、"


# Letters and marks that need no change, apart from letters of the traditional script.
_USUAL = re.compile("(?:[\u4e00-\u9fff0-9%，。；：！？、（）“”\n+]|[A-Za-z]{1,3}(?![A-Za-z]))*")
_WATCHED = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
_simplified: set[str] = set()


def _is_usual(text: str) -> bool:
    """Say whether a text is written the way it is read; the letters seen to be simplified are remembered."""
    if not _USUAL.fullmatch(text):
        return False
    letters = set(text)
    if not letters.isdisjoint(_WATCHED):
        return False
    strange = letters - _simplified
    if any(_TO_SIMPLIFIED.convert(letter) != letter for letter in strange):
        return False
    _simplified.update(strange)
    return True


def normalise(text: str, voice: bool = False) -> str:
    """Return the text in simplified script with one form of digits, signs and marks; the words stay as they were."""
    if not voice and _is_usual(text):
        return (_OF_HUNDRED.sub("百分之", text) if "百" in text else text).strip()
    text = _in_one_script(_without_decoration(text))
    text = _TABLE_ROW.sub(lambda found: found[1].replace("｜", " "), text)
    if ">" in text or "<" in text:
        text = _LESS.sub("不到", _MORE.sub("超过", text))
    text = _HALF.sub(_half_to_full, text)
    text = _SPACED_PERCENT.sub(lambda found: "" if found[0].isspace() else "%", text)
    text = _OF_HUNDRED.sub("百分之", text)
    for pattern, right in _SLIPS if _LETTERS.search(text) else ():
        text = pattern.sub(right, text)
    return (_as_spoken(text) if voice else text).strip()


def _without_decoration(text: str) -> str:
    """Take out what decorates: keycaps, ticks, circles, invisible marks, links, struck-out words, Markdown."""
    if not text.isascii():
        text = _KEYCAPS.sub(_keycap, text)
        text = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), text)
    text = _TICKED.sub(lambda found: f" {found[2]}{'已' if found[1] in '✅☑✔√' else '未'}完成 ", text)
    text = _INVISIBLE.sub("", text.translate(_CIRCLES))
    if "://" in text or "www." in text or "@" in text:
        text = _LINK.sub(" ", text)
    return _MARKDOWN.sub("", _STRUCK.sub("", text).translate(_MARKS))


def _in_one_script(text: str) -> str:
    if text.isascii():
        return text
    text = _TO_SIMPLIFIED.convert(text).replace("乾部", "干部")
    return _FORMAL_RUN.sub(lambda found: found[0].translate(_FORMAL), text)


def _as_spoken(text: str) -> str:
    for pattern, right in _SPOKEN:
        text = pattern.sub(right, text)
    return _RUN_TOGETHER.sub(r"\1，", text)


_QUOTE = re.compile(
    r"\A\s*[「『][\s\S]{0,3000}?[」』]\s*\n\s*(?:-\s*){3,}\n?|^\s*>[^\n]*$|\A\s*「[^」]{0,2000}」\s*\n", re.MULTILINE
)
_MENTION = re.compile(
    r"<@[^>\s]{1,64}>|@(?:鼓点机器人|鼓点|机器人|[Dd]rumbeat)|@[^\s@：，,。；]{1,20}(?=[\s：，,。；]|$)"
)


def strip_quotes(text: str) -> tuple[str, bool]:
    """Cut what the sender only quotes; says whether anything was cut."""
    if text[:1] not in ("「", "『", " ") and ">" not in text:
        return text.strip(), False
    own = _QUOTE.sub("", text)
    return own.strip(), own != text


def strip_mentions(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut @names; returns the names as well."""
    if "@" not in text:
        return text, ()
    names = tuple(found[0][1:] for found in _MENTION.finditer(text))
    return (_MENTION.sub(" ", text).strip(), names) if names else (text, ())
