"""The office's documents, compiled from the records: month note, quarter analysis, half-year evaluation, the year.

What is compiled is a value with chapters; chat shows it short, bot.documents writes it as docx, xlsx or pdf.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bot.domain import spans
from bot.domain.entries import brief
from bot.domain.plans import SECTIONS, Item, Plan, Section
from bot.domain.world import World
from bot.errors import UserError
from bot.messages import quotas as quota_words
from bot.messages import words
from bot.messages.message import clip
from bot.storage import checkins, registers, rounds, standings
from bot.storage.engine import Tx
from bot.stories.figures import standings_of, whole
from bot.stories.quotas import stands_of
from bot.stories.recipients import unit_names

# A chapter for the office alone.
REPEATS = "疑似重复"
Kind = Literal["monthly", "special", "quarterly", "half-year", "annual", "ledger", "bulletin"]
# A figure this many points behind the share of time that has passed is behind.
SLACK = 10
# So many entries of a register are told in a bulletin; the others are counted.
MOST_TOLD = 3


@dataclass(frozen=True)
class Chapter:
    """A heading with paragraphs and at most one table, whose first row is its head."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Compiled:
    """One document: its title, the period it is about, and its chapters."""

    title: str
    period: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Scope:
    """What a document is compiled from: the plan, the period with its days, and the figures then and before."""

    world: World
    plan: Plan
    period: str
    first: date
    last: date
    now: datetime
    figures: Mapping[str, float]
    earlier: Mapping[str, float]

    @property
    def today(self) -> date:
        return min(self.world.policy.today(self.now), self.last)


async def compile_report(tx: Tx, world: World, plan: Plan, kind: Kind, period: str, now: datetime) -> Compiled:
    """Compile one document. Raises `UserError` for a period that does not fit."""
    try:
        first, last = spans.days_of(period)
    except ValueError:
        raise UserError(f"“{period}”不是报告的时段。可写：2023-03、2023-Q1、2023-H1、2023") from None
    figures = await _figures_at(tx, world, plan, last, now)
    earlier = await _figures_at(tx, world, plan, spans.days_of(spans.before(period))[1], now)
    scope = Scope(world, plan, period, first, last, now, figures, earlier)
    titles = {
        "monthly": "小结",
        "special": "专报汇总",
        "quarterly": "分析",
        "half-year": "评估",
        "annual": "总结",
        "ledger": "台账",
        "bulletin": "工作简报",
    }
    chapters = {
        "monthly": (_received, _progress, _problems, _documents, _figures, _repeats),
        "special": (_received, _sections),
        "quarterly": (_received, _progress, _problems, _figures, _quotas),
        "half-year": (_received, _evaluation, _problems, _figures, _quotas),
        "annual": (_received, _evaluation, _milestones, _problems, _documents, _figures, _quotas, _experiences),
        "ledger": (_received, _progress, _figures, _quotas),
        "bulletin": (),
    }[kind]
    made = [await chapter(tx, scope) for chapter in chapters]
    if kind == "bulletin":
        made = [await _part(tx, scope, part) for part in plan.sections or (Section("", plan.name),)]
    name = f"{plan.name}{words.period(period)}{titles[kind]}"
    return Compiled(name, period, tuple(chapter for chapter in made if chapter.rows or chapter.paragraphs))


async def _figures_at(tx: Tx, world: World, plan: Plan, day: date, now: datetime) -> dict[str, float]:
    moment = min(datetime.combine(day, time.max, tzinfo=world.policy.timezone), now)
    return await standings.lowest_at(tx, plan.key, moment)


async def _part(tx: Tx, scope: Scope, part: Section) -> Chapter:
    """One part of a bulletin: where its items stand, its figures each with its day, and what was logged."""
    lines = []
    for item in scope.plan.live_items:
        if item.section == part.key and not item.private and item.id in scope.figures:
            lines.append(f"{item.label}：{words.percent(scope.figures[item.id])}{await _told(tx, scope, item)}")
    for kind in scope.plan.figures:
        total = whole(kind, await standings_of(tx, scope.plan, kind, until=scope.last))
        if kind.section == part.key and total is not None and not kind.private:
            about = "约" if total.approx else ""
            lines.append(f"{kind.name}{about}{total.value:g}{kind.unit}（截至{words.short_day(total.as_of)}）")
    for register in scope.plan.registers:
        if register.section != part.key or register.visible != "all" or register.anonymous:
            continue
        wanted = registers.Wanted(register.key, scope.first, scope.last)
        entries = await registers.list_entries(tx, scope.plan.key, wanted)
        said = [
            f"{entry.unit}，{brief(register, entry.values, scope.plan, private=False)}"
            for entry in entries[-MOST_TOLD:]
        ]
        if entries:
            lines.append(f"{register.name} {len(entries)} 条：{'；'.join(said)}")
    return Chapter(part.name, tuple(lines))


async def _told(tx: Tx, scope: Scope, item: Item) -> str:
    """Return what units wrote of an item's progress, in brackets."""
    found = [
        f"{unit}：{_text(said['progress'])}"
        for unit in item.units
        if (said := await checkins.last_sections(tx, scope.plan.key, item.id, unit)).get("progress")
    ]
    return f"（{'；'.join(found)}）" if found else ""


async def _received(tx: Tx, scope: Scope) -> Chapter:
    """Who handed in what of the rounds due in the period, on time or late."""
    rows = [("报送", "截止", "应报", "已报", "按时", "未报单位")]
    for round_ in scope.world.rounds_of(scope.plan):
        if not round_.duty.asks_units or not scope.first <= round_.due_on <= scope.last:
            continue
        row = await rounds.find(tx, scope.plan.key, round_.duty.id, round_.period.key)
        if row is None:
            continue  # not asked for yet
        owing = (await rounds.units_of(tx, [row.id])).get(row.id, [])
        counted = [unit for unit in owing if unit.excused_at is None]
        handed = [unit for unit in counted if unit.handed_in_at is not None]
        punctual = [u for u in handed if u.handed_in_at and u.handed_in_at <= row.on_time_until]
        missing = "、".join(unit_names((unit.unit for unit in counted if unit.handed_in_at is None), scope.plan))
        name = f"{words.period(round_.period.key)}{round_.duty.name}"
        counts = (str(len(counted)), str(len(handed)), str(len(punctual)))
        rows.append((name, words.short_day(round_.due_on), *counts, missing or "无"))
    return Chapter("报送情况", rows=tuple(rows) if len(rows) > 1 else ())


def _items(scope: Scope) -> list[Item]:
    """Return the items the plan is known for; those the office keeps for itself are left out."""
    return [item for item in scope.plan.main_items if not item.private]


async def _progress(tx: Tx, scope: Scope) -> Chapter:
    """Each item with its figure, and how it moved against the period before."""
    rows = [("项目", "牵头单位", "进度", f"比{words.period(spans.before(scope.period))}")]
    for item in _items(scope):
        now, then = scope.figures.get(item.id), scope.earlier.get(item.id)
        rows.append((item.label, "、".join(item.units) or "未设定", words.percent(now), _change(now, then)))
    return Chapter("各项进展", rows=tuple(rows))


def _change(now: float | None, then: float | None) -> str:
    if now is None:
        return ""
    change = now - (then or 0)
    return "持平" if change == 0 else f"{'+' if change > 0 else ''}{change:g} 个百分点"


async def _evaluation(tx: Tx, scope: Scope) -> Chapter:
    """Each item as done, on track or behind, by the share of its time that has passed."""
    rows = [("项目", "牵头单位", "进度", "评估")]
    for item in _items(scope):
        figure = scope.figures.get(item.id)
        rows.append(
            (item.label, "、".join(item.units) or "未设定", words.percent(figure), _judged(item, figure, scope))
        )
    note = f"评估口径：完成的为“已完成”；进度比时间进度落后超过 {SLACK} 个百分点的为“滞后”；其余为“正常”。"
    return Chapter("逐项评估", (note,), tuple(rows))


def _judged(item: Item, figure: float | None, scope: Scope) -> str:
    if figure == 100:
        return "已完成"
    first, due = scope.plan.first_on, item.window.due_on if item.window else scope.plan.last_on
    length = max(1, (due - first).days)
    passed = min(1.0, max(0.0, (scope.today - first).days / length))
    if figure is None:
        return "没有数据"
    return "滞后" if figure < passed * 100 - SLACK else "正常"


async def _problems(tx: Tx, scope: Scope) -> Chapter:
    """The problems said last of each item, and what is open in the registers of findings."""
    found = []
    for item in _items(scope):
        for unit in item.units:
            problems = (await checkins.last_sections(tx, scope.plan.key, item.id, unit)).get("problems")
            if isinstance(problems, list) and problems:
                found.append(f"{item.label}（{unit}）：{'；'.join(problems)}")
    open_registers = [register for register in scope.plan.registers if register.digest]
    known = {register.key: register for register in open_registers}
    for entry in await registers.open_entries(tx, scope.plan.key, list(known)):
        said = brief(known[entry.register], entry.values, scope.plan, private=False)
        found.append(f"{known[entry.register].name} {entry.number} 号（{entry.unit}）：{said}，{entry.state}")
    return Chapter("存在的问题", tuple(found))


async def _repeats(tx: Tx, scope: Scope) -> Chapter:
    """Reports that say word for word what the unit said before: for the office to look at, and for nobody else."""
    since, until = scope.world.policy.start_of(scope.first), scope.world.policy.end_of(scope.last)
    found = await checkins.repeats(tx, scope.plan.key, since, until)
    return Chapter(REPEATS, tuple(f"{checkin.unit} {checkin.number} 号：{clip(checkin.text, 40)}" for checkin in found))


async def _documents(tx: Tx, scope: Scope) -> Chapter:
    """How far the papers to be issued are."""
    papers = [item for item in scope.plan.live_items if item.kind == "document" and not item.private]
    progress = {row.item: row for row in await checkins.progress_of(tx, scope.plan.key, [item.id for item in papers])}
    issued = [item for item in papers if item.id in progress and progress[item.id].percent == 100]
    if not papers:
        return Chapter("文件制发")
    return Chapter("文件制发", (f"共 {len(papers)} 份，已印发 {len(issued)} 份。",))


async def _figures(tx: Tx, scope: Scope) -> Chapter:
    """The plan's figures as of the period's end, each with its day."""
    earlier = spans.before(scope.period)
    rows = [("数据", "数值", "截至", f"比{words.period(earlier)}")]
    for kind in scope.plan.figures:
        total = whole(kind, await standings_of(tx, scope.plan, kind, until=scope.last))
        if total is None or kind.private:
            continue
        before = await standings_of(tx, scope.plan, kind, until=spans.days_of(earlier)[1])
        then = whole(kind, before) if before else None
        change = f"{total.value - then.value:+g}{kind.unit}" if then is not None else ""
        value = f"{'约' if total.approx else ''}{total.value:g}{kind.unit}"
        rows.append((kind.name, value, total.as_of.isoformat(), change))
    return Chapter("主要数据", rows=tuple(rows) if len(rows) > 1 else ())


async def _quotas(tx: Tx, scope: Scope) -> Chapter:
    """How each quota stands, and how it stood at the end of each year before."""
    years = range(scope.plan.first_on.year, scope.today.year)
    before = [await stands_of(tx, scope.plan, date(year, 12, 31)) for year in years]
    rows = [("指标", "完成情况", "结论", *(f"{year}年" for year in years))]
    for n, stand in enumerate(await stands_of(tx, scope.plan, scope.today)):
        verdict, past = stand.verdict, (stands[n].verdict.said for stands in before)
        rows.append((f"{stand.quota.id} {stand.quota.name}", verdict.said, quota_words.MARKS[verdict.mark], *past))
    return Chapter("指标", rows=tuple(rows) if len(rows) > 1 else ())


async def _sections(tx: Tx, scope: Scope) -> Chapter:
    """The sections each unit wrote in its special report of the period."""
    found = []
    for round_ in scope.world.rounds_of(scope.plan):
        if round_.duty.form != "sections" or not scope.first <= round_.due_on <= scope.last:
            continue
        row = await rounds.find(tx, scope.plan.key, round_.duty.id, round_.period.key)
        for unit in scope.plan.reporting_units if row is not None else ():
            said = (await checkins.sections_said(tx, [row.id], unit)).get(row.id, {}) if row is not None else {}
            if said:
                found.append(f"【{unit}】")
                found += [f"{SECTIONS[key]}：{_text(said[key])}" for key in SECTIONS if key in said]
    return Chapter("各单位专报", tuple(found))


def _text(value: object) -> str:
    return "无" if value == "none" else "；".join(value) if isinstance(value, list) else str(value)


async def _milestones(tx: Tx, scope: Scope) -> Chapter:
    """What was brought to its end in the period, with the day."""
    progress = await checkins.progress_of(tx, scope.plan.key)
    rows = [("完成的事项", "单位", "日期")]
    for row in progress:
        item = scope.plan.find_item(row.item)
        day = scope.world.policy.local(row.updated_at).date()
        if item is not None and row.percent == 100 and scope.first <= day <= scope.last:
            rows.append((item.label, row.unit, words.short_day(day)))
    return Chapter("主要成果", rows=tuple(rows) if len(rows) > 1 else ())


async def _experiences(tx: Tx, scope: Scope) -> Chapter:
    """Good practice and what became a lasting rule: the newest entries of registers without states that all may see."""
    found = []
    for register in scope.plan.registers:
        if register.visible != "all" or register.states or "经验" not in f"{register.name}{register.noun}":
            continue
        wanted = registers.Wanted(register.key, scope.first, scope.last)
        for entry in await registers.list_entries(tx, scope.plan.key, wanted):
            found.append(f"{entry.unit}：{brief(register, entry.values, scope.plan, private=False)}")
    return Chapter("经验做法", tuple(found))
