"""Setting what a plan leaves open or has otherwise: owners, due dates, intervals, quotas, leaders, measures, names."""

import re
from collections.abc import Mapping
from typing import Any

from bot.dispatch import Call, Router
from bot.domain import amending
from bot.domain.changes import Change
from bot.domain.plans import Item
from bot.errors import UserError
from bot.messages import changes as wording
from bot.messages.message import Message, joined
from bot.storage.engine import Tx
from bot.stories import changes

router = Router("amendments", "改计划")

FIELDS = {
    "units": "牵头单位|牵头|责任单位",
    "support": "配合单位|配合",
    "when": "完成时限|期限|时限|移到|改到",
    "leaders": "分管领导|分管",
    "measures": "措施",
    "target": "目标",
    "title": "改名为?|名称",
    "words": "间隔|周期|多久一次",
    "number": "指标数?",
}
SHOWN = {
    "units": "牵头",
    "support": "配合",
    "when": "期限",
    "leaders": "分管",
    "measures": "措施",
    "target": "目标",
    "title": "名称",
    "words": "间隔",
    "number": "指标",
}
ORDER = re.compile(
    r"(?P<what>.+?)\s*的?(?:" + "|".join(f"(?P<{key}>{words})" for key, words in FIELDS.items()) + ")"
    r"\s*(?:改为|改成|为|是|到|：|:)?\s*(?P<value>.+)",
    re.DOTALL,
)


@router.command(
    "set",
    "设定",
    usage="/set 哪一项 什么 多少",
    help="补上或改动计划：牵头、期限、间隔、指标、分管、措施、目标、改名，如：设定 4月任务3 牵头 财务科",
    roles=("office",),
    says=r"设定[\s：:]+(?P<args>.+)",
)
async def set_(call: Call, tx: Tx) -> Message:
    """/set what field value: change an item, a duty or a quota; several lines make several changes."""
    orders = [line.strip(" ；;") for line in re.split(r"[；;\n]", call.args) if line.strip(" ；;")]
    if not orders:
        raise UserError(wording.how_to_set())
    made = [pair for order in orders for pair in _read(call, order)]
    concerned = {change.target: _owners(call, change) for change, _ in made}
    plan = await changes.put(call, tx, [change for change, _ in made])
    for target, before in concerned.items():
        item = plan.find_item(target.removeprefix("item:"))
        lines = [line for change, line in made if change.target == target]
        units = (*before, *(item.units if item is not None else ()))
        await changes.tell_units(call, tx, units, wording.told("计划有改动：", lines), f"set:{target}")
    return wording.changed("已设定：", [line for _, line in made])


def _owners(call: Call, change: Change) -> tuple[str, ...]:
    item = call.plan.find_item(change.target.removeprefix("item:"))
    return item.units if item is not None else ()


def _read(call: Call, order: str) -> list[tuple[Change, str]]:
    """Read one order as changes, each with its line in words; raises `UserError` that says what would be right."""
    read = ORDER.fullmatch(order)
    if read is None:
        raise UserError(wording.how_to_set(order))
    field = next(key for key in FIELDS if read[key])
    what, value = read["what"].strip(), read["value"].strip()
    if field == "words":
        return [_interval(call, what, value)]
    if field == "number":
        return [_number(call, what, value)]
    items = amending.items_named(call.plan, what)
    if not items:
        raise UserError(wording.how_to_set(order))
    data = _value(call, field, value)
    return [_of_item(item, field, data) for item in items]


def _value(call: Call, field: str, words: str) -> Any:
    if field in ("units", "support"):
        return list(amending.units_named(call.plan, words))
    if field == "leaders":
        return list(amending.leaders_named(call.plan, words))
    if field == "when":
        return amending.when_set(call.plan, words)
    return amending.things(words) if field == "measures" else words.strip(" 。")


def _of_item(item: Item, field: str, data: Any) -> tuple[Change, str]:
    before = wording.due(item.window) if field == "when" else getattr(item, field)
    said = joined(before) if isinstance(before, tuple) else str(before)
    line = wording.set_line(item.label, SHOWN[field], said, joined(data) if isinstance(data, list) else data)
    return Change(f"item:{item.id}", "set", {field: data}), line


def _interval(call: Call, what: str, words: str) -> tuple[Change, str]:
    duty = next((d for d in call.plan.duties if what in (d.id, d.name)), None)
    if duty is None:
        names = joined(d.name for d in call.plan.duties)
        raise UserError(f"没有叫“{what}”的报送。可选：{names}")
    value = amending.cadence_set(words)
    data: Mapping[str, Any] = {"words": value}
    return Change(f"duty:{duty.id}", "set", data), wording.set_line(duty.name, SHOWN["words"], duty.words, value)


def _number(call: Call, what: str, words: str) -> tuple[Change, str]:
    quota = next((q for q in call.plan.quotas if what.upper() == q.id.upper() or what == q.name), None)
    if quota is None:
        raise UserError(f"没有叫“{what}”的指标。请写指标编号，例如：设定 K22 指标 1/5")
    data = amending.numbers_set(words)
    before = joined(str(number) for number in quota.number)
    line = wording.set_line(f"{quota.id} {quota.name}", SHOWN["number"], before, joined(data))
    return Change(f"quota:{quota.id}", "set", {"number": data}), line
