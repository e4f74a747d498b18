"""Items that part, join, end, come back or are new: numbers of the others never change, and histories stay."""

import re
from dataclasses import replace
from typing import Any

from bot.dispatch import Call, PassOn, Router
from bot.domain import amending
from bot.domain.changes import Change
from bot.domain.finding import mentions
from bot.domain.plans import Item, Plan
from bot.errors import UserError
from bot.messages import changes as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.stories import changes

router = Router("items", "改计划")

INTO = re.compile(r"(.+?)\s*(?:拆分|拆)?(?:为|成)\s*(.+)", re.DOTALL)
JOIN = re.compile(r"(.+?)\s*(?:合并|并)?(?:到|入|至|和|与)\s*(.+)", re.DOTALL)
MORE = re.compile(r"\s+(?P<field>牵头|期限|分管|清单)\s*(?P<value>\S+)")


@router.command(
    "split",
    "拆分",
    usage="/split 第几项 为 甲、乙",
    help="把一项拆成几项，新的接着编号，原来的关闭留档",
    roles=("office",),
    says=r"拆分\s*(?P<args>.+?[为成].+)",
)
async def split(call: Call, tx: Tx) -> Message:
    """/split item 为 a、b: close an item and open its parts under the next free numbers."""
    _check_meant(call)
    read = INTO.fullmatch(call.args)
    if read is None:
        raise UserError(wording.how_to_split())
    item = _live(call.plan, read[1])
    made = amending.split(call.plan, item, read[2])
    plan = await changes.put(call, tx, made)
    parts = [plan.item(change.target.removeprefix("item:")) for change in made if change.action == "add"]
    lines = [f"{part.label}（{'、'.join(part.units) or '牵头未设定'}）" for part in parts]
    units = [unit for one in (item, *parts) for unit in one.units]
    await changes.tell_units(call, tx, units, wording.told(f"{item.label}已拆分为：", lines), "split")
    return wording.changed(f"{item.label}已拆分为：", lines, f"原来的数字和历史都留着，看请发：历史 {item.id}")


@router.command(
    "merge",
    "合并",
    usage="/merge 第几项 到 第几项",
    help="把一项合并到另一项，牵头单位一起算，历史都留着",
    roles=("office",),
    says=r"合并\s*(?P<args>.+?[到入和与].+)",
)
async def merge(call: Call, tx: Tx) -> Message:
    """/merge item 到 item: the first closes, its units lead the second too."""
    _check_meant(call)
    read = JOIN.fullmatch(call.args)
    named = (read[1], read[2]) if read is not None else tuple(call.args.split())
    if len(named) != 2:
        raise UserError(wording.how_to_merge())
    item, into = _live(call.plan, named[0]), _live(call.plan, named[1])
    if item.id == into.id:
        raise UserError(wording.how_to_merge())
    plan = await changes.put(call, tx, amending.merge(item, into))
    into = plan.item(into.id)
    line = f"{item.label} → {into.label}（{'、'.join(into.units) or '牵头未设定'}）"
    await changes.tell_units(call, tx, into.units, wording.told("已合并，以后只报后一项：", [line]), "merge")
    return wording.changed("已合并：", [line], f"原来的数字和历史都留着，看请发：历史 {item.id}")


@router.command(
    "cancel",
    "取消",
    usage="/cancel 第几项 原因",
    help="不再办的项目：退出排名、提醒和清单，历史留着",
    roles=("office",),
    says=r"取消\s*(?P<args>(?:第|\d{1,2}月).+)",
)
async def cancel(call: Call, tx: Tx) -> Message:
    """/cancel item reason: close an item."""
    named = amending.named_first(call.plan, call.args)
    if named is None and not call.slash and call.args:
        raise PassOn
    if named is None or not named[1]:
        raise UserError(wording.how_to_cancel())
    item, reason = _live(call.plan, named[0].id), named[1]
    await changes.put(call, tx, [Change(f"item:{item.id}", "close", {"closed": f"取消：{reason}"})], reason)
    line = f"{item.label}：{reason}"
    await changes.tell_units(call, tx, item.units, wording.told("这一项不再办了，不用再报：", [line]), "cancel")
    return wording.changed("已取消：", [line], f"要恢复请发：恢复 {item.id}")


@router.command(
    "reopen",
    "重启",
    usage="/reopen 第几项",
    help="恢复取消、拆分或合并掉的项目，也可以说：恢复 第6项",
    roles=("office",),
    says=r"恢复\s*(?P<args>第.+|[A-Za-z]\d.*)",
)
async def reopen(call: Call, tx: Tx) -> Message:
    """/reopen items: closed items are live again, under their own numbers."""
    items = amending.items_named(call.plan, call.args)
    if not items:
        raise UserError("请写恢复哪一项，例如：恢复 第6项")
    for item in items:
        if not item.closed:
            raise UserError(wording.open_already(item))
    await changes.put(call, tx, [Change(f"item:{item.id}", "reopen", {"closed": ""}) for item in items])
    units = [unit for item in items for unit in item.units]
    await changes.tell_units(call, tx, units, wording.reopened(items), "reopen")
    return wording.reopened(items)


@router.command(
    "add",
    "新增项目",
    usage="/add 名称 [牵头 单位] [期限 时间]",
    help="加一项，接着编号，如：新增项目 明厨亮灶 牵头 督导科 期限 9月底前",
    roles=("office",),
    says=r"新增(?:项目|一项|任务)[\s：:]+(?P<args>.+)",
)
async def add(call: Call, tx: Tx) -> Message:
    """/add title [units] [when] [list]: new items, one a line, each under its list's next free number."""
    lines = [line.strip() for line in call.args.splitlines() if line.strip()]
    if not call.slash and (not lines or re.match(r"\d", lines[0])):
        raise PassOn  # 新增项目 12个: a figure
    if not lines or not call.plan.lists:
        raise UserError(wording.how_to_add())
    added: list[Item] = []
    plan = call.plan
    for line in lines:
        change = _new(plan, line)
        plan = await changes.put(replace(call, plan=plan), tx, [change])
        added.append(plan.item(change.target.removeprefix("item:")))
    for item in added:
        told = wording.told("计划新增了一项，由您单位牵头：", [f"{item.label}（期限 {wording.due(item.window)}）"])
        await changes.tell_units(call, tx, item.units, told, f"add:{item.id}")
    said = [f"{i.label}（牵头 {'、'.join(i.units) or '未设定'}，期限 {wording.due(i.window)}）" for i in added]
    return wording.changed("已新增：", said)


def _new(plan: Plan, line: str) -> Change:
    """Read one new item: its title, then 牵头, 期限, 分管, 清单 where they are said."""
    found = list(MORE.finditer(line))
    title = line[: found[0].start()].strip() if found else line.strip()
    said = {match["field"]: match["value"] for match in found}
    more: dict[str, Any] = {}
    if "牵头" in said:
        more["units"] = list(amending.units_named(plan, said["牵头"]))
    if "期限" in said:
        more["when"] = amending.when_set(plan, said["期限"])
    if "分管" in said:
        more["leaders"] = list(amending.leaders_named(plan, said["分管"]))
    known = {word: entry.key for entry in plan.lists for word in (entry.key, entry.name, *entry.words)}
    name = said.get("清单", plan.lists[0].key)
    if name not in known:
        raise UserError(f"没有叫“{name}”的清单。可选：{'、'.join(entry.name for entry in plan.lists)}")
    return amending.add(plan, known[name], title, more)


def _check_meant(call: Call) -> None:
    """Pass on words that name no item, said without a slash: 合并办学和资源整合 is no order."""
    if not call.slash and not mentions(call.plan, call.args):
        raise PassOn


def _live(plan: Plan, words: str) -> Item:
    """Return the one live item some words name; raises `UserError`."""
    items = amending.items_named(plan, words)
    item = amending.the_item(items, words)
    if item.closed:
        raise UserError(wording.closed(item))
    return item
