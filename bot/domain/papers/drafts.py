"""What a paper is understood as: drafts of items, refusals, and what is neither."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remark:
    """A row that is no item, or a cell that leaves something open: where, what stands there, why, what would help."""

    cell: str
    text: str
    reason: str
    fix: str

    @property
    def settled(self) -> bool:
        """Tell whether nobody need do anything about it."""
        return self.fix == NOTHING_TO_DO

    def to_json(self) -> dict[str, str]:
        return {"cell": self.cell, "text": self.text, "reason": self.reason, "fix": self.fix}


NOTHING_TO_DO = "不用改"


@dataclass(frozen=True)
class Aside:
    """A title, a header or a paragraph: text that is no row, listed so that nothing goes unseen."""

    cell: str
    text: str
    what: str


@dataclass(frozen=True)
class Standing:
    """How far an item is at the import: percent 0 to 100 or None, and what the paper says of it."""

    percent: int | None = None
    said: str = ""


@dataclass
class Draft:
    """An item as the paper has it; what it leaves open is empty and stands in `open`."""

    cell: str
    title: str
    no: int | None = None
    section: str = ""
    month: int | None = None
    leaders: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    everybody: str = ""
    when: str = ""
    lasting: bool = False
    target: str = ""
    measures: list[str] = field(default_factory=list)
    standing: Standing | None = None
    note: str = ""
    open: list[Remark] = field(default_factory=list)

    @property
    def unset(self) -> list[str]:
        """List what the office has to be asked for."""
        found = [("units", self.units or self.everybody), ("when", self.when)]
        return [key for key, value in found if not value]


@dataclass
class Drafted:
    """One list of the paper: its name, items in order, refusals; `rows` is the sum of both."""

    name: str
    items: list[Draft] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)
    monthly: bool = False

    @property
    def rows(self) -> int:
        return len(self.items) + len(self.refusals)
