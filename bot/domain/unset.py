"""What a plan's paper leaves open: asked of the office once, shown as 未设定, never invented."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.domain.plans import Item, Plan
from bot.domain.quotas import Quota

Subject = Literal["item", "group", "duty", "quota", "annex"]

WANTED: dict[str, tuple[str, Callable[[Item], bool]]] = {
    "units": ("没有牵头单位", lambda item: not item.units),
    "when": ("没有期限", lambda item: item.window is None and not item.lasting),
    "measures": ("没有措施", lambda item: not item.measures),
    "leaders": ("没有分管领导", lambda item: not item.leaders),
}


@dataclass(frozen=True)
class Unset:
    """One thing left open for several of the plan's parts.

    `where` names the list of the items, `what` what is missing, `ids` whose: items, groups, duties, quotas or annexes.
    """

    subject: Subject
    where: str
    what: str
    ids: tuple[str, ...]


def unset(plan: Plan) -> tuple[Unset, ...]:
    """List what the office still has to say, grouped: items by list, then groups of units, duties, quotas."""
    return tuple(found for found in (*_items(plan), *_rest(plan)) if found.ids)


def _items(plan: Plan) -> Iterator[Unset]:
    for item_list in plan.lists:
        items = [item for item in plan.items if item.list_key == item_list.key and not item.closed]
        for want in item_list.wants:
            what, lacks = WANTED[want]
            yield Unset("item", item_list.name, what, tuple(item.id for item in items if lacks(item)))


def _rest(plan: Plan) -> Iterator[Unset]:
    yield Unset("group", "单位组", "没有写单位", plan.empty_groups)
    yield Unset("duty", "报送", "没有定多久一次", tuple(duty.id for duty in plan.duties if not duty.cadences))
    yield Unset("quota", "指标", "没有指标数", tuple(quota.id for quota in plan.quotas if _lacks_number(quota)))
    yield Unset("annex", "附件", "没有提供", plan.annexes)


def _lacks_number(quota: Quota) -> bool:
    """Tell whether a number is missing: 一定数量 and 全覆盖 need none."""
    return not quota.number and quota.operator not in ("some", "all")
