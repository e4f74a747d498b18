"""Importing a file as the command does."""

import tomllib
from datetime import date
from pathlib import Path

from bot.documents.importing import plan_text, read_paper
from bot.domain.papers.assembly import Understood, understand
from bot.domain.papers.words import folded
from bot.domain.planfile import parse_plan

TODAY = date(2026, 5, 31)


def import_file(path: Path, today: date = TODAY) -> Understood:
    """Import a file; what is written of it must load, with as many items."""
    found = understand(read_paper(path), today)
    assert found.rows == len(found.items) + len(found.refusals)
    if found.items:
        plan = parse_plan(tomllib.loads(plan_text(found, path.name)), path.name)
        assert len(plan.items) == len(found.items)
    return found


def everything_said(found: Understood) -> str:
    """Return all that an import shows of a file, for looking a text up in it."""
    parts = [f"{refusal.cell}{refusal.text}" for refusal in found.refusals]
    parts += [aside.text for aside in found.asides]
    for coded in found.items:
        draft = coded.draft
        parts += [draft.title, draft.section, draft.when, draft.target, *draft.measures, draft.note, draft.everybody]
        parts += [*draft.units, *draft.support, *draft.leaders, *(remark.text for remark in draft.open)]
        parts += [str(draft.no), draft.standing.said if draft.standing else ""]
    return folded("\n".join(parts))
