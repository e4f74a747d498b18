"""Finding and reading plan files: by path, by folder, or by the name of a pack that comes with Drumbeat."""

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.domain.planfile import parse_plan
from bot.domain.plans import Plan
from bot.errors import ConfigError

PLAN_FILE = "plan.toml"
PACKAGE = Path(__file__).resolve().parents[1]
# An installed wheel carries its packs inside the package; a checkout keeps them beside it, where people edit them.
PACK_FOLDERS = (PACKAGE / "packs", PACKAGE.parent / "plans")


def find_plan(name: str) -> Path:
    """Return the file of a plan named by a .toml file, a folder holding plan.toml, or a pack's name.

    Raises `ConfigError` that lists the packs there are.
    """
    path = Path(name).expanduser()
    if name and path.suffix.lower() == ".toml" and path.is_file():
        return path
    for folder in (path, *(_pack_folder() / pack for pack in pack_names() if pack == name)):
        if name and (folder / PLAN_FILE).is_file():
            return folder / PLAN_FILE
    packs = "、".join(pack_names()) or "（没有）"
    raise ConfigError(
        f"找不到计划“{name}”。请写一个 .toml 文件的路径、一个含有 {PLAN_FILE} 的文件夹，或自带的计划名：{packs}"
    )


def load_plan(name: str, year: int | None = None) -> Plan:
    """Read the plan of that name or path, rolled to `year` when given.

    Raises `ConfigError` when there is none, when it is no TOML, or with every fault found in it (`PlanFaults`).
    """
    path = find_plan(name)
    return parse_plan(read_toml(path), str(path), year)


def pack_names() -> list[str]:
    """List the packs that come with Drumbeat."""
    return sorted(file.parent.name for file in _pack_folder().glob(f"*/{PLAN_FILE}"))


def demo_pack() -> str:
    """Return the pack the demo opens on; raises `ConfigError` when no pack says demo = true."""
    for name in pack_names():
        head = read_toml(_pack_folder() / name / PLAN_FILE).get("plan")
        if isinstance(head, dict) and head.get("demo") is True:
            return name
    raise ConfigError("没有用于演示的计划。请在某个计划的 [plan] 里写上 demo = true，或用 --plan 指定一个计划")


def _pack_folder() -> Path:
    return next((folder for folder in PACK_FOLDERS if folder.is_dir()), PACK_FOLDERS[-1])


def read_toml(path: Path) -> dict[str, Any]:
    """Return the data of a plan file; raises `ConfigError` when it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"计划文件 {path} {_place(error)}不是有效的 TOML：{error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"计划文件 {path} 第 {line} 行不是 UTF-8 文字，请另存为 UTF-8 编码") from error
    except OSError as error:
        raise ConfigError(f"计划文件 {path} 读不出来：{error.strerror}。请检查它是否存在、有没有读的权限") from error


def _place(error: tomllib.TOMLDecodeError) -> str:
    # Python 3.11 tells the place in the message only; an unclosed file has no line.
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    return f"第 {found[1]} 行第 {found[2]} 列" if found else "末尾"
