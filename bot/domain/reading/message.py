"""One reply ready to be read, and the part of it that is said in earnest."""

import re
from dataclasses import dataclass

from bot.domain.reading import words
from bot.domain.reading.index import ItemIndex
from bot.domain.reading.model import Context
from bot.domain.reading.speaker import Speaker
from bot.domain.workdays import Workdays

# Cheap first look: without one of these no clause can be a question.
_ASKING = re.compile(r"[？吗么谁哪啥]|多少|几成|第几|是否|能不能|可不可以|怎|如何|[对是错]吧|不行|不好|不对|不是|了没")
CLAUSE = re.compile(r"([^。；，！？\n｜…]+)([。；，！？\n｜…]|$)")
# Speech and haste leave out the comma between the figure of now and what comes next.
_RUN_ON = re.compile(r"现在|目前|这个?月|本月(?!底)|下一?步|预计|预期|计划|力争|争取|下个?月|其中|剩余|主要")
_FIGURE_END = frozenset("%成了右半十百一二三四五六七八九0123456789")
# Words of others end where the sender speaks of the own side.
_OURS = re.compile(r"\s*(?:我们?|我[科处校]|本[科处]|咱们?)")
_TAG = re.compile(
    r"[，\s](?=(?:对吧|是吧|对吗|是吗|对不对|是不是|行吗|可以吗|没错吧|对么|是么)[？。]?\s*(?:$|[，。；\n]))"
)


@dataclass(frozen=True)
class Message:
    """One reply ready to be read: its words, who said them and what the plan knows."""

    text: str
    ctx: Context
    speaker: Speaker
    index: ItemIndex
    workdays: Workdays
    correcting: bool = False

    @property
    def voice(self) -> bool:
        return self.ctx.msgtype == "voice"

    def previous(self, item: str) -> float | None:
        """Return the last percent of this unit's own part of an item; another unit's part is not ours."""
        own = self.ctx.prev.get(f"{item}@{self.speaker.unit}")
        return own if own is not None else self.ctx.prev.get(item)


def _parted(found: re.Match[str]) -> str:
    before = found.string[: found.start()].rstrip().removesuffix("但").removesuffix("不过")
    return f"，{found[0]}" if before and before[-1] in _FIGURE_END else found[0]


def heard(text: str) -> str:
    """Return the text without what is only supposed, asked, joked or told of others."""
    text = _RUN_ON.sub(_parted, _TAG.sub("", text))
    if words.JOKE.search(text):
        return ""
    if not (_ASKING.search(text) or words.CONDITION.search(text) or words.HEARSAY.search(text)):
        return text
    kept: list[str] = []
    silent = False
    for match in CLAUSE.finditer(text):
        clause, mark = match[1], match[2]
        doubtful = words.CONDITION.search(clause) or words.HEARSAY.search(clause)
        silent = (silent and not _OURS.match(clause)) or bool(doubtful)
        asked = mark == "？" or words.QUESTION.search(clause)
        kept.append(mark if silent or asked else match[0])
        silent = silent and mark in "，｜"
    return "".join(kept)
