"""Compiled reports and results, short enough for a chat; the whole is written to a file from the command line."""

from collections.abc import Sequence

from bot.messages import words
from bot.messages.message import Block, Bullets, Lines, Message, Table, clip

MOST = 10
LINE = 80
Row = Sequence[object]


def compiled(title: str, chapters: Sequence[tuple[str, Sequence[str], Sequence[Row]]], command: str) -> Message:
    """Show a compiled report: each chapter with at most ten lines."""
    blocks: list[Block] = []
    for heading, paragraphs, rows in chapters:
        lines = [*paragraphs, *("　".join(_cell(cell) for cell in row if _cell(cell)) for row in rows[1:])]
        blocks.append(Lines((f"{heading}：",)))
        blocks.append(Bullets(tuple(clip(line, LINE) for line in lines[:MOST])))
        if len(lines) > MOST:
            blocks.append(Lines((f"（共 {len(lines)} 条）",)))
    if not blocks:
        blocks.append(Lines(("这个时段还没有记录。",)))
    blocks.append(Lines((f"完整材料请信息员在服务器上运行：{command} -o 文件名",)))
    return Message(title, tuple(blocks))


def results(period: str, rows: Sequence[Row], command: str) -> Message:
    """Show the results of units: at most ten rows, the first columns only."""
    head, *body = rows
    shown = tuple(tuple(_cell(cell) for cell in row[:6]) for row in body[:MOST])
    table = Table(tuple(str(cell) for cell in head[:6]), shown, ("left", *("right",) * 5))
    lines = [f"共 {len(body)} 个单位", f"全部列的表格请信息员在服务器上运行：{command} --format xlsx -o 台账.xlsx"]
    return Message(f"{words.period(period)}结果数据", (table, Lines(tuple(lines))))


def _cell(cell: object) -> str:
    return "—" if cell is None else f"{cell:g}" if isinstance(cell, int | float) else str(cell)
