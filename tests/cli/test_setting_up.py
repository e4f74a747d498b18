"""setup: every answer is looked at on the platform before the next; nothing is overwritten, no secret is shown."""

import asyncio
import stat
import threading
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Shell
from tests.doubles.dingtalk import DingTalkDouble
from tests.doubles.wecom import WeComDouble
from tests.doubles.wecom_bot import SmartBotDouble


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own: a command runs its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def dingtalk(loop: asyncio.AbstractEventLoop) -> Iterator[DingTalkDouble]:
    yield from _served(loop, DingTalkDouble(webhooks={"token1": "SEC1"}, users={"u1"}))


@pytest.fixture
def wecom(loop: asyncio.AbstractEventLoop) -> Iterator[WeComDouble]:
    yield from _served(loop, WeComDouble(keys=("key-1",)))


@pytest.fixture
def smart_bot(loop: asyncio.AbstractEventLoop) -> Iterator[SmartBotDouble]:
    yield from _served(loop, SmartBotDouble())


def _served(loop: asyncio.AbstractEventLoop, platform: Any) -> Iterator[Any]:
    asyncio.run_coroutine_threadsafe(platform.start(), loop).result(30)
    yield platform
    asyncio.run_coroutine_threadsafe(platform.stop(), loop).result(30)


def on_dingtalk(double: DingTalkDouble) -> tuple[str, ...]:
    return ("setup", "--api-base", double.base_url, "--oapi-base", double.base_url)


def test_wrong_answers_are_named_and_asked_for_again(shell: Shell, dingtalk: DingTalkDouble) -> None:
    wrong_keys = (dingtalk.app_key, "wrong-secret", "y")
    wrong_group = ("", "token1", "SECwrong", "y")
    answers = (
        *("nowhere", "quanzhou-2023", "dingtalk"),
        *wrong_keys,
        *(dingtalk.app_key, dingtalk.app_secret),
        *wrong_group,
        *("科研群", "token1", "SEC1", "王莉"),
    )
    result = shell.run(*on_dingtalk(dingtalk), stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    written = tomllib.loads((shell.folder / "config.toml").read_text(encoding="utf-8"))

    assert "错  钉钉：应用凭证" in result.output and "加签不符（310000）" in result.output
    assert written["platforms"]["dingtalk"]["app_secret"] == dingtalk.app_secret
    assert written["groups"] == [
        {"id": "main", "name": "科研群", "platform": "dingtalk", "webhook": "token1", "secret": "SEC1"}
    ]
    assert written["policy"] == {"first_post": "ask"}
    assert "请让王莉私聊机器人，发送：绑定 " in result.output
    assert dingtalk.messages == []
    assert not any(secret in result.output for secret in (dingtalk.app_secret, "SEC1", "wrong-secret", "token1"))
    assert stat.S_IMODE((shell.folder / "config.toml").stat().st_mode) == 0o600


def test_wecom_is_set_up_with_its_app(shell: Shell, wecom: WeComDouble) -> None:
    keys = ("", wecom.corp_id, str(wecom.agent_id), wecom.secret, "n")
    answers = ("quanzhou-2023", "wecom", *keys, "", "key-1", "王莉")
    result = shell.run("setup", "--api-base", wecom.base_url, stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    written = tomllib.loads((shell.folder / "config.toml").read_text(encoding="utf-8"))

    assert "好  自建应用的 Secret" in result.output
    assert written["platforms"]["wecom"]["app"] == {"agent_id": wecom.agent_id, "secret": wecom.secret}
    assert written["groups"][0]["webhook"] == "key-1"
    assert wecom.secret not in result.output
    assert wecom.sent == []


def test_wecom_is_set_up_with_its_smart_bot_and_the_code_of_the_group(
    shell: Shell, wecom: WeComDouble, smart_bot: SmartBotDouble
) -> None:
    keys = (smart_bot.bot_id, smart_bot.bot_secret, "")
    answers = ("quanzhou-2023", "wecom", *keys, "", "key-1", "n", "王莉")
    addresses = ("--api-base", wecom.base_url, "--ws-url", smart_bot.ws_url)
    result = shell.run("setup", *addresses, stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    written = tomllib.loads((shell.folder / "config.toml").read_text(encoding="utf-8"))

    assert "好  智能机器人的长连接" in result.output and "发：配对 " in result.output
    assert written["platforms"]["wecom"]["bot"] == {"id": smart_bot.bot_id, "secret": smart_bot.bot_secret}
    assert smart_bot.bot_secret not in result.output


def test_what_is_there_is_never_overwritten(shell: Shell) -> None:
    (shell.folder / "config.toml").write_text("# mine\n", encoding="utf-8")
    result = shell.run("setup")

    assert result.exit_code == 1 and "不会盖掉" in result.output
    assert (shell.folder / "config.toml").read_text(encoding="utf-8") == "# mine\n"


def test_broken_off_it_writes_nothing(shell: Shell) -> None:
    result = shell.run("setup", stdin="quanzhou-2023\n")

    assert result.exit_code == 1
    assert list(shell.folder.iterdir()) == []
