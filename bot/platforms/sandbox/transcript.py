"""The platform's own record of all chats: what people said and what the bot sent, append-only."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

import structlog

from bot.errors import ConfigError
from bot.events import ChatKind
from bot.messages.message import Message, from_json

log = structlog.get_logger()


@dataclass(frozen=True)
class Entry:
    """One message in a chat; `key` is the outbox key of the bot's, the client's message id of a person's."""

    id: int
    chat: str
    kind: ChatKind
    sender: str
    sender_name: str
    from_bot: bool
    message: dict[str, Any]
    at: str
    key: str = ""
    title: str = ""
    mentions: list[str] = field(default_factory=list)

    def drawn(self) -> Message:
        return from_json(self.message)


class Transcript:
    """Every message of every chat by increasing id, kept in a JSONL file when there is a path."""

    def __init__(self, path: Path | None) -> None:
        """Read back what is there. Raises `ConfigError` when the file cannot be read or made."""
        self.repeats = 0
        self._chats: dict[str, list[Entry]] = {}
        self._seen: dict[tuple[bool, str], Entry] = {}
        self._last = 0
        self._file: TextIO | None = None
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("a+", encoding="utf-8")
                self._reload(self._file)
            except (OSError, UnicodeDecodeError) as error:
                self.close()
                raise ConfigError(f"演练环境的聊天记录 {path} 打不开：请检查 [platforms.sandbox] 的 data") from error

    def append(self, **values: Any) -> Entry:
        """Keep a message and return it; the same non-empty key twice is counted and returns the first.

        Takes the fields of `Entry` but its id. Raises `OSError` when the file cannot be written.
        """
        found = self.find(from_bot=values["from_bot"], key=values.get("key", ""))
        if found is not None:
            self.repeats += 1
            return found
        entry = Entry(id=self._last + 1, **values)
        if self._file is not None:
            self._file.write(json.dumps(asdict(entry)) + "\n")
            self._file.flush()
        self._keep(entry)
        return entry

    def find(self, *, from_bot: bool, key: str) -> Entry | None:
        """Return the message that came with this key, or None."""
        return self._seen.get((from_bot, key)) if key else None

    def list_after(self, chat: str, after: int = 0) -> list[Entry]:
        """Return a chat's messages with an id above `after`, in order."""
        return [entry for entry in self._chats.get(chat, ()) if entry.id > after]

    def last_ids(self) -> dict[str, int]:
        """Return the newest id of every chat that has messages."""
        return {chat: entries[-1].id for chat, entries in self._chats.items()}

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _keep(self, entry: Entry) -> None:
        self._last = max(self._last, entry.id)
        self._chats.setdefault(entry.chat, []).append(entry)
        if entry.key:
            self._seen[entry.from_bot, entry.key] = entry

    def _reload(self, file: TextIO) -> None:
        file.seek(0)
        line = "\n"
        for line in file:
            try:
                entry = Entry(**json.loads(line))
                entry.drawn()
            except (ValueError, TypeError, KeyError, AttributeError):
                log.warning("a line of the transcript is left out", action="sandbox.transcript.skipped")
                continue
            self._keep(entry)
        # A line torn by a crash has no end; without one the next message would be lost with it.
        if not line.endswith("\n"):
            file.write("\n")
