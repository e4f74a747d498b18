"""What the cells of an Excel 97 file (.xls) do not say by themselves; see `sheetmarks`.

The file is a stream of records (MS-XLS) inside a compound file (MS-CFB). Only sheets, rows, formats and the formats of
number cells are looked at.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SECTOR_END = 0xFFFFFFFA
BOF, BOUND_SHEET, ROW, FORMAT, STYLE = 0x0809, 0x0085, 0x0208, 0x041E, 0x00E0
NUMBERS, MANY_NUMBERS = {0x0203, 0x027E, 0x0006}, 0x00BD
HIDDEN_FLAG = 0x20


@dataclass
class OldSheet:
    """Rows not shown, and the number of each number cell's style; rows and columns are counted from 0."""

    name: str
    hidden: set[int] = field(default_factory=set)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass
class OldBook:
    """The sheets of a file, its own formats by number, and the format of each style."""

    sheets: list[OldSheet] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)


def read_old(data: bytes) -> OldBook:
    """Read the records of a file; raises `ValueError`, `KeyError` or `struct.error` when it is none."""
    book = OldBook()
    begins: dict[int, str] = {}
    for place, kind, body in _records(_workbook_stream(data)):
        if kind == BOUND_SHEET:
            begins[struct.unpack_from("<I", body)[0]] = _text(body[6:], wide_count=False)
        elif kind == FORMAT:
            book.formats[struct.unpack_from("<H", body)[0]] = _text(body[2:], wide_count=True)
        elif kind == STYLE:
            book.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == BOF and place in begins:
            book.sheets.append(OldSheet(begins[place]))
        elif book.sheets:
            _read_cell(book.sheets[-1], kind, body)
    return book


def _read_cell(sheet: OldSheet, kind: int, body: bytes) -> None:
    if kind == ROW and struct.unpack_from("<H", body, 12)[0] & HIDDEN_FLAG:
        sheet.hidden.add(struct.unpack_from("<H", body)[0])
    elif kind in NUMBERS:
        row, column, style = struct.unpack_from("<HHH", body)
        sheet.styles[row, column] = style
    elif kind == MANY_NUMBERS:
        row, first = struct.unpack_from("<HH", body)
        for number in range((len(body) - 6) // 6):
            sheet.styles[row, first + number] = struct.unpack_from("<H", body, 4 + number * 6)[0]


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _text(body: bytes, *, wide_count: bool) -> str:
    """Read a string: its length in one byte or two, a flag for two-byte letters, the letters."""
    count, start = (struct.unpack_from("<H", body)[0], 3) if wide_count else (body[0], 2)
    if body[start - 1] & 1:
        return body[start : start + count * 2].decode("utf-16-le")
    return body[start : start + count].decode("latin-1")


def _workbook_stream(data: bytes) -> bytes:
    sector, mini = 1 << struct.unpack_from("<H", data, 30)[0], 1 << struct.unpack_from("<H", data, 32)[0]
    cutoff = struct.unpack_from("<I", data, 56)[0]
    table = _sector_table(data, sector)

    def read(start: int) -> bytes:
        return b"".join(data[(n + 1) * sector : (n + 2) * sector] for n in _chain(start, table))

    folder = read(struct.unpack_from("<I", data, 48)[0])
    entries = [folder[n : n + 128] for n in range(0, len(folder), 128)]
    names = {_entry_name(entry): entry for entry in entries}
    book = names.get("Workbook") or names["Book"]
    start, size = struct.unpack_from("<II", book, 116)
    if size >= cutoff:
        return read(start)[:size]
    # A small stream lies in pieces inside the stream of the root entry.
    small, raw = read(struct.unpack_from("<I", entries[0], 116)[0]), read(struct.unpack_from("<I", data, 60)[0])
    links = list(struct.unpack(f"<{len(raw) // 4}I", raw))
    return b"".join(small[n * mini : (n + 1) * mini] for n in _chain(start, links))[:size]


def _entry_name(entry: bytes) -> str:
    """Read the name of a stream: UTF-16, its length in bytes with the closing zero behind it."""
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)].decode("utf-16-le")


def _chain(start: int, links: list[int]) -> Iterator[int]:
    """Follow a chain of sectors to its end; one that runs in a circle ends as well."""
    for _ in range(len(links)):
        if start >= SECTOR_END:
            return
        yield start
        start = links[start]


def _sector_table(data: bytes, sector: int) -> list[int]:
    """Read the table that says which sector follows which."""
    places = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < SECTOR_END and len(places) < len(data) // sector + 109:
        part = struct.unpack_from(f"<{sector // 4}I", data, (more + 1) * sector)
        places += part[:-1]
        more = part[-1]
    parts = [data[(n + 1) * sector : (n + 2) * sector] for n in places if n < SECTOR_END]
    return [link for part in parts for link in struct.unpack(f"<{len(part) // 4}I", part)]
