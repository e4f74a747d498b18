"""What the clock asks: privately, in the group, of the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.figures import FigureKind
from bot.domain.ladders import StepKind
from bot.domain.plans import Item, Plan
from bot.domain.registers import Register
from bot.messages import forms, words
from bot.messages.message import Block, Bullets, Button, Lines, Mention, Message, clip, joined

LATE = "（补发）"
EXAMPLE = "直接回复我就行，例如：第{no}项60%。卡住了就写明原因。"


@dataclass(frozen=True)
class Wanted:
    """What one unit is asked for: the duty's name and period, its due date, and what is missing.

    `last` gives each item's last figure in words; `plan` is named when a contact is asked in several plans.
    """

    unit: str
    duty: str
    period: str
    due_on: date
    items: tuple[Item, ...] = ()
    sections: tuple[str, ...] = ()
    word: bool = False
    last: Mapping[str, str] = field(default_factory=dict)
    how: str = ""
    plan: str = ""

    @property
    def asked(self) -> str:
        return f"{self.plan}，{self.unit}" if self.plan else self.unit


@dataclass(frozen=True)
class Setting:
    """When a contact is asked: today, whether the message is late, which due days are rest days.

    `forms` holds the address of a form by unit (as `Wanted.asked`); in a group's message by ''.
    """

    today: date
    late: bool = False
    rest_days: frozenset[date] = frozenset()
    forms: Mapping[str, str] = field(default_factory=dict)


def private(kind: StepKind, wanted: Sequence[Wanted], setting: Setting) -> Message:
    """Ask one contact for everything that is due, in one message."""
    if kind in ("prompt", "reminder") and max(want.due_on for want in wanted) < setting.today:
        kind = "nudge"
    title = _title(kind, wanted, setting.today) + (LATE if setting.late else "")
    blocks: list[Block] = []
    for asked in dict.fromkeys(want.asked for want in wanted):
        own = [want for want in wanted if want.asked == asked]
        blocks.append(Lines(_opening(kind, asked, own, setting)))
        items = {item: want.last.get(item.id) for want in own for item in want.items}
        if items:
            blocks.append(Bullets(tuple(f"{item.label}（{_before(last)}）" for item, last in items.items())))
        if asked in setting.forms:
            blocks.append(forms.line(setting.forms[asked]))
    if kind != "nudge":
        return Message(title, (*blocks, Lines(_how(wanted))))
    away = Lines(("这几天不在的，请回：请假",))
    buttons = (Button("请假", "请假"), *((Button("打开表单", "表单"),) if setting.forms else ()))
    return Message(title, (*blocks, Lines(_how(wanted)), away), buttons=buttons)


def _before(figure: str | None) -> str:
    return "还没报过" if figure is None else f"上次 {figure}"


def _title(kind: StepKind, wanted: Sequence[Wanted], today: date) -> str:
    names = joined(dict.fromkeys(f"{words.period(want.period)}{want.duty}" for want in wanted))
    if kind == "nudge":
        return f"还差您的{names}"
    if kind == "dispatch":
        return names
    due = min(want.due_on for want in wanted)
    return f"{names}，{'今天' if due == today else words.short_day(due)}截止"


def _opening(kind: StepKind, unit: str, wanted: Sequence[Wanted], setting: Setting) -> tuple[str, ...]:
    due = min(want.due_on for want in wanted)
    names = joined(dict.fromkeys(want.duty for want in wanted))
    if kind == "nudge" and due < setting.today:
        return (f"{unit}：{names}应在{words.day(due)}前报，还没有收齐。补报照样登记，会注明迟报。",)
    if kind == "dispatch":
        return (f"{unit}：下列项目要调度，请报目前进展、主要问题和下一步打算。",)
    if due == setting.today:
        return (f"{unit}：{names}今天截止，当天 24 点前都算按时。",)
    tail = "那天休息，请尽量今天报，当天报也算按时。" if due in setting.rest_days else "当天报也算按时。"
    return (f"{unit}：{names}请在{words.day(due)}前报，{tail}",)


def _how(wanted: Sequence[Wanted]) -> tuple[str, ...]:
    lines = []
    items = [item for want in wanted for item in want.items]
    if items:
        lines.append(EXAMPLE.format(no=next((item.no for item in items if item.no is not None), 1)))
    if any(want.word and not want.sections for want in wanted) and not items:
        lines.append("用一两句话回复进展即可；本期没有内容就回：本月无。")
    lines += dict.fromkeys(want.how for want in wanted if want.how)
    sections = list(dict.fromkeys(name for want in wanted for name in want.sections))
    if sections:
        lines.append(f"专报请分段写：{'、'.join(sections)}；没有问题就写“问题：无”。")
    if len({want.plan for want in wanted}) > 1:
        lines.append("您参加了几个计划，回复前请先选一个，例如：计划 1。")
    return tuple(lines)


def how_to_log(register: Register) -> str:
    """Say how an entry is logged, by example: the register's name and the fields it needs."""
    needed = [field.name for field in register.fields if field.needed] or [f.name for f in register.fields[:2]]
    return f"直接回复我，例如：{register.words[0] if register.words else register.name}：（{joined(needed)}）。"


def how_to_tell(figures: Sequence[FigureKind]) -> str:
    """Say how figures are told, by example."""
    first = figures[0]
    names = joined(f"{figure.name}（{figure.unit}）" if figure.unit else figure.name for figure in figures)
    return f"请报：{names}。新增和累计分开写，例如：{first.name}新增12{first.unit}，累计246{first.unit}。"


@dataclass(frozen=True)
class Missing:
    """Who has not handed in some reports: units in order, of how many, and their contacts."""

    name: str
    due_on: date
    units: tuple[str, ...]
    total: int
    mentions: tuple[Mention, ...] = ()


def group_reminder(missing: Sequence[Missing], setting: Setting) -> Message:
    """Name the units still to report, in the group, on the day (or the working day before a rest day)."""
    due = min(entry.due_on for entry in missing)
    when = "今天截止" if due == setting.today else f"{words.day(due)}截止，请尽量今天报"
    if due < setting.today:
        when = f"已于{words.day(due)}截止，还可以补报"
    blocks: list[Block] = [Lines((f"{joined(entry.name for entry in missing)}{when}。",))]
    alike = _alike(missing)
    for names, entry in alike:
        if entry.units:
            lead = f"{names}：" if len(alike) > 1 else ""
            done = entry.total - len(entry.units)
            line = f"{lead}已报 {done}/{entry.total}，还差 {len(entry.units)} 个：{'、'.join(entry.units)}"
            blocks.append(Lines((line,)))
    blocks.append(Lines(("私聊我报，或在群里 @我 说，例如：第7项80%。",)))
    if "" in setting.forms:
        blocks.append(forms.line(setting.forms[""]))
    mentions = {mention.member: mention for entry in missing for mention in entry.mentions}
    return Message(f"报送提醒{LATE if setting.late else ''}", tuple(blocks), tuple(mentions.values()))


def _alike(missing: Sequence[Missing]) -> list[tuple[str, Missing]]:
    """Join reports of which the same units are missing, so that no list of units stands twice."""
    found: list[tuple[str, Missing]] = []
    for entry in missing:
        same = next((n for n, (_, have) in enumerate(found) if have.units == entry.units), None)
        if same is None or found[same][1].total != entry.total:
            found.append((entry.name, entry))
        else:
            found[same] = f"{found[same][0]}、{entry.name}", entry
    return found


def missing_lines(missing: Sequence[Missing]) -> Lines:
    """Say after the due day who came in and who is still missing."""
    lines = []
    for names, entry in _alike(missing):
        done = entry.total - len(entry.units)
        tail = f"，未报：{'、'.join(entry.units)}" if entry.units else "，全部报齐"
        lines.append(f"{names}：已报 {done}/{entry.total}{tail}")
    return Lines(tuple(lines))


def month_tasks(plan: Plan, period: str, items: Sequence[Item], due_on: date) -> Message:
    """Post the numbered tasks of a month on its first working day."""
    lines = tuple(f"（{item.no}）{item.title}" if item.no is not None else item.title for item in items)
    lead = f"{plan.name}{words.period(period)}共 {len(items)} 项任务，{words.short_day(due_on)}前完成："
    return Message(f"{words.period(period)}任务", (Lines((lead,)), Lines(lines)))


def meetings_without_day(period: str, items: Sequence[Item]) -> Message:
    """Ask the office for the days of meetings that have none, five working days before the month ends."""
    lines = tuple(f"（{item.no}）{item.title}" if item.no is not None else item.title for item in items)
    how = f"定了或开了请回日期，例如：{int(period[5:7])}月任务第{items[0].no or 1}项26日召开。"
    return Message(
        f"{words.period(period)}会议日期", (Lines(("以下会议还没有登记日期：",)), Lines(lines), Lines((how,)))
    )


def month_tasks_open(period: str, items: Sequence[Item], ownerless: int, due_on: date) -> Message:
    """Ask the office about a month's tasks that nobody has reported done."""
    lines = tuple(f"（{item.no}）{item.title}" if item.no is not None else item.title for item in items)
    hint = f"其中 {ownerless} 项还没有定牵头单位（未设定）。" if ownerless else ""
    # Tasks of a month are called by their number in it; others by their name.
    month = words.period(period)
    name = f"{month}任务第1项" if month.endswith("月") else items[0].title
    how = f"办成的请回复，例如：{name}已完成。"
    lead = f"{words.period(period)}还有 {len(items)} 项任务没有登记完成，{words.short_day(due_on)}到期。{hint}"
    return Message(f"{words.period(period)}任务核对", (Lines((lead,)), Lines(lines), Lines((how,))))


def escalation(missing: Sequence[Missing], contacts: Mapping[str, str]) -> Message:
    """Tell the office who is still missing days after the due date, with whom to call."""
    owed: dict[str, list[str]] = {}
    for entry in missing:
        for unit in entry.units:
            owed.setdefault(unit, []).append(entry.name)
    lines = tuple(f"{unit}（{contacts.get(unit, '没有联络员')}）：{joined(names)}" for unit, names in owed.items())
    lead = "以下单位提醒后仍未报送，请您电话跟进："
    return Message("逾期未报", (Lines((lead,)), Bullets(lines)))


def dispatch_overview(period: str, rows: Sequence[tuple[Item, str]], chosen: Sequence[str]) -> Message:
    """Give the office one page of all items, lowest progress first, to pick those to be dispatched."""
    lines = tuple(f"{clip(item.label, 40)}：{state}" for item, state in rows)
    how = (
        f"已选 {len(chosen)} 项，牵头单位已收到提问：{joined(chosen)}。"
        if chosen
        else "要调度哪几项，请回复编号，例如：调度 4、6、9。我再去问牵头单位。"
    )
    lead = f"{words.period(period)}各项进展，由低到高："
    return Message(f"{words.period(period)}调度一览", (Lines((lead,)), Bullets(lines), Lines((how,))))
