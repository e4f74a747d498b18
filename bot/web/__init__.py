"""The HTTP side: health, readiness, metrics, and the addresses of the platforms."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

LONGEST_BODY = 1024**2
STALLED = timedelta(seconds=120)

Ready = Callable[[], Awaitable[Mapping[str, str]]]
Collect = Callable[[], Awaitable[None]]


def make_app(ready: Ready, registry: CollectorRegistry, collect: Collect) -> web.Application:
    """Return the application; platforms add their own addresses to it.

    `ready` returns what is wrong by name, empty when all is well; `collect` refreshes the metrics.
    """
    app = web.Application(client_max_size=LONGEST_BODY)

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        wrong = await ready()
        return web.json_response({"ready": not wrong, "wrong": dict(wrong)}, status=503 if wrong else 200)

    async def metrics(_request: web.Request) -> web.Response:
        await collect()
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app
