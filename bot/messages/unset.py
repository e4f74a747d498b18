"""What a plan leaves open, in words: asked of the office once, and shown in its overview."""

from collections.abc import Sequence

from bot.domain.plans import Plan
from bot.domain.unset import Unset
from bot.messages.message import Bullets, Lines, Message, clip, say

SHOWN = 3
EXAMPLES = {
    "没有牵头单位": "设定 {first} 牵头 单位名",
    "没有期限": "设定 {first} 期限 10月底前",
    "没有措施": "设定 {first} 措施 甲、乙",
    "没有分管领导": "设定 {first} 分管 L1",
    "没有定多久一次": "设定 {first} 间隔 每季度",
    "没有指标数": "设定 {first} 指标 1/5",
}


def asked(plan: Plan, found: Sequence[Unset]) -> Message:
    """Ask the office for everything a plan leaves open, in one short message that tells how to answer."""
    lines = tuple(line(plan, one) for one in found)
    how = tuple(
        EXAMPLES[one.what].format(first=_called(plan, one, one.ids[0])) for one in found if one.what in EXAMPLES
    )
    rest = any(one.what not in EXAMPLES for one in found)
    return Message(
        f"请您补充：{plan.name}",
        (
            Lines(("下面这些原文没有写，我不会自己编：",)),
            Bullets(lines),
            Lines(("知道了随时告诉我，一行一条：", *dict.fromkeys(how)) if how else ()),
            Lines(
                (
                    "单位名单和附件请补进计划文件。" if rest else "",
                    "只问这一次；没有补的在“进度”里标着未设定。",
                )
            ),
        ),
    )


def shown(plan: Plan, found: Sequence[Unset]) -> Message:
    """List everything that is still open, each with all its names."""
    if not found:
        return say("计划里没有未设定的内容。")
    lines = tuple(
        f"{one.where}{one.what}（{len(one.ids)} 个）：{'、'.join(_called(plan, one, key) for key in one.ids)}"
        for one in found
    )
    return Message("未设定", (Bullets(lines), Lines(("补上请发，例如：设定 第7项 期限 10月底前",))))


def line(plan: Plan, one: Unset) -> str:
    """月度任务：57 项没有牵头单位（2月任务（1）…等）"""
    names = "、".join(clip(_called(plan, one, key), 30) for key in one.ids[:SHOWN])
    more = f"等 {len(one.ids)} 个" if len(one.ids) > SHOWN else ""
    return f"{one.where}{one.what}：{names}{more}"


def overview(found: Sequence[Unset]) -> str:
    """Say in one line what is still open; '' when nothing is."""
    if not found:
        return ""
    said = "；".join(f"{one.where}{one.what} {len(one.ids)} 个" for one in found)
    return f"未设定：{said}。要看全部请发：进度 未设定"


def _called(plan: Plan, one: Unset, key: str) -> str:
    """Return what people call one thing left open, as it can be typed after 设定."""
    if one.subject == "duty":
        return plan.duty(key).name
    if one.subject != "item":
        return key
    item = plan.item(key)
    month = next((entry for entry in plan.lists if entry.key == item.list_key and "{month}" in entry.label), None)
    if month is not None and item.no is not None and item.window is not None:
        return f"{item.window.due_on.month}月任务{item.no}"
    main = plan.lists[0].key if plan.lists else ""
    return f"第{item.no}项" if item.no is not None and item.list_key == main else key
