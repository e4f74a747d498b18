"""From exec to the first answer, and memory at rest: `drumbeat run` beside a bare aiohttp server.

`python -m benchmarks.starting`.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROUNDS = 3
BARE = """
from aiohttp import web
async def ok(_): return web.Response()
async def told(app): print("listening http://127.0.0.1:8123/", flush=True)
app = web.Application()
app.router.add_get("/healthz", ok)
app.on_startup.append(told)
web.run_app(app, host="127.0.0.1", port=8123, print=None)
"""
CONFIG = """
[server]
port = 0
[database]
url = "sqlite+aiosqlite:///{folder}/drumbeat.db"
[plans]
paths = ["quanzhou-2023"]
year = 2026
[platforms.wecom]
corp_id = "c"
app = {{ agent_id = 1, secret = "s" }}
[[groups]]
id = "main"
name = "g"
platform = "wecom"
webhook = "k"
"""


def started(words: list[str]) -> tuple[float, float]:
    """Start a server; return (seconds to its first 200, MB resident two seconds later)."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        address = ""
        while not address:
            found = re.search(r"http://127[^/]*", process.stdout.readline())
            address = found[0] if found else ""
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz").read()
                break
            except OSError:
                time.sleep(0.01)
        took = time.perf_counter() - start
        time.sleep(2)
        status = Path(f"/proc/{process.pid}/status").read_text()
        return took, int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Print both, interleaved."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(CONFIG.format(folder=folder))
        ours = [sys.executable, "-m", "bot", "-c", str(config), "run"]
        os.environ.pop("DRUMBEAT_CONFIG", None)
        started(ours)
        rows = [(started([sys.executable, "-c", BARE]), started(ours)) for _ in range(ROUNDS)]
    print(f"{'start to the first answer, at rest':<38}{'s':>8}{'MB':>8}")
    for name, column in (("bare aiohttp", 0), ("drumbeat run", 1)):
        seconds, megabytes = (statistics.median(row[column][part] for row in rows) for part in (0, 1))
        print(f"{name:<38}{seconds:>8.2f}{megabytes:>8.0f}")


if __name__ == "__main__":
    main()
