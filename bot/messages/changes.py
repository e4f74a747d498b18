"""Changes of a plan in words: what was asked, decided, set, parted, joined, ended, and what can be written."""

from collections.abc import Sequence
from datetime import date

from bot.domain.cadences import Window
from bot.domain.plans import Item
from bot.messages import words
from bot.messages.message import Bullets, Lines, Message, clip, joined, say


def due(window: Window | None) -> str:
    """4月30日, or 未设定."""
    return words.short_day(window.due_on) if window is not None else "未设定"


def postponed_lines(days: Sequence[tuple[Item, date]]) -> tuple[str, ...]:
    return tuple(f"{item.label}：{due(item.window)} → {words.short_day(day)}" for item, day in days)


def extension_summary(unit: str, days: Sequence[tuple[Item, date]]) -> str:
    """One line for the list of what waits."""
    first, day = days[0]
    more = f"等 {len(days)} 项" if len(days) > 1 else ""
    return f"{unit}申请延期：{first.label}{more}延到{words.short_day(day)}"


def extension_asked(receiver: str, days: Sequence[tuple[Item, date]]) -> Message:
    """Confirm to the contact that the office has the request."""
    return Message("", (Lines((f"已把延期申请报给{receiver}，同意以前仍按原期限：",)), Bullets(postponed_lines(days))))


def extended(lines: Sequence[str], reason: str = "") -> Message:
    """Say that due dates have moved."""
    return Message("", (Lines(("期限已改：",)), Bullets(tuple(lines)), Lines((f"原因：{reason}",) if reason else ())))


def extension_refused(lines: Sequence[str], reason: str) -> Message:
    why = f"原因：{reason}" if reason else "没有写原因，需要时请直接问办公室。"
    return Message("", (Lines(("没有同意延期，仍按原期限：",)), Bullets(tuple(lines)), Lines((why,))))


def how_to_extend() -> str:
    return "请写哪一项、延到哪天、为什么，例如：延期 第7项 到5月10日，因为文件还在会签"


def not_later(item: Item) -> str:
    return f"{item.label}现在的期限是{due(item.window)}，新的期限要比它晚。"


def not_yours(item: Item) -> str:
    return f"{item.label}不是您单位牵头的，不能替它申请延期。"


def closed(item: Item) -> str:
    return f"{item.label}已经不办了（{item.closed}）。要恢复请发：恢复 {item.id}"


def changed(head: str, lines: Sequence[str], tail: str = "") -> Message:
    """Confirm changes to the office, one line each."""
    return Message(
        "", (Lines((head,)), Bullets(tuple(clip(line, 120) for line in lines)), Lines((tail,) if tail else ()))
    )


def told(head: str, lines: Sequence[str]) -> Message:
    """Tell a contact what changed for his unit."""
    return Message("", (Lines((head,)), Bullets(tuple(clip(line, 120) for line in lines))))


def how_to_set(what: str = "") -> str:
    lead = f"没看懂“{what}”。" if what else ""
    return (
        f"{lead}请写：设定 哪一项 什么 多少，例如：设定 4月任务3 牵头 财务科；设定 第7项 期限 10月底前；"
        "设定 学习笔记抽查 间隔 每季度；设定 K22 指标 1/5；设定 第7项 分管 L3"
    )


def set_line(name: str, field: str, before: str, after: str) -> str:
    return f"{name}　{field}：{before or '未设定'} → {after}"


def how_to_split() -> str:
    return "请写哪一项拆成哪几项，例如：拆分 第4项 为 方案印发、校舍改造（督导科）"


def how_to_merge() -> str:
    return "请写哪一项合并到哪一项，例如：合并 第3项 到 第5项"


def how_to_cancel() -> str:
    return "请写哪一项和原因，例如：取消 第6项 上级已统一办理"


def how_to_add() -> str:
    return "请写名称，可以带牵头和期限，例如：新增项目 校园食堂明厨亮灶 牵头 督导科 期限 9月底前"


def reopened(items: Sequence[Item]) -> Message:
    return say(f"已恢复：{joined(item.label for item in items)}，照原来的编号和牵头单位继续办。")


def open_already(item: Item) -> str:
    return f"{item.label}没有取消，不用恢复。"
