"""Receipts, questions and take-backs: what a member hears after a reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.checkins import Owed
from bot.domain.figures import FigureKind
from bot.domain.plans import SECTIONS, Item, Plan
from bot.messages import words
from bot.messages.message import Block, Bullets, Button, Lines, Message, clip, joined, say

QUOTE = 60
MOST_BUTTONS = 5


@dataclass(frozen=True)
class Understood:
    """One line of a receipt: the item (None: the quota `name` says, or the unit) and what was understood of it."""

    item: Item | None
    percent: float | None
    percent_range: tuple[float, float] | None
    status: str | None
    sections: Mapping[str, object]
    figures: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Receipt:
    """Everything a receipt says."""

    number: int
    unit: str
    understood: tuple[Understood, ...]
    settled: tuple[str, ...]
    late: tuple[str, ...]
    owed: tuple[str, ...]
    reverted: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()


def receipt(found: Receipt) -> Message:
    """Confirm with a number what was understood, what is settled by it and what is still missing."""
    blocks: list[Block] = [Lines((f"已登记，回执 {found.number} 号（{found.unit}）",))]
    lines = [_understood(entry) for entry in found.understood]
    if lines:
        blocks.append(Bullets(tuple(lines)))
    notes = [f"{name}：已撤回原来的数。" for name in found.reverted]
    if found.settled:
        late = f"（{joined(found.late)}迟报）" if found.late else ""
        notes.append(f"{joined(found.settled)}已报齐{late}。")
    notes += [f"还差 {owed}" for owed in found.owed]
    notes += found.joint
    of_quotas = bool(found.understood) and all(entry.name for entry in found.understood)
    notes.append(f"有误请回：{'' if of_quotas else '改为90%，或：'}撤回 {found.number}")
    buttons = (Button("撤回", f"撤回 {found.number}"),)
    return Message("", (*blocks, Lines(tuple(notes))), buttons=buttons)


def _understood(entry: Understood) -> str:
    name = entry.item.label if entry.item is not None else entry.name or "单位工作"
    said = []
    if entry.percent_range is not None:
        low, high = entry.percent_range
        said.append(f"约 {low:g}%–{high:g}%（没有准数，进度仍按上次）")
    elif entry.percent is not None:
        said.append(words.state(entry.percent, entry.status))
    elif entry.status is not None and (entry.item is not None and not entry.sections):
        said.append(f"{words.STATUS[entry.status]}（没说百分比，进度仍按上次）")
    said += entry.figures
    said += [f"{title}：{_section(entry.sections[key])}" for key, title in SECTIONS.items() if key in entry.sections]
    return f"{name}：{'；'.join(said) or '已记下'}"


def _section(text: object) -> str:
    if text == "none":
        return "无"
    parts = text if isinstance(text, list) else [str(text)]
    return clip("；".join(parts), QUOTE)


def impossible(name: str, value: float, unit: str) -> str:
    return f"{name} {value:g}{unit} 不会是负数，我没有登记。请核对后再报一次。"


def figures_disagree(kind: FigureKind, wrong: str) -> str:
    return f"{kind.name}：{wrong}，对不上，我没有登记。请核对后只报累计数，例如：{kind.name}累计246{kind.unit}。"


def ask_held_on(item: Item) -> str:
    return f"{item.label}是哪天办的？请回日期，例如：第{item.no or 1}项3月2日已办。"


def with_note(message: Message, note: str) -> Message:
    """Add a line to a receipt, before its last."""
    *blocks, last = message.blocks
    return replace(message, blocks=(*blocks, Lines((note,)), last))


def owed(duty: str, missing: Owed) -> str:
    """Say what is missing of one report."""
    if missing.items:
        return f"{duty}：{joined(item.label for item in missing.items)}"
    if missing.sections:
        return f"{duty}的：{joined(missing.section_names)}"
    if missing.asked_for and not missing.word:
        return f"{duty}里的：{joined(missing.asked_for)}"
    if missing.figures:
        return f"{duty}的：{joined(figure.name for figure in missing.figures)}"
    return f"{duty}" + ("（一两句话即可）" if missing.word else "")


def question(about: str, options: Sequence[str], value: str, plan: Plan) -> Message:
    """Ask one short question; `value` is what waits for its answer, `options` are item ids or units."""
    labels = tuple(
        item.label if (item := plan.find_item(option)) is not None else SECTIONS.get(option, option)
        for option in options
    )
    if about == "percent" and len(options) > 1:
        about = "entry"
    number = value.strip("“”").split(" ")[0]
    wanted = {"value": value, "missing": joined(labels), "first": joined(labels[:1]), "no": number}
    lead = _QUESTIONS.get(about, _QUESTIONS["meaning"]).format(**wanted)
    if about in ("item", "meaning") and labels:
        blocks = (Lines((lead,)), Bullets(labels), Lines(("回复编号或名称即可。",)))
        return Message("", blocks, buttons=_numbers(options, plan))
    yes_or_no = (Button("对", "对"), Button("不对", "不对")) if about == "confirm" else ()
    return replace(say(lead), buttons=yes_or_no)


def _numbers(options: Sequence[str], plan: Plan) -> tuple[Button, ...]:
    """Return a button for each of a few numbered items of the main list; others are typed."""
    items = [plan.find_item(option) for option in options]
    main = plan.lists[0].key if plan.lists else ""
    numbers = [item.no for item in items if item is not None and item.list_key == main and item.no is not None]
    if len(numbers) != len(options) or len(numbers) > MOST_BUTTONS:
        return ()
    return tuple(Button(f"第{number}项", str(number)) for number in numbers)


_QUESTIONS = {
    "item": "{value}说的是哪一项？",
    "entry": "您要改哪一条？请带上项目编号和新的数，例如：第7项90%。",
    "percent": "{value}现在大约完成了百分之几？回一个数就行，例如：60%。",
    "status": "{value}现在是推进中，还是已经完成？",
    "section": "还缺：{missing}。请补一条，例如“问题：无”。",
    "confirm": "跟您确认一下：{value}，对吗？请回：对，或：不对。",
    "permission": "{value}不是您单位牵头的项目，我没有登记。请由牵头单位报，或由办公室代报。",
    "unit": "{value}由{missing}共同牵头，请写明代哪个单位报，例如：代{first}报第{no}项50%。",
    "units": "这条说了几个单位的项目，我没有登记。请按单位分开发，一条说一个单位的。",
    "own_unit": "您替几个单位报送，请写明是哪个单位的，例如：代{first}报：……",
    "date": "您说的是哪一天？请写月和日，例如：5月10日。",
    "person": "由哪位同志接手？请告诉我姓名，我转给办公室办理。",
    "file": "文件请直接发给我，并说明是哪一项、哪一期的。",
    "meaning": "这句我没看懂，没有登记。报进展请带上项目和进度，例如：第7项80%。",
}


def several_in(number: int) -> str:
    return f"回执 {number} 号里不止一项，请写明改哪一项，例如：第7项改为90%"


def hint(units: Sequence[str]) -> Message:
    """Answer talk that is no report, without recording anything."""
    who = f"（{joined(units)}）" if units else ""
    return say(f"这句没有登记为进展{who}。报进展请说，例如：第7项80%；要看自己的项目请发：我的；其他用法请发：帮助。")


def awaited() -> Message:
    """Answer a promise to report later."""
    return say("好的，等您报。")


def nothing_to_undo() -> str:
    return "没有可以撤回的登记。"


def not_yours(number: int) -> str:
    return f"回执 {number} 号不是您单位的，不能撤回。需要时请联系办公室。"


def already_undone(number: int) -> str:
    return f"回执 {number} 号已经撤回过了。"


def undone(what: str, lines: Sequence[str], owed_again: Sequence[str]) -> Message:
    """Confirm a take-back: what each item stands at now, and what is owed again."""
    blocks: list[Block] = [Lines((f"已撤回{what}。" if what else "已撤回：",))]
    if lines:
        blocks.append(Bullets(tuple(lines)))
    if owed_again:
        blocks.append(Lines((f"需要重报：{joined(owed_again)}",)))
    return Message("", tuple(blocks))


def forwarded(receiver: str, what: str) -> Message:
    """Say that words for the office were passed on."""
    return say(f"{what}已转给{receiver}，由他们直接答复您。在答复之前，仍按原来的安排。")


def to_office(who: str, what: str, text: str) -> Message:
    """Pass a member's words on to the office."""
    return Message(what, (Lines((f"{who}：", clip(text, 400))), Lines(("请办理后直接答复本人。",))))
