"""What each Stream frame means, and what it is acknowledged with (dossier 3.4)."""

from typing import Any

import structlog

from bot.platforms.dingtalk.budget import Budget
from bot.platforms.dingtalk.cards import Malformed
from bot.platforms.dingtalk.frames import CARDS, MESSAGES, NOTHING, Frame, acknowledge
from bot.platforms.dingtalk.hearing import Hearing

log = structlog.get_logger()

TAKEN = {"status": "SUCCESS", "message": "success"}
LATER = {"status": "LATER", "message": "not stored"}


class Listening:
    """Takes frames; whatever goes wrong with one, the next is taken."""

    def __init__(self, hearing: Hearing, budget: Budget) -> None:
        self._hearing, self._budget = hearing, budget

    async def take(self, frame: Frame) -> dict[str, Any] | None:
        """Handle a frame and return its acknowledgement; DingTalk sends again what was not stored."""
        if frame.kind == "SYSTEM":
            return acknowledge(frame.message_id, frame.data) if frame.topic == "ping" else None
        try:
            return acknowledge(frame.message_id, await self._taken(frame))
        except Malformed as malformed:
            log.warning("a frame is refused", action="dingtalk.frame.refused", reason=str(malformed))
            return acknowledge(frame.message_id, code=400, message="unreadable")
        except KeyError:
            return acknowledge(frame.message_id, code=404, message="topic not exist")
        except Exception as error:
            # Its text could hold what was said, so only the kind is logged.
            log.error("a frame was not stored", action="dingtalk.callback.failed", error=type(error).__name__)
            if frame.kind == "EVENT":
                return acknowledge(frame.message_id, LATER)
            return acknowledge(frame.message_id, code=500, message="internal error")

    async def _taken(self, frame: Frame) -> Any:
        if frame.kind == "EVENT":
            kind, known = frame.headers.get("eventType"), frame.headers.get("eventId")
            await self._hearing.happened(str(kind or ""), str(known or ""), frame.data)
            return TAKEN
        if frame.topic == MESSAGES:
            await self._hearing.robot(frame.data)
            self._budget.spend("messages", "stream")
            return NOTHING
        if frame.topic == CARDS:
            return {"response": await self._hearing.pressed(frame.data)}
        raise KeyError(frame.topic)
