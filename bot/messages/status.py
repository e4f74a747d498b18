"""Answers to look-ups."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain.checkins import Owed
from bot.domain.figures import FigureKind, Standing, compared, fell, reached
from bot.domain.itemstates import said as said_of
from bot.domain.plans import SECTIONS, STAGES, Duty, Item, ItemList, Plan, Section
from bot.domain.registers import Register
from bot.messages import words
from bot.messages.checkins import owed as owed_words
from bot.messages.message import Block, Bullets, Lines, Message, clip, joined, say
from bot.messages.reminders import Missing, missing_lines


class DueLike(Protocol):
    """One round of a unit with what is owed in it."""

    @property
    def duty(self) -> Duty: ...
    @property
    def owed(self) -> Owed: ...
    @property
    def period_key(self) -> str: ...


MOST = 10


@dataclass(frozen=True)
class UnitLine:
    """One unit's word on an item; `when` says in words since when it holds."""

    unit: str
    state: str
    percent: float | None
    when: str
    sections: Mapping[str, object]


def overview(plan: Plan, figures: Sequence[float | None], reports: Sequence[Missing], unset: str = "") -> Message:
    """Say where the whole plan stands, in a few lines."""
    known = [figure for figure in figures if figure is not None]
    done = sum(1 for figure in known if figure == 100)
    mean = sum(figure or 0 for figure in figures) / len(figures) if figures else 0
    going, unknown = len(known) - done, len(figures) - len(known)
    first = f"{len(figures)} 项：完成 {done} 项，推进中 {going} 项，还没有数据 {unknown} 项；平均 {mean:.1f}%。"
    blocks: list[Block] = [Lines((first,))]
    if reports:
        blocks.append(missing_lines(reports))
    if unset:
        blocks.append(Lines((unset,)))
    blocks.append(Lines(("看某一项请发：进度 4；看某单位请发：进度 单位名。",)))
    return Message(plan.name, tuple(blocks))


def item(found: Item, lines: Sequence[UnitLine], leaders: Sequence[str], counted: Sequence[str] = ()) -> Message:
    """Show one item with each unit's figure; differing figures are marked, never averaged.

    `counted` is what its registers hold.
    """
    head = (*_head(found, lines, leaders), *counted)
    rows = []
    for line in lines:
        rows.append(f"{line.unit}：{line.state}{f'（{line.when}）' if line.when else ''}")
        rows += [f"{name}：{_section(line.sections[key])}" for key, name in SECTIONS.items() if line.sections.get(key)]
    blocks: list[Block] = [Lines(head), Bullets(tuple(rows))]
    figures = {line.percent for line in lines if line.percent is not None}
    if len(figures) > 1 and not found.each:
        blocks.append(Lines((f"注意：各单位数据不一致（{min(figures):g}% 与 {max(figures):g}%），排名暂取低的。",)))
    return Message(found.label, tuple(blocks))


def _head(found: Item, lines: Sequence[UnitLine], leaders: Sequence[str]) -> list[str]:
    """Say whose an item is, until when, and how many have done it."""
    head = [f"牵头：{joined(line.unit for line in lines)}" if lines else "牵头单位：未设定"]
    if found.closed:
        head.append(f"已经不办：{found.closed}")
    if leaders:
        head.append(f"分管：{joined(leaders)}")
    if found.window is not None:
        head.append(
            f"期限：{words.day(found.window.due_on)}" + ("（文件印发前已到期，待确认）" if found.history else "")
        )
    elif found.lasting:
        head.append("期限：长期坚持")
    return [*head, *_done(found, lines), *_what(found)]


def _done(found: Item, lines: Sequence[UnitLine]) -> list[str]:
    """Say how many have done what every unit does by itself."""
    if not found.each or not lines:
        return []
    done = [line for line in lines if line.percent == 100]
    without = joined(line.unit for line in lines if line.percent != 100)
    return [f"已完成 {len(done)}/{len(lines)}" + (f"，未完成：{without}" if without else "")]


def _what(found: Item) -> list[str]:
    """Say what the plan's paper says of an item: who takes part, what for and by which measures."""
    said = (
        (found.issuer, f"以{found.issuer}名义印发"),
        (found.support, f"配合：{joined(found.support)}"),
        (found.target, f"目标：{found.target}"),
        (found.measures, f"措施 {len(found.measures)} 条：{joined(found.measures)}"),
        (found.labels, f"同时用于：{joined(found.labels)}"),
    )
    return [line for what, line in said if what]


def parts(own: Sequence[tuple[Item, float | None]]) -> list[str]:
    """其中 5 项单独登记，完成 1 项：…"""
    if not own:
        return []
    done = sum(1 for _, percent in own if percent == 100)
    names = joined(f"{part.title}{'（完成）' if percent == 100 else ''}" for part, percent in own)
    return [f"其中 {len(own)} 项单独登记，完成 {done} 项：{names}"]


def annexes(names: Sequence[str]) -> Message:
    """Name the annexes the plan's paper speaks of and nobody has given yet."""
    lines = tuple(f"{name}：附件未提供" for name in names)
    how = "拿到以后请信息员用 drumbeat import plan 导入，或写进计划文件。"
    return Message("附件", (Bullets(lines), Lines((how,))))


def register_line(register: Register, total: int, open_: int) -> str:
    """信息简报 12 条，未办结 3 条"""
    return f"{register.name} {total} 条" + (f"，未办结 {open_} 条" if register.states else "")


def section(found: Section, items: Sequence[tuple[Item, float | None]]) -> Message:
    """Show a chapter of the plan: its items, and their mean."""
    mean = sum(percent or 0 for _, percent in items) / len(items) if items else 0
    lines = tuple(f"{clip(item.label, 40)}：{words.percent(percent)}" for item, percent in items)
    return Message(f"{found.key} {found.name}", (Lines((f"{len(items)} 项，平均 {mean:.1f}%。",)), Bullets(lines)))


def item_list(
    plan: Plan, found: ItemList, items: Sequence[tuple[Item, float | None]], details: Mapping[str, Mapping[str, Any]]
) -> Message:
    """Show one list of the plan: how many are done, papers by their stage, and each item with whose part it is."""
    done = sum(1 for _, percent in items if percent == 100)
    papers = bool(items) and all(item.kind == "document" for item, _ in items)
    stages = Counter(str(details.get(item.id, {}).get("stage", "")) for item, _ in items)
    counted = "，".join(f"{stage} {stages[stage]}" for stage in STAGES[:-1]) if papers else ""
    head = f"{'已印发' if papers else '完成'} {done}/{len(items)}" + (f"；{counted}" if counted else "")
    # What something is known of stands first: a message has room for so many lines.
    ranked = sorted(items, key=lambda pair: pair[0].id not in details)
    lines = []
    for item, percent in ranked:
        whole = plan.find_item(item.part_of)
        state = said_of(item, details.get(item.id, {})) or words.percent(percent)
        lines.append(f"{clip(item.label, 40)}{f'（{clip(whole.label, 30)}）' if whole else ''}：{state}")
    return Message(found.name, (Lines((head,)), Bullets(tuple(lines))))


def figure(
    kind: FigureKind, total: Standing | None, by_unit: Mapping[str, Standing], before: Mapping[str, Standing]
) -> Message:
    """Show a figure: in all, against its marks, and by unit, the largest first, beside that of the year `before`."""
    if total is None:
        return Message(kind.name, (Lines(("还没有数据。",)),))
    head = [f"{'合计' if len(by_unit) > 1 else '目前'} {_number(kind, total)}（截至{words.short_day(total.as_of)}）"]
    if kind.thresholds:
        head.append(_marks(kind, total))
    head.append("这是数据，不计入进度。")
    ranked = sorted(by_unit.items(), key=lambda pair: -pair[1].value)
    ranked.sort(key=lambda pair: not fell(kind, pair[1], before.get(pair[0])))
    rows = tuple(_beside(f"{unit}：{_number(kind, own)}", kind, own, before.get(unit)) for unit, own in ranked[:MOST])
    fallen = sum(1 for unit, own in by_unit.items() if fell(kind, own, before.get(unit)))
    if before and kind.rising:
        head.append(f"只增不减：{fallen} 个单位减少")
    tail = (Lines((f"共 {len(ranked)} 个",)),) if len(ranked) > MOST else ()
    return Message(kind.name, (Lines(tuple(head)), *((Bullets(rows),) if rows else ()), *tail))


def figure_line(kind: FigureKind, total: Standing) -> str:
    """近视率下降 0.7百分点（达 0.5，未达 1）；数据，不计入进度"""
    marks = f"（{_marks(kind, total)}）" if kind.thresholds else ""
    return f"{kind.name} {_number(kind, total)}{marks}；数据，不计入进度"


def _marks(kind: FigureKind, total: Standing) -> str:
    return "，".join(f"{'达' if met else '未达'} {value:g}" for value, met in reached(kind, total.value))


def _beside(said: str, kind: FigureKind, own: Standing, before: Standing | None) -> str:
    return f"{said}；{compared(kind, own, before)}" if before is not None else said


def _number(kind: FigureKind, entry: Standing) -> str:
    return f"{'约 ' if entry.approx else ''}{entry.value:g}{kind.unit}"


def _section(text: object) -> str:
    if text == "none":
        return "无"
    return clip("；".join(text) if isinstance(text, list) else str(text), 80)


def unit(name: str, lines: Sequence[tuple[Item, str]], dues: Sequence[DueLike]) -> Message:
    """Show one unit: its items and what it owes."""
    blocks: list[Block] = []
    if lines:
        blocks.append(Bullets(tuple(f"{item.label}：{state}" for item, state in lines)))
    else:
        blocks.append(Lines(("没有牵头的项目，每期报一两句重点工作即可。",)))
    owed, done = [], []
    for due in dues:
        label = f"{words.period(due.period_key)}{due.duty.name}"
        if due.owed.nothing:
            done.append(label)
        else:
            owed.append(owed_words(label, due.owed))
    notes = [f"已报齐：{joined(done)}" if done else "", *(f"还差 {text}" for text in owed)]
    blocks.append(Lines(tuple(note for note in notes if note)))
    return Message(name, tuple(blocks))


def together(messages: Sequence[Message]) -> Message:
    """Show several units in one message."""
    if len(messages) == 1:
        return messages[0]
    blocks: list[Block] = []
    for message in messages:
        blocks += [Lines((f"【{message.title}】",)), *message.blocks]
    return Message("我的", tuple(blocks))


def led(lines: Sequence[tuple[Item, Sequence[tuple[str, str]]]]) -> Message:
    """Show a leader's items with what each unit said."""
    if not lines:
        return say("您没有牵头或分管的项目。要看全局请发：进度。")
    rows = tuple(
        f"{item.label}：{'，'.join(f'{unit} {state}' for unit, state in said) or '还没有数据'}" for item, said in lines
    )
    return Message("分管项目", (Bullets(rows),))


def missing(found: Sequence[Missing]) -> Message:
    """Show who has not reported, for the office and leaders."""
    if not found:
        return say("现在没有要报的内容。")
    if not any(entry.units for entry in found):
        return Message("未报名单", (missing_lines(found), Lines(("全部报齐，不用催了。",))))
    return Message("未报名单", (missing_lines(found), Lines(("要私下提醒这些单位，请发：催报。",))))


def which_item(items: Sequence[Item]) -> str:
    lines = "\n".join(f"· {item.label}" for item in items)
    return f"您要看哪一项？请发编号或更完整的名称：\n{lines}"


def nothing_called(text: str) -> str:
    return f"没有叫“{clip(text, 40)}”的项目或单位。请发项目编号（如：进度 4）或单位名（如：进度 组织科）。"
