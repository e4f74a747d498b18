"""The real program as a process of its own, with a configuration and a roster in a folder."""

import asyncio
import csv
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Program:
    """`drumbeat run` in a folder; it can be started, killed and started again."""

    def __init__(self, folder: Path, platform: str, settings: str, group: str) -> None:
        self.folder, self.platform = folder, platform
        self._settings, self._group = settings, group
        self.process: asyncio.subprocess.Process | None = None

    def configure(self, start: str) -> None:
        """Write the configuration: a rehearsal that begins at a local moment."""
        (self.folder / "config.toml").write_text(
            f"""
[server]
port = 0
[database]
url = "sqlite+aiosqlite:///{self.folder / "drumbeat.db"}"
[clock]
start = {start}
[plans]
paths = ["quanzhou-2023"]
[policy]
spread_s = 0
[platforms.{self.platform}]
{self._settings}
[[groups]]
id = "main"
name = "工作群"
platform = "{self.platform}"
{self._group}
""",
            encoding="utf-8",
        )

    async def call(self, *words: str) -> str:
        """Run one command to its end; return what it printed."""
        process = await asyncio.create_subprocess_exec(*self._command(*words), **self._surroundings())
        out, _ = await process.communicate()
        assert process.returncode == 0, out.decode()
        return out.decode()

    async def import_roster(self, people: dict[str, tuple[str, str]]) -> None:
        """Import {account: (unit, name)} as contacts."""
        account = {"dingtalk": "钉钉账号", "wecom": "企业微信账号"}[self.platform]
        with (self.folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["姓名", "单位", "角色", account])
            rows.writerows([name, unit, "联络员", person] for person, (unit, name) in people.items())
        await self.call("import", "members", str(self.folder / "roster.csv"))

    async def start(self) -> None:
        """Start it and wait until it says that it listens."""
        self.process = await asyncio.create_subprocess_exec(*self._command("run"), **self._surroundings())
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            if "鼓点已启动" in line.decode():
                return
        raise AssertionError("the program ended before it listened")

    async def kill(self) -> None:
        """Kill without any warning, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.communicate()

    async def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        out, _ = await asyncio.wait_for(self.process.communicate(), 15)
        assert self.process.returncode == 0, out.decode()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database beside the program."""
        connection = sqlite3.connect(self.folder / "drumbeat.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def _command(self, *words: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "bot", "-c", str(self.folder / "config.toml"), *words)

    def _surroundings(self) -> dict[str, Any]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DRUMBEAT_")}
        pipe = asyncio.subprocess.PIPE
        return {"cwd": ROOT, "env": clean, "stdout": pipe, "stderr": asyncio.subprocess.STDOUT}
