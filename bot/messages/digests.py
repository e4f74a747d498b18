"""The weekly digest: what one leader must know, exceptions first, on one screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.plans import Item
from bot.messages import words
from bot.messages.message import Block, Bullets, Lines, Message, clip, joined

LINE = 60
MOST = 10


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
    open_entries: tuple[str, ...] = ()
    empty_slots: tuple[str, ...] = ()
    chapters: Mapping[str, str] = field(default_factory=dict)


def digest(found: Digest) -> Message:
    """Word a digest; a quiet week says so in one line instead of staying silent."""
    troubled = [line for line in found.lines if line.troubles]
    quiet = [line for line in found.lines if not line.troubles]
    blocks: list[Block] = []
    if not found.lines and not found.open_entries:
        blocks.append(Lines(("您目前没有分管的项目。",)))
    if troubled:
        blocks.append(Lines((f"需要您留意 {len(troubled)} 项：",)))
        blocks.append(Bullets(tuple(_trouble(line) for line in troubled)))
    if quiet:
        blocks.append(Lines((f"其余 {len(quiet)} 项正常：" if troubled else f"分管 {len(quiet)} 项，没有异常：",)))
        blocks += _by_chapter(quiet, found.chapters)
    if found.open_entries:
        blocks.append(Lines((f"未办结 {len(found.open_entries)} 件：",)))
        blocks.append(Bullets(found.open_entries[:MOST]))
    if found.empty_slots:
        blocks.append(Lines(tuple(f"{slot}：未登记" for slot in found.empty_slots[:MOST])))
    if not any(line.moved for line in found.lines) and found.lines:
        blocks.append(Lines(("上周没有新进展上报。",)))
    if found.coming:
        blocks.append(Lines((f"本周到期：{joined(found.coming)}。",)))
    return Message(f"每周简报 {words.short_day(found.monday)}", tuple(blocks))


def _by_chapter(lines: Sequence[Line], chapters: Mapping[str, str]) -> list[Block]:
    """List items, under the chapters of the plan where it wants its digest so."""
    if not chapters:
        return [Bullets(tuple(_quiet(line) for line in lines))]
    blocks: list[Block] = []
    for key, name in chapters.items():
        own = tuple(_quiet(line) for line in lines if line.item.section == key)
        if own:
            blocks += [Lines((name,)), Bullets(own)]
    rest = tuple(_quiet(line) for line in lines if line.item.section not in chapters)
    return [*blocks, Bullets(rest)] if rest else blocks


def _trouble(line: Line) -> str:
    return f"{clip(line.item.label, LINE)}　{line.state}　{'；'.join(line.troubles)}"


def _quiet(line: Line) -> str:
    return f"{clip(line.item.label, LINE)}　{line.state}{'　↑' if line.moved else ''}"


def overdue(unit: str, names: Sequence[str]) -> str:
    """组织科未报3月月度进展、3月工作专报"""
    return f"{unit}未报{joined(names)}"
