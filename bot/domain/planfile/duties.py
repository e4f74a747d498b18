"""Duties of a plan file: who reports what, how often, and how it is asked for."""

from typing import get_args

from bot.domain.ladders import ASK_EXAMPLES, LADDERS, RestDay, Step, read_step
from bot.domain.planfile.scope import UNSET, Scope
from bot.domain.planfile.table import Table, closing
from bot.domain.plans import SECTIONS, Covers, Duty, Form


@closing
def duty(table: Table, scope: Scope) -> Duty:
    words = table.text("when", needed=True)
    sections = table.texts("sections")
    for section in sections:
        if section not in SECTIONS:
            table.fault("sections", f"“{section}”不是可选的部分", f"可选：{'、'.join(SECTIONS)}")
    return Duty(
        id=table.text("id", needed=True),
        name=table.text("name", needed=True),
        words=words,
        cadences=scope.cadence(words, table, "when") if words and words not in UNSET else (),
        form=table.choice("form", get_args(Form), "text"),
        covers=table.choice("covers", get_args(Covers), "month"),
        ladder=table.choice("ladder", tuple(LADDERS), "report"),
        list_key=table.text("list"),
        sections=sections,
        rest_day=table.choice("rest_day", get_args(RestDay), "提前"),
        league=bool(table.take("league", bool, False)),
        units=scope.units(table.texts("units")),
        register=table.text("register"),
        need=table.take("need", int, 1),
        where=tuple((str(key), str(value)) for key, value in table.take("where", dict, {}).items()),
        by_plan=bool(table.take("by_plan", bool, False)),
        steps=_steps(table),
        figures=table.texts("figures"),
        asks_for=table.texts("asks_for"),
        within=scope.span(table, "within") if "within" in table.data else None,
    )


def _steps(table: Table) -> tuple[Step, ...]:
    found: list[Step] = []
    for words in table.texts("asks"):
        step = read_step(words)
        if step is None:
            table.fault("asks", f"“{words}”看不懂", f"可写：{ASK_EXAMPLES}")
        elif step.name in (known.name for known in found):
            table.fault("asks", f"“{words}”写了两次", "每一步只写一次")
        else:
            found.append(step)
    return tuple(found)
