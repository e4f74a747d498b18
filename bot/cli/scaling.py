"""A plan of another size for a rehearsal: fewer units and items, or more of them made after the plan's own."""

from dataclasses import replace

from bot.domain.plans import Item, Plan, Unit


def scaled(plan: Plan, units: int | None, items: int | None) -> Plan:
    """Return the plan with so many reporting units and so many items; None leaves a number as it is."""
    if units is not None:
        plan = _with_units(plan, units)
    return plan if items is None else _with_items(plan, items)


def _with_units(plan: Plan, count: int) -> Plan:
    kept = set(plan.reporting_units[:count])
    silent = {unit.name for unit in plan.units if not unit.reports}
    units = [unit for unit in plan.units if unit.name in kept | silent]
    units += [Unit(f"演练{number}科") for number in range(len(kept) + 1, count + 1)]
    names = {unit.name for unit in units} | {plan.receiver}
    return replace(
        plan,
        units=tuple(units),
        items=tuple(item for item in plan.items if set(item.units) <= names),
        duties=tuple(
            replace(duty, units=tuple(unit for unit in duty.units if unit in names))
            for duty in plan.duties
            if not duty.units or names & set(duty.units)
        ),
    )


def _with_items(plan: Plan, count: int) -> Plan:
    items = list(plan.items[:count])
    lists = [duty.list_key for duty in plan.duties if duty.form == "progress" and duty.list_key]
    models = [item for item in items if item.list_key in lists and item.no is not None]
    units, number = plan.reporting_units, max((item.no or 0 for item in models), default=0)
    for extra in range(max(0, count - len(items)) if models and units else 0):
        number += 1
        items.append(_like(models[extra % len(models)], number, units[extra % len(units)]))
    return replace(plan, items=tuple(items))


def _like(model: Item, number: int, unit: str) -> Item:
    title = f"演练事项{number}"
    return replace(model, id=f"X{number}", no=number, title=title, units=(unit,), aliases=(), support=(), part_of="")
