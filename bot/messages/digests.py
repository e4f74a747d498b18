"""The weekly digest: what one leader must know, exceptions first, on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.plans import Item
from bot.messages import words
from bot.messages.message import Block, Bullets, Lines, Message, clip, joined

LINE = 60


@dataclass(frozen=True)
class Line:
    """One item of a leader: what its units said last, what changed in a week, and what is wrong."""

    item: Item
    state: str
    moved: bool
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Digest:
    """Everything one leader's digest is made of."""

    leader: str
    monday: date
    lines: tuple[Line, ...]
    coming: tuple[str, ...] = ()


def digest(found: Digest) -> Message:
    """Word a digest; a quiet week says so in one line instead of staying silent."""
    troubled = [line for line in found.lines if line.troubles]
    quiet = [line for line in found.lines if not line.troubles]
    blocks: list[Block] = []
    if not found.lines:
        blocks.append(Lines(("您目前没有分管的项目。",)))
    if troubled:
        blocks.append(Lines((f"需要您留意 {len(troubled)} 项：",)))
        blocks.append(Bullets(tuple(_trouble(line) for line in troubled)))
    if quiet:
        blocks.append(Lines((f"其余 {len(quiet)} 项正常：" if troubled else f"分管 {len(quiet)} 项，没有异常：",)))
        blocks.append(Bullets(tuple(_quiet(line) for line in quiet)))
    if not any(line.moved for line in found.lines) and found.lines:
        blocks.append(Lines(("上周没有新进展上报。",)))
    if found.coming:
        blocks.append(Lines((f"本周到期：{joined(found.coming)}。",)))
    return Message(f"每周简报 {words.short_day(found.monday)}", tuple(blocks))


def _trouble(line: Line) -> str:
    return f"{clip(line.item.label, LINE)}　{line.state}　{'；'.join(line.troubles)}"


def _quiet(line: Line) -> str:
    return f"{clip(line.item.label, LINE)}　{line.state}{'　↑' if line.moved else ''}"


def overdue(unit: str, names: Sequence[str]) -> str:
    """组织科未报3月月度进展、3月工作专报"""
    return f"{unit}未报{joined(names)}"
