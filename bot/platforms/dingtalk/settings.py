"""The keys of `[platforms.dingtalk]` and of a DingTalk group, and what is said when one of them is wrong."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from yarl import URL

from bot.errors import ConfigError
from bot.platforms.base import GroupConfig

EMPTY = SecretStr("")
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
ACCESS_TOKEN = re.compile(r"[A-Za-z0-9_-]+")

WANTED = {
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "float_parsing": "应为数字（秒）",
    "float_type": "应为数字（秒）",
    "greater_than": "应大于 0",
    "less_than_equal": "太大了，最多 60 秒",
    "list_type": '应为列表，如 ["host"]',
    "literal_error": '应为 "stream" 或 "http"',
    "greater_than_equal": "应不小于 1",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "string_type": "应为文字（加引号）",
}


class Settings(BaseModel):
    """`[platforms.dingtalk]`; empty means "not used". The bases are settings: private editions have their own."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    oapi_base: str = "https://oapi.dingtalk.com"
    api_base: str = "https://api.dingtalk.com"
    mode: Literal["stream", "http"] = "stream"
    stream: bool = True
    app_key: str = ""
    app_secret: SecretStr = EMPTY
    robot_code: str = ""
    event_token: SecretStr = EMPTY
    event_aes_key: SecretStr = EMPTY
    card_template_id: str = ""
    card_callback_url: str = ""
    card_api_secret: SecretStr = EMPTY
    session_hosts: list[str] = Field(default_factory=list)
    download_hosts: list[str] = Field(default_factory=lambda: [".aliyuncs.com", ".dingtalk.com"])
    monthly_calls: int = Field(default=5000, ge=1)
    monthly_messages: int = Field(default=3000, ge=1)
    timeout_s: float = Field(default=8.0, gt=0, le=60)
    proxy: SecretStr = EMPTY
    ca_file: str = ""

    @field_validator("oapi_base", "api_base")
    @classmethod
    def _address(cls, value: str) -> str:
        if not _is_web(value):
            raise ValueError("应为 http:// 或 https:// 开头的地址")
        return value.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _proxy_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _is_web(value.get_secret_value()):
            raise ValueError("应为 http:// 开头的代理地址")
        return value

    @field_validator("card_callback_url")
    @classmethod
    def _callback_address(cls, value: str) -> str:
        if value and not _is_web(value):
            raise ValueError("应为外网能打开的地址，如 https://域名/callback/dingtalk")
        return value

    @field_validator("event_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not AES_KEY.fullmatch(value.get_secret_value()):
            raise ValueError("应为 43 位字母和数字（开发者后台 → 事件订阅 → 加密 aes_key）")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.event_token.get_secret_value()) != bool(self.event_aes_key.get_secret_value()):
            raise ValueError("event_token 和 event_aes_key 要一起写，现在只写了一个")
        if self.event_token.get_secret_value() and not self.app_key:
            raise ValueError("app_key 没有写：事件解密要用它（开发者后台 → 凭证与基础信息 → Client ID）")
        if self.app_key and not self.app_secret.get_secret_value():
            raise ValueError("app_secret 没有写：有 app_key 就要有它（开发者后台 → 凭证与基础信息 → Client Secret）")
        return self

    @property
    def can_write_privately(self) -> bool:
        """Whether the server API can be used: it needs the app's key and secret."""
        return bool(self.app_key)

    @property
    def robot(self) -> str:
        """The robot's code; that of an enterprise robot is its app key (slug robot-receive-message)."""
        return self.robot_code or self.app_key

    @property
    def streams(self) -> bool:
        """Whether a Stream connection is held: it needs the app's key and secret, and no address of ours."""
        return self.stream and self.mode == "stream" and bool(self.app_key)

    @property
    def has_cards(self) -> bool:
        """Whether a message with buttons can be a card whose presses reach us."""
        return bool(self.card_template_id and self.app_key) and (self.streams or bool(self.card_callback_url))

    def download_allowed(self, address: str) -> bool:
        """Return whether a file may be fetched from an address: its host is a base's or stands in `download_hosts`.

        A host that begins with a dot stands for everything under it, over https.
        """
        try:
            url, base = URL(address), URL(self.api_base)
            bases = {(base.host, base.port), (URL(self.oapi_base).host, URL(self.oapi_base).port)}
            host = url.host or ""
        except ValueError:
            return False
        if not address.isascii() or not address.isprintable() or " " in address or url.user is not None:
            return False
        if (url.host, url.port) in bases:
            return url.scheme in ("https", base.scheme)
        return url.scheme == "https" and any(
            host.endswith(known) if known.startswith(".") else host == known for known in self.download_hosts
        )

    def session_allowed(self, address: str) -> bool:
        """Return whether a session webhook may be called: it comes with a message, so it could point anywhere (SSRF).

        The host and the port must be those of `oapi_base` or stand in `session_hosts`; http only if that base is http.
        """
        try:
            url, base = URL(address), URL(self.oapi_base)
            ours = {(base.host, base.port), *(_host_and_port(host, base.scheme) for host in self.session_hosts)}
            return url.scheme in ("https", base.scheme) and (url.host, url.port) in ours and url.user is None
        except ValueError:
            return False

    def tls(self) -> ssl.SSLContext | bool:
        """Return the trust of outgoing connections; raises `ConfigError` when `ca_file` cannot be used."""
        if not self.ca_file:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise ConfigError(
                f"platforms.dingtalk.ca_file：读不出证书（{type(error).__name__}），应为 PEM 文件的路径"
            ) from None


class GroupKeys(BaseModel):
    """What a `[[groups]]` table of this platform may hold beside `id`, `name` and `platform`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    webhook: SecretStr = EMPTY
    secret: SecretStr = EMPTY
    conversation_id: str = ""

    @field_validator("webhook")
    @classmethod
    def _robot(cls, value: SecretStr) -> SecretStr:
        raw = value.get_secret_value()
        token = URL(raw).query.get("access_token", "") if _is_web(raw) else raw
        if raw and not ACCESS_TOKEN.fullmatch(token):
            raise ValueError("应为机器人的完整地址（…/robot/send?access_token=…）或其中的 access_token")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.secret.get_secret_value() and not self.webhook.get_secret_value():
            raise ValueError("webhook 没有写：secret 是给它加签用的")
        return self


@dataclass(frozen=True, repr=False)
class Webhook:
    """A group's robot address; never printed."""

    address: str
    token: str
    secret: str

    @property
    def bucket(self) -> str:
        """The pacing bucket: one per token, named without it."""
        return f"dingtalk:webhook:{short(self.token)}"


@dataclass(frozen=True)
class Group:
    """One configured group."""

    id: str
    name: str
    webhook: Webhook | None
    conversation_id: str


def read_settings(keys: Mapping[str, Any]) -> Settings:
    """Check `[platforms.dingtalk]`; raises `ConfigError` naming the key."""
    settings = _checked(Settings, keys, "platforms.dingtalk")
    settings.tls()
    return settings


def read_group(config: GroupConfig, settings: Settings) -> Group:
    """Check one group's keys; raises `ConfigError` naming the group and the key."""
    keys = _checked(GroupKeys, config.keys, f"groups[{config.id}]")
    raw = keys.webhook.get_secret_value()
    if not raw:
        return Group(config.id, config.name, None, keys.conversation_id)
    if not _is_web(raw):
        raw = f"{settings.oapi_base}/robot/send?{urlencode({'access_token': raw})}"
    webhook = Webhook(raw, URL(raw).query["access_token"], keys.secret.get_secret_value())
    return Group(config.id, config.name, webhook, keys.conversation_id)


def short(secret: str) -> str:
    """Return a name for a secret by which it can be told from others but not found."""
    return sha256(secret.encode()).hexdigest()[:12]


Model = TypeVar("Model", bound=BaseModel)


def _checked(model: type[Model], keys: Mapping[str, Any], where: str) -> Model:
    try:
        return model.model_validate(dict(keys))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    raise ConfigError(_wording(first, where, model))


def _wording(error: ErrorDetails, where: str, model: type[BaseModel]) -> str:
    key = ".".join((where, *(str(step) for step in error["loc"])))
    if error["type"] == "extra_forbidden":
        return f"{key}：没有这个键，可用的是 {' '.join(sorted(model.model_fields))}"
    if error["type"] == "value_error":
        said = error["msg"].removeprefix("Value error, ")
        return f"{key}：{said}" if error["loc"] else f"{where}.{said}"
    return f"{key}：{WANTED.get(error['type'], '值不对')}"


def _is_web(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.host)


def _host_and_port(host: str, scheme: str) -> tuple[str | None, int | None]:
    url = URL(f"{scheme}://{host}")
    return url.host, url.port
