"""Which mentions of items open a part of the report, and which only occur in a sentence about something else."""

import re
from collections.abc import Iterator

from bot.domain.numerals import find_number
from bot.domain.reading.index import Ref
from bot.domain.reading.items import find_refs
from bot.domain.reading.lexer import residue
from bot.domain.reading.message import CLAUSE, Message

_REST = re.compile(
    r"(?:^|(?<=[\s\n；;，。、]))(?:其余|其他|其它|剩下的?|余下的?|另外)(?:的)?(?:\d{1,2}|[一二两三四五六七八九几各])?个?(?:项工作|项|专项|工作|任务|项目)?(?=[都均也仍还正有已按全同稳未没尚完推进为是在\d:：八七六五四三二一九]|$)"
)
_ALL = re.compile(
    r"(?:^|(?<=[\s\n；;，。、]))(?:我科|我们|本科室)?(?:(?:所有|全部|各|各个)(?:项工作|项任务|项|重点专项|专项|工作|任务)?|(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})(?:个|项)(?:重点)?(?:专项|工作|任务)?)(?=都|均|全部|已?全|各|分别|依次)"
)
_ISSUED = re.compile("印发|出台|发文|下发|召开|举办|成立")
_PAPER = re.compile(r"([\u4e00-\u9fff“”《》、（）]{8,40}?)(?:已经?|正式)*$")
_EXCEPT, _OUTSIDE = re.compile(r"除了?\s*$"), re.compile(r"\s*(?:以|之)?外[，\s]*")
_SHARE_OF = re.compile(r"(?:[%成]的|比|较|相比)\s*$")
# 80%班主任已培训: a short name right behind a figure, with something said of it, is what the figure is a share of.
_SHARE, _SAID = re.compile(r"(?:%|成|[过一大多]半|分之[一二三四五六七八九])\Z"), re.compile(r"[^。；，！？\n｜]*")
_CARRY = re.compile(r"同上|不变|没变|一致|持平|[无没]有?.{0,2}(?:进展|变化)")
_SIZE = re.compile(r"\d\s*%|百分之|[\d一二两三四五六七八九]成|一半|过半")
_NEAR_NAME = re.compile(
    r"\s*(?:除了?)?(?:[（(]?\d{1,2}[)）、.．]\s*)?([\u4e00-\u9fff+]{2,14}?)(?=[\s：:]+[已未尚没基\d百一二三四五六七八九]|\d|百分|[一二三四五六七八九]成)"
)


def find_mentions(text: str, message: Message) -> list[Ref]:
    """List the mentions that open a part, in order, with 其余… and 所有… as mentions of the sender's other items."""
    found = find_refs(text, message.index, message.speaker)
    refs = _leading([ref for ref in found if _matters(ref, found, text, message)], text)
    refs = [part for ref in refs for part in _excepted(ref, text, message.speaker.own)]
    refs = _papers(refs, text, message)
    if len(message.speaker.own) < 2:
        return refs
    refs = sorted([*refs, *_near_refs(refs, text, message)], key=lambda ref: ref.start)
    rest = _rest_ref(refs, text, message.speaker.own)
    return sorted([*refs, rest], key=lambda ref: ref.start) if rest else refs


def _papers(refs: list[Ref], text: str, message: Message) -> list[Ref]:
    """Read 加强…班主任工作实施意见已印发 as the paper of that name, not as the item whose short name stands in it."""
    for said in _ISSUED.finditer(text):
        match = _PAPER.search(text, max(0, said.start() - 40), said.start())
        if match is None:
            continue
        inside = [ref for ref in refs if match.start() <= ref.start < said.start() and ref.how in ("title", "alias")]
        item = message.index.paper(match[1]) if inside and len(match[1]) >= 8 else None
        if item and message.speaker.may_report(item):
            refs = [ref for ref in refs if ref not in inside] + [Ref(match.start(), match.end(1), (item,), "title")]
    return sorted(refs, key=lambda ref: ref.start)


def _excepted(ref: Ref, text: str, own: tuple[str, ...]) -> Iterator[Ref]:
    """Read 除第11项外均已完成 as the item left out, and all others."""
    before, after = _EXCEPT.search(text[: ref.start]), _OUTSIDE.match(text, ref.end)
    if not before or not after:
        yield ref
        return
    yield Ref(before.start(), after.end(), ref.ids, "except", spread=True)
    others = tuple(item for item in own if item not in ref.ids)
    if others and not _REST.match(text, after.end()):
        yield Ref(after.end(), after.end(), others, "rest", spread=True)


def _rest_ref(refs: list[Ref], text: str, own: tuple[str, ...]) -> Ref | None:
    """Find 其余… (the sender's items not named) or 五项都… (all of them, when the count is right)."""
    taken = {item for ref in refs for item in ref.ids}
    for pattern in (_REST, _ALL):
        match = pattern.search(text)
        if not match or any(match.start() < ref.end and ref.start < match.end() for ref in refs):
            continue
        ids = tuple(item for item in own if item not in taken) if pattern is _REST else own
        count = match.groupdict().get("n")
        if (pattern is _ALL or taken) and (not count or find_number(count) == len(own)):
            return Ref(match.start(), match.end(), ids, "rest", spread=True)
    return None


def _near_refs(refs: list[Ref], text: str, message: Message) -> Iterator[Ref]:
    """Find a clause's first words that come near to one of the sender's items and are followed by a figure or state."""
    if {item for ref in refs for item in ref.ids}.issuperset(message.speaker.own):
        return
    for match in CLAUSE.finditer(text):
        found = _NEAR_NAME.match(match[1])
        if not found or any(ref.start < match.end(1) and match.start() < ref.end for ref in refs):
            continue
        name = residue(found[1])
        if len(name) < 3 and not refs:  # two letters are a name only beside another one: 办学活力六成，衔接八成
            continue
        scores = message.index.near(name, message.speaker.own)
        best = [item for score, item in scores if score >= 90]
        if len(best) == 1:
            yield Ref(match.start() + found.start(1), match.start() + found.end(1), (best[0],), "fuzzy")


def _leading(refs: list[Ref], text: str) -> list[Ref]:
    """Leave out names that occur inside a sentence already about something else."""
    kept: list[Ref] = []
    for ref in refs:
        clause = re.split(r"[。；，！？\n｜]", text[kept[-1].end if kept else 0 : ref.start])[-1]
        inside = kept and ref.how in ("title", "alias") and len(residue(clause)) > 1 and not _CARRY.search(clause)
        shared = _SHARE_OF.search(text, 0, ref.start) or _is_shared(ref, text)
        same = kept and ref.how in ("title", "alias") and set(ref.ids) <= set(kept[-1].ids)
        if not (same or shared or (inside and not re.search(r"[%成]|\d", clause))):
            kept.append(ref)
    return kept


def _is_shared(ref: Ref, text: str) -> bool:
    if ref.how != "alias" or not _SHARE.search(text, 0, ref.start):
        return False
    told = _SAID.match(text, ref.end)
    return told is not None and not _SIZE.search(told[0]) and len(residue(told[0])) > 1


def _matters(ref: Ref, refs: list[Ref], text: str, message: Message) -> bool:
    """Leave out names of other units' items that only occur in a sentence about one's own."""
    if ref.how in ("number", "lead", "id", "clash"):
        return True
    if any(message.speaker.may_report(item) and message.speaker.kind_of(item) for item in ref.ids):
        return True
    ours = any(item in message.speaker.own for other in refs for item in other.ids)
    if ours:
        return False
    before = re.split(r"[。；，！？\n｜]", text[: ref.start])[-1]
    clause = re.split(r"[。；，！？\n｜]", text[ref.end :])[0]
    return not residue(before) and bool(_SIZE.search(clause) or len(residue(clause)) <= 3)
