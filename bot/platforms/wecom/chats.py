"""What is known of the smart bot's chats: which is which group, and who has spoken there.

The bot's chat ids have nothing in common with a webhook's key, and are known only from what somebody says: a member
types the group's pairing code to the bot. Into a chat where nobody has spoken yet the bot may not push.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

from bot.platforms.base import MemoryNotes, Notes

PREFIX = "chat:"
PAIRING = re.compile(r"/?(?:配对|绑定|pair)\s*([0-9]{6})", re.IGNORECASE)


class Chats:
    """The chats of one bot; `configured` are the groups whose chat id stands in the configuration."""

    def __init__(self, configured: Mapping[str, str], groups: Mapping[str, str], secret: str) -> None:
        """`configured` maps chats to groups, `groups` our ids to shown names; `secret` makes the pairing codes."""
        self._configured, self._names = dict(configured), dict(groups)
        self._codes = {_code(secret, group): group for group in groups}
        self._noted: dict[str, str] = {}  # chat → group, or '' for a chat that is only known to have spoken
        self._notes: Notes = MemoryNotes()

    async def load(self, notes: Notes | None = None) -> None:
        """Read what was noted, by this process or another."""
        self._notes = notes or self._notes
        found = await self._notes.load()
        self._noted = {
            name.removeprefix(PREFIX): str(value.get("group", ""))
            for name, value in found.items()
            if name.startswith(PREFIX)
        }

    def group_of(self, chat: str) -> str | None:
        """Return our group for a chat, or None."""
        group = self._configured.get(chat) or self._noted.get(chat)
        return group if group in self._names else None

    def chat_of(self, group: str) -> str | None:
        """Return the chat of a group, or None while it is not paired."""
        known = {our: chat for chat, our in self._noted.items() if our} | {
            our: chat for chat, our in self._configured.items()
        }
        return known.get(group)

    def has_spoken(self, chat: str) -> bool:
        """Whether somebody has said something to the bot there."""
        return chat in self._noted or chat in self._configured

    async def heard(self, chat: str) -> None:
        """Note that somebody spoke there."""
        if not self.has_spoken(chat):
            await self._note(chat, "")

    async def pair(self, chat: str, said: str) -> str | None:
        """Return the answer to a pairing code said in a group, None for anything else; a right one is noted."""
        match = PAIRING.fullmatch(said.strip())
        if match is None:
            return None
        group = self._codes.get(match[1])
        if group is None:
            return "这个配对码不对。启动日志里 wecom.unpaired 一行有每个群的 6 位码，请照着再发一次。"
        await self._note(chat, group)
        return f"配对好了：本群就是“{self._names[group]}”，以后提醒和回答都在这里。"

    def code_of(self, group: str) -> str:
        """Return the six digits that pair a group."""
        return next(code for code, our in self._codes.items() if our == group)

    def unpaired(self) -> list[tuple[str, str]]:
        """List the shown names and codes of the groups whose chat is not known."""
        return [(name, self.code_of(group)) for group, name in self._names.items() if self.chat_of(group) is None]

    async def _note(self, chat: str, group: str) -> None:
        if group:
            for other in [other for other, our in self._noted.items() if our == group and other != chat]:
                await self._note(other, "")
        self._noted[chat] = group
        await self._notes.put(PREFIX + chat, {"group": group})


def _code(secret: str, group: str) -> str:
    digest = hmac.digest(secret.encode(), f"pair:{group}".encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 900_000 + 100_000}"
