"""Settings of WeCom: what `[platforms.wecom]` and the WeCom keys of a `[[groups]]` table may say."""

import re
import ssl
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from yarl import URL

from bot.errors import ConfigError

# 43 letters or digits are 32 bytes in base64 without the "=" (doc 90968).
AES_KEY = re.compile(r"[A-Za-z0-9]{43}", re.ASCII)
STRICT = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
FAULTS = {
    "extra_forbidden": "不认识这个设置，请检查拼写或删去",
    "missing": "缺少这个设置",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "float_parsing": "应当是数字",
    "float_type": "应当是数字",
    "greater_than": "应当大于 0",
    "string_type": "应当是加引号的文字",
    "too_short": "不能为空",
    "string_too_short": "不能为空",
    "model_type": "应当是一个表",
}


class Callback(BaseModel):
    """What signs and encrypts callbacks: both or neither; without them nothing is received."""

    model_config = STRICT
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")

    @field_validator("aes_key")
    @classmethod
    def _has_43_characters(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not AES_KEY.fullmatch(value.get_secret_value()):
            raise PydanticCustomError(
                "aes_key", "必须正好是 43 位字母或数字，请从管理后台“接收消息”整段复制 EncodingAESKey"
            )
        return value

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if bool(self.token.get_secret_value()) != bool(self.aes_key.get_secret_value()):
            raise PydanticCustomError("callback", "token 和 aes_key 要么都填，要么都不填")
        return self

    @property
    def receives(self) -> bool:
        """Whether callbacks can be taken."""
        return bool(self.token.get_secret_value())


class App(Callback):
    """A self-built app (自建应用): private messages in both directions."""

    agent_id: int
    secret: SecretStr = Field(min_length=1)


class Bot(Callback):
    """A smart bot (智能机器人) in API mode: `secret` for the long connection, `token` and `aes_key` for callbacks.

    `name` is what people type after the @; without it the first @… of a group's message is taken for it.
    """

    id: str = Field(min_length=1)
    secret: SecretStr = SecretStr("")
    name: str = ""

    @property
    def connects(self) -> bool:
        """Whether the long connection can be used."""
        return bool(self.secret.get_secret_value())


class Settings(BaseModel):
    """The table `[platforms.wecom]`. Base URLs may carry a path: private deployments do (WxJava #1065)."""

    model_config = STRICT
    api_base: str = "https://qyapi.weixin.qq.com"
    ws_url: str = "wss://openws.work.weixin.qq.com"
    corp_id: str = ""
    app: App | None = None
    bot: Bot | None = None
    media_hosts: tuple[str, ...] = ("*.myqcloud.com",)
    timeout_s: float = Field(default=10.0, gt=0)
    proxy: SecretStr | None = None
    ca_file: str | None = None

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not _is_web(value):
            raise PydanticCustomError("url", "应当是 http:// 或 https:// 开头的完整地址")
        return value.rstrip("/")

    @field_validator("ws_url")
    @classmethod
    def _is_socket(cls, value: str) -> str:
        if not _is_address(value, "ws", "wss"):
            raise PydanticCustomError("url", "应当是 ws:// 或 wss:// 开头的完整地址")
        return value

    @field_validator("ca_file")
    @classmethod
    def _can_be_read(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            ssl.create_default_context(cafile=value)
        except OSError:  # SSLError, a broken file, is one too
            raise PydanticCustomError("ca_file", "读不到证书文件，或它不是 PEM 格式") from None
        return value

    @model_validator(mode="after")
    def _knows_company(self) -> Self:
        if self.app and not self.corp_id:
            raise PydanticCustomError("corp_id", "用到自建应用时必须填写 corp_id（管理后台“我的企业”最下方的企业ID）")
        return self

    def may_visit(self, address: str) -> bool:
        """Whether an address that came in a message leads where the configuration allows."""
        try:
            url = URL(address)
        except ValueError:
            return False
        base = URL(self.api_base)
        if url.scheme not in ("http", "https") or not url.host or url.user:
            return False
        if (url.host, url.port) == (base.host, base.port):
            return True
        return any(fnmatchcase(url.host, host.partition(":")[0]) for host in self.media_hosts)


class GroupKeys(BaseModel):
    """The WeCom keys of one group: its webhook (full address or bare key), the chat id the smart bot knows, and the
    chat id of a group that the app made."""

    model_config = STRICT
    webhook: SecretStr | None = None
    bot_chatid: str = ""
    appchat_id: str = ""


Table = TypeVar("Table", bound=BaseModel)


def read(model: type[Table], values: Mapping[str, Any], where: str) -> Table:
    """Return a table as values; raises ConfigError naming every wrong key under `where`, never showing a value."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
    raise ConfigError("；".join(_fault(where, fault["loc"], fault["type"], fault["msg"]) for fault in found))


def webhook_key(settings: Settings, keys: GroupKeys, where: str) -> str:
    """Return the bare key of a group's webhook, or ''; raises ConfigError when the address leads elsewhere."""
    written = keys.webhook.get_secret_value().strip() if keys.webhook else ""
    if "/" not in written:
        return written
    base = URL(settings.api_base)
    # The key is sent to api_base only, so an address of another host would never be reached.
    if not _is_web(written) or (URL(written).host, URL(written).port) != (base.host, base.port):
        raise ConfigError(f"{where}.webhook：地址的主机应当与 platforms.wecom.api_base 一致（{base.host}）")
    key = URL(written).query.get("key", "")
    if not key:
        raise ConfigError(f"{where}.webhook：地址里缺少 key=…，请从群里的“消息推送”整段复制 Webhook 地址")
    return key


def _fault(where: str, path: tuple[int | str, ...], kind: str, message: str) -> str:
    # The texts of our own checks are Chinese already; a type of pydantic's we do not know is only called wrong.
    own = {"aes_key", "callback", "url", "ca_file", "corp_id"}
    return f"{'.'.join([where, *map(str, path)])}：{FAULTS.get(kind, message if kind in own else '值不对')}"


def _is_web(address: str) -> bool:
    return _is_address(address, "http", "https")


def _is_address(address: str, *schemes: str) -> bool:
    try:
        url = URL(address)
        return url.scheme in schemes and bool(url.host)
    except ValueError:
        return False
