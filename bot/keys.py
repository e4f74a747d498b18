"""The key that links are signed with: from the settings, or made once and kept beside the data."""

import os
import secrets
from pathlib import Path

from bot.domain.links import Links
from bot.errors import ConfigError
from bot.settings import Settings
from bot.storage.vault import KEY_FILE

KEY_BYTES = 32


def links_of(settings: Settings) -> Links | None:
    """Return what makes and reads links; None without a public address. Raises `ConfigError`."""
    if not settings.server.public_url:
        return None
    return Links(settings.server.public_url, _key(settings))


def _key(settings: Settings) -> bytes:
    if settings.server.secret:
        return settings.server.secret.encode()
    path = settings.data_dir / KEY_FILE
    try:
        return _made_once(path)
    except OSError as error:
        raise ConfigError(
            f"链接的密钥 {path} 读写不了：{error.strerror}。请检查文件夹的权限，或设 [server] secret。"
        ) from None


def _made_once(path: Path) -> bytes:
    """Read the key, or make it; of several processes that start together one makes it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(KEY_BYTES), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes().strip()
