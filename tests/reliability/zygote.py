"""A process that has imported the program and forks one copy for each order it reads, to be killed at a marked point.

An order is a line of JSON: {"settings": …, "kill": [point, n] or null}. It answers "pid N", then "end N".
"""

import asyncio
import functools
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot import app, delivery, log
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.settings import Settings
from bot.storage import groups, inbox, outbox, rounds
from handlers import checkins
from tests.doubles.wecom import WeComDouble  # noqa: F401  (its imports are shared with the copies)

PLAN = "quanzhou-2023"
LEASE = timedelta(seconds=4)

# Where the program may be killed on a message's way from "due" to "settled", and on a reply's way to its receipt; and
# how often it surely passes there.
POINTS = {
    "round opened": 1,
    "occasion noted": 1,
    "asks put": 1,
    "messages put": 2,
    "before a commit": 20,
    "after a commit": 20,
    "claimed": 2,
    "worded": 18,
    "before the send": 18,
    "on the wire": 18,
    "answered": 18,
    "noted": 18,
    "came in": 6,
    "reply read": 6,
    "receipt put": 6,
}


class Killer:
    """Counts how often a point is passed and kills the process at the n-th time."""

    def __init__(self, point: str, nth: int) -> None:
        self.point, self.left = point, nth

    def passes(self, point: str) -> None:
        if point != self.point:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str, before: str = "", after: str = "") -> None:
        """Mark the call of a function: killed just before it, or just after it."""
        function = getattr(owner, name)

        @functools.wraps(function)
        async def marked(*args: Any, **named: Any) -> Any:
            self.passes(before)
            result = await function(*args, **named)
            self.passes(after)
            return result

        setattr(owner, name, marked)

    def around_commits(self) -> None:
        commit = groups.Groups._commit

        def marked(groups_: groups.Groups, group: Any) -> None:
            for unit in group:
                unit.work = self._last(unit.work) if unit is group[-1] else unit.work
            commit(groups_, group)
            self.passes("after a commit")

        groups.Groups._commit = marked  # type: ignore[method-assign]

    def _last(self, work: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
        async def marked(tx: Any) -> Any:
            result = await work(tx)
            self.passes("before a commit")
            return result

        return marked

    def on_the_wire(self) -> None:
        once = delivery.Delivery._once

        async def marked(self_: delivery.Delivery, *args: Any) -> str:
            self.passes("before the send")
            sending = asyncio.ensure_future(once(self_, *args))
            await asyncio.sleep(0.004)
            self.passes("on the wire")
            answer = await sending
            self.passes("answered")
            return answer

        delivery.Delivery._once = marked  # type: ignore[method-assign]

    def arm(self) -> None:
        """Mark every point."""
        self.around(rounds, "open_round", before="round opened")
        self.around(rounds, "put_occasion", after="occasion noted")
        self.around(rounds, "put_asks", after="asks put")
        self.around(outbox, "put_many", after="messages put")
        self.around(outbox, "claim", after="claimed")
        self.around(delivery.Delivery, "_freeze", after="worded")
        self.around(outbox, "record_sent", after="noted")
        self.around(inbox, "put_new", after="came in")
        self.around(checkins, "record", after="reply read")
        self.around(outbox, "put_reply", after="receipt put")
        self.around_commits()
        self.on_the_wire()


async def play(plan: Plan, order: dict[str, Any]) -> None:
    outbox.LEASE = LEASE
    if order["kill"]:
        Killer(*order["kill"]).arm()
    settings = Settings(**order["settings"])
    bot = await app.build(settings, [plan])
    await app.serve_until_stopped(bot, lambda _: None)


def main() -> None:
    log.configure("error")
    plan = load_plan(PLAN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            # What a copy says belongs to the log; standard output is for the orders.
            os.dup2(2, 1)
            asyncio.run(play(plan, json.loads(line)))
            os._exit(0)
        print(f"pid {pid}", flush=True)
        _, status = os.waitpid(pid, 0)
        print(f"end {status}", flush=True)


if __name__ == "__main__":
    main()
