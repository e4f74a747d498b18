"""The way out: claim, compose, freeze, pace, send, settle.

A message's text is made when it is claimed first, so whoever has answered meanwhile drops out; then it is frozen for
all retries. Each accepted part is committed at once: after a crash at most the part in the air is sent twice.
"""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock, wall_now
from bot.domain.world import World
from bot.errors import UserError
from bot.messages.message import Mention, Message, from_json, to_json
from bot.metering import Meters
from bot.pacing import OwnPace, Pace, Pacing
from bot.platforms.base import (
    Adapter,
    ChannelGone,
    Limit,
    NoRoute,
    Parcel,
    Part,
    Permanent,
    RetryLater,
    Route,
    SendError,
    Target,
)
from bot.storage import changes, members, outbox, plans, reviews
from bot.storage.engine import Database, Tx
from bot.storage.paces import SharedPacing
from bot.storage.tables import Outgoing
from bot.stories.releasing import waits_for_release

log = structlog.get_logger()

BATCH = 16
# What is in the air when the power goes may be sent twice, so few are in the air at a time.
IN_FLIGHT = 4
SHORT_WAIT_S = 1.0
IDLE_S = 1.0
LONGEST_BACKOFF_S = 600.0
MOST_TRIES = 60


@dataclass(frozen=True)
class Dropped:
    """A message that need not be sent after all, and why."""

    reason: str


Composer = Callable[[Tx, Outgoing, World, datetime], Awaitable[Message | Dropped]]


class Delivery:
    """Works the outbox. `step` does one batch and returns whether there was any."""

    def __init__(
        self,
        db: Database,
        adapters: Mapping[str, Adapter],
        composers: Mapping[str, Composer],
        world: World,
        clock: Clock,
    ) -> None:
        self._db, self._adapters, self._composers, self._world, self._clock = db, adapters, composers, world, clock
        self._pace: Pace = OwnPace(Pacing()) if db.is_sqlite else SharedPacing(db)
        self._wake = asyncio.Event()
        self.turn = asyncio.Lock()
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._worker = uuid.uuid4().hex
        self.last_step_at = wall_now()
        self.meters = Meters()
        self._leaving = False

    def leave_off(self) -> None:
        """Begin no further send; what is in the air is settled."""
        self._leaving = True

    async def release(self) -> None:
        """Let go of what was claimed and not sent, so that another process or the next run takes it at once."""
        await self._db.write(outbox.release_claims, self._worker)

    def wake(self) -> None:
        """Look at the outbox now: something was put there."""
        self._wake.set()

    async def start(self) -> None:
        """Take over from an earlier run: its claims and what it sent in the last minutes."""
        if not self._db.is_sqlite:
            return  # what another process holds is its own until the lease ends, and the pace is kept in the database
        async with self._db.begin() as tx:
            freed = await outbox.release_claims(tx)
            if freed:
                log.warning("claims of an earlier run released", action="claims_released", count=freed)
            pacing = Pacing()
            pacing.prime(await outbox.recent_sends(tx, wall_now() - timedelta(minutes=10)))
            self._pace = OwnPace(pacing)

    async def listen(self) -> None:
        """Wake whenever another process puts something into the outbox, until cancelled."""
        async for _ in self._db.heard():
            self.wake()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            try:
                busy = await self.step()
            except Exception:
                log.exception("delivery step failed", action="delivery_failed")
                busy = False
            if not busy:
                try:
                    await asyncio.wait_for(self._wake.wait(), IDLE_S)
                except TimeoutError:
                    pass

    async def step(self) -> bool:
        """Claim and send one batch; return whether anything was claimed."""
        self.last_step_at = wall_now()
        async with self.turn:
            return await self._batch()

    async def _batch(self) -> bool:
        claimed, ready = await self._db.write(self._claim)
        await asyncio.gather(*(self._send(row) for row in ready))
        return claimed > 0

    async def _claim(self, tx: Tx) -> tuple[int, list[Outgoing]]:
        """Claim and word one batch; return how many were claimed, and those that are to be sent."""
        rows = await outbox.claim(tx, self._clock.now(), wall_now(), self._worker, BATCH)
        return len(rows), [row for row in rows if await self._prepare(tx, row)]

    async def _prepare(self, tx: Tx, row: Outgoing) -> bool:
        """Compose and freeze a claimed message; settle it here when it is not to be sent."""
        now = self._clock.now()
        if row.expires_at is not None and row.expires_at < now:
            await outbox.settle(tx, row.id, "failed", now, "过了补发期限，没有发出")
            return False
        if row.kind in outbox.PAUSABLE and await plans.paused_at(tx, row.plan) is not None:
            await outbox.settle(tx, row.id, "held", now, "计划已暂停")
            return False
        if row.parts is not None:
            return True
        await changes.refresh(tx, self._world)
        try:
            async with tx.begin_nested():
                return await self._freeze(tx, row, now)
        except UserError as error:
            await outbox.settle(tx, row.id, "failed", now, str(error))
        except Exception:
            log.exception("composing failed", action="compose_failed", outbox=row.id, kind=row.kind)
            await outbox.settle(tx, row.id, "failed", now, "程序故障：消息没有写成")
        return False

    async def _freeze(self, tx: Tx, row: Outgoing, now: datetime) -> bool:
        adapter = self._adapters.get(row.platform)
        if adapter is None:
            raise NoRoute(f"没有配置平台 {row.platform}")
        made = await self._word(tx, row, now)
        if isinstance(made, Dropped):
            await outbox.settle(tx, row.id, "dropped", now, made.reason)
            self.meters.settled.labels(row.kind, "dropped").inc()
            return False
        if await waits_for_release(tx, self._world, row):
            await reviews.hold(tx, row, made, now)
            return False
        made = await _address(tx, made, row.platform)
        parts = adapter.parts(Parcel(row.key, _target(row), made, row.route), now)
        row.message = to_json(made)
        row.parts = [_part_json(part) for part in parts]
        await tx.flush()
        return True

    async def _word(self, tx: Tx, row: Outgoing, now: datetime) -> Message | Dropped:
        """Return what a row says. What the office released says what it saw, unless it need not be sent any more."""
        composer = self._composers.get(row.kind)
        if row.message is None:
            return await self._composers[row.kind](tx, row, self._world, now)
        if composer is not None and row.subject.get("released"):
            anew = await composer(tx, row, self._world, now)
            if isinstance(anew, Dropped):
                return anew
        return from_json(row.message)

    async def _send(self, row: Outgoing) -> None:
        """Send the parts of one message that are not sent yet, in order."""
        async with self._in_flight:
            await self._send_parts(row)

    async def _send_parts(self, row: Outgoing) -> None:
        parts = [part_of(data) for data in row.parts or []]
        for number in range(row.parts_sent, len(parts)):
            if self._leaving or not await self._send_part(row, number, parts[number], last=number + 1 == len(parts)):
                return
        if not parts:
            await self._db.write(outbox.settle, row.id, "dropped", self._clock.now(), "消息为空")

    async def _send_part(self, row: Outgoing, number: int, part: Part, *, last: bool) -> bool:
        gone = ChannelGone("none", "没有可用的发送渠道")
        for route in part.routes:
            if not await self._await_turn(row, route) or not _still_claimed(row):
                return False
            try:
                platform_id = await self._once(row, route, f"{row.key}#{number}")
            except ChannelGone as error:
                await self._note(row, number, route, error)
                gone = error
                continue
            except SendError as error:
                await self._note(row, number, route, error)
                await self._give_up_or_retry(row, route, error)
                return False
            attempt = _attempt(number, route, platform_id)
            await self._db.write(outbox.record_sent, row, attempt, self._clock.now(), last=last)
            self.meters.sends.labels(row.platform, route.channel, "accepted").inc()
            if last:
                self.meters.late.labels(row.kind).observe((self._clock.now() - row.not_before).total_seconds())
            return True
        await self._give_up_or_retry(row, part.routes[-1], gone)
        return False

    async def _await_turn(self, row: Outgoing, route: Route) -> bool:
        """Wait for a short pace; put the message back for a long one."""
        limit = route.limit
        while wait := await self._pace.enter(route.bucket, limit.count, limit.seconds):
            if wait > SHORT_WAIT_S:
                until = wall_now() + timedelta(seconds=wait)
                await self._db.write(outbox.postpone, row.id, until, "排队：平台限速", tried=False)
                self.meters.paced.labels(route.bucket.partition(":")[0]).inc()
                return False
            await asyncio.sleep(wait)
        return True

    async def _once(self, row: Outgoing, route: Route, key: str) -> str:
        try:
            return await self._adapters[row.platform].send(route, key)
        except SendError:
            raise
        except Exception as error:
            log.exception("adapter failed", action="adapter_failed", platform=row.platform, outbox=row.id)
            raise RetryLater("adapter", type(error).__name__) from error
        finally:
            await self._pace.leave(route.bucket)

    async def _note(self, row: Outgoing, number: int, route: Route, error: SendError) -> None:
        log.warning("send refused", action="send_refused", platform=row.platform, outbox=row.id, code=error.code)
        self.meters.sends.labels(row.platform, route.channel, error.code).inc()
        outcome = f"{error.code}: {error.text}"[:300]
        await self._db.write(outbox.record_refused, row.id, _attempt(number, route, ""), outcome)

    async def _give_up_or_retry(self, row: Outgoing, route: Route, error: SendError) -> None:
        if isinstance(error, RetryLater) and row.tries < MOST_TRIES:
            after = error.after_s if error.after_s is not None else backoff(row.tries)
            until = wall_now() + timedelta(seconds=after)
            if error.whole_bucket:
                await self._pace.block(route.bucket, until)
            await self._db.write(outbox.postpone, row.id, until, f"稍后重试：{error.text}", tried=True)
            return
        advice = error.advice if isinstance(error, Permanent) else error.text
        await self._db.write(outbox.settle, row.id, "failed", self._clock.now(), advice)
        self.meters.settled.labels(row.kind, "failed").inc()


def _still_claimed(row: Outgoing) -> bool:
    """Tell whether a send begun now ends before another worker may take the message over."""
    return row.claimed_until is None or wall_now() + outbox.LEASE / 4 < row.claimed_until


async def _address(tx: Tx, message: Message, platform: str) -> Message:
    """Fill in the platform's ids of the people a message rings; whoever has none is only named."""
    ids = await members.identities(tx, [mention.member for mention in message.mentions])
    mentions: Sequence[Mention] = [
        replace(mention, external_id=ids.get(mention.member, {}).get(platform, "")) for mention in message.mentions
    ]
    return replace(message, mentions=tuple(mentions))


def backoff(tries: int) -> float:
    """Return seconds to wait after a number of tries: doubling from two, with jitter, at most ten minutes."""
    return min(LONGEST_BACKOFF_S, 2.0 ** (min(tries, 12) + 1)) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def _target(row: Outgoing) -> Target:
    if row.group_id is not None:
        return Target("group", row.group_id)
    if not row.external_id:
        raise UserError("收件人还没有绑定平台账号")
    return Target("person", row.external_id)


def _attempt(number: int, route: Route, platform_id: str) -> dict[str, Any]:
    return {
        "part": number,
        "channel": route.channel,
        "bucket": route.bucket,
        "ended_at": wall_now(),
        "platform_id": platform_id,
    }


def _part_json(part: Part) -> list[dict[str, Any]]:
    return [
        {
            "channel": route.channel,
            "bucket": route.bucket,
            "limit": [route.limit.count, route.limit.seconds],
            "body": route.body,
        }
        for route in part.routes
    ]


def part_of(data: list[dict[str, Any]]) -> Part:
    """Read a part back from the outbox."""
    return Part(
        tuple(
            Route(
                route["channel"],
                route["bucket"],
                Limit(int(route["limit"][0]), float(route["limit"][1])),
                route["body"],
            )
            for route in data
        )
    )
