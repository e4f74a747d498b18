"""What may be sent as evidence. It is always optional."""

from dataclasses import dataclass

TYPES = [
    *("jpg", "jpeg", "png", "gif", "webp", "bmp", "heic", "mp4", "mov"),
    *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "ofd", "txt", "csv"),
    *("zip", "rar", "7z"),
]


@dataclass(frozen=True)
class Limits:
    """The size of one file in bytes, and the endings of names that are taken."""

    most: int = 20 * 1024**2
    types: frozenset[str] = frozenset(TYPES)
