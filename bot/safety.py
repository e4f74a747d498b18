"""What must not be served: a rehearsal in front of real people, a platform without a door in front of others."""

import ipaddress
from collections.abc import Iterable, Mapping

from bot.errors import ConfigError
from bot.platforms.base import Adapter
from bot.settings import Settings


def check_rehearsal(settings: Settings, adapters: Iterable[Adapter]) -> None:
    """Refuse to play with time in front of real people; raises `ConfigError`."""
    if settings.clock.start is None:
        return
    for adapter in adapters:
        for host in adapter.hosts:
            if not _is_loopback(host):
                raise ConfigError(
                    f"设了 [clock] start 就是演练，只能接本机的演练平台；[platforms.{adapter.name}] 指向 {host}。"
                    "请去掉 [clock] start，或把平台地址改成 127.0.0.1。"
                )


def check_bind(settings: Settings, adapters: Mapping[str, Adapter]) -> None:
    """Refuse to show others what has no door; raises `ConfigError`."""
    for adapter in adapters.values():
        if adapter.requires_loopback and not _is_loopback(settings.server.host):
            raise ConfigError(
                f"[platforms.{adapter.name}] 没有登录保护，不能在 {settings.server.host} 上公开。"
                '请用 host = "127.0.0.1"，或确认风险后设 allow_public = true。'
            )


def _is_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0].strip("[]") if host.count(":") <= 1 or host.startswith("[") else host
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
