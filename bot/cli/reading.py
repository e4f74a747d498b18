"""read: how a plan reads replies. It needs neither config nor database, and stores nothing."""

import json
import sys
from datetime import date
from typing import Any

import click

from bot.documents.planfiles import load_plan
from bot.domain.reading import Context, Reader
from bot.domain.workdays import Workdays


@click.command()
@click.argument("plan")
@click.option("--jsonl", is_flag=True, required=True, help="每行一个 JSON：输入 id、ctx、text，输出读出的内容")
@click.option("--year", type=int, help="按另一年展开")
def read(plan: str, jsonl: bool, year: int | None) -> None:
    """从标准输入逐行读回复，逐行输出读出的内容；不保存任何东西。"""
    reader = Reader(load_plan(plan, year), Workdays())
    faults = 0
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            answer = _read_one(reader, line, number)
            faults += "error" in answer
            click.echo(json.dumps(answer, ensure_ascii=False))
    if faults:
        click.echo(f"有 {faults} 行不是可读的 JSON。", err=True)
        sys.exit(1)


def _read_one(reader: Reader, line: str, number: int) -> dict[str, Any]:
    try:
        case = json.loads(line)
        context = Context.from_json({"today": date.today().isoformat(), **(case.get("ctx") or {})})
        return {"id": case.get("id"), **reader.read(str(case["text"]), context).to_json()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"id": None, "error": f"第 {number} 行应是含 id、ctx、text 的 JSON：{type(error).__name__} {error}"}


COMMANDS = (read,)
