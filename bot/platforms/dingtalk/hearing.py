"""What was said, pressed or has happened, by whichever way it came: the callback address and Stream share this."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from pydantic import ValidationError

from bot.clock import wall_now
from bot.messages import platforms
from bot.platforms.base import Host, SendError
from bot.platforms.dingtalk.cards import Malformed, Press, answer_to, read_press
from bot.platforms.dingtalk.happenings import Happening, Happenings
from bot.platforms.dingtalk.inbound import RobotMessage, to_event
from bot.platforms.dingtalk.settings import Settings

log = structlog.get_logger()

PRESS_S = 1.5  # DingTalk waits two seconds for the answer to a press (slug event-callback-card)

Redraw = Callable[[Press], Awaitable[None]]


class Hearing:
    """Turns what DingTalk tells into events of the bot. What it raises but `Malformed` means: not stored, come again.

    `redraw` changes the card of a press whose answer came too late to travel back with it.
    """

    def __init__(self, settings: Settings, host: Host, happenings: Happenings, redraw: Redraw) -> None:
        self._settings, self._host, self._happenings, self._redraw = settings, host, happenings, redraw
        self._late: set[asyncio.Task[None]] = set()

    async def robot(self, body: Mapping[str, Any]) -> None:
        """Take in a message to the robot; returns when it is stored."""
        message = _message(body)
        if message.lost_to_quota:
            await self._quota_lost(message)
            return
        if message.session_webhook and not self._settings.session_allowed(message.session_webhook):
            log.warning("the session webhook's host is not allowed", action="dingtalk.session.refused")
        if message.said()[0] == "other":
            log.info("a message of a kind that is not read", action="dingtalk.message.other", kind=message.msgtype[:40])
        await self._host.receive(to_event(message, self._host.now(), wall_now(), self._settings.session_allowed))

    async def pressed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take in a press of a card's button; return how the card looks from now on, {} for as it was."""
        press = read_press(body)
        if press is None:
            log.info("a press of a foreign card is ignored", action="dingtalk.card.ignored")
            return {}
        taking = asyncio.ensure_future(self._host.receive(press.event(self._host.now())))
        done, _ = await asyncio.wait({taking}, timeout=PRESS_S)
        if done:
            taking.result()
            return answer_to(press)
        later = asyncio.create_task(self._redraw_later(taking, press))
        self._late.add(later)
        later.add_done_callback(self._late.discard)
        return {}

    async def _redraw_later(self, taking: Awaitable[Any], press: Press) -> None:
        try:
            await taking
            await self._redraw(press)
        except SendError as error:
            log.warning("a card was not redrawn", action="dingtalk.card.stale", code=error.code)
        except Exception as error:
            log.error("a press was not stored", action="dingtalk.callback.failed", error=type(error).__name__)

    async def happened(self, kind: str, event_id: str, data: Mapping[str, Any]) -> None:
        """Take in an event of the organisation."""
        log.info("an event", action="dingtalk.event.acknowledged", type=kind[:60])
        await self._happenings.take(Happening(kind, event_id, data))

    async def _quota_lost(self, message: RobotMessage) -> None:
        log.error("the month's messages are used up", action="dingtalk.quota.exhausted", code=message.error_code)
        month = f"{wall_now():%Y-%m}"
        await self._host.tell_office(f"dingtalk:deaf:{month}", platforms.deaf("钉钉"))

    async def close(self) -> None:
        """Wait for what is under way."""
        for task in tuple(self._late):
            with contextlib.suppress(asyncio.CancelledError):
                await task


def _message(body: Mapping[str, Any]) -> RobotMessage:
    try:
        message = RobotMessage.model_validate(body)
    except ValidationError as error:
        field = ".".join(str(step) for step in error.errors(include_url=False, include_input=False)[0]["loc"])
        raise Malformed(f"{field} 缺少或类型不对") from None
    if message.msgtype == "text" and message.text is None and message.content is None and not message.lost_to_quota:
        raise Malformed("text.content 缺少")
    if not message.sender_staff_id and not message.sender_id:
        raise Malformed("senderStaffId 和 senderId 都缺少")
    return message
