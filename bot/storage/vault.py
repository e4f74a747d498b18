"""The vault: the contents of files, each once, under the hash of what is in it."""

import hashlib
import os
from pathlib import Path

KEY_FILE = "drumbeat.key"


class Vault:
    """A folder of contents, two levels deep; a content that is there is never written again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Keep a content; return its hash (sha256, hex). Raises OSError."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{sha256}.{os.getpid()}")
            fresh.write_bytes(content)
            fresh.replace(path)
        return sha256

    @property
    def key(self) -> Path:
        """Return where the key lies that links are signed with: beside the vault, when one was made."""
        return self.folder.parent / KEY_FILE

    def path(self, sha256: str) -> Path:
        """Return where a content lies."""
        return self.folder / sha256[:2] / sha256
