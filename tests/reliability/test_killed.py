"""kill -9 in the middle of sending the 25th's reminders, then a restart: nothing is lost, and nothing is doubled
but what the platform had accepted and the program could not note any more."""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from bot.documents.planfiles import load_plan
from tests.doubles.dingtalk import DingTalkDouble
from tests.doubles.wecom import WeComDouble
from tests.reliability.program import Program

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "3"))
UNITS = load_plan("quanzhou-2023").reporting_units
PEOPLE = {f"person{n}": (unit, f"甲{n}") for n, unit in enumerate(UNITS, 1)}


async def until(happened: object, seconds: float = 300) -> None:
    """Wait for something to become true."""
    for _ in range(int(seconds / 0.005)):
        if happened():  # type: ignore[operator]
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen in time")


async def on_dingtalk(folder: Path) -> tuple[Program, DingTalkDouble]:
    double = await DingTalkDouble(webhooks={"tok": "SECx"}, users={p: n for p, (_, n) in PEOPLE.items()}).start()
    settings = "\n".join(f'{key} = "{value}"' for key, value in double.settings().items() if isinstance(value, str))
    return Program(folder, "dingtalk", settings, 'webhook = "tok"\nsecret = "SECx"'), double


async def on_wecom(folder: Path) -> tuple[Program, WeComDouble]:
    double = WeComDouble(keys=("key1",), members=tuple(PEOPLE))
    await double.start()
    app = f'{{ agent_id = {double.agent_id}, secret = "{double.secret}" }}'
    settings = f'api_base = "{double.base_url}"\ncorp_id = "{double.corp_id}"\napp = {app}'
    return Program(folder, "wecom", settings, 'webhook = "key1"'), double


def accepted(double: DingTalkDouble | WeComDouble) -> Counter[str]:
    """Count the messages the platform accepted, by receiver ('group' for the webhook)."""
    sent = double.messages if isinstance(double, DingTalkDouble) else double.sent
    return Counter("group" if message.channel == "webhook" else message.to for message in sent)


@pytest.mark.parametrize("opened", [on_dingtalk, on_wecom])
@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_killed_while_sending_each_reminder_arrives_once(opened: object, round_: int, tmp_path: Path) -> None:
    dice = random.Random(round_)
    program, double = await opened(tmp_path)  # type: ignore[operator]
    try:
        program.configure("2023-03-24T08:59:59")
        await program.import_roster(PEOPLE)
        double.latency_s = 0.05
        await program.start()
        kill_after = dice.randint(1, len(PEOPLE))
        await until(lambda: accepted(double).total() >= kill_after)
        await asyncio.sleep(dice.uniform(0, 0.06))
        await program.kill()
        await asyncio.sleep(0.2)  # what was in the air arrives; nobody is there to hear the answer
        in_the_gap = accepted(double) - noted(program)

        program.configure("2023-03-24T09:03:00")
        await program.start()
        await until(lambda: len(accepted(double)) == len(PEOPLE) + 1)
        await until(lambda: not program.rows("SELECT 1 FROM outbox WHERE state IN ('pending', 'claimed')"))
        await program.stop()
    finally:
        await double.stop()

    doubled = {to for to, count in accepted(double).items() if count > 1}
    print(f"killed after {kill_after}: in the gap {sorted(in_the_gap)}, doubled {sorted(doubled)}")
    assert set(accepted(double)) == {*PEOPLE, "group"}
    assert doubled <= set(in_the_gap)
    assert max(accepted(double).values()) <= 2


def noted(program: Program) -> Counter[str]:
    """Count the messages the program had noted as sent when it was killed."""
    rows = program.rows("SELECT external_id, group_id FROM outbox WHERE parts_sent > 0")
    return Counter("group" if group else person for person, group in rows)
