"""Signed DingTalk callbacks, read, recorded durably and answered, beside a bare aiohttp handler.

The load comes from a process of its own, as it would in life. `python -m benchmarks.callbacks [postgresql URL]`.
"""

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from benchmarks.measuring import Round, loaded, table
from bot import app
from bot.clock import wall_now
from bot.documents.planfiles import load_plan
from bot.domain.members import Post
from bot.platforms.dingtalk.signing import sign
from bot.settings import DatabaseSettings, Settings
from bot.stories.roster import Enrolled, enrol

CONNECTIONS = 64
SECONDS = 3.0
PAIRS = 5
KEY, SECRET = "dingbench", "bench-secret"
UNITS = ("思政科", "体卫艺语科", "高教科", "教科所")
TEXTS = ("第7项{}%", "第6项{}%", "第17项{}%", "第3项{}%")


async def load(url: str) -> None:
    """Post callbacks over 64 connections and print how long each took."""
    times: list[float] = []
    numbers = count()
    stop = time.perf_counter() + SECONDS

    async def caller(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() < stop:
            number = next(numbers)
            stamp = str(int(time.time() * 1000))
            body = {
                "msgtype": "text",
                "msgId": f"bench{os.getpid()}.{number}",
                "conversationType": "1",
                "conversationId": "cidbench",
                "senderId": "x",
                "senderStaffId": f"person{number % len(UNITS)}",
                "text": {"content": TEXTS[number % len(UNITS)].format(number % 100)},
            }
            start = time.perf_counter()
            headers = {"timestamp": stamp, "sign": sign(SECRET, stamp)}
            async with session.post(url, json=body, headers=headers) as answer:
                await answer.read()
                assert answer.status == 200, answer.status
            times.append((time.perf_counter() - start) * 1000)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        await asyncio.gather(*(caller(session) for _ in range(CONNECTIONS)))
    print(json.dumps({"seconds": SECONDS, "ms": times}))


async def serve(application: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/callback/dingtalk"


async def bare_server() -> tuple[web.AppRunner, str]:
    """Serve what reads a body and answers, and what takes the bot's own messages."""

    async def answer(request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({"msgtype": "empty"})

    async def token(_request: web.Request) -> web.Response:
        return web.json_response({"accessToken": "t", "expireIn": 7200})

    async def accept(_request: web.Request) -> web.Response:
        return web.json_response({"processQueryKey": "q"})

    bare = web.Application()
    bare.router.add_post("/callback/dingtalk", answer)
    bare.router.add_post("/v1.0/oauth2/accessToken", token)
    bare.router.add_post("/v1.0/robot/oToMessages/batchSend", accept)
    return await serve(bare)


async def product(url: str, base: str) -> tuple[app.Bot, web.AppRunner, str]:
    """Start the bot itself on a database; its own messages go to `base`."""
    plan = load_plan("quanzhou-2023", wall_now().year)
    settings = Settings(
        database=DatabaseSettings(url=url),
        platforms={"dingtalk": {"app_key": KEY, "app_secret": SECRET, "api_base": base}},
    )
    bot = await app.build(settings, [plan])
    async with bot.db.begin() as tx:
        for number, unit in enumerate(UNITS):
            who = Enrolled(f"甲{number}", unit, Post("contact", unit), ids={"dingtalk": f"person{number}"})
            await enrol(tx, plan, who, bot.clock.now())
    await bot.start()
    runner, address = await serve(bot.web)
    return bot, runner, address


async def main(url: str | None) -> None:
    """Measure pairs and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    floors: list[Round] = []
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        bare, floor_url = await bare_server()
        name = url or f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        bot, runner, bot_url = await product(name, floor_url.removesuffix("/callback/dingtalk"))
        for _ in range(PAIRS):
            floors.append(await loaded("benchmarks.callbacks", floor_url))
            rounds.append(await loaded("benchmarks.callbacks", bot_url))
            # What the round left in the outbox is the next floor's load no more.
            while await bot.delivery.step():
                pass
        await runner.cleanup()
        await bot.stop()
        await bare.cleanup()
    table("signed callback", [("bare aiohttp", floors), (f"drumbeat, {name.partition(':')[0]}, durable", rounds)])


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        asyncio.run(load(sys.argv[2]))
    else:
        asyncio.run(main(next(iter(sys.argv[1:]), None)))
