"""Quotas in words: the number beside the mark, and who is below it for those who may know."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.quotas import Mark, Quota, Verdict
from bot.messages.message import Block, Bullets, Lines, Message, clip, joined, say

MOST = 10
MARKS: dict[Mark, str] = {
    "met": "已达到",
    "near": "接近",
    "missed": "未达到",
    "over": "超出上限",
    "noted": "未做到（一般要求，只提示）",
    "unset": "未设定",
    "waiting": "进行中",
}


def line(quota: Quota, verdict: Verdict) -> str:
    """K16 厅级干部调训：143/150名（已达到）"""
    return f"{quota.id} {clip(quota.name, 40)}：{verdict.said}（{MARKS[verdict.mark]}）"


def with_missing(verdict: Verdict, names: Sequence[str]) -> Verdict:
    """Add who is still missing, by name: 3/5，还没有：甲某、乙某"""
    shown = f"{joined(names[:MOST])}{f'等 {len(names)} 人' if len(names) > MOST else ''}"
    return replace(verdict, said=f"{verdict.said}，还没有：{shown}") if names else verdict


def overview(rows: Sequence[tuple[Quota, Verdict]]) -> Message:
    """Show all quotas: how many stand how, then those that are not met, worst first."""
    order = ("missed", "over", "near", "noted", "waiting", "unset")
    counts = [(mark, sum(1 for _, verdict in rows if verdict.mark == mark)) for mark in ("met", *order)]
    head = "，".join(f"{MARKS[mark]} {count}" for mark, count in counts if count)  # type: ignore[index]
    open_ = sorted((row for row in rows if row[1].mark in order[:5]), key=lambda row: order.index(row[1].mark))
    blocks: list[Block] = [Lines((f"共 {len(rows)} 个指标：{head}。",))]
    if open_:
        blocks.append(Bullets(tuple(line(*row) for row in open_[:MOST])))
    if len(open_) > MOST:
        blocks.append(Lines((f"还有 {len(open_) - MOST} 个没有列出，看某一个请发：指标 {open_[MOST][0].id}",)))
    return Message("指标", tuple(blocks))


def of_unit(unit: str, rows: Sequence[tuple[Quota, Verdict]]) -> Message:
    """Show how one unit stands in the quotas that are counted by unit."""
    if not rows:
        return say(f"{unit}还没有报过指标的数。")
    return Message(f"{unit}指标", (Bullets(tuple(line(*row) for row in rows)),))


def missed(year: int, rows: Sequence[tuple[Quota, Verdict, Sequence[str]]]) -> Message:
    """Tell the office at the end of a year what was missed, with the units that are below; nothing is posted."""
    if not rows:
        return say(f"{year}年度的指标没有未达到的。")
    lines = tuple(f"{line(quota, verdict)}{'：' + joined(units) if units else ''}" for quota, verdict, units in rows)
    how = "群里没有通报。需要通报时请发：发布 文字：……"
    return Message(f"{year}年度未达到的指标", (Lines((f"共 {len(rows)} 个：",)), Bullets(lines), Lines((how,))))


def detail(
    quota: Quota,
    verdict: Verdict,
    parts: Sequence[tuple[str, Verdict]],
    trend: Sequence[tuple[str, str]],
    years: tuple[int, int] | None = None,
) -> Message:
    """Show one quota: for whom, how it stands, which parts are below it, and how it stood before.

    `years` are the first and last it counts in, where its period is several years long.
    """
    head = [f"{MARKS[verdict.mark]}：{verdict.said}"]
    if quota.audience:
        head.append(f"对象：{quota.audience}")
    if quota.term.kind == "years" and years:
        head.append(f"本期：{years[0]}—{years[1]}年")
    if quota.part_of:
        head.append(f"包含在 {quota.part_of} 之内，不另加。")
    below = [(name, part) for name, part in parts if part.mark not in ("met",)]
    blocks: list[Block] = [Lines(tuple(head))]
    if below:
        blocks.append(Lines((f"还没达到的 {len(below)} 个：",)))
        blocks.append(Bullets(tuple(f"{name}：{part.said}（{MARKS[part.mark]}）" for name, part in below[:MOST])))
    if len(below) > MOST:
        blocks.append(Lines((f"共 {len(below)} 个，其余略。",)))
    if trend:
        blocks.append(Lines((f"历年：{joined(f'{when} {said}' for when, said in trend)}",)))
    return Message(f"{quota.id} {quota.name}", tuple(blocks))


def below_nothing() -> str:
    return "数不能是负的，没有登记。请核对后重报，例如：总数20所，已完成15所"


def more_than_all(part: str, whole: str) -> str:
    return f"{part} 比 {whole} 还多，没有登记。请核对后重报，例如：总数20所，已完成15所"
