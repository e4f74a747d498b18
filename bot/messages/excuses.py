"""What is said when a unit need not report."""

from collections.abc import Sequence

from bot.messages.message import Message, joined, say


def done(unit: str, names: Sequence[str], period: str, *, restored: bool) -> Message:
    """Confirm to the office, with the way back."""
    if restored:
        return say(f"{unit}的{joined(names)}恢复为要报。")
    back = " ".join(filter(None, ("豁免", unit, period, "取消")))
    return say(f"{unit}的{joined(names)}免报：不再提醒，不算未报，也不算按时。", f"要恢复请发：{back}")


def told(unit: str, names: Sequence[str], *, restored: bool) -> Message:
    """Tell the contact."""
    if restored:
        return say(f"{unit}的{joined(names)}还是要报，请在截止前报。")
    return say(f"{unit}的{joined(names)}这一期免报，不用报了。")


def how(name: str) -> str:
    lead = f"没有叫“{name}”的单位。" if name else ""
    return f"{lead}请写单位和期，例如：豁免 组织科 4月"


def no_period(unit: str, period: str) -> str:
    if not period:
        return f"{unit}现在没有要报的。要豁免别的期请写明，例如：豁免 {unit} 4月"
    return f"{unit}没有“{period}”这一期。可以写：4月、第二季度、2023-04，或：4月月度进展"


def reported_already(unit: str) -> str:
    return f"{unit}这一期已经报了，不用豁免。"
