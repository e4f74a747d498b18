"""Draws in words; names go to the office in private only."""

from collections.abc import Sequence

from bot.domain.registers import Register
from bot.messages.message import Bullets, Lines, Message, joined, say


def drawn(number: int, register: Register | None, lines: Sequence[str], seed: str, pool: int) -> Message:
    """Tell the office who came out, how results are filled in, and how the draw is checked."""
    first = lines[0].split(" ")[0] if lines else ""
    fields = register.of_kind("choice", "number") if register is not None else ()
    last = fields[-1].name if fields else "结果"
    how = f"结果按号填，例如：{first}号{last}改为……" if register is not None and first else ""
    return Message(
        f"第 {number} 次抽取",
        (
            Lines((f"从 {pool} 个里抽出 {len(lines)} 个：",)),
            Bullets(tuple(lines)),
            Lines(tuple(line for line in (how, f"种子 {seed}，复核请发：抽查 复核 {number}") if line)),
        ),
    )


def repeated(number: int, seed: str, pool: int, *, same: bool) -> Message:
    result = "结果一致" if same else "结果不一致，请核对"
    return say(f"第 {number} 次抽取用种子 {seed} 从 {pool} 个里重抽一遍：{result}。")


def privately() -> str:
    return "抽查有名单，请私下发给我。"


def nobody(people: bool) -> str:
    if people:
        return "花名册里还没有干部名单，抽不了人。请先导入花名册（岗位写：干部）。"
    return "没有可以抽的单位。"


def which(names: Sequence[str]) -> str:
    return f"没有这个抽查台账。可选：{joined(names)}"


def how() -> str:
    return "请写抽什么、抽多少，例如：抽查 学习笔记 每处室2人；抽取 3个单位"
