"""Pacing: at most so many sends in any stretch of wall time, counted from the platform's answer.

Counting from the answer instead of the send is what keeps a platform that counts arrivals from ever refusing: our
window can only be later than its own. In-flight sends count until they are answered.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import wall_now


class Pacing:
    """Sliding windows by bucket. All moments are wall time, aware."""

    def __init__(self) -> None:
        self._answered: dict[str, deque[datetime]] = defaultdict(deque)
        self._in_flight: dict[str, int] = defaultdict(int)
        self._blocked: dict[str, datetime] = {}

    def prime(self, sends: Iterable[tuple[str, datetime]]) -> None:
        """Take over what was sent before a restart, as (bucket, answered at)."""
        for bucket, at in sorted(sends, key=lambda send: send[1]):
            self._answered[bucket].append(at)

    def ready_in(self, bucket: str, count: int, seconds: float, now: datetime) -> float:
        """Return how many seconds until the bucket may send again; 0 means now."""
        blocked = self._blocked.get(bucket)
        if blocked is not None and blocked > now:
            return (blocked - now).total_seconds()
        answered = self._answered[bucket]
        horizon = now - timedelta(seconds=seconds)
        while answered and answered[0] <= horizon:
            answered.popleft()
        if len(answered) + self._in_flight[bucket] < count:
            return 0.0
        if not answered:
            return 0.05
        return max(0.05, (answered[0] - horizon).total_seconds())

    def start(self, bucket: str) -> None:
        self._in_flight[bucket] += 1

    def finish(self, bucket: str, now: datetime) -> None:
        """Note the platform's answer, accepted or refused: both count."""
        self._in_flight[bucket] -= 1
        self._answered[bucket].append(now)

    def block(self, bucket: str, until: datetime) -> None:
        """Stop a bucket that the platform throttles."""
        self._blocked[bucket] = until


class Pace(Protocol):
    """What a sender asks before and after each send; several processes may share one pace."""

    async def enter(self, bucket: str, count: int, seconds: float) -> float:
        """Take a place in the bucket and return 0, or return how many seconds to wait."""
        ...

    async def leave(self, bucket: str) -> None:
        """Note the platform's answer."""
        ...

    async def block(self, bucket: str, until: datetime) -> None:
        """Stop a bucket that the platform throttles."""
        ...


class OwnPace:
    """The pace of a process that sends alone."""

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing

    async def enter(self, bucket: str, count: int, seconds: float) -> float:
        wait = self._pacing.ready_in(bucket, count, seconds, wall_now())
        if not wait:
            self._pacing.start(bucket)
        return wait

    async def leave(self, bucket: str) -> None:
        self._pacing.finish(bucket, wall_now())

    async def block(self, bucket: str, until: datetime) -> None:
        self._pacing.block(bucket, until)
