"""Counters of every flow: what came in, what went out, what the clock did. One registry for each program."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.domain.policy import Policy
from bot.storage import outbox, rounds, usage
from bot.storage.engine import Database

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LATE = (1.0, 5.0, 30.0, 60.0, 300.0, 1800.0, 3600.0, 14400.0, 86400.0)


class Meters:
    """All meters, for the parts to count with and /metrics to show."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = self._counter("received", "Messages that came in", "platform", "outcome")
        self.receiving = self._histogram("receiving_seconds", "From event to commit", FAST)
        self.sends = self._counter("sends", "Tries to send a part", "platform", "channel", "outcome")
        self.late = self._histogram("late_seconds", "From due to sent", LATE, "kind")
        self.settled = self._counter("settled", "Messages settled without being sent", "kind", "state")
        self.paced = self._counter("paced", "Messages put back to keep a platform's limit", "bucket")
        self.ticks = self._counter("ticks", "Steps of the clock", "tick", "outcome")
        self.outbox = self._gauge("outbox", "Messages by kind and state", "kind", "state")
        self.occasions = self._gauge("occasions", "Sendings by what became of them", "outcome")
        self.oldest = self._gauge("outbox_oldest_seconds", "How long the oldest due message waits")
        self.backup_at = self._gauge("backup_timestamp_seconds", "When the last nightly backup was made")
        self.spent = self._gauge("usage", "What platforms were asked this month", "platform", "meter", "feature")

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"drumbeat_{name}", told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"drumbeat_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"drumbeat_{name}", told, labels, buckets=buckets, registry=self.registry)

    async def refresh(self, db: Database, policy: Policy, now: datetime, wall: datetime) -> None:
        """Count what lies in the database; `now` is the plan's time, `wall` the machine's."""
        async with db.read() as tx:
            for (kind, state), number in (await outbox.counts(tx)).items():
                self.outbox.labels(kind, state).set(number)
            for outcome, number in (await rounds.occasions_by_outcome(tx)).items():
                self.occasions.labels(outcome).set(number)
            for what, number in (await usage.of_month(tx, policy.month(wall))).items():
                self.spent.labels(*what).set(number)
            oldest = await outbox.oldest_due(tx, now)
            self.oldest.set((now - oldest).total_seconds() if oldest else 0)
