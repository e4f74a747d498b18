"""Units, leaders, lists, sections and items of a plan file."""

import re
from collections.abc import Mapping
from datetime import date
from typing import get_args

from bot.domain.cadences import Cadence
from bot.domain.planfile.scope import LASTING, UNSET, Scope
from bot.domain.planfile.table import Table, closing
from bot.domain.plans import STAGES, Item, ItemList, Kind, Leader, Opening, Section, Unit

WANTS = ("units", "when", "measures", "leaders")


@closing
def unit(table: Table) -> Unit:
    return Unit(
        name=table.text("name", needed=True),
        full=table.text("full"),
        aliases=table.texts("aliases"),
        reports=bool(table.take("reports", bool, True)),
        group=table.text("group"),
        parent=table.text("parent"),
    )


@closing
def unit_group(table: Table) -> tuple[str, tuple[Unit, ...]]:
    """Read units of one kind written in one table: 各处室 and their names.

    Where the paper names none, the group stands for itself: it can own items, but is not asked for reports.
    """
    name, reports = table.text("name", needed=True), bool(table.take("reports", bool, True))
    units = tuple(Unit(unit, reports=reports, group=name) for unit in table.texts("units"))
    return name, units or (Unit(name, reports=False, group=name),)


@closing
def leader(table: Table) -> Leader:
    return Leader(table.text("key", needed=True), table.text("post"))


@closing
def section(table: Table) -> Section:
    return Section(table.text("key", needed=True), table.text("name", needed=True))


@closing
def item_list(table: Table) -> ItemList:
    label = table.text("label", ItemList.label)
    if set(re.findall(r"{(\w*)}", label)) - {"no", "title", "month"} or "{no}" not in label:
        table.fault("label", f"“{label}”的写法不对", "可用 {no}、{title}、{month}，必须有 {no}")
        label = ItemList.label
    wants = table.texts("wants") or ItemList.wants
    for want in wants:
        if want not in WANTS:
            table.fault("wants", f"“{want}”不是可选的值", f"可选：{'、'.join(WANTS)}")
    return ItemList(
        key=table.text("key", needed=True),
        name=table.text("name", needed=True),
        label=label,
        words=table.texts("words"),
        wants=wants,
    )


@closing
def item(table: Table, scope: Scope, lists: Mapping[str, ItemList]) -> Item:
    words = table.text("when")
    dated = words not in (*UNSET, *LASTING)
    cadences: tuple[Cadence, ...] = scope.cadence(words, table, "when") if words and dated else ()
    windows = scope.item_windows(cadences)
    if cadences and not windows:
        table.fault("when", f"“{words}”不在 {scope.year} 年", f"请写 {scope.first_on} 至 {scope.last_on} 之间的时间")
    list_key = table.text("list", needed=True)
    return Item(
        id=table.text("id", needed=True),
        list_key=list_key,
        no=table.take("no", int),
        title=scope.words(table.text("title", needed=True)),
        units=scope.units(table.texts("units")),
        leaders=table.texts("leaders"),
        kind=table.choice("kind", get_args(Kind), "progress"),
        window=windows[0] if windows else None,
        aliases=table.texts("aliases"),
        label_form=lists[list_key].label if list_key in lists else ItemList.label,
        section=table.text("section"),
        target=table.text("target"),
        measures=table.texts("measures"),
        parts=table.texts("parts"),
        stages=table.texts("stages") or STAGES,
        count=table.take("count", int),
        unit_word=table.text("unit"),
        issuer=table.text("issuer"),
        labels=table.texts("labels"),
        part_of=table.text("part_of"),
        support=scope.units(table.texts("support")),
        each=bool(table.take("each", bool, False)),
        lasting=bool(table.take("lasting", bool, False)) or words in LASTING,
        private=bool(table.take("private", bool, False)),
        opening=_opening(table),
        when=words,
        history=bool(scope.issued_on and windows and windows[0].due_on < scope.issued_on),
    )


def _opening(table: Table) -> Opening | None:
    data = table.take("opening", dict)
    if data is None:
        return None
    percent, on = data.get("percent"), data.get("on")
    try:
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
    except ValueError:
        table.fault("opening", f"“{on}”不是日期", '应像 opening = {percent = 60, on = "2026-05-31"}')
        return None
    if not isinstance(percent, int | float) or not 0 <= percent <= 100:
        table.fault("opening", f"“{percent}”不是 0 到 100 的进度", '应像 opening = {percent = 60, on = "2026-05-31"}')
        return None
    return Opening(float(percent), day)
