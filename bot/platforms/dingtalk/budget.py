"""What a month allows the whole organisation, and what of it this bot has spent (dossier 4.13)."""

import asyncio
from calendar import monthrange
from datetime import datetime
from typing import Literal

import structlog

from bot.clock import wall_now
from bot.messages import platforms
from bot.platforms.base import Host
from bot.platforms.dingtalk.inbound import NAME
from bot.platforms.dingtalk.settings import Settings

log = structlog.get_logger()

Meter = Literal["calls", "messages"]

SHARES = (90, 70)
SHOWN: dict[Meter, str] = {"calls": "接口调用次数", "messages": "Webhook 和 Stream 消息数"}


class Budget:
    """Counts calls of the API, and messages by webhook and Stream. Counting never stops a message."""

    def __init__(self, settings: Settings) -> None:
        self._limits: dict[Meter, int] = {"calls": settings.monthly_calls, "messages": settings.monthly_messages}
        self._spent: dict[Meter, int] = {"calls": 0, "messages": 0}
        self._told: set[tuple[Meter, str, int]] = set()
        self._month = ""
        self._counting: set[asyncio.Task[None]] = set()
        self.host: Host | None = None

    async def load(self) -> None:
        """Take over what was spent this month before this run."""
        if self.host is not None:
            counts = await self.host.spent(NAME)
            self._spent = {meter: counts.get(meter, 0) for meter in self._limits}

    def shown(self, meter: Meter) -> tuple[int, int]:
        """Return what a meter shows, and its limit."""
        return self._spent[meter], self._limits[meter]

    def spend(self, meter: Meter, feature: str) -> None:
        """Count one soon, and tell the office when 70 or 90 % are gone; nobody waits for it."""
        if self.host is not None:
            counting = asyncio.create_task(self._count(meter, feature, self.host))
            self._counting.add(counting)
            counting.add_done_callback(self._counting.discard)

    async def settled(self) -> None:
        """Wait until everything is counted."""
        while self._counting:
            await asyncio.wait(self._counting)

    async def _count(self, meter: Meter, feature: str, host: Host) -> None:
        try:
            self._month, self._spent[meter] = await host.spend(NAME, meter, feature)
            await self._warn(meter, host)
        except Exception as error:
            log.error("a call was not counted", action="dingtalk.budget.failed", error=type(error).__name__)

    def tight(self, meter: Meter) -> bool:
        """Return whether this should be spared: nine tenths of the month's are gone."""
        return self._spent[meter] * 100 >= SHARES[0] * self._limits[meter]

    async def _warn(self, meter: Meter, host: Host) -> None:
        spent, limit = self._spent[meter], self._limits[meter]
        share = next((share for share in SHARES if spent * 100 >= share * limit), 0)
        told = (meter, self._month, share)
        if not share or told in self._told:
            return
        message = platforms.budget("钉钉", SHOWN[meter], spent, limit, forecast(spent, wall_now()))
        await host.tell_office(f"dingtalk:budget:{meter}:{self._month}:{share}", message)
        self._told.add(told)


def forecast(spent: int, now: datetime) -> int:
    """Return what the month comes to at the pace so far; its first day is taken as whole, which is too little to tell
    more by."""
    passed = max(1.0, now.day - 1 + now.hour / 24)
    return round(spent * monthrange(now.year, now.month)[1] / passed)
