"""What must hold between the parts of a plan: every name that is used is defined, and no period is asked twice."""

from collections.abc import Iterable
from typing import get_args

from bot.domain.cadences import windows_of
from bot.domain.planfile.table import Fault
from bot.domain.plans import Covers, Item, Plan
from bot.domain.quotas import Quota
from bot.domain.rounds import period_key

BESIDE_FIELDS = ("entries", "people", "figure", "units", "state")
# A quota may also count what no register holds: figures, any sign of taking part, items that are done.
NO_REGISTER = ("figure", "any", "items")


def cross_check(plan: Plan, faults: list[Fault]) -> None:
    """Collect what does not fit together in a plan."""
    known = _Known(plan, faults)
    _items(plan, known)
    _duties(plan, known)
    for register in plan.registers:
        where = f"[[registers]] {register.key}"
        known.check(where, "units", register.units, known.units)
        known.check(where, "item", (register.item,) if register.item else (), known.items)
        known.check(where, "section", (register.section,) if register.section else (), known.sections)
    for figure in plan.figures:
        where = f"[[figures]] {figure.id}"
        known.check(where, "item", (figure.item,) if figure.item else (), known.items | known.quotas)
        known.check(where, "section", (figure.section,) if figure.section else (), known.sections)
    for quota in plan.quotas:
        _quota(plan, quota, known)


class _Known:
    """The names a plan defines."""

    def __init__(self, plan: Plan, faults: list[Fault]) -> None:
        self.faults = faults
        self.units = {unit.name for unit in plan.units}
        self.leaders = {leader.key for leader in plan.leaders}
        self.lists = {entry.key for entry in plan.lists}
        self.sections = {section.key for section in plan.sections}
        self.items = {item.id for item in plan.items}
        self.registers = {register.key for register in plan.registers}
        self.quotas = {quota.id for quota in plan.quotas}
        self.figures = {figure.id for figure in plan.figures}

    def check(self, where: str, key: str, values: Iterable[str], known: set[str]) -> None:
        for value in values:
            if value not in known:
                right = f"已登记的有：{'、'.join(sorted(known))}" if known else "计划里一个也没有写"
                self.faults.append(Fault(f"{where} {key}", f"没有登记“{value}”", right))


def _items(plan: Plan, known: _Known) -> None:
    numbers: dict[tuple[str, object, int], str] = {}
    for item in plan.items:
        where = f"[[items]] {item.id}"
        known.check(where, "units", item.units, known.units)
        known.check(where, "leaders", item.leaders, known.leaders)
        known.check(where, "list", (item.list_key,), known.lists)
        known.check(where, "section", (item.section,) if item.section else (), known.sections)
        known.check(where, "part_of", (item.part_of,) if item.part_of else (), known.items)
        if item.no is not None:
            first = numbers.setdefault((item.list_key, item.window, item.no), item.id)
            if first != item.id:
                known.faults.append(Fault(f"{where} no", f"编号 {item.no} 与 {first} 重复", "同一清单里编号不能重复"))
        _kind(item, where, known.faults)


def _kind(item: Item, where: str, faults: list[Fault]) -> None:
    if item.kind == "checklist" and not item.parts:
        faults.append(Fault(f"{where} parts", "清单没有写分项", '应像 parts = ["时间表", "任务书"]'))
    if item.kind == "count" and item.count is None:
        faults.append(Fault(f"{where} count", "计数没有写要做到几个", "应像 count = 2"))


def _duties(plan: Plan, known: _Known) -> None:
    for duty in plan.duties:
        where = f"[[duties]] {duty.id}"
        windows = windows_of(duty.cadences, plan.first_on, plan.last_on)
        keys = [period_key(duty.covers, window.due_on) for window in windows]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            right = f"请把 covers 改得更细，可选：{'、'.join(get_args(Covers))}"
            known.faults.append(Fault(f"{where} covers", f"一期里要报几次（{twice}）", right))
        known.check(where, "list", (duty.list_key,) if duty.list_key else (), known.lists)
        known.check(where, "units", duty.units, known.units)
        known.check(where, "figures", duty.figures, known.figures)
        if duty.form == "register" or duty.register:
            known.check(where, "register", (duty.register,), known.registers)
            register = plan.find_register(duty.register)
            fields = {field.key for field in register.fields} if register else set()
            known.check(where, "where", (key for key, _ in duty.where), fields)


def _quota(plan: Plan, quota: Quota, known: _Known) -> None:
    where = f"[[quotas]] {quota.id}"
    known.check(where, "part_of", (quota.part_of,) if quota.part_of else (), known.quotas)
    if quota.of in NO_REGISTER:
        return
    register = plan.find_register(quota.of)
    known.check(where, "of", (quota.of,), known.registers)
    if register is None:
        return
    fields = {field.key for field in register.fields} | set(BESIDE_FIELDS)
    known.check(where, "count", quota.count, fields)
    known.check(where, "total", (quota.total,) if quota.total else (), fields)
    known.check(where, "where", (key for key, _ in quota.where), fields)
    known.check(where, "done", (key for key, _ in quota.done), fields)
