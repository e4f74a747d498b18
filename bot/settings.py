"""Settings: one TOML file, each key overridable as ``DRUMBEAT_SECTION__KEY``, secrets also from ``…_FILE``.

A key nobody knows, in the file or in the environment, is an error: a misspelt setting must not be silently ignored.
The tables of platforms and groups are checked by the platform they name.
"""

import os
import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.domain.evidence import TYPES
from bot.errors import ConfigError

PREFIX = "DRUMBEAT_"
DEFAULT_CONFIG = "config.toml"
OWN_VARIABLES = {"DRUMBEAT_CONFIG", "DRUMBEAT_PYTHON", "DRUMBEAT_VENV"}


class Section(BaseModel):
    """A table of the settings; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


class Server(Section):
    """Where the bot listens, the address it is known by, the folder for files, and what links are signed with."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    data: str = ""
    secret: str = ""
    heartbeat_url: str = ""

    @field_validator("public_url", "heartbeat_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("应以 https:// 开头，如 https://drumbeat.example.org")
        return value.rstrip("/")


class DatabaseSettings(Section):
    """Where the records are kept; the default is one SQLite file."""

    url: str = "sqlite+aiosqlite:///data/drumbeat.db"

    @field_validator("url")
    @classmethod
    def _driver(cls, value: str) -> str:
        if value.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
            return value
        raise ValueError("应以 sqlite+aiosqlite:/// 或 postgresql+psycopg:// 开头")


class ClockSettings(Section):
    """Time zone, holiday files and the rehearsal clock."""

    timezone: str = "Asia/Shanghai"
    holidays: str = "holidays"
    start: datetime | None = None
    speed: float = Field(default=1.0, ge=0)

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("不是时区名，应像 Asia/Shanghai") from error
        return value


class Plans(Section):
    """Which plans are served: names of packs or paths; `year` rolls them."""

    paths: list[str] = []
    year: int | None = None


class PolicySettings(Section):
    """The burden rules (减负); see docs/burden.md."""

    mode: Literal["live", "trial"] = "live"
    first_post: Literal["send", "ask"] = "send"
    remind_at: time = time(9, 0)
    digest_at: time = time(8, 30)
    work_from: time = time(8, 30)
    work_to: time = time(17, 30)
    catch_up_hours: int = Field(default=72, ge=1)
    spread_s: int = Field(default=90, ge=0)
    asks_per_round: int = Field(default=3, ge=1)
    messages_per_month: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _in_working_hours(self) -> Self:
        for key in ("remind_at", "digest_at"):
            if not self.work_from <= getattr(self, key) <= self.work_to:
                raise ValueError(
                    f"{key} 应在 work_from（{self.work_from:%H:%M}）和 work_to（{self.work_to:%H:%M}）之间"
                )
        return self


class FileSettings(Section):
    """What people may send along as evidence."""

    max_mb: int = Field(default=20, ge=1, le=200)
    types: list[str] = TYPES


class BackupSettings(Section):
    """The nightly backup: into which folder (none: no backup), when, and how many are kept."""

    folder: str = ""
    at: time = time(2, 30)
    keep: int = Field(default=14, ge=1)


class LogSettings(Section):
    """How the program's log is written."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["text", "json"] = "text"


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid")

    server: Server = Server()
    database: DatabaseSettings = DatabaseSettings()
    clock: ClockSettings = ClockSettings()
    plans: Plans = Plans()
    policy: PolicySettings = PolicySettings()
    files: FileSettings = FileSettings()
    backup: BackupSettings = BackupSettings()
    log: LogSettings = LogSettings()
    platforms: dict[str, dict[str, Any]] = {}
    groups: list[dict[str, Any]] = []

    @property
    def data_dir(self) -> Path:
        """Return the folder for files: as set, else where the SQLite file is, else ./data."""
        if self.server.data or not self.database.url.startswith("sqlite"):
            return Path(self.server.data or "data")
        return Path(self.database.url.partition(":///")[2]).parent

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment wins over the file, whose data arrives as init arguments.
        return named["env_settings"], named["init_settings"]


def load_settings(path: str | None = None) -> Settings:
    """Read the settings from `path`, DRUMBEAT_CONFIG or ./config.toml, under the environment.

    Without a named file an absent ./config.toml means the defaults. Raises `ConfigError` that names file and key.
    """
    named = path or os.environ.get("DRUMBEAT_CONFIG")
    file = Path(named or DEFAULT_CONFIG)
    data = _read(file) if named or file.exists() else {}
    _read_secret_files()
    _check_environment()
    try:
        return Settings(**data)
    except ValidationError as error:
        raise ConfigError(_explain(error, str(file))) from None
    except SettingsError as error:
        raise ConfigError(f'环境变量的值读不懂（{error}）。清单要写成 JSON，如 ["计划名"]') from None


def _read(file: Path) -> dict[str, Any]:
    try:
        # Windows Notepad writes a byte order mark, which is no TOML.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"找不到配置文件 {file}。可从 config.example.toml 复制一份。") from None
    except UnicodeDecodeError:
        raise ConfigError(f"配置文件 {file} 不是 UTF-8 编码，请另存为 UTF-8。") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"配置文件 {file} 不是有效的 TOML：{error}") from None


def _read_secret_files() -> None:
    """Turn DRUMBEAT_…_FILE=/run/secrets/x into the variable itself, as container secrets are given."""
    for name, value in list(os.environ.items()):
        if name.startswith(PREFIX) and name.endswith("_FILE") and not name.endswith("__CA_FILE"):
            try:
                os.environ[name.removesuffix("_FILE")] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"环境变量 {name} 指的文件读不了：{error.strerror}") from None
            del os.environ[name]


def _check_environment() -> None:
    for name in os.environ:
        if not name.startswith(PREFIX) or name in OWN_VARIABLES or name.endswith("_FILE"):
            continue
        section, *key = name.removeprefix(PREFIX).lower().split("__")
        field = Settings.model_fields.get(section)
        kind = field.annotation if field else None
        known = isinstance(kind, type) and issubclass(kind, Section) and key and key[0] in kind.model_fields
        if not known and section not in ("platforms", "groups"):
            sections = "、".join(s.upper() for s in Settings.model_fields)
            raise ConfigError(f"环境变量 {name} 不是可用的设置，应为 DRUMBEAT_节__键，节可用：{sections}")


WORDS = {
    "extra_forbidden": "没有这个设置，请对照 config.example.toml",
    "missing": "没有写，必须设置",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "bool_parsing": "应是 true 或 false",
    "bool_type": "应是 true 或 false",
    "string_type": "应是加引号的文字",
    "list_type": "应是清单 [ ]",
    "time_parsing": "应是时刻，如 09:00",
    "datetime_parsing": '应是日期时间，如 "2023-03-24T09:00:00"',
    "datetime_from_date_parsing": '应是日期时间，如 "2023-03-24T09:00:00"',
    "dict_type": "应是一张表",
    "model_type": "应是一张表",
    "float_parsing": "应是数字",
}


def explain_fault(fault: Any) -> str:
    """Say one pydantic fault in Chinese: the key, what is wrong, what would be right; never the value."""
    key = ".".join(str(part) for part in fault["loc"])
    context = fault.get("ctx", {})
    reason = WORDS.get(fault["type"])
    if fault["type"] == "literal_error":
        reason = f"只能是 {context['expected']}".replace(" or ", " 或 ")
    elif fault["type"] in ("greater_than_equal", "less_than_equal"):
        reason = f"应{'不小于' if 'ge' in context else '不大于'} {context.get('ge', context.get('le'))}"
    elif fault["type"] == "value_error":
        reason = str(context.get("error", ""))
    return f"{key}：{reason or fault['msg']}"


def _explain(error: ValidationError, file: str) -> str:
    faults = [explain_fault(fault) for fault in error.errors()]
    return f"配置 {file} 有 {len(faults)} 处问题：\n" + "\n".join(f"  - {fault}" for fault in faults)
