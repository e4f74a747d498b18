"""Evidence: files, pictures and links, what they belong to, and where they are found again. Always optional."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from bot.domain.evidence import Limits
from bot.domain.world import World
from bot.events import File
from bot.messages import evidence as wording
from bot.storage import files
from bot.storage.engine import Tx
from bot.storage.tables import FileRow

LINK_LIFE = timedelta(days=7)
LONGEST_NAME = 100
NAMES = {"image": "图片.jpg", "video": "视频.mp4", "file": "文件"}
UNSAFE = re.compile(r"[\\/:*?\"<>|]+")
# Control characters, and those that turn the direction of writing: fdp.exe would look like exe.pdf.
HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def safe_name(file: File) -> str:
    """Return a name that is no path, hides nothing and is short enough for every file system."""
    name = UNSAFE.sub("_", HIDDEN.sub("", file.name).rpartition("/")[2]).strip(". ") or NAMES.get(file.kind, "文件")
    if file.kind != "file" and not PurePosixPath(name).suffix:
        name += PurePosixPath(NAMES[file.kind]).suffix
    path = PurePosixPath(name)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:LONGEST_NAME]


def fault_of(file: File, name: str, limits: Limits) -> str:
    """Say why a file is not taken; '' when it is. A size that is not told is looked at when it is fetched."""
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    if ending not in limits.types and not (file.kind == "file" and not ending and not file.name):
        return wording.wrong_type(sorted(limits.types))
    if file.size > limits.most:
        return wording.too_big(limits.most)
    return ""


def url_of(world: World, row: FileRow, now: datetime) -> str:
    """Return where a file can be seen for a week: '' where it cannot (not fetched yet, or no public address)."""
    if row.kind == "link":
        return row.url
    if world.links is None or row.state != "stored":
        return ""
    return world.links.url("files", (row.id,), now + LINK_LIFE)


def lines_of(world: World, rows: Sequence[FileRow], now: datetime) -> list[str]:
    """Return one line for each file: its name, size and address."""
    return [wording.listed(row.name, row.size, url_of(world, row, now)) for row in rows]


async def lines_for_checkin(tx: Tx, world: World, plan: str, checkin_id: int, now: datetime) -> list[str]:
    """Return one line for each file of a check-in."""
    return lines_of(world, await files.files_of(tx, plan, checkin_id=checkin_id), now)
