"""Small words used in many messages: days, periods, percents, states."""

from datetime import date, datetime

WEEKDAYS = "一二三四五六日"
QUARTERS = "一二三四"
HALVES = {"a": "上半月", "b": "下半月"}
STATUS = {
    "done": "完成",
    "nearly_done": "基本完成",
    "in_progress": "推进中",
    "not_started": "未启动",
    "stalled": "受阻",
}


def day(value: date) -> str:
    """3月25日（周六）"""
    return f"{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def short_day(value: date) -> str:
    """3月25日"""
    return f"{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """3月25日 09:30; the value must be local."""
    return f"{value.month}月{value.day}日 {value:%H:%M}"


def period(key: str) -> str:
    """第12周, 3月下半月, 3月, 第一季度, 上半年, 2023年."""
    year, _, part = key.partition("-")
    if not part:
        return f"{year}年"
    if part.startswith("Q"):
        return f"第{QUARTERS[int(part[1]) - 1]}季度"
    if part.startswith("H"):
        return "上半年" if part[1] == "1" else "下半年"
    if part.startswith("W"):
        return f"第{int(part[1:])}周"
    return f"{int(part[:2])}月{HALVES.get(part[2:], '')}"


def percent(value: float | None) -> str:
    """60%, 62.5%, or 未报 when there is no figure."""
    return "未报" if value is None else f"{value:g}%"


def state(value: float | None, status: str | None) -> str:
    """What an item stands at: the percent, with the status where it says more."""
    if value is None:
        return STATUS.get(status or "", "未报")
    if status in ("stalled", "nearly_done", "not_started"):
        return f"{value:g}%（{STATUS[status]}）"
    return f"{value:g}%" if value < 100 else "100%（完成）"
