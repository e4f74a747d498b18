"""A report's sections: where a heading stands, what stands under it, and which are missing."""

import re
from dataclasses import dataclass

from bot.domain.reading import words
from bot.domain.reading.model import Sections

# Cheap first looks: without these there is no heading.
_PLAIN_HINT = re.compile("下一?步|接下来|后续计划|下阶段|存在|困难|工作进展|进展情况")
_MARK_HINT = re.compile("[：\n】是为有无没]|在于")
_HINT = re.compile(
    "下一?步|接下来|后续|下阶段|下一阶段|打算|计划|安排|思路|问题|困难|短板|难点|不足|堵点|卡点|瓶颈|进展|成效|情况|做法|亮点|成果|工作|落实|推进|完成|开展"
)
_MARK = r"(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]+\s*)?[【《“]?"
_START = r"(?:^|(?<=[\n。；;，！｜：\s]))"
_ANY = "|".join(f"(?P<{row.name}>{row.pattern.pattern})" for row in words.HEADINGS)
# With a colon, a bracket or a line of its own any name is a heading; without, only the plain ones are.
MARKED = re.compile(
    rf"{_START}{_MARK}(?:{_ANY})[】》”]?\s*(?:[：:]|\n|$|(?<=】)|(?:主要)?(?:是|为|有|在于)[：:]?|(?=(?:暂?无|没有)(?:[，。；]|$)))"
)
PLAIN = re.compile(
    rf"{_START}{_MARK}(?:(?P<next>下一?步(?:的)?(?:工作)?(?:计划|打算)?|接下来|后续计划|下阶段)|(?P<problems>存在(?:的)?(?:主要)?(?:问题|困难)|困难(?=[^，。]))"
    r"|(?P<progress>工作进展|进展情况))(?![，。；是])"
)
# Speech has no marks at all; only the names nobody uses inside a sentence count.
SPOKEN = re.compile(
    r"(?P<next>下一?步(?:工作)?(?:计划|打算|安排)?(?:是)?)|(?P<problems>存在(?:的)?(?:主要)?(?:问题|困难)(?:是|有)?)|(?P<progress>工作进展(?:是|情况)?)"
)
_LIST_MARK = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}[、.．是]|[（(]?\d{1,2}[)）、.．]|[-·•*])\s*"
)
_FIGURE_ONLY = re.compile(r"(?:总体|整体|目前|现在|当前)*(?:进度|完成)?[：:约为]*[\d.%\s]+")
_CUT = re.compile(r"[。；;\n]|(?<=[^\d])(?=[（(]?\d[)）、.]\s*[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Block:
    """One headed part of a text: its section's key, its content and where the heading begins."""

    key: str
    content: str
    start: int
    body: int


def find_blocks(text: str, voice: bool = False) -> list[Block]:
    """List the headed parts in order. What stands before the first heading is in none."""
    if not _PLAIN_HINT.search(text) and not (_MARK_HINT.search(text) and _HINT.search(text)):
        return []
    found = list(MARKED.finditer(text))
    taken = [range(match.start(), match.end()) for match in found]
    for pattern in (PLAIN, SPOKEN) if voice else (PLAIN,):
        for match in pattern.finditer(text):
            if not any(match.start() < span.stop and span.start < match.end() for span in taken):
                found.append(match)
                taken.append(range(match.start(), match.end()))
    found.sort(key=lambda match: match.start())
    found = [match for match in found if not re.search(r"(?:有|没|无|的|什么|大)\Z", text[: match.start()])]
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return [
        Block(match.lastgroup or "", text[match.end() : end].strip(), match.start(), match.end())
        for match, end in zip(found, ends, strict=True)
    ]


def sections_of(blocks: list[Block]) -> Sections:
    """Return the parts as lists of sentences, or "none" where the sender says there is nothing."""
    found: Sections = {}
    for block in blocks:
        parts = sentences(block.content)
        if not parts:
            continue
        if all(words.NONE_SAID.fullmatch(part) for part in parts):
            found.setdefault(block.key, "none")
            continue
        before = found.get(block.key)
        found[block.key] = [*(before if isinstance(before, list) else []), *parts]
    return found


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences without their list marks; a lone figure is no sentence."""
    parts = (_LIST_MARK.sub("", part).strip(" ，、：") for part in _CUT.split(text))
    return [part for part in parts if part and not _FIGURE_ONLY.fullmatch(part)]
