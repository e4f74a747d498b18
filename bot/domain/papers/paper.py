"""A paper as it was read from its file: tables and passages in the order they stand."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple


class Merge(NamedTuple):
    """A merged stretch of a table: indexes of its first and last row and column, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Line:
    """One row of a table. `places` names each cell as people see it (计划!B7, 表2第5行第3列).

    `gone` says why the row does not count where the file hides it or has struck it out, and is empty otherwise.
    """

    cells: tuple[str, ...]
    places: tuple[str, ...]
    gone: str = ""

    @property
    def blank(self) -> bool:
        return not any(self.cells)

    @property
    def text(self) -> str:
        return " | ".join(" ".join(cell.split()) for cell in self.cells if cell)

    @property
    def place(self) -> str:
        """Name the first cell that says anything."""
        return next((place for place, cell in zip(self.places, self.cells, strict=True) if cell), self.places[0])


@dataclass(frozen=True)
class Grid:
    """One table. A merged value stands in its first cell only; `name` is the sheet's, or empty.

    `follows` is true where the table may be the next page of the one before it (Word splits tables so).
    """

    name: str
    lines: tuple[Line, ...]
    merges: tuple[Merge, ...] = ()
    follows: bool = False

    @cached_property
    def width(self) -> int:
        return max((len(line.cells) for line in self.lines), default=0)


@dataclass(frozen=True)
class Passage:
    """One paragraph of running text, with its number in front even where Word makes the number.

    `aside` says what it is where it is no part of the running text: a footnote, a paragraph struck out.
    """

    text: str
    place: str
    aside: str = ""


@dataclass(frozen=True)
class Paper:
    """A file as read: `name` is the file's, without its suffix."""

    name: str
    blocks: tuple[Grid | Passage, ...] = field(default_factory=tuple)
