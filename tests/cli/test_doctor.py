"""doctor on a whole configuration: it ends with 1 while something is wrong, and says what to click where."""

import asyncio
import json
import threading
from collections.abc import Iterator

import pytest

from bot.cli import doctor
from tests.cli.conftest import CONFIG, Shell
from tests.doubles.dingtalk import DingTalkDouble


@pytest.fixture
def double() -> Iterator[DingTalkDouble]:
    """DingTalk on loopback in a thread of its own: a command runs its own loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    platform = DingTalkDouble(webhooks={"token1": "SEC1"}, users={"u1"})
    asyncio.run_coroutine_threadsafe(platform.start(), loop).result(10)
    yield platform
    asyncio.run_coroutine_threadsafe(platform.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def on_dingtalk(shell: Shell, double: DingTalkDouble, secret: str = "SEC1") -> Shell:
    keys = "\n".join(f"{key} = {json.dumps(value)}" for key, value in double.settings().items())
    group = f'id = "main"\nname = "工作群"\nplatform = "dingtalk"\nwebhook = "token1"\nsecret = "{secret}"'
    rest = CONFIG.partition("[platforms.sandbox]")[0]
    (shell.folder / "config.toml").write_text(f"{rest}\n[platforms.dingtalk]\n{keys}\n[[groups]]\n{group}\n")
    return shell


def test_nothing_is_wrong(configured: Shell, double: DingTalkDouble) -> None:
    data = on_dingtalk(configured, double).data("doctor")

    assert [finding for finding in data["findings"] if not finding["ok"]] == []
    names = [finding["name"] for finding in data["findings"]]
    assert {"磁盘", "数据库", "计划", "2023 年的放假安排", "钉钉：应用凭证", "钉钉：群“工作群”的 webhook"} <= {*names}
    assert double.messages == []


def test_a_fault_is_named_with_its_fix_and_ends_with_one(configured: Shell, double: DingTalkDouble) -> None:
    result = on_dingtalk(configured, double, "SECwrong").run("doctor")

    assert result.exit_code == 1
    assert "错  钉钉：群“工作群”的 webhook：群机器人加签不符（310000）" in result.stdout
    assert "怎么办：从群设置 → 机器人 → 安全设置重新复制" in result.stdout
    assert result.stdout.endswith("1 处要处理。\n")


@pytest.mark.parametrize(
    ("wrong", "right", "named"),
    [
        ('paths = ["quanzhou-2023"]', "paths = []", "paths 里写计划名"),
        ("start = 2023-03-27T10:00:00", "start = 2031-03-27T10:00:00", "2031.toml"),
        ("start = 2023-03-27T10:00:00", "start = 2030-12-01T10:00:00", "2031.toml"),
        ('paths = ["quanzhou-2023"]', 'paths = ["nowhere"]', "drumbeat check"),
        ("///bot.db", "////proc/none/bot.db", "[database] url"),
    ],
)
def test_fault_of_the_house_is_found(wrong: str, right: str, named: str, configured: Shell) -> None:
    assert wrong in CONFIG
    (configured.folder / "config.toml").write_text(CONFIG.replace(wrong, right), encoding="utf-8")
    result = configured.run("doctor")

    assert result.exit_code == 1
    assert named in result.stdout


def test_no_platform_is_found(configured: Shell) -> None:
    (configured.folder / "config.toml").write_text(CONFIG.partition("[platforms")[0].replace("start", "# start"))

    assert "[platforms.dingtalk] 或 [platforms.wecom]" in configured.run("doctor").stdout


def test_a_full_disk_is_found(configured: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_MIB", 10**9)

    assert "清理磁盘" in configured.run("doctor").stdout
