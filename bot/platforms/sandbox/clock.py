"""Moving the clock: what the page may ask for, and where its shortcuts lead."""

import asyncio
import math
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.workdays import Workdays
from bot.errors import UserError
from bot.platforms.sandbox.chats import LOCAL, Chats

MORNING = time(9, 0)
# A jump runs everything due on the way; a slip of the finger must not run it for centuries.
FARTHEST = timedelta(days=5 * 366)
FASTEST = 86_400.0


class ClockDesk:
    """Takes clock requests one after another."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._turn = asyncio.Lock()

    async def move(self, wish: dict[str, Any]) -> None:
        """Do `{"to"}`, `{"advance_s"}` or `{"speed"}`. Raises `UserError` saying what would be right."""
        asked = [key for key in ("to", "advance_s", "speed") if key in wish]
        if len(asked) != 1:
            raise UserError("请给出 to（时间）、advance_s（秒数）、speed（倍速）三者之一")
        if asked == ["speed"]:
            self._chats.host.set_speed(_number(wish["speed"], "speed（倍速）", FASTEST))
            return
        async with self._turn:
            await self._chats.host.advance(_target(wish, self._chats.now()))


def jumps(now: datetime, workdays: Workdays) -> list[dict[str, str]]:
    """Return the page's shortcuts as label and target: the next working morning, and the next 25th."""
    today = now.date()
    first = today if now.time() < MORNING else today + timedelta(days=1)
    morning = datetime.combine(workdays.on_or_after(first), MORNING, LOCAL)
    due, month = datetime.combine(today.replace(day=25), MORNING, LOCAL), "本月"
    if due <= now:
        next_month = today.replace(day=1) + timedelta(days=32)
        due, month = datetime.combine(next_month.replace(day=25), MORNING, LOCAL), "下月"
    return [
        {"label": "下一个工作日早上", "to": morning.isoformat()},
        {"label": f"跳到{month}25日 09:00", "to": due.isoformat()},
    ]


def _target(wish: dict[str, Any], now: datetime) -> datetime:
    if "to" in wish:
        target = _time(wish["to"])
    else:
        target = now + timedelta(seconds=_number(wish["advance_s"], "advance_s（秒数）", FARTHEST.total_seconds()))
    if target < now:
        raise UserError(f"时钟不能往回拨：现在是 {now:%Y-%m-%d %H:%M}，只能拨到这之后")
    if target - now > FARTHEST:
        raise UserError("一次最多拨动五年，请分几次来")
    return target


def _time(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
        return at.replace(tzinfo=LOCAL) if at.tzinfo is None else at.astimezone(LOCAL)
    except (ValueError, OverflowError) as error:
        raise UserError("to 不是时间，应写成 2023-04-25T09:00:00+08:00") from error


def _number(value: object, name: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError(f"{name}应是一个数字")
    if not 0 <= value <= most:
        raise UserError(f"{name}应在 0 到 {most:.0f} 之间（时钟不能往回拨）")
    return float(value)
