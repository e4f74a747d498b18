"""What is said when somebody is away or lets a colleague report."""

from collections.abc import Sequence
from datetime import date

from bot.messages import words
from bot.messages.message import Message, joined, say

UNKNOWN_THERE = ("这个人在花名册里不是该单位的，所以请您定。同意后就由这个人代报；没有登记过的，我给您一个绑定码。",)


def on_leave(unit: str, until: date, deputy: str, *, asked: tuple[str, str] = ("", ""), told: str = "") -> Message:
    """Confirm a leave: until when nobody chases, and who is asked meanwhile."""
    lines = [f"已记下：您请假到{words.day(until)}，这期间{unit}的报送不再提醒您。"]
    if deputy:
        lines.append(f"有事改问{deputy}。")
    if asked[0]:
        lines.append(f"{asked[0]}不在{unit}的名单里，已请{asked[1]}确认；同意后改为提醒{asked[0]}。")
    if told:
        lines.append(f"{unit}没有副联络员，已告诉{told}。想请同事代报，请回：这期由某某代报。")
    return say(*lines, "提前回来请发：销假")


def nobody_instead(unit: str, name: str, from_on: date, until_on: date) -> Message:
    """Tell the office that a unit is not asked for a while."""
    return say(
        f"{unit}联络员{name}{_span(from_on, until_on)}请假，没有副联络员，这期间不提醒{unit}。",
        f"需要时请您联系；要换人请发：移交 {unit} 姓名",
        title="联络员请假",
    )


def delegated(unit: str, deputy: str, until: date) -> Message:
    return say(f"好的，到{words.day(until)}为止，{unit}由{deputy}代报，提醒也改发给{deputy}。", "要收回请发：销假")


def delegation_asked(name: str, receiver: str) -> Message:
    return say(f"{name}不在您单位的名单里，已请{receiver}确认；同意以前仍由您报。")


def stands_in(unit: str, name: str, from_on: date, until_on: date) -> Message:
    """Tell a colleague that he reports now, and how."""
    return say(
        f"{name}请您{_span(from_on, until_on)}代{unit}报送。",
        "到时我会提醒您，直接回复我就行，例如：第7项60%。看要报什么请发：我的",
        title="请您代报",
    )


def stand_in_wanted(unit: str, by: str, name: str, from_on: date, until_on: date) -> str:
    return f"{unit}的{by}想请{name}{_span(from_on, until_on)}代报。"


def approved(unit: str, name: str, until: date, code: str) -> Message:
    """Tell the office what its consent did, with the code for somebody new."""
    bind = f"{name}还没有绑定账号，绑定码：{code}（请本人私聊我：绑定 {code}）" if code else ""
    return say(f"好的，到{words.day(until)}为止，{unit}由{name}代报。", bind)


def answered(unit: str, name: str, receiver: str, *, yes: bool, reason: str) -> Message:
    """Tell the contact what the office decided."""
    if yes:
        return say(f"{receiver}同意了：{unit}由{name}代报。")
    return say(f"{receiver}没有同意由{name}代报，仍由您报。", f"原因：{reason}" if reason else "")


def back(units: Sequence[str]) -> Message:
    return say(f"欢迎回来，{joined(units)}的提醒重新发给您。")


def not_away() -> str:
    return "您现在没有请假，也没有请人代报。"


def until_when() -> str:
    return "请假到哪天？请写上日子，例如：请假到周五，或：请假 4月26日到28日"


def over_already(day: date) -> str:
    return f"{words.day(day)}已经过去了。请写今天或以后的日子，例如：请假到周五"


def no_unit() -> str:
    return "只有联络员可以请人代报。"


def _span(from_on: date, until_on: date) -> str:
    if from_on == until_on:
        return words.day(until_on)
    return f"从{words.day(from_on)}到{words.day(until_on)}"


def refused(name: str) -> Message:
    return say(f"好的，已告诉{name}。")
