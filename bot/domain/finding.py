"""Finding an item by what a person types: a number, an id, a nickname, words of the title."""

from rapidfuzz import fuzz, process

from bot.domain.plans import Item, Plan

CLOSE_ENOUGH = 70


def find_items(plan: Plan, text: str) -> list[Item]:
    """Find items by number (the first list's), id, alias or words of the title; several when it is not clear."""
    wanted = text.strip().removeprefix("第").removesuffix("项")
    if wanted.isdigit():
        main = plan.lists[0].key if plan.lists else ""
        return [item for item in plan.items if item.no == int(wanted) and item.list_key == main]
    exact = [item for item in plan.items if wanted.upper() == item.id.upper() or wanted in item.aliases]
    if exact:
        return exact
    holding = [item for item in plan.items if wanted in item.title]
    if holding:
        return holding[:5]
    names = {(item.id, name): name for item in plan.items for name in (item.title, *item.aliases)}
    near = process.extract(wanted, names, scorer=fuzz.WRatio, score_cutoff=CLOSE_ENOUGH, limit=3)
    return [plan.item(item_id) for item_id in dict.fromkeys(key[0] for _, _, key in near)]
