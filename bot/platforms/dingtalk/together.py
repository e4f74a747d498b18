"""The same words to several people in one call: a call counts once, however many it reaches (dossier 4.13)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

RECIPIENTS = 20  # of one call (slug chatbots-send-one-on-one-chat-messages-in-batches)
MOMENT_S = 0.01  # whoever is sent to within it goes along

Call = Callable[[Sequence[str], Mapping[str, str], str], Awaitable[dict[str, Any]]]


@dataclass(eq=False)
class _Batch:
    users: list[str]
    answer: "asyncio.Future[dict[str, Any]]" = field(init=False)


class Together:
    """Gathers private sends. `call(users, shown, key)` sends one message to up to twenty people."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._open: dict[tuple[str, ...], _Batch] = {}

    async def send(self, user: str, shown: Mapping[str, str], key: str) -> dict[str, Any]:
        """Send to one person, with others where the words are the same; return the call's answer or raise its error."""
        words = tuple(shown.values())
        batch = self._open.get(words)
        if batch is None or len(batch.users) >= RECIPIENTS or user in batch.users:
            batch = self._open[words] = _Batch([user])
            batch.answer = asyncio.ensure_future(self._soon(words, batch, shown, key))
        else:
            batch.users.append(user)
        # Shielded: who is no longer waited for must not take the message from the others.
        return await asyncio.shield(batch.answer)

    async def _soon(self, words: tuple[str, ...], batch: _Batch, shown: Mapping[str, str], key: str) -> dict[str, Any]:
        await asyncio.sleep(MOMENT_S)
        if self._open.get(words) is batch:
            del self._open[words]
        return await self._call(batch.users, shown, key)
