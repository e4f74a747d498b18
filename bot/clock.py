"""The only place that reads the time.

Stories take `now` as a parameter. In a *rehearsal* the plan's time starts elsewhere and runs at another speed; what
the platforms limit (pacing, leases, signatures) is always counted in wall time.
"""

import time
from datetime import UTC, datetime, timedelta


def wall_now() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds that never jump, for measuring."""
    return time.monotonic()


class Clock:
    """The plan's time: the wall clock, or a rehearsal that starts at `start` and runs `speed` times as fast."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self.rehearsal = start is not None
        self._base = start or wall_now()
        self._since = monotonic()
        self._speed = speed
        self._held = False

    @property
    def speed(self) -> float:
        """Return how many seconds of the plan pass in one second; 0 when the rehearsal stands still."""
        return self._speed

    def now(self) -> datetime:
        """Return the plan's time, aware, in UTC."""
        if not self.rehearsal:
            return wall_now()
        passed = 0.0 if self._held else (monotonic() - self._since) * self._speed
        return (self._base + timedelta(seconds=passed)).astimezone(UTC)

    def set(self, moment: datetime) -> None:
        """Move a rehearsal to `moment`; a real clock cannot be moved."""
        if not self.rehearsal:
            raise RuntimeError("the real clock cannot be moved")
        self._base, self._since = moment, monotonic()

    def hold(self, held: bool) -> None:
        """Stop a rehearsal's time while it is moved step by step, or let it run on from where it is."""
        self.set(self.now())
        self._held = held

    def set_speed(self, speed: float) -> None:
        """Let a rehearsal run at another speed from now on."""
        self.set(self.now())
        self._speed = speed
