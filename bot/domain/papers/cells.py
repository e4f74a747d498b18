"""One row of a table as a draft of an item, cell by cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.papers.columns import Header, Role
from bot.domain.papers.drafts import Draft, Remark
from bot.domain.papers.owners import ENDS, read_owners, read_people
from bot.domain.papers.paper import Line
from bot.domain.papers.standing import read_standing
from bot.domain.papers.times import ASK, read_when
from bot.domain.papers.words import joined, number_of, simplified, split_number

WORDS: dict[Role, str] = {"title": "事项", "unit": "牵头单位", "when": "完成时限"}
POINT = re.compile(r"\n+|(?<=[。；;])\s*(?=(?:[(（]?\d{1,2}[)）.、．]|[一二三四五六七八九十][、是]|[①-⑳]))")


@dataclass(frozen=True)
class Row:
    """A row with its merged cells filled in; `more` are further rows under the same title.

    `detail` is the column that names the item where several items share one title.
    """

    header: Header
    line: Line
    cells: tuple[str, ...]
    more: tuple["Row", ...] = ()
    detail: int | None = None

    def text(self, role: Role) -> str:
        """Return what the row says under one meaning, of all its columns and of the rows folded into it."""
        return "\n".join(self._texts(role))

    def labelled(self, role: Role) -> list[str]:
        """Return what stands in each column of one meaning, with the column's title in front."""
        places = [(row, column) for column in self.header.columns.get(role, ()) for row in (self, *self.more)]
        said = [(self.header.titles[column], joined(simplified(row._cell(column)))) for row, column in places]
        return list(dict.fromkeys(f"{title}：{text}" for title, text in said if text.strip("-—/\\无 ")))

    def own(self, role: Role) -> str:
        """Return what this very row says, without what is merged into it from above."""
        return "".join(self.line.cells[c] for c in self.header.columns.get(role, ()) if c < len(self.line.cells))

    def place(self, role: Role) -> str:
        column = self.header.column(role)
        return self.line.places[column] if column is not None and column < len(self.line.places) else self.line.place

    @property
    def title(self) -> str:
        text = self.text("title").split("\n") if not self.more else [self._cell(self.header.column("title"))]
        return split_number(joined(simplified("\n".join(text))))[1]

    @property
    def title_word(self) -> str:
        column = self.header.column("title")
        return self.header.titles[column] if column is not None else WORDS["title"]

    def _texts(self, role: Role) -> Iterator[str]:
        seen: list[str] = []
        for row in (self, *self.more):
            seen += [row._cell(column) for column in self.header.columns.get(role, ())]
        yield from dict.fromkeys(text for text in seen if text)

    def _cell(self, column: int | None) -> str:
        return self.cells[column] if column is not None and column < len(self.cells) else ""


def read_row(row: Row, year: int, *, shares: bool) -> Draft:
    """Read one row as a draft; what its cells leave open is noted with the cell."""
    typed, title = split_number(joined(simplified(row._cell(row.header.column("title")))))
    # A number merged over several tasks is that of the first.
    no = number_of(row.own("no")) if row.header.column("no") is not None else typed
    draft = Draft(row.place("title"), title, no)
    draft.section = joined(simplified(row.text("section")))
    draft.target = joined(simplified(row.text("target")))
    draft.measures = [*_points(row.text("measures")), *row.labelled("stage")]
    draft.note = "；".join([joined(simplified(row.text("note"))), *row.labelled("other")]).strip("；")
    if row.detail is not None:
        _name_by_detail(draft, row, row.detail)
    draft.leaders = read_people(row.text("leader"))
    _read_units(draft, row)
    _read_time(draft, row, year)
    _read_progress(draft, row, shares=shares)
    return draft


def _name_by_detail(draft: Draft, row: Row, detail: int) -> None:
    """Several owners under one title: what each has to do names the item, the title becomes its section."""
    _, title = split_number(joined(simplified(row._cell(detail))))
    draft.section, draft.title, draft.no, draft.measures = draft.title, title, None, []
    draft.cell = row.line.places[detail]


def _points(text: str) -> list[str]:
    """Cut measures into their points: by lines, or at 1. 2. 3. and ①②③ inside one line."""
    points = [joined(part) for part in POINT.split(simplified(text))]
    return [point.rstrip("；;") for point in points if point.strip("-—/\\无；; ")]


def _read_units(draft: Draft, row: Row) -> None:
    lead, support = read_owners(row.text("unit")), read_owners(row.text("support"))
    draft.units = lead.lead
    _set_people_aside(draft, row)
    draft.support = list(dict.fromkeys([*lead.support, *support.lead, *support.support]))
    draft.support = [unit for unit in draft.support if unit not in draft.units]
    draft.everybody = lead.everybody if not lead.lead else ""
    groups = [lead.everybody] if lead.lead else []
    draft.support += [group for group in (*groups, support.everybody) if group and group not in draft.support]
    text = row.text("unit")
    if lead.vague:
        draft.open.append(Remark(row.place("unit"), text, f"“{lead.vague}”没有写明是哪些单位", "请写明单位名称"))
    elif not lead.lead and not lead.everybody:
        draft.open.append(Remark(row.place("unit"), text, "没有写牵头单位", "请向办公室确认由谁牵头"))


def _set_people_aside(draft: Draft, row: Row) -> None:
    """Under 责任单位及责任人 only the units lead; the people go into the note."""
    if not any("人" in row.header.titles[column] for column in row.header.columns.get("unit", ())):
        return
    people = [name for name in draft.units if not name.endswith(ENDS)]
    draft.units = [name for name in draft.units if name not in people]
    if people:
        draft.note = f"{draft.note}；责任人：{'、'.join(people)}".strip("；")


def _read_time(draft: Draft, row: Row, year: int) -> None:
    text = row.text("when")
    when = read_when(text, year)
    draft.when, draft.lasting = when.words, when.lasting
    if not when.words:
        draft.open.append(Remark(row.place("when"), joined(text), when.reason or "没有写完成时限", ASK))


def _read_progress(draft: Draft, row: Row, *, shares: bool) -> None:
    text = row.text("standing")
    draft.standing, reason = read_standing(text, shares=shares)
    if reason:
        draft.open.append(Remark(row.place("standing"), joined(text), reason, "请写成“60%”这样，或导入以后报一次"))
