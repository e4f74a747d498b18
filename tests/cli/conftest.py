"""The command line in an empty folder, with a migrated database waiting where the configuration says."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.cli import commands

PACK = Path(__file__).parents[2] / "plans" / "quanzhou-2023" / "plan.toml"
CONFIG = """
[database]
url = "sqlite+aiosqlite:///bot.db"
[clock]
start = 2023-03-27T10:00:00
[plans]
paths = ["quanzhou-2023"]
[platforms.sandbox]
[[groups]]
id = "main"
name = "工作群"
platform = "sandbox"
"""


@dataclass
class Shell:
    """Calls commands; `folder` is where they run."""

    folder: Path

    def run(self, *words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(commands, words, input=stdin)

    def data(self, *words: str) -> Any:
        """Run a command that succeeds; return its one JSON document."""
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    yield Shell(tmp_path)
    # Commands bind the log to their own standard error, which is gone now.
    structlog.reset_defaults()


@pytest.fixture
def configured(shell: Shell, migrated: Path) -> Shell:
    shutil.copy(migrated, shell.folder / "bot.db")
    (shell.folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    return shell
