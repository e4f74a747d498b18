"""read: how a plan reads replies. It needs neither config nor database, and stores nothing."""

import json
import sys
from datetime import date
from typing import Any

import click

from bot.documents.planfiles import load_plan, pack_names
from bot.domain.plans import Plan
from bot.domain.reading import Context, Reader
from bot.domain.workdays import Workdays


class Readers:
    """The reader of the plan named, and those of the packs whose code a reply's context names."""

    def __init__(self, plan: Plan, year: int | None) -> None:
        self._year = year
        self._plan = plan
        self._readers = dict.fromkeys((plan.code, plan.key, ""), Reader(plan, Workdays()))

    def of(self, code: str) -> Reader:
        """Return the reader of the plan of that code; of the plan named where no pack has it."""
        if code not in self._readers:
            packs = (load_plan(name, self._year) for name in pack_names())
            found = next((pack for pack in packs if code in (pack.code, pack.key)), None)
            self._readers[code] = Reader(found, Workdays()) if found else self._readers[""]
        return self._readers[code]


@click.command()
@click.argument("plan")
@click.option("--jsonl", is_flag=True, required=True, help="每行一个 JSON：输入 id、ctx、text，输出读出的内容")
@click.option("--year", type=int, help="按另一年展开")
def read(plan: str, jsonl: bool, year: int | None) -> None:
    """从标准输入逐行读回复，逐行输出读出的内容；不保存任何东西。"""
    readers = Readers(load_plan(plan, year), year)
    faults = 0
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            answer = _read_one(readers, line, number)
            faults += "error" in answer
            click.echo(json.dumps(answer, ensure_ascii=False))
    if faults:
        click.echo(f"有 {faults} 行不是可读的 JSON。", err=True)
        sys.exit(1)


def _read_one(readers: Readers, line: str, number: int) -> dict[str, Any]:
    try:
        case = json.loads(line)
        context = Context.from_json({"today": date.today().isoformat(), **(case.get("ctx") or {})})
        return {"id": case.get("id"), **readers.of(context.seed).read(str(case["text"]), context).to_json()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"id": None, "error": f"第 {number} 行应是含 id、ctx、text 的 JSON：{type(error).__name__} {error}"}


COMMANDS = (read,)
