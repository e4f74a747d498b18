"""Automatic numbers of a Word file: what Word prints before a paragraph and does not keep in its text."""

from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "零一二三四五六七八九"
CHINESE = {
    *(
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
    ),
    *("taiwaneseCounting", "taiwaneseCountingThousand", "chineseLegalSimplified", "ideographLegalTraditional"),
}
SILENT = {"bullet", "none"}
CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
DEEPEST = 9


@dataclass(frozen=True)
class Level:
    """One level of a numbering: the first number, how it is written (w:numFmt), the text around it (%1、)."""

    start: int
    form: str
    text: str
    style: str = ""


@dataclass
class Numbering:
    """Counts through the paragraphs of a document in order."""

    document: Any
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    styles: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.styles = {style.get(f"{W}styleId"): style for style in self.document.styles.element.iter(f"{W}style")}
        root = next(
            (part.element for part in self.document.part.package.iter_parts() if _is_numbering(part)),
            None,
        )
        if root is None:
            return
        for abstract in root.iter(f"{W}abstractNum"):
            self.levels[abstract.get(f"{W}abstractNumId")] = dict(map(_level, abstract.iter(f"{W}lvl")))
        for num in root.iter(f"{W}num"):
            key = num.get(f"{W}numId")
            self.abstract_of[key] = _val(num.find(f"{W}abstractNumId"))
            self.restarts[key] = {
                int(override.get(f"{W}ilvl")): int(_val(override.find(f"{W}startOverride"), "1"))
                for override in num.iter(f"{W}lvlOverride")
                if override.find(f"{W}startOverride") is not None
            }

    def label(self, paragraph: Any, *, blank: bool) -> str:
        """Return the number Word prints before a paragraph, and count it; '' where there is none."""
        num, depth = self._place(paragraph)
        levels = self.levels.get(self.abstract_of.get(num, ""), {})
        level = levels.get(depth)
        deleted = paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None
        if level is None or (blank and deleted):
            return ""
        counts = self._count(num, depth, levels)
        if level.form in SILENT:
            return ""
        label = level.text
        for n in range(depth + 1):
            above = levels.get(n, level)
            label = label.replace(f"%{n + 1}", _written(counts[n] or above.start, above.form))
        return label

    def _count(self, num: str, depth: int, levels: dict[int, Level]) -> list[int | None]:
        counts = self.counts.setdefault(self.abstract_of[num], [None] * DEEPEST)
        if num not in self.begun:
            self.begun.add(num)
            for n, start in self.restarts[num].items():
                counts[n] = start - 1
        current = counts[depth]
        counts[depth] = levels[depth].start if current is None else current + 1
        counts[depth + 1 :] = [None] * (DEEPEST - depth - 1)
        return counts

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return the numbering and level of a paragraph, its own or its style's."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            return _val(own.find(f"{W}numId")), int(_val(own.find(f"{W}ilvl"), "0"))
        style = self.styles.get(_val(paragraph.find(f"{W}pPr/{W}pStyle")))
        seen = 0
        while style is not None and seen < DEEPEST:
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                return self._of_style(found, style.get(f"{W}styleId"))
            style, seen = self.styles.get(_val(style.find(f"{W}basedOn"))), seen + 1
        return "", 0

    def _of_style(self, found: Any, style: str) -> tuple[str, int]:
        num = _val(found.find(f"{W}numId"))
        levels = self.levels.get(self.abstract_of.get(num, ""), {})
        linked = next((n for n, level in levels.items() if level.style == style), None)
        return num, linked if linked is not None else int(_val(found.find(f"{W}ilvl"), "0"))


def _is_numbering(part: Any) -> bool:
    return str(part.partname).endswith("/numbering.xml") and hasattr(part, "element")


def _val(node: Any, default: str = "") -> str:
    return default if node is None else str(node.get(f"{W}val", default))


def _level(node: Any) -> tuple[int, Level]:
    start, form = int(_val(node.find(f"{W}start"), "1")), _val(node.find(f"{W}numFmt"), "decimal")
    return int(node.get(f"{W}ilvl")), Level(start, form, _val(node.find(f"{W}lvlText")), _val(node.find(f"{W}pStyle")))


def _written(number: int, form: str) -> str:
    if form in CHINESE:
        return in_chinese(number)
    if form in CIRCLED and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    return f"{number:02}" if form == "decimalZero" else str(number)


def in_chinese(number: int) -> str:
    """Write 1 to 99 in Chinese: 十, 十二, 二十一; larger ones stay in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")
