"""Reading a plan from its file's data. The whole file is checked, and every fault is named at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, get_args

from bot.domain.cadences import Cadence, OnDate, UnreadableCadence, Window, clamped, read_cadence, windows_of
from bot.domain.ladders import LADDERS
from bot.domain.plans import (
    SECTIONS,
    Covers,
    Demo,
    Duty,
    Form,
    Item,
    ItemList,
    Kind,
    Leader,
    League,
    Plan,
    RestDay,
    Unit,
)
from bot.domain.rounds import period_key
from bot.errors import ConfigError

T = TypeVar("T")
YEARS = (2000, 2099)


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a plan: where it stands, what is wrong, what would be right."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}：{self.wrong}。{self.right}"


class PlanFaults(ConfigError):
    """A plan that cannot be used, with every fault found."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {n}. {fault}" for n, fault in enumerate(faults, 1))
        super().__init__(f"计划 {name} 有 {len(faults)} 处问题：\n{lines}")


class _Table:
    """One table of the file: hands out its keys, remembers which were asked for, collects faults."""

    def __init__(self, data: Mapping[str, Any], where: str, faults: list[Fault]) -> None:
        self.data = data if isinstance(data, Mapping) else {}
        self.where = where
        self.faults = faults
        self.asked: set[str] = set()
        if not isinstance(data, Mapping):
            self.fault("", "应是一张表", "请用 [表名] 或 [[表名]] 写")

    def fault(self, key: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(f"{self.where} {key}".strip(), wrong, right))

    def take(self, key: str, kind: type, default: Any = None, *, needed: bool = False) -> Any:
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            if needed:
                self.fault(key, "没有写", f"请补上 {key} = …")
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            names = {str: "文字（加引号）", int: "整数", bool: "true 或 false", list: "清单 [ ]", dict: "一张表"}
            self.fault(key, f"“{value}”的类型不对", f"应是{names.get(kind, kind.__name__)}")
            return default
        return value

    def text(self, key: str, default: str = "", *, needed: bool = False) -> str:
        value = str(self.take(key, str, default, needed=needed)).strip()
        if needed and not value and isinstance(self.data.get(key), str):
            self.fault(key, "是空的", f"请补上 {key} = …")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self.take(key, list, []))

    def choice(self, key: str, options: tuple[str, ...], default: str) -> Any:
        value = self.text(key, default)
        if value not in options:
            self.fault(key, f"“{value}”不是可选的值", f"可选：{'、'.join(options)}")
            return default
        return value

    def close(self) -> None:
        for key in self.data.keys() - self.asked:
            self.fault(key, "没有这个设置", f"可用的是：{'、'.join(sorted(self.asked))}")


def parse_plan(data: Mapping[str, Any], name: str, year: int | None = None) -> Plan:
    """Read a plan's data, rolled to `year` when given.

    Raises `PlanFaults` that lists every fault found in the whole file.
    """
    faults: list[Fault] = []
    top = _Table(data, name, faults)
    head = _Table(top.take("plan", dict, {}, needed=True), "[plan]", faults)
    own_year = _year(head.take("year", int, YEARS[0], needed=True), head)
    scope = _Scope(own_year, _year(year or own_year, head), faults)
    first_on, last_on = scope.span(head)
    units = tuple(_unit(table) for table in _tables(top, "units", "name"))
    leaders = tuple(_leader(table) for table in _tables(top, "leaders", "key"))
    lists = tuple(_list(table) for table in _tables(top, "lists", "key"))
    labels = {entry.key: entry.label for entry in lists}
    items = tuple(_item(table, scope, (first_on, last_on), labels) for table in _tables(top, "items", "id"))
    duties = tuple(_duty(table, scope) for table in _tables(top, "duties", "id"))
    plan = Plan(
        key=_plan_key(head, year, own_year),
        code=head.text("code"),
        name=scope.words(head.text("name", needed=True)),
        year=scope.year,
        first_on=first_on,
        last_on=last_on,
        receiver=head.text("receiver", "办公室"),
        units=units,
        leaders=leaders,
        lists=lists,
        items=items,
        duties=duties,
        groups=head.texts("groups"),
        league=head.choice("league", get_args(League), "group"),
        demo=_demo(head),
    )
    for table in (head, top):
        table.close()
    _cross_check(plan, faults)
    if faults:
        raise PlanFaults(name, faults)
    return plan


@dataclass
class _Scope:
    """The year a plan was written for and the year it is read for."""

    own_year: int
    year: int
    faults: list[Fault]

    def words(self, text: str) -> str:
        return text.replace("{year}", str(self.year))

    def span(self, head: _Table) -> tuple[date, date]:
        words = head.texts("period") or ("1月1日", "12月31日")
        days = [self.day(part, head, "period") for part in words]
        if len(days) != 2 or days[0] > days[1]:
            head.fault("period", f"“{words}”不是起止两天", '应写成 period = ["2月1日", "12月31日"]')
            return date(self.year, 1, 1), date(self.year, 12, 31)
        return days[0], days[1]

    def day(self, words: str, table: _Table, key: str) -> date:
        windows = windows_of(self.cadence(words, table, key), date(self.year - 9, 1, 1), date(self.year + 9, 12, 31))
        near = [window.due_on for window in windows if window.due_on.year == self.year] or [
            window.due_on for window in windows
        ]
        return near[0] if near else date(self.year, 1, 1)

    def cadence(self, words: str, table: _Table, key: str) -> tuple[Cadence, ...]:
        try:
            found = read_cadence(words)
        except UnreadableCadence as error:
            table.fault(key, "时间看不懂", str(error))
            return ()
        return tuple(self._rolled(cadence) for cadence in found)

    def _rolled(self, cadence: Cadence) -> Cadence:
        if not isinstance(cadence, OnDate):
            return cadence
        day = cadence.day
        # Kept within what a date can hold; a day that far away falls outside the plan and is a fault there.
        year = min(max(day.year + self.year - self.own_year, 1), 9999)
        return OnDate(clamped(year, day.month, day.day))


def _year(value: int, head: _Table) -> int:
    if YEARS[0] <= value <= YEARS[1]:
        return value
    head.fault("year", f"“{value}”不是可用的年份", f"应在 {YEARS[0]} 至 {YEARS[1]} 之间")
    return YEARS[0]


def _tables(top: _Table, name: str, key: str) -> list[_Table]:
    tables = [
        _Table(data, f"[[{name}]] {data.get(key, f'第{n}个') if isinstance(data, Mapping) else n}", top.faults)
        for n, data in enumerate(top.take(name, list, []), 1)
    ]
    seen: set[str] = set()
    for table in tables:
        value = str(table.data.get(key, ""))
        if value and value in seen:
            table.fault(key, f"“{value}”写了两次", "每个只能出现一次")
        seen.add(value)
    return tables


def _closing(read: Callable[..., T]) -> Callable[..., T]:
    """Report the unknown keys of a table once it has been read."""

    def reader(table: _Table, *rest: Any) -> T:
        value = read(table, *rest)
        table.close()
        return value

    return reader


@_closing
def _unit(table: _Table) -> Unit:
    return Unit(
        name=table.text("name", needed=True),
        full=table.text("full"),
        aliases=table.texts("aliases"),
        reports=bool(table.take("reports", bool, True)),
    )


@_closing
def _leader(table: _Table) -> Leader:
    return Leader(table.text("key", needed=True), table.text("post"))


@_closing
def _list(table: _Table) -> ItemList:
    label = table.text("label", "{no} {title}")
    if set(re.findall(r"{(\w*)}", label)) - {"no", "title", "month"} or "{no}" not in label:
        table.fault("label", f"“{label}”的写法不对", "可用 {no}、{title}、{month}，必须有 {no}")
        label = "{no} {title}"
    return ItemList(table.text("key", needed=True), table.text("name", needed=True), label)


@_closing
def _item(table: _Table, scope: _Scope, span: tuple[date, date], labels: Mapping[str, str]) -> Item:
    words = table.text("when")
    cadences = scope.cadence(words, table, "when") if words else ()
    windows: list[Window] = windows_of(cadences, date(scope.year, 1, 1), date(scope.year, 12, 31))
    if cadences and not windows:
        table.fault("when", f"“{words}”不在 {scope.year} 年", f"请写 {span[0]} 至 {span[1]} 之间的时间")
    return Item(
        id=table.text("id", needed=True),
        list_key=table.text("list", needed=True),
        no=table.take("no", int),
        title=scope.words(table.text("title", needed=True)),
        units=table.texts("units"),
        leaders=table.texts("leaders"),
        kind=table.choice("kind", get_args(Kind), "progress"),
        window=windows[0] if windows else None,
        aliases=table.texts("aliases"),
        label_form=labels.get(table.text("list"), ItemList.label),
    )


@_closing
def _duty(table: _Table, scope: _Scope) -> Duty:
    words = table.text("when", needed=True)
    sections = table.texts("sections")
    for section in sections:
        if section not in SECTIONS:
            table.fault("sections", f"“{section}”不是可选的部分", f"可选：{'、'.join(SECTIONS)}")
    return Duty(
        id=table.text("id", needed=True),
        name=table.text("name", needed=True),
        words=words,
        cadences=scope.cadence(words, table, "when") if words else (),
        form=table.choice("form", get_args(Form), "text"),
        covers=table.choice("covers", get_args(Covers), "month"),
        ladder=table.choice("ladder", tuple(LADDERS), "report"),
        list_key=table.text("list"),
        sections=sections,
        rest_day=table.choice("rest_day", get_args(RestDay), "提前"),
        league=bool(table.take("league", bool, False)),
    )


def _demo(head: _Table) -> Demo | None:
    at, since = head.text("demo_at"), head.text("demo_since")
    return Demo(at, since) if head.take("demo", bool, False) else None


def _plan_key(head: _Table, year: int | None, own_year: int) -> str:
    key = head.text("key", needed=True)
    return key if year in (None, own_year) else f"{key}@{year}"


def _cross_check(plan: Plan, faults: list[Fault]) -> None:
    units = {unit.name for unit in plan.units}
    leaders = {leader.key for leader in plan.leaders}
    lists = {entry.key for entry in plan.lists}
    numbers: dict[tuple[str, object, int], str] = {}
    for item in plan.items:
        where = f"[[items]] {item.id}"
        _known(where, "units", item.units, units, faults)
        _known(where, "leaders", item.leaders, leaders, faults)
        _known(where, "list", (item.list_key,), lists, faults)
        if item.no is not None:
            first = numbers.setdefault((item.list_key, item.window, item.no), item.id)
            if first != item.id:
                faults.append(Fault(f"{where} no", f"编号 {item.no} 与 {first} 重复", "同一清单里编号不能重复"))
    for duty in plan.duties:
        keys = [
            period_key(duty.covers, window.due_on) for window in windows_of(duty.cadences, plan.first_on, plan.last_on)
        ]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            right = f"请把 covers 改得更细，可选：{'、'.join(get_args(Covers))}"
            faults.append(Fault(f"[[duties]] {duty.id} covers", f"一期里要报几次（{twice}）", right))
        _known(f"[[duties]] {duty.id}", "list", (duty.list_key,) if duty.list_key else (), lists, faults)


def _known(where: str, key: str, values: tuple[str, ...], known: set[str], faults: list[Fault]) -> None:
    for value in values:
        if value not in known:
            right = f"已登记的有：{'、'.join(sorted(known))}" if known else f"计划里还没有 [[{key}]]"
            faults.append(Fault(f"{where} {key}", f"没有登记“{value}”", right))
