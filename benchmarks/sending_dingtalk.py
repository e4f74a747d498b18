"""500 members and 30 groups on DingTalk: no call refused, and how close to the least time DingTalk's limits allow.

The double enforces 20 calls a second for the app, and 20 messages a minute for each group's robot with its penalty of
ten minutes. `python -m benchmarks.sending_dingtalk [postgresql URL]`.
"""

import asyncio
import logging
import math
import sys
import time
from dataclasses import dataclass
from typing import Any

import structlog

from benchmarks.measuring import delivered, outgoing
from bot.settings import Settings
from tests.doubles.dingtalk import DingTalkDouble

MEMBERS, GROUPS, BURST = 500, 30, 22
A_SECOND, A_MINUTE = 20, 20


@dataclass(frozen=True)
class Scene:
    """What is sent at once: to each of the members, and how many into each of the groups."""

    name: str
    members: int
    to_each_group: int

    @property
    def count(self) -> int:
        return self.members + GROUPS * self.to_each_group

    @property
    def least_s(self) -> float:
        """The least time: any second holds 20 calls of the app, any minute 20 messages of a group's robot."""
        private = (math.ceil(self.members / A_SECOND) - 1) * 1.0
        return max(private, (math.ceil(self.to_each_group / A_MINUTE) - 1) * 60.0)

    def rows(self) -> list[dict[str, Any]]:
        """Return the outbox rows: no two texts alike, as it is in life."""
        private = [(f"p{n}", f"user{n}", f"第{n}位，请报10月月报") for n in range(self.members)]
        each = range(self.to_each_group)
        grouped = [(f"g{group}.{n}", f"group{group}", f"群{group}第{n}条") for n in each for group in range(GROUPS)]
        return outgoing("dingtalk", private, grouped)


SCENES = (Scene("the day's reminders", MEMBERS, 1), Scene(f"{BURST} messages into each group", 0, BURST))


async def played(scene: Scene, url: str) -> tuple[DingTalkDouble, float]:
    """Send a scene's messages; return what the double saw, and how long it took until the last."""
    double = await DingTalkDouble(
        webhooks={f"token{n}": "SEC" for n in range(GROUPS)},
        users=[f"user{n}" for n in range(MEMBERS)],
        clock=time.monotonic,
    ).start()
    keys = {"platform": "dingtalk", "secret": "SEC"}
    settings = Settings(
        platforms={"dingtalk": double.settings()},
        groups=[{"id": f"group{n}", "name": f"群{n}", "webhook": f"token{n}", **keys} for n in range(GROUPS)],
    )
    begun = await delivered(settings, url, scene.rows(), lambda: len(double.messages), scene.least_s + 120)
    await double.stop()
    return double, max(message.at for message in double.messages) - begun


async def main(url: str) -> None:
    """Play both scenes and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"DingTalk: {MEMBERS} members, {GROUPS} groups\n")
    print("| at once | messages | least time | taken | more | refused | shown twice |\n|---|---|---|---|---|---|---|")
    for scene in SCENES:
        double, taken = await played(scene, url)
        more = (taken / scene.least_s - 1) * 100
        seen = f"{len(double.messages)} of {scene.count}"
        print(
            f"| {scene.name} | {seen} | {scene.least_s:.1f} s | {taken:.1f} s | {more:+.1f} % "
            f"| {len(double.refusals)} | {len(double.repeats)} |"
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
