"""migrate in place; run as a process of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.storage.schema import newest_revision
from tests.cli.conftest import CONFIG, Shell

ROOT = Path(__file__).parents[2]


def test_migrate_says_from_where_to_where(shell: Shell) -> None:
    (shell.folder / "config.toml").write_text(CONFIG, encoding="utf-8")

    assert shell.data("migrate") == {"before": "", "after": newest_revision()}
    assert shell.data("migrate") == {"before": newest_revision(), "after": newest_revision()}
    assert shell.run("migrate").stdout == f"数据库已是最新（{newest_revision()}）。\n"


def test_a_wrong_setting_ends_a_command_with_two(configured: Shell) -> None:
    (configured.folder / "config.toml").write_text("[server]\nhots = 1", encoding="utf-8")
    result = configured.run("migrate")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "server.hots：没有这个设置" in result.stderr


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DRUMBEAT_")}
    environment = {**clean, "DRUMBEAT_SERVER__PORT": "0", "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "bot", *words)
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_it_serves_with_nothing_configured_and_stops_when_told(tmp_path: Path) -> None:
    with start(tmp_path, "run") as process:
        said = []
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"鼓点已启动：(http://\S+)", line):
                break
        with urllib.request.urlopen(f"{found[1]}healthz", timeout=5) as answer:
            alive = answer.status
        process.send_signal(signal.SIGTERM)
        code = process.wait(10)

    assert (alive, code) == (200, 0)
    assert "没有加载计划" in "".join(said) and "没有配置群" in "".join(said)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"), [(("-c", "absent.toml", "run"), 2), (("nonsense",), 2), (("check", "quanzhou-2023"), 0)]
)
def test_exit_codes_of_the_real_program(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    with start(tmp_path, *words) as process:
        process.communicate(timeout=20)

    assert process.returncode == code
