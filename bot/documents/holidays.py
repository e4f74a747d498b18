"""Holiday files of the office: one year each, in our own TOML or in the JSON of the holiday-cn project."""

import json
from pathlib import Path

from bot.domain.workdays import HolidayFile, parse_holiday_cn, parse_holiday_toml
from bot.errors import UserError


def load_holidays(folder: Path) -> list[HolidayFile]:
    """Read every .toml and .json file of a folder, in order of years; a year in both is taken from the TOML.

    An absent folder holds none. Raises `UserError` naming the file that is wrong.
    """
    if not folder.is_dir():
        return []
    files: dict[int, HolidayFile] = {}
    # JSON comes first, so that what the office wrote by hand replaces what was downloaded.
    for pattern in ("*.json", "*.toml"):
        for path in sorted(folder.glob(pattern)):
            found = _read(path)
            files[found.year] = found
    return [files[year] for year in sorted(files)]


def _read(path: Path) -> HolidayFile:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"节假日文件 {path.name} 不是 UTF-8 文字，请另存为 UTF-8 编码") from error
    except OSError as error:
        raise UserError(f"节假日文件 {path.name} 读不出来：{error.strerror}") from error
    return parse_holiday_toml(text, path.name) if path.suffix == ".toml" else _read_json(text, path.name)


def _read_json(text: str, name: str) -> HolidayFile:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"节假日文件 {name} 第 {error.lineno} 行不是有效的 JSON：{error.msg}") from error
    if not isinstance(data, dict):
        raise UserError(f"节假日文件 {name} 应是 holiday-cn 的格式：一个含有 year 和 days 的对象")
    return parse_holiday_cn(data, name)
