"""Settings: each wrong key gives one clear message in Chinese that names it."""

from pathlib import Path

import pytest

from bot.app import adapters_of, build
from bot.errors import ConfigError
from bot.settings import load_settings
from bot.worlds import world_of

SANDBOX = "[platforms.sandbox]\n"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, encoding: str = "utf-8") -> str:
    Path("drumbeat.toml").write_text(text, encoding=encoding)
    return "drumbeat.toml"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[server]\nhots = 'x'", "server.hots：没有这个设置，请对照 config.example.toml"),
        ("[sever]\nhost = 'x'", "sever：没有这个设置"),
        ("[server]\nport = 'x'", "server.port：应是整数"),
        ("[server]\nport = 70000", "server.port：应不大于 65535"),
        ("[server]\nhost = 1", "server.host：应是加引号的文字"),
        ("server = 1", "server：应是一张表"),
        ("[plans]\npaths = 'x'", "plans.paths：应是清单 [ ]"),
        ("[policy]\nremind_at = '25:00'", "policy.remind_at：应是时刻，如 09:00"),
        ("[policy]\ncatch_up_hours = 0", "policy.catch_up_hours：应不小于 1"),
        ("[clock]\nstart = 'gestern'", 'clock.start：应是日期时间，如 "2023-03-24T09:00:00"'),
        ("[clock]\ntimezone = 'Asia/Quanzhou'", "clock.timezone：不是时区名，应像 Asia/Shanghai"),
        ("[log]\nlevel = 'loud'", "log.level：只能是 'debug', 'info', 'warning' 或 'error'"),
        ("[database]\nurl = 'mysql://x'", "应以 sqlite+aiosqlite:/// 或 postgresql+psycopg:// 开头"),
        ("[server", "不是有效的 TOML"),
    ],
)
def test_a_wrong_setting_is_named(text: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(written(text))

    assert named in str(caught.value)
    assert "drumbeat.toml" in str(caught.value)


def test_every_fault_of_a_file_is_listed_at_once() -> None:
    with pytest.raises(ConfigError, match="有 2 处问题"):
        load_settings(written("[server]\nport = 'x'\nhots = 1"))


def test_a_fault_never_repeats_the_value() -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(written("[database]\nurl = 'postgres://bot:geheim@host/db'"))

    assert "geheim" not in str(caught.value)


def test_a_named_file_that_is_absent_is_an_error_but_no_file_means_the_defaults() -> None:
    with pytest.raises(ConfigError, match=r"找不到配置文件 absent\.toml"):
        load_settings("absent.toml")

    assert load_settings().server.port == 8080


def test_a_byte_order_mark_is_accepted_and_gbk_is_not() -> None:
    assert load_settings(written("[server]\nport = 1", "utf-8-sig")).server.port == 1
    with pytest.raises(ConfigError, match="不是 UTF-8 编码，请另存为 UTF-8"):
        load_settings(written("[plans]\npaths = ['计划']", "gbk"))


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRUMBEAT_SERVER__PORT", "2")
    monkeypatch.setenv("DRUMBEAT_CONFIG", written("[server]\nport = 1\nhost = 'localhost'"))
    found = load_settings().server

    assert (found.host, found.port) == ("localhost", 2)


@pytest.mark.parametrize("name", ["DRUMBEAT_SEVER__PORT", "DRUMBEAT_SERVER__PROT", "DRUMBEAT_SERVER"])
def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigError, match=f"环境变量 {name} 不是可用的设置"):
        load_settings()


def test_secrets_come_from_files(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("secret").write_text("sqlite+aiosqlite:///x.db\n", encoding="utf-8")
    # Loading sets the variable itself; registering it first lets the test take it away again.
    monkeypatch.setenv("DRUMBEAT_DATABASE__URL", "")
    monkeypatch.setenv("DRUMBEAT_DATABASE__URL_FILE", "secret")

    assert load_settings().database.url == "sqlite+aiosqlite:///x.db"


def test_a_secret_file_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRUMBEAT_DATABASE__URL_FILE", "absent")
    with pytest.raises(ConfigError, match="环境变量 DRUMBEAT_DATABASE__URL_FILE 指的文件读不了"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[platforms.fax]", "没有 [platforms.fax] 这个平台，可用：dingtalk、wecom、sandbox"),
        ("[platforms.sandbox]\ndate = 1", "[platforms.sandbox] 中 date 有误"),
        ("[[groups]]\nid = 'a'\nname = '群'", "[[groups]] 第 1 个没有写 platform"),
        ("[[groups]]\nid = 'a'\nname = '群'\nplatform = 'wecom'", "[[groups]] a：没有配置平台 [platforms.wecom]"),
        (SANDBOX + 2 * "[[groups]]\nid = 'a'\nname = '群'\nplatform = 'sandbox'\n", "[[groups]] a：写了两次"),
        ("[plans]\npaths = ['nirgends']", "nirgends"),
    ],
)
def test_a_wrong_platform_group_or_plan_is_named(text: str, named: str) -> None:
    settings = load_settings(written(text))
    with pytest.raises(ConfigError) as caught:
        world_of(settings)
        adapters_of(settings)

    assert named in str(caught.value)


DINGTALK = """[clock]
start = 2023-03-24T09:00:00
[platforms.dingtalk]
app_key = "key"
app_secret = "secret"
robot_code = "robot"
"""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (DINGTALK, "设了 [clock] start 就是演练，只能接本机的演练平台；[platforms.dingtalk] 指向"),
        ("[server]\nhost = '0.0.0.0'\n[platforms.sandbox]", "没有登录保护，不能在 0.0.0.0 上公开"),
    ],
)
async def test_what_could_reach_real_people_is_refused(text: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        await build(load_settings(written(text)))

    assert named in str(caught.value)
