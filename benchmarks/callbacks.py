"""Signed DingTalk callbacks, read, recorded durably (SQLite WAL, FULL) and answered, beside a bare aiohttp handler."""

import asyncio
import logging
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot import app
from bot.clock import wall_now
from bot.documents.planfiles import load_plan
from bot.domain.members import Post
from bot.platforms.dingtalk.signing import sign
from bot.settings import DatabaseSettings, Settings
from bot.stories.roster import Enrolled, enrol

CONNECTIONS = 64
SECONDS = 4.0
KEY, SECRET = "dingbench", "bench-secret"
UNITS = ("思政科", "体卫艺语科", "高教科", "教科所")
TEXTS = ("第7项{}%", "第6项{}%", "第17项{}%", "第3项{}%")


async def load(url: str) -> tuple[float, float, float]:
    """Post callbacks over 64 connections; return (requests a second, p50 ms, p99 ms)."""
    times: list[float] = []
    stop = time.perf_counter() + SECONDS
    number = 0

    async def caller(session: aiohttp.ClientSession) -> None:
        nonlocal number
        while time.perf_counter() < stop:
            number += 1
            stamp = str(int(time.time() * 1000))
            body = {
                "msgtype": "text",
                "msgId": f"bench{number}",
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
            times.append(time.perf_counter() - start)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        await asyncio.gather(*(caller(session) for _ in range(CONNECTIONS)))
    cuts = statistics.quantiles(times, n=100)
    return len(times) / SECONDS, cuts[49] * 1000, cuts[98] * 1000


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


async def floor() -> tuple[float, float, float]:
    """Measure a handler that reads the body and answers."""
    runner, url = await bare_server()
    try:
        return await load(url)
    finally:
        await runner.cleanup()


async def product(folder: Path) -> tuple[float, float, float]:
    """Measure the bot itself."""
    plan = load_plan("quanzhou-2023", wall_now().year)
    sink, address = await bare_server()
    base = address.removesuffix("/callback/dingtalk")
    settings = Settings(
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{folder / 'bench.db'}"),
        platforms={"dingtalk": {"app_key": KEY, "app_secret": SECRET, "api_base": base}},
    )
    bot = await app.build(settings, [plan])
    async with bot.db.begin() as tx:
        for number, unit in enumerate(UNITS):
            who = Enrolled(f"甲{number}", unit, Post("contact", unit), ids={"dingtalk": f"person{number}"})
            await enrol(tx, plan, who, bot.clock.now())
    await bot.start()
    runner, url = await serve(bot.web)
    try:
        return await load(url)
    finally:
        await runner.cleanup()
        await bot.stop()
        await sink.cleanup()


async def main() -> None:
    """Print both, and their ratio. Client and server share the process, so only the ratio counts."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        bare = await floor()
        ours = await product(Path(folder))
    print(f"{'signed callback':<28}{'req/s':>10}{'p50 ms':>10}{'p99 ms':>10}")
    for name, row in (("bare aiohttp", bare), ("drumbeat, durable", ours)):
        print(f"{name:<28}{row[0]:>10.0f}{row[1]:>10.1f}{row[2]:>10.1f}")
    print(f"{'ratio':<28}{ours[0] / bare[0]:>10.2f}")


if __name__ == "__main__":
    asyncio.run(main())
