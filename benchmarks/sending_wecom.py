"""500 members and 30 groups on WeCom: no call refused or dropped, and how close to the least time the limits allow.

The double enforces 20 messages a minute for each group's webhook (refused beyond) and 30 for each member (dropped
without a word beyond). `python -m benchmarks.sending_wecom [postgresql URL]`.
"""

import asyncio
import logging
import math
import sys
from dataclasses import dataclass
from typing import Any

import structlog

from benchmarks.measuring import delivered, outgoing
from bot.settings import Settings
from tests.doubles.wecom import WeComDouble

MEMBERS, GROUPS = 500, 30
TO_MEMBER, TO_GROUP = 30, 20  # a minute


@dataclass(frozen=True)
class Scene:
    """How many messages are due at once: for each of some members, and into each of the groups."""

    name: str
    members: int
    each: int
    to_each_group: int

    @property
    def count(self) -> int:
        return self.members * self.each + GROUPS * self.to_each_group

    @property
    def least_s(self) -> float:
        """The least time: any minute holds 30 messages to a member and 20 of a group's webhook."""
        return 60.0 * max(math.ceil(self.each / TO_MEMBER) - 1, math.ceil(self.to_each_group / TO_GROUP) - 1)

    def rows(self) -> list[dict[str, Any]]:
        """Return the outbox rows: no two texts alike, as it is in life."""
        private = [
            (f"p{n}.{again}", f"user{n}", f"第{n}位，第{again}件，请报")
            for again in range(self.each)
            for n in range(self.members)
        ]
        each = range(self.to_each_group)
        grouped = [(f"g{group}.{n}", f"group{group}", f"群{group}第{n}条") for n in each for group in range(GROUPS)]
        # First what has a limit that binds: a group's minute begins with its first message.
        return [*outgoing("wecom", [], grouped), *outgoing("wecom", private, [])]


SCENES = (
    Scene("a reminder to each, one into each group", MEMBERS, 1, 1),
    Scene("a reminder to each, 22 into each group", MEMBERS, 1, 22),
    Scene("33 messages to each of 30 members", 30, 33, 0),
)


async def played(scene: Scene, url: str) -> tuple[WeComDouble, float]:
    """Send a scene's messages; return what the double saw, and how long it took until the last."""
    double = WeComDouble([f"key{n}" for n in range(GROUPS)], [f"user{n}" for n in range(MEMBERS)])
    await double.start()
    own = {"agent_id": double.agent_id, "secret": double.secret}
    settings = Settings(
        platforms={"wecom": {"api_base": double.base_url, "corp_id": double.corp_id, "app": own}},
        groups=[
            {"id": f"group{n}", "name": f"群{n}", "platform": "wecom", "webhook": f"key{n}"} for n in range(GROUPS)
        ],
    )
    begun = await delivered(settings, url, scene.rows(), lambda: len(double.sent), scene.least_s + 120)
    await double.stop()
    return double, max(sent.at for sent in double.sent) - begun


async def main(url: str) -> None:
    """Play the scenes and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"WeCom: {MEMBERS} members, {GROUPS} groups\n")
    print("| at once | messages | least time | taken | refused | dropped |\n|---|---|---|---|---|---|")
    for scene in SCENES:
        double, taken = await played(scene, url)
        more = f" ({(taken / scene.least_s - 1) * 100:+.1f} %)" if scene.least_s else ""
        print(
            f"| {scene.name} | {len(double.sent)} of {scene.count} | {scene.least_s:.0f} s | {taken:.1f} s{more} "
            f"| {len(double.refused)} | {len(double.dropped)} |"
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
